"""The network lab as a table: `python -m tests.network_lab.table [WORDS]`.

Walks through every fault whose name has the words, and prints the cause that was selected and the
cause that `explain` finds in the official SDK's text.
"""

import asyncio
import sys

from tests.network_lab.fault import Fault
from tests.network_lab.faults import FAULTS
from tests.network_lab.run_fault import Outcome, explain_fault_text, run_fault, sdk_text

COLUMNS = "{:58} {:26} {:9} {:>7} {:>5}   {:9} {}"
HEADINGS = ("fault", "cause found", "sure", "took", "limit", "breaks at", "from the SDK's text")


def main(words: str) -> int:
    """Print the table. Returns the number of faults whose cause was not selected."""
    print(COLUMNS.format(*HEADINGS))
    wrong = 0
    for name, fault in FAULTS.items():
        if words in name:
            outcome = asyncio.run(run_fault(fault))
            text = sdk_text(fault)
            print(_row(name, fault, outcome, text), flush=True)
            wrong += not (_is_right(fault, outcome) and _is_sdk_right(fault, text))
    return wrong


def _row(name: str, fault: Fault, outcome: Outcome, text: str | None) -> str:
    """One line; "! " marks what is wrong."""
    diagnosis = outcome.diagnosis
    cause = diagnosis.verdict.cause
    sdk = "(it still waits)"
    if text is not None:
        sdk = (explain_fault_text(text) if text else None) or "(it works)"
    return COLUMNS.format(
        ("" if _is_right(fault, outcome) else "! ") + name,
        cause or "(works)",
        diagnosis.verdict.confidence if cause else "",
        f"{diagnosis.elapsed_ms:.0f} ms",
        f"{fault.limit_s:.0f} s",
        str(diagnosis.facts.get("failed_phase", "")),
        ("" if _is_sdk_right(fault, text) else "! ") + sdk,
    )


def _is_right(fault: Fault, outcome: Outcome) -> bool:
    page = " ".join(outcome.page.split())
    return outcome.diagnosis.verdict.cause == fault.cause and all(
        words in page for words in fault.says
    )


def _is_sdk_right(fault: Fault, text: str | None) -> bool:
    cause = explain_fault_text(text) if text else None
    return cause in {fault.cause, "connection-failed", "unknown", *fault.sdk, None}


if __name__ == "__main__":
    raise SystemExit(min(1, main(" ".join(sys.argv[1:]))))
