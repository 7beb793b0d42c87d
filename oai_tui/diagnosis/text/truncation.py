"""Whether a text breaks off before it is told to the end, so that what follows could say something else. Pure and linear."""

import re

from oai_tui.domain.lazy_pattern import LazyPattern

_PAIRS = {")": "(", "]": "[", "}": "{"}
_HANGING = LazyPattern(
    r"(?:[({\[=]|[,:;]\s*[a-z]{0,2}|\b(?-i:[A-Z]\w{0,80}(?:Error|Exception|Timeout))(?::\s*[0-9A-Za-z]{0,16})?|\b(?:a|an|and|at|but|by|for|from|in|is|of|on|or|provided|the|to|was|with|your)|\b(?:limit|requested|used)[: ]{1,2}[0-9]{1,9}(?:, ?[a-z]{0,9})?)\s*$"
)
"""An end that wants something after it: a mark, an exception without its message or with one word of it, a small word, a number of which digits may be missing."""
_MARKS = re.compile(r"[(){}\[\]]")


def is_truncated(text: str) -> bool:
    """Whether the text ends with something open: a bracket, or an end that wants more."""
    return bool(_HANGING.search(text[-80:])) or is_open(text)


def is_open(text: str) -> bool:
    """Whether a bracket is open at the end of the text. Closing brackets without an opening one are prose."""
    waiting: list[str] = []
    for mark in _MARKS.findall(text):
        if mark not in _PAIRS:
            waiting.append(mark)
        elif waiting and waiting[-1] == _PAIRS[mark]:
            waiting.pop()
    return bool(waiting)
