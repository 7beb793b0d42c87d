"""The laboratory's table: `python -m tests.network_lab.table [WORDS]` walks every fault whose name has the words, and prints what was found, and what `explain` makes of the official SDK's text."""

import asyncio
import sys

from tests.network_lab.faults import FAULTS
from tests.network_lab.run_fault import explain_fault_text, run_fault, sdk_text


def main(words: str) -> int:
    """Print the table; the number of faults whose cause was not found."""
    print(
        f"{'fault':58} {'cause found':26} {'sure':9} {'took':>7} {'limit':>5}   {'breaks at':9} from the SDK's text"
    )
    wrong = 0
    for name, fault in FAULTS.items():
        if words not in name:
            continue
        outcome = asyncio.run(run_fault(fault))
        verdict = outcome.diagnosis.verdict
        text = sdk_text(fault)
        from_sdk = explain_fault_text(text) if text else None
        right = verdict.cause == fault.cause and not [
            said for said in fault.says if said not in " ".join(outcome.page.split())
        ]
        sdk_right = from_sdk in {fault.cause, "connection-failed", "unknown", *fault.sdk, None}
        wrong += not right or not sdk_right
        sdk = "(it still waits)" if text is None else from_sdk or "(it works)"
        breaks = outcome.diagnosis.facts.get("failed_phase", "")
        print(
            f"{'' if right else '! '}{name:58} {verdict.cause or '(works)':26} {verdict.confidence if verdict.cause else '':9} {outcome.seconds * 1000:4.0f} ms {fault.limit_s:3.0f} s   {breaks:9} {'' if sdk_right else '! '}{sdk}",
            flush=True,
        )
    return wrong


if __name__ == "__main__":
    raise SystemExit(min(1, main(" ".join(sys.argv[1:]))))
