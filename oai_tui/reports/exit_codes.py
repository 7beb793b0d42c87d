"""The exit codes of the process. Scripts rely on these numbers: add, never change."""

from collections.abc import Iterable, Mapping
from typing import Final

from oai_tui.domain.cause import Cause, Family
from oai_tui.domain.diagnosis import Verdict

WORKS: Final = 0
OUR_FAULT: Final = 1
USAGE: Final = 2
NO_CREDENTIAL: Final = 3
UNDECIDED: Final = 11
INTERRUPTED: Final = 130
KEYRING: Final = 10

BY_CAUSE: Mapping[str, int] = {"key-missing": NO_CREDENTIAL, "unknown": UNDECIDED}
"""Causes with their own exit code, regardless of their family."""

BY_FAMILY: Mapping[Family, int] = {
    "key": 4,
    "organization-and-project": 4,
    "permission": 5,
    "billing": 6,
    "rate-limits": 7,
    "network": 8,
    "something-else-answered": 8,
    "service": 9,
    "this-machine": 10,
}
"""The exit code of a problem, by the family of its cause."""

WORST_FIRST: Final = (4, 5, 6, 8, 3, 10, 9, 7, 11, 0)
"""The exit codes of verdicts; the first of these that occurs decides for several verdicts."""

MEANINGS: Mapping[int, str] = {
    0: "works",
    1: "internal error",
    2: "usage",
    3: "no key found",
    4: "key, organization or project",
    5: "permission",
    6: "billing",
    7: "rate limits",
    8: "network, or something else answered",
    9: "service",
    10: "this machine",
    11: "undecided",
    130: "interrupted",
}
"""Exit code -> its meaning."""


def exit_code(verdict: Verdict) -> int:
    """Return the exit code of a verdict: 0 only if everything that was tested works.

    The code of undecided and aborted runs is 11.
    """
    match verdict.outcome:
        case "working":
            return WORKS
        case "problem" if (verdict.cause or "") in BY_CAUSE:
            return BY_CAUSE[verdict.cause or ""]
        case "problem" if verdict.family is not None:
            return BY_FAMILY[verdict.family]
        case _:
            return UNDECIDED


def exit_code_of(cause: Cause) -> int:
    """Return the exit code of a run whose verdict is this cause."""
    return BY_CAUSE.get(cause.id, BY_FAMILY[cause.family])


def worst(codes: Iterable[int]) -> int:
    """Return the exit code for several verdicts together, NO_CREDENTIAL if there are none."""
    return min(codes, key=WORST_FIRST.index, default=NO_CREDENTIAL)
