"""`python -m tests.corpus.accuracy_table`: expected families against those that were found.

The last line is the accuracy of a guess by status alone.
"""

from collections import Counter

from oai_tui.knowledge.causes import CATALOGUE
from tests.corpus.corpus import Failure, failures, guess, verdict

_SHORT = {
    "key": "key",
    "organization-and-project": "org",
    "permission": "perm",
    "billing": "bill",
    "rate-limits": "rate",
    "service": "serv",
    "something-else-answered": "else",
    "network": "net",
    "this-machine": "mach",
    "unknown": "unkn",
}


def main() -> None:
    """Print the table."""
    graded = [failure for failure in failures() if failure.gradable]
    by_evidence = [(failure, verdict(failure.text).cause or "") for failure in graded]
    by_status = [(failure, guess(failure)) for failure in graded]
    cells: Counter[tuple[str, str]] = Counter()
    for failure, cause in by_evidence:
        expected = cause if cause in failure.expected else failure.expected[0]
        cells[_family(expected), _family(cause)] += 1
    print("expected \\ found".ljust(26) + "".join(short.rjust(6) for short in _SHORT.values()))
    for row, short in _SHORT.items():
        counts = [str(cells[row, column]) if cells[row, column] else "·" for column in _SHORT]
        print(f"{row} ({short})"[:26].ljust(26) + "".join(count.rjust(6) for count in counts))
    print()
    _print_accuracy("by evidence", by_evidence)
    _print_misses(by_evidence)
    _print_accuracy("by status alone", by_status)


def _print_accuracy(name: str, results: list[tuple[Failure, str]]) -> None:
    right = sum(cause in failure.expected for failure, cause in results)
    harmful = sum(cause in failure.wrong for failure, cause in results)
    share = 100 * right / len(results)
    print(f"{name:16} right {right} of {len(results)} ({share:.1f} %), harmful {harmful}")


def _print_misses(results: list[tuple[Failure, str]]) -> None:
    for failure, cause in results:
        if cause not in failure.expected:
            print(f"  {failure.id}: {cause}, expected {' or '.join(failure.expected)}")


def _family(cause: str) -> str:
    return "unknown" if cause == "unknown" else CATALOGUE[cause].family


if __name__ == "__main__":
    main()
