"""No regular expression of the package takes more than linear time, on texts made against it.

For each repetition of a pattern there are texts that reach it, repeat it, and then do not match.
The CPU time of a text is compared with that of one four times as long: 4 times is linear, 16 times
quadratic. What takes no measurable time has no growth worth a comparison.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import pairwise
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import oai_tui
from oai_tui.domain.lazy_pattern import LazyPattern
from tests.growth import MAX_GROWTH, growth

SIZES = (50, 200, 800, 3_200, 12_800)
"""Characters of the texts; each four times the one before."""
Apply = Callable[[Any], object]
SOURCE = "\n".join(path.read_text("utf-8") for path in Path(oai_tui.__file__).parent.rglob("*.py"))
MATCHED_ELSEWHERE = {"KEY_KINDS", "DESTINATIONS"}
"""Tables whose patterns are matched as a whole, by Secret.matches and parse_place."""
OF_OWN_TEXT = {"oai_tui.domain.lazy_pattern._ESCAPE_OR_SET"}
"""Patterns that are applied to patterns of this package, not to a text from outside."""
MANY = 40
"""A repetition with a smaller limit is bounded."""
ENDS = ("", "\0", "!\n")
"""Ends of a text, to make a repetition fail where it has consumed everything."""


def _patterns() -> dict[str, tuple[str | bytes, int]]:
    """Return every pattern in the globals of every module, with its flags."""
    found: dict[str, tuple[str | bytes, int]] = {}
    for info in pkgutil.walk_packages(oai_tui.__path__, "oai_tui."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            for pattern, flags in _inside(value, 4):
                found.setdefault(repr((pattern, flags)), (pattern, flags))
                names.setdefault(repr((pattern, flags)), f"{info.name}.{name}")
    return found


names: dict[str, str] = {}
"""Key of a pattern in PATTERNS -> the module and the global that hold it."""


def _method(key: str) -> str:
    """Return how the package applies a pattern: "match" if only to the beginning of a text."""
    name = names[key].rpartition(".")[2]
    if name in MATCHED_ELSEWHERE:
        return "match"
    used = set(re.findall(rf"\b{name}\.(\w+)\(", SOURCE))
    return "match" if used and used <= {"match", "fullmatch"} else "search"


def _inside(value: Any, depth: int) -> Iterator[tuple[str | bytes, int]]:
    """Yield the patterns that a value holds, and their flags."""
    if isinstance(value, LazyPattern):
        yield value.pattern, re.IGNORECASE if value.ignore_case else 0
    elif isinstance(value, re.Pattern):
        yield value.pattern, value.flags & ~re.UNICODE
    elif depth and isinstance(value, Mapping):
        for each in value.values():
            yield from _inside(each, depth - 1)
    elif depth and isinstance(value, (tuple, list, frozenset)):
        for each in value:
            yield from _inside(each, depth - 1)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            yield from _inside(getattr(value, item.name, None), depth - 1)


PATTERNS = _patterns()


def _sample(items: Any) -> str:
    """Return a short text that parsed items match, as far as that is simple to say."""
    return "".join(_sample_of(op, argument) for op, argument in items)


def _sample_of(op: Any, argument: Any) -> str:
    """Return a short text that one parsed item matches."""
    if op is codes.LITERAL:
        return chr(argument)
    if op is codes.NOT_LITERAL or op is codes.ANY:
        return "x"
    if op is codes.IN:
        return _char_of(argument)
    if op in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
        return _sample(argument[2]) * int(argument[0])
    if op is codes.SUBPATTERN:
        return _sample(argument[3])
    if op is codes.ATOMIC_GROUP:
        return _sample(argument)
    if op is codes.BRANCH:
        return _sample(argument[1][0])
    return ""


def _char_of(members: Any) -> str:
    """Return a character of a set."""
    of_category = {
        codes.CATEGORY_DIGIT: "5",
        codes.CATEGORY_SPACE: " ",
        codes.CATEGORY_WORD: "a",
        codes.CATEGORY_NOT_DIGIT: "a",
        codes.CATEGORY_NOT_SPACE: "a",
        codes.CATEGORY_NOT_WORD: ".",
    }
    if members[0][0] is codes.NEGATE:
        whole = re.compile("x")
        for char in "a x5.-/\t":
            if not any(_is_in(char, member, of_category) for member in members[1:]):
                return char
        return whole.pattern
    op, argument = members[0]
    if op is codes.LITERAL:
        return chr(argument)
    if op is codes.RANGE:
        return chr(argument[0])
    return of_category.get(argument, "a")


def _is_in(char: str, member: Any, of_category: Mapping[Any, str]) -> bool:
    op, argument = member
    if op is codes.LITERAL:
        return bool(ord(char) == argument)
    if op is codes.RANGE:
        return bool(argument[0] <= ord(char) <= argument[1])
    sample = of_category.get(argument, "")
    return char == sample or (char.isalnum() and sample == "a")


def _pumps(items: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield for each unbounded repetition what leads to it, and what it repeats."""
    for op, argument in items:
        if op in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
            _, most, body = argument
            if most >= MANY:
                yield before, _sample(body) or "a"
            yield from _pumps(body, before)
        elif op is codes.SUBPATTERN:
            yield from _pumps(argument[3], before)
        elif op is codes.ATOMIC_GROUP:
            yield from _pumps(argument, before)
        elif op is codes.BRANCH:
            for branch in argument[1]:
                yield from _pumps(branch, before)
        elif op in {codes.ASSERT, codes.ASSERT_NOT}:
            yield from _pumps(argument[1], before)
        before += _sample_of(op, argument)


def _texts(pattern: str, flags: int, size: int) -> Iterator[str]:
    """Yield the texts of about this size against a pattern."""
    pumps = dict.fromkeys(_pumps(parser.parse(pattern, flags)))
    for before, body in pumps:
        for end in ENDS:
            yield before + body * (size // len(body)) + end
        if before:
            yield (before + body) * (size // len(before + body)) + "\0"
            yield before * (size // len(before)) + "\0"


def _worst(pattern: str | bytes, flags: int, method: str = "search") -> tuple[float, str | bytes]:
    """Return the greatest growth on texts against a pattern, and the beginning of the text."""
    apply: Apply = getattr(re.compile(pattern, flags), method)
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    flags_of_text = flags | (re.ASCII if isinstance(pattern, bytes) else 0)
    for short, long in pairwise(SIZES):
        pairs = zip(
            _texts(text, flags_of_text, short), _texts(text, flags_of_text, long), strict=True
        )
        for shorter, longer in pairs:
            texts: tuple[Any, Any] = (shorter, longer)
            if isinstance(pattern, bytes):
                texts = (shorter.encode("latin-1", "replace"), longer.encode("latin-1", "replace"))
            grown = growth(apply, *texts)
            if grown > MAX_GROWTH:
                return grown, texts[0][:60]
    return 1.0, ""


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 150


@pytest.mark.parametrize(
    "key", [key for key in PATTERNS if names[key] not in OF_OWN_TEXT], ids=lambda key: names[key]
)
def test_time_grows_with_the_text(key: str) -> None:
    growth, text = _worst(*PATTERNS[key], _method(key))
    assert growth <= MAX_GROWTH, f"{names[key]}: {growth:.0f} times for four times {text!r}"


def test_a_quadratic_pattern_is_noticed() -> None:
    growth, _ = _worst(r"\s+$", 0)
    assert growth > MAX_GROWTH
