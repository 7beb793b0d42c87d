"""Versions and version ranges of packages, as far as they are needed to compare two of them.

A small part of PEP 440 and of npm's semver: numbers, pre-releases, and ranges with a lower and an
upper limit. What is not understood is None, never a guess.
"""

import re
from dataclasses import dataclass

_VERSION = re.compile(r"[vV=]*(\d+(?:\.\d+)*)(.*)", re.DOTALL)
_PRE_RELEASE = re.compile(
    r"[-._]?(?:a|b|c|rc|alpha|beta|pre|preview|dev|canary|next)(?![a-z])", re.I
)
_CLAUSE = re.compile(r"\s*+(===?|~=|!=|<=|>=|<|>|\^|~|=)?\s*+([vV]?[\w.*+!-]+)\s*")
_MAX_TEXT = 200
"""Characters of a range that are read."""

Key = tuple[tuple[int, ...], int]
"""A version for comparison: its numbers without zeros at the end, and 0 for a pre-release, else 1.
"""


def version_key(version: str) -> Key | None:
    """Return a version in a form that compares, or None if it does not begin with numbers.

    "1.55" and "1.55.0" are equal; "2.0.0rc1" is less than "2.0.0". An epoch ("1!2.0") is not read.
    """
    found = _VERSION.fullmatch(version.strip()[:_MAX_TEXT])
    if found is None or found[2].startswith("!"):
        return None
    try:
        numbers = [int(number) for number in found[1].split(".")]
    except ValueError:  # more digits than Python reads at once
        return None
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), 0 if _PRE_RELEASE.match(found[2]) else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRange:
    """All versions from `low` to `high`; None for no limit. `low` belongs to the range."""

    low: Key | None = None
    high: Key | None = None
    high_included: bool = False

    def contains(self, version: str) -> bool:
        """Return True if a version is in the range; False if it cannot be read."""
        key = version_key(version)
        if key is None or (self.low is not None and key < self.low):
            return False
        return self.high is None or key < self.high or (self.high_included and key == self.high)

    def is_within(self, other: "VersionRange") -> bool:
        """Return True if every version of this range is in the other one."""
        if other.low is not None and (self.low is None or self.low < other.low):
            return False
        if other.high is None:
            return True
        if self.high is None or self.high > other.high:
            return False
        return self.high < other.high or other.high_included or not self.high_included

    def reaches(self, other: "VersionRange") -> bool:
        """Return True if the newest version that this range allows is in the other one.

        The newest one is not known: True is right as long as `other` has no upper limit.
        """
        if other.high is not None or other.low is None:
            return False
        return self.high is None or self.high > other.low


ANY = VersionRange()


def version_range(text: str) -> VersionRange | None:
    """Return the range that a constraint of pip, Poetry or npm allows, or None if it is not read.

    Several clauses, separated by commas or blanks, must all hold; alternatives ("||") and hyphen
    ranges are not read. "!=" does not change the limits.
    """
    text = text.strip()
    if text in {"", "*", "x", "latest"}:
        return ANY
    if len(text) > _MAX_TEXT or "|" in text or " - " in text or ":" in text or "/" in text:
        return None
    whole, end = ANY, 0
    while end < len(text):
        found = _CLAUSE.match(text, end)
        if found is None:
            return None
        clause = _clause_range(found[1] or "=", found[2])
        if clause is None:
            return None
        whole = _both(whole, clause)
        end = found.end()
        while end < len(text) and text[end] in ", ":
            end += 1
    return whole


def _clause_range(operator: str, version: str) -> VersionRange | None:
    if operator == "!=":
        return ANY
    if version.endswith((".*", ".x")):
        return _series(version[:-2]) if operator in {"=", "==", "^", "~"} else None
    key = version_key(version)
    if key is None:
        return None
    numbers = _numbers(version)
    ranges = {
        ">": VersionRange(low=key),
        ">=": VersionRange(low=key),
        "<": VersionRange(high=key),
        "<=": VersionRange(high=key, high_included=True),
        "^": VersionRange(low=key, high=_caret_limit(numbers)),
        "~": VersionRange(low=key, high=_next(numbers[:2])),
        "~=": VersionRange(low=key, high=_next(numbers[:-1])),
    }
    return ranges.get(operator, VersionRange(low=key, high=key, high_included=True))


def _numbers(version: str) -> list[int]:
    """Return the numbers of a version that `version_key` can read."""
    found = _VERSION.fullmatch(version.strip())
    return [int(number) for number in found[1].split(".")] if found else [0]


def _next(numbers: list[int]) -> Key | None:
    """Return the first version after all those that begin with the numbers."""
    if not numbers:
        return None
    return _trimmed((*numbers[:-1], numbers[-1] + 1)), 1


def _series(version: str) -> VersionRange | None:
    key = version_key(version)
    return None if key is None else VersionRange(low=key, high=_next(_numbers(version)))


def _caret_limit(numbers: list[int]) -> Key | None:
    """Return the limit of "^": the first number that is not 0 may not change."""
    first = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
    return _next(numbers[: first + 1])


def _trimmed(numbers: tuple[int, ...]) -> tuple[int, ...]:
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


def _both(one: VersionRange, other: VersionRange) -> VersionRange:
    """Return the versions that are in both ranges."""
    low = max((key for key in (one.low, other.low) if key is not None), default=None)
    limits = [each for each in (one, other) if each.high is not None]
    if not limits:
        return VersionRange(low=low)
    lowest = min(limits, key=lambda each: (each.high, each.high_included))
    return VersionRange(low=low, high=lowest.high, high_included=lowest.high_included)
