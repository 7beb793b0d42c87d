"""Regular expressions that are compiled when they are first needed, behind a keyword filter.

The tables of knowledge/ and diagnosis/ hold hundreds of patterns, and one text needs about forty
of them. Compiling all of them takes 60 ms, a quarter of a whole `oai-tui explain`, so each one
waits until a text contains a word without which it cannot match.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

_FLAGS = re.compile(r"\(\?[a-zA-Z]+\)")
"""Flags at the beginning of a pattern, which may change its grammar (`(?x)`)."""
_ESCAPE_OR_SET = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_INNERMOST_GROUP = re.compile(r"\([^()]*\)")
_END_OF_WORD = re.compile(r".?[?*]|.\{[0-9,]*\}|[\0.^$+]", re.DOTALL)
"""The end of a run of literals: a wildcard, an anchor, a character that may be missing."""
_MIN_KEYWORD = 3
"""Characters of a derived keyword; shorter ones are in most texts."""


class LazyPattern:
    """A regular expression that is compiled on first use and run only where it can match.

    `keywords`: lower-case strings of which a text must contain one, in any case, for the pattern
    to match. Without any they are derived from the pattern where that is possible.
    `ignore_case`: compile with re.IGNORECASE; a part in `(?-i:…)` stays case-sensitive.
    """

    __slots__ = ("_compiled", "ignore_case", "keywords", "pattern")

    def __init__(self, pattern: str, *keywords: str, ignore_case: bool = True) -> None:
        self.pattern = pattern
        self.keywords = keywords or derived_keywords(pattern)
        self.ignore_case = ignore_case
        self._compiled: re.Pattern[str] | None = None

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match."""
        return self._regex().search(text) if self._can_match(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the beginning of the text."""
        return self._regex().match(text) if self._can_match(text) else None

    def findall(self, text: str) -> list[Any]:
        """Return all matches in the form of `re.Pattern.findall`."""
        return self._regex().findall(text) if self._can_match(text) else []

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Iterate over all matches."""
        return self._regex().finditer(text) if self._can_match(text) else iter(())

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
        """Return the text with every match replaced."""
        return self._regex().sub(replacement, text) if self._can_match(text) else text

    def _can_match(self, text: str) -> bool:
        if not self.keywords:
            return True
        folded = fold_case(text)
        return any(map(folded.__contains__, self.keywords))  # a generator takes twice as long

    def _regex(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self.pattern, re.IGNORECASE if self.ignore_case else 0)
        return self._compiled


lazy_pattern = lru_cache(maxsize=2048)(LazyPattern)
"""The LazyPattern of a pattern in a table, made once."""


@lru_cache(maxsize=1)
def fold_case(text: str) -> str:
    """Return the text in lower case, with the letters that re.IGNORECASE takes for i and s.

    Those are the dotless i, which programs under a Turkish locale make of I, the dotted capital
    I, and the long s. The last text is kept, because many patterns look at the same one.
    """
    if text.isascii():
        return text.lower()
    return text.replace("\u0130", "i").lower().replace("\u0131", "i").replace("\u017f", "s")


def derived_keywords(pattern: str) -> tuple[str, ...]:
    """Return the longest literal word of each alternative of a pattern, in lower case.

    A text without any of them cannot match. Only literals outside of groups and sets count, which
    keeps this simple. Empty if some alternative has no word of three characters, or if the pattern
    begins with flags.
    """
    if _FLAGS.match(pattern):
        return ()
    literals = _ESCAPE_OR_SET.sub("\0", pattern)
    while "(" in literals:
        literals, replaced = _INNERMOST_GROUP.subn("\0", literals)
        if not replaced:
            return ()
    words = [max(_END_OF_WORD.split(part), key=len).lower() for part in literals.split("|")]
    return tuple(words) if all(len(word) >= _MIN_KEYWORD for word in words) else ()
