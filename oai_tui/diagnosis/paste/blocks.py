"""Where in the bytes of a log a failure begins and ends: the record around a line that speaks of one, with the traceback that belongs to it. Pure, and bounded by a window."""

import re

_START = re.compile(
    rb"(?i)[\W_]{0,4}(?:[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}|[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{4}|[0-9]{2}:[0-9]{2}:[0-9]{2}|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6},? +[0-9]{1,2}[ ,]|(?:info|error|warn|warning|debug|critical|fatal|trace|notice)\b[\]:|\s])|[ ]{0,2}\{[ ]?\""
)
_GOES_ON = re.compile(rb"[ \t}\])]|\r?$|Traceback \(|During handling of|The above exception|Caused by|at [\w.$<(]|[\w.]{2,80}(?:Error|Exception|Timeout|Warning)\b(?:[:(]|\s*$)|[\^~|]|\xe2\x94\x82|\.\.\. [0-9]+ more|\+ Exception Group")
_CHAIN = re.compile(rb"\s|Traceback \(|During handling of|The above exception|Caused by|[}\])]|[\^~|]|\xe2\x94\x82|\.\.\. [0-9]")
_WINDOW = 24_000
_LINES = 300


def block_around(data: bytes, hit: int) -> tuple[int, int]:
    """Begin and end of the record around the place `hit`: at most _WINDOW bytes to each side, at most _LINES lines."""
    start = _line_start(data, hit)
    end = _line_end(data, hit)
    low, high = max(0, hit - _WINDOW), min(len(data), hit + _WINDOW)
    for _ in range(_LINES):
        if start <= low or _is_start(data, start) or not _GOES_ON.match(data, start):
            break
        before = _line_start(data, start - 1)
        if _is_start(data, before) and data.startswith(b"Traceback", start):
            break  # a log line leads its traceback, but it may speak of something else
        start = before
    for _ in range(_LINES):
        following = end + 1
        if following >= high or _is_start(data, following):
            break
        stop = _line_end(data, following)
        blank = not data[following:stop].strip()
        if not _CHAIN.match(data, following) and not (not blank and _framed(data, end) and _GOES_ON.match(data, following)):
            break
        if blank and not _goes_on_after(data, stop + 1):
            break
        end = stop
    return max(start, low), min(end, high)


def time_before(data: bytes, start: int) -> bytes:
    """The beginning of the block's first line, or of the line before it: where a log writes the time."""
    return data[_line_start(data, max(0, start - 1)) : start][:120] + b"\n" + data[start : start + 120]


def _is_start(data: bytes, place: int) -> bool:
    return bool(_START.match(data, place))


def _goes_on_after(data: bytes, place: int) -> bool:
    return place < len(data) and not _is_start(data, place) and bool(_CHAIN.match(data, place))


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
