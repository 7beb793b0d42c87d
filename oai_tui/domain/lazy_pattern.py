"""Regular expressions that are searched without regard to case, and that cost little until they match.

A table of knowledge holds hundreds of them, and one text needs few. Each is compiled when a text holds the plain words without which it cannot match; in lower case and without re.IGNORECASE, which takes three times as long to compile.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

_KEPT = re.compile(r"\\.|\(\?P?[<=!:>]?|[A-Z]+", re.DOTALL)
"""What lowering a pattern has to look at: escapes and the beginnings of groups, which stay, and capitals, which do not."""
_SENSITIVE = "(?-i:"
_FLAGS = re.compile(r"\(\?[a-zA-Z]+\)")
_SETS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
"""Escapes and sets of characters."""
_GROUP = re.compile(r"\([^()]*\)")
_BREAK = re.compile(r".?[?*]|.\{[0-9,]*\}|[\0.^$+]", re.DOTALL)
"""Where a run of plain characters ends: at what stands for something else, and before a character that may be missing."""
_DOTLESS, _LONG = "\u0131", "\u017f"
"""Letters that re.IGNORECASE takes for others: the dotless i, which programs under a Turkish locale make of I, and the long s."""
_SHORTEST = 3
"""Characters that a needle has at least; shorter ones stand in most texts."""


class Caseless:
    """One pattern, to be searched in a text in lower case; what it matches is in lower case. Made by `caseless`. `hints`: of which a text must hold one for the pattern to match, where they cannot be read out of it."""

    __slots__ = ("_compiled", "_needles", "_pattern")

    def __init__(self, pattern: str, *hints: str) -> None:
        if _SENSITIVE in pattern:
            raise ValueError(
                "a pattern with a part that heeds case cannot be searched in a text in lower case"
            )
        self._pattern = _KEPT.sub(
            lambda match: match.group() if match.group()[0] in "\\(" else match.group().lower(),
            pattern,
        )
        self._needles = hints or needles(self._pattern)
        self._compiled: re.Pattern[str] | None = None

    def search(self, low: str) -> re.Match[str] | None:
        """The first match in a text in lower case."""
        return self._ready().search(low) if self._can(low) else None

    def finditer(self, low: str) -> Iterator[re.Match[str]]:
        """All matches in a text in lower case."""
        return self._ready().finditer(low) if self._can(low) else iter(())

    def _can(self, low: str) -> bool:
        return not self._needles or any(needle in low for needle in self._needles)

    def _ready(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self._pattern)
        return self._compiled


caseless = lru_cache(maxsize=2048)(Caseless)


class Late:
    """One pattern as it is written, compiled when it is first used. `hints`: in lower case, of which a text must hold one for the pattern to match; none where no such can be named."""

    __slots__ = ("_compiled", "_hints", "pattern")

    def __init__(self, pattern: str, *hints: str) -> None:
        self.pattern = pattern
        self._hints = hints
        self._compiled: re.Pattern[str] | None = None

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        return self._ready().search(text) if self._can(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the beginning."""
        return self._ready().match(text) if self._can(text) else None

    def findall(self, text: str) -> list[Any]:
        """All matches, as re.Pattern gives them."""
        return self._ready().findall(text) if self._can(text) else []

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches."""
        return self._ready().finditer(text) if self._can(text) else iter(())

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with every match replaced."""
        return self._ready().sub(replacement, text) if self._can(text) else text

    def _can(self, text: str) -> bool:
        if not self._hints:
            return True
        low = text.lower().replace(_DOTLESS, "i").replace(_LONG, "s")
        return any(hint in low for hint in self._hints)

    def _ready(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self.pattern)
        return self._compiled


@lru_cache(maxsize=256)
def heeding(pattern: str) -> re.Pattern[str]:
    """The pattern with re.IGNORECASE, compiled when it is first used, to be searched in a text as it is: where a part of it heeds case, or what it matches is to be shown."""
    return re.compile(pattern, re.IGNORECASE)


def found(pattern: str, text: str, low: str) -> bool:
    """Whether the pattern stands in a text, without regard to case but where the pattern says otherwise. `low`: the text in lower case."""
    return bool(
        heeding(pattern).search(text) if _SENSITIVE in pattern else caseless(pattern).search(low)
    )


def needles(pattern: str) -> tuple[str, ...]:
    """Plain words of which a text must hold one for the pattern to match, one for each of its alternatives; empty when nothing so simple can be said.

    Only what stands outside of groups and sets counts, so that the reading can be simple and errs on the side of none.
    """
    if _FLAGS.match(pattern):
        return ()  # perhaps another grammar
    outside = _SETS.sub("\0", pattern)
    while "(" in outside:
        outside, groups = _GROUP.subn("\0", outside)
        if not groups:
            return ()
    found = [max(_BREAK.split(alternative), key=len) for alternative in outside.split("|")]
    return tuple(found) if all(len(needle) >= _SHORTEST for needle in found) else ()
