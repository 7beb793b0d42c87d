"""Finds all differences between two JSON values, including the order of keys."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_SHORT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A path such as "document.verdict.fixes.0.text" with the recorded and the present value."""

    path: str
    recorded: Any
    found: Any

    def __str__(self) -> str:
        if _are_lines(self.recorded) and _are_lines(self.found):
            lines = difflib.unified_diff(
                self.recorded, self.found, "recorded", "found", lineterm="", n=1
            )
            return "\n".join([f"{self.path}:", *(f"    {line}" for line in lines)])
        return (
            f"{self.path}:\n    recorded {_short(self.recorded)}\n    found    {_short(self.found)}"
        )


class _Absent:
    """A value that is missing on one side."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT = _Absent()


def differences(recorded: Any, found: Any, path: str = "") -> Iterator[Difference]:
    """Yield every difference; two lists of different lengths are one difference."""
    if isinstance(recorded, dict) and isinstance(found, dict):
        yield from _of_dicts(recorded, found, path)
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for number, (before, after) in enumerate(zip(recorded, found, strict=True)):
            yield from differences(before, after, _below(path, str(number)))
    elif type(recorded) is not type(found) or recorded != found:
        yield Difference(path=path, recorded=recorded, found=found)


def _of_dicts(recorded: dict[str, Any], found: dict[str, Any], path: str) -> Iterator[Difference]:
    """Yield missing, added and changed keys, and a changed order of the same keys."""
    for key in dict.fromkeys((*recorded, *found)):
        before, after = recorded.get(key, ABSENT), found.get(key, ABSENT)
        yield from differences(before, after, _below(path, key))
    if list(recorded) != list(found) and set(recorded) == set(found):
        yield Difference(path=_below(path, "(order)"), recorded=list(recorded), found=list(found))


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _are_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]} … ({len(text)} characters)"
