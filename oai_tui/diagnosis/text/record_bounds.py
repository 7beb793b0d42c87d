"""Where in the bytes of a log a failure begins and ends: the record around a line that speaks of one, with the traceback that belongs to it. Pure, and bounded by a window."""

import re

from oai_tui.diagnosis.text.log_prefixes import (
    MAX_PREFIX,
    continues_record,
    has_prefix,
    shared_prefix,
)
from oai_tui.diagnosis.text.record_starts import START, is_chained

_GOES_ON = re.compile(
    rb"[ \t}\])]|\r?$|Traceback \(|During handling of|The above exception|Caused by|at [\w.$<(]|[\w.]{2,80}(?:Error|Exception|Timeout|Warning)\b(?:[:(]|\s*$)|[\^~|]|\xe2\x94\x82|\.\.\. [0-9]+ more|\+ Exception Group",
    re.MULTILINE,
)
_CHAIN = re.compile(
    rb"\s|Traceback \(|During handling of|The above exception|Caused by|[}\])]|[\^~|]|\xe2\x94\x82|\.\.\. [0-9]"
)
_TRACEBACK = b"Traceback ("
_WINDOW = 24_000
_LINES = 300
_UNBROKEN = 12_000
"""Bytes from which on a line is no longer looked at whole, but around what was found in it."""


def record_around(data: bytes, hit: int) -> tuple[int, int]:
    """Begin and end of the record around the place `hit`: at most _WINDOW bytes to each side, at most _LINES lines."""
    start, end = _line_start(data, hit), _line_end(data, hit)
    if end - start > _UNBROKEN:
        return max(start, hit - _UNBROKEN // 3), min(end, hit + _UNBROKEN)
    low, high = max(0, hit - _WINDOW), min(len(data), hit + _WINDOW)
    prefix = _prefix_at(data, start)
    start = _begin(data, start, low, prefix)
    dated = _is_start(data, start, "")
    for _ in range(_LINES):
        following = end + 1
        if following >= high or _is_start(data, following, prefix):
            break
        if (
            data.startswith(_TRACEBACK, following)
            and data.find(_TRACEBACK, start, following) >= 0
            and not is_chained(data, following)
        ):
            break
        stop = _line_end(data, following)
        if not dated and not _belongs(data, following, stop, end):
            break
        end = stop
    return max(start, low), min(end, high)


def lines_in_same_second(data: bytes, start: int) -> tuple[bytes, bytes]:
    """The beginnings of the block's first line and of the line before it: where a log writes the time, in this order of trust."""
    before = _line_start(data, max(0, start - 1))
    return data[start : min(_line_end(data, start), start + MAX_PREFIX)], data[
        before : min(start, before + MAX_PREFIX)
    ]


def _begin(data: bytes, start: int, low: int, prefix: str) -> int:
    """Where the record begins whose line at `start` speaks of a failure; `low`: no further back."""
    for _ in range(_LINES):
        if (
            start <= low
            or _is_start(data, start, prefix)
            or not (
                (prefix and has_prefix(_line(data, start), prefix)) or _GOES_ON.match(data, start)
            )
        ):
            break
        if data.startswith(_TRACEBACK, start) and not is_chained(data, start):
            break
        before = _line_start(data, start - 1)
        if _is_start(data, before, prefix) and data.startswith(b"Traceback", start + len(prefix)):
            break  # a log line leads its traceback, but it may speak of something else
        start = before
    return start


def _belongs(data: bytes, following: int, stop: int, end: int) -> bool:
    """Whether the undated line from `following` to `stop` goes on with the record whose last line ends at `end`."""
    blank = not data[following:stop].strip()
    if not _CHAIN.match(data, following) and not (
        not blank and _framed(data, end) and _GOES_ON.match(data, following)
    ):
        return False
    return not blank or _goes_on_after(data, stop + 1)


def _is_start(data: bytes, place: int, prefix: str) -> bool:
    """Whether a record begins with the line at `place`. `prefix`: what stands before every line, so that it does not make each of them a record."""
    line = _line(data, place)
    if not prefix or not has_prefix(line, prefix):
        return bool(START.match(data, place))
    before = _line(data, _line_start(data, place - 1)) if place else ""
    return not continues_record(
        line[len(prefix) :], before[len(prefix) :] if has_prefix(before, prefix) else None
    )


def _prefix_at(data: bytes, start: int) -> str:
    """What a log puts before every line around the one at `start`; "" unless it stands before the lines of a traceback."""
    line = _line(data, start)
    before = _line(data, _line_start(data, start - 1)) if start else ""
    return shared_prefix(line, before) or shared_prefix(
        line, _line(data, _line_end(data, start) + 1)
    )


def _line(data: bytes, start: int) -> str:
    """The beginning of a line; each byte is one character."""
    return data[start : min(_line_end(data, start), start + MAX_PREFIX)].decode("latin-1")


def _goes_on_after(data: bytes, place: int) -> bool:
    return place < len(data) and not START.match(data, place) and bool(_CHAIN.match(data, place))


def _framed(data: bytes, end: int) -> bool:
    """Whether the line that ends here is a part of a traceback, so that the exception's own line follows."""
    return data[_line_start(data, end) : _line_start(data, end) + 2] == b"  "


def _line_start(data: bytes, place: int) -> int:
    """Where the line of a place begins; no further back than the window."""
    low = max(0, place - _WINDOW)
    found = data.rfind(b"\n", low, place)
    return found + 1 if found >= 0 else low


def _line_end(data: bytes, place: int) -> int:
    high = min(len(data), place + _WINDOW)
    found = data.find(b"\n", place, high)
    return found if found >= 0 else high
