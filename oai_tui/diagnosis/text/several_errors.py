"""Cut a text that holds the errors of several calls into one piece for each.

Two codes of the API never belong to one error. Where a text has several that mean different
causes, it is cut at a line between them with which something new can begin. Pure; linear in the
text.
"""

import re
from collections.abc import Mapping
from itertools import pairwise

from oai_tui.diagnosis.text.pattern_rows import any_of

_MAX_PIECES = 50
"""Pieces of a text that are told apart."""
_CODE_ROWS = (
    # a field of an error, in JSON, in Python's repr, in a dump of Node
    (
        r"\b(?:code|type)\\{0,15}['\"]?\s{0,4}[:=]\s{0,4}\\{0,15}['\"]?([a-z]{2,20}(?:_[a-z]{1,20}){1,6})\b",
        "'code': 'insufficient_quota'",
    ),
    # .NET
    (r"_error: ([a-z]{2,20}(?:_[a-z]{1,20}){1,6})\)", "(invalid_request_error: invalid_api_key)"),
)
_CODE = re.compile(any_of(_CODE_ROWS))
_BEGINNING_ROWS = (
    # Python
    (r"Traceback \(", "Traceback (most recent call last):"),
    (r"[\w.]{2,80}(?:Error|Exception)\b", "openai.RateLimitError: Error code: 429"),
    (r"Error code: [45]", "Error code: 429 - {'error': {"),
    # JSON
    (r"\{", '{"error": {'),
    # curl
    (r"(?:< )?HTTP/[0-9.]{1,3} [1-5][0-9]{2}\b", "< HTTP/2 401"),
    (r"[*] {1,3}(?:Trying|Host|Connected)", "*   Trying 104.18.7.192:443..."),
    (r"(?:[$%>#] )?curl ", "$ curl -v https://api.openai.com/v1/models"),
    # a log
    (r"[\W_]{0,4}[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026-11-02 09:14:31 ERROR app: failed"),
    (r"[\W_]{0,4}[0-9]{2}:[0-9]{2}:[0-9]{2}", "[09:14:31] failed"),
    (r"[\[(<]?(?i:error|warn(?:ing)?|info|debug|critical|fatal)[\])>: ]", "ERROR failed"),
)
_BEGINNING = re.compile(rf"(?m)^(?:{any_of(_BEGINNING_ROWS)})|(?<=\n\n)(?=\S)")
"""A line with which the error of another call can begin, or the first after a blank one."""


def split_errors(text: str, causes: Mapping[str, str]) -> list[str]:
    """Return the pieces of a text with one error each; the text itself if it has one.

    causes: the cause of each code of the API.
    """
    starts = _starts(text, causes)
    if not starts:
        return [text]
    edges = [0, *starts[: _MAX_PIECES - 1], len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


def _starts(text: str, causes: Mapping[str, str]) -> list[int]:
    """Return where the pieces after the first one start."""
    starts: list[int] = []
    last_cause, last_end = "", 0
    for match in _CODE.finditer(text):
        cause = causes.get(match[1] or match[2])
        if cause is None:
            continue
        if last_cause and cause != last_cause:
            start = _last_beginning(text, last_end, match.start())
            if start is None:
                continue  # the second code is in the same line or object: a relay's
            starts.append(start)
        last_cause, last_end = cause, match.end()
    return starts


def _last_beginning(text: str, low: int, high: int) -> int | None:
    """Return where the last error that begins between two places begins, or None.

    A traceback begins at its first line, and not at the exception at its end.
    """
    begins = [match.start() for match in _BEGINNING.finditer(text, low, high)]
    traceback = text.rfind("\nTraceback (", low, high)
    first = text.rfind("\n*   Trying ", low, high)
    for place in (traceback, first):
        if place >= 0:
            return place + 1
    blank = text.rfind("\n\n", low, high)
    if blank >= 0:
        return blank + 2
    return begins[-1] if begins else None
