"""`python -m tests.corpus.accuracy_table`: the families that were expected against those that were found, and beside it how far the status alone would have led."""

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
    graded = [
        (one, verdict(one.text).cause or "", guess(one)) for one in failures() if one.gradable
    ]
    cells: Counter[tuple[str, str]] = Counter()
    for one, found, _ in graded:
        cells[_family(found if found in one.expected else one.expected[0]), _family(found)] += 1
    print("expected \\ found".ljust(26) + "".join(short.rjust(6) for short in _SHORT.values()))
    for row, short in _SHORT.items():
        print(
            f"{row} ({short})".ljust(26)[:26].ljust(26)
            + "".join(
                (str(cells[row, column]) if cells[row, column] else "·").rjust(6)
                for column in _SHORT
            )
        )
    print()
    _sum("by evidence", [(one, found) for one, found, _ in graded])
    _sum("by status alone", [(one, guessed) for one, _, guessed in graded])


def _sum(name: str, judged: list[tuple[Failure, str]]) -> None:
    right, harmful = (
        sum(found in one.expected for one, found in judged),
        sum(found in one.wrong for one, found in judged),
    )
    print(
        f"{name:16} right {right} of {len(judged)} ({100 * right / len(judged):.1f} %), harmful {harmful}"
    )
    for one, found in judged if name == "by evidence" else ():
        if found not in one.expected:
            print(f"  {one.id}: {found}, expected {' or '.join(one.expected)}")


def _family(cause: str) -> str:
    return "unknown" if cause == "unknown" else CATALOGUE[cause].family


if __name__ == "__main__":
    main()
