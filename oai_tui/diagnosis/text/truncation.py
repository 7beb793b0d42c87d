"""Recognise a text that was cut off, because the missing end could change the verdict.

Pure; linear in the text.
"""

import re

from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.lazy_pattern import LazyPattern

_OPENING = {")": "(", "]": "[", "}": "{"}
_BRACKET = re.compile(r"[(){}\[\]]")
_TAIL_LENGTH = 80
"""Characters at the end of a text in which a cut shows."""
_INCOMPLETE_END_ROWS = (
    # a mark after which something follows
    (r"[({\[=]", "ssl.SSLError("),
    (r"[,:;](?:\s*+[a-z]{1,2})?", "Incorrect API key provided:"),
    # an exception without its message, or with one word of it
    (
        r"\b(?-i:[A-Z]\w{0,80}(?:Error|Exception|Timeout))(?::(?:\s*+[0-9A-Za-z]{1,16})?)?",
        "httpcore.ProxyError: 503",
    ),
    # a word that ends no sentence
    (
        r"\b(?:a|an|and|at|but|by|for|from|in|is|of|on|or|provided|the|to|was|with|your)",
        "please check your",
    ),
    # a number of which digits may be missing
    (
        r"\b(?:limit|requested|used)[: ]{1,2}[0-9]{1,9}(?:, ?[a-z]{0,9})?",
        "Limit 30000, Requested 3",
    ),
)
_INCOMPLETE_END = LazyPattern(rf"(?:{any_of(_INCOMPLETE_END_ROWS)})\s*$")


def is_truncated(text: str) -> bool:
    """Return True if the text has an open bracket or an incomplete end."""
    return bool(_INCOMPLETE_END.search(text[-_TAIL_LENGTH:])) or is_open(text)


def is_open(text: str) -> bool:
    """Return True if a bracket is open at the end of the text.

    Closing brackets without an opening one are ignored: they are prose, such as "a) first".
    """
    open_brackets: list[str] = []
    for bracket in _BRACKET.findall(text):
        if bracket not in _OPENING:
            open_brackets.append(bracket)
        elif open_brackets and open_brackets[-1] == _OPENING[bracket]:
            open_brackets.pop()
    return bool(open_brackets)
