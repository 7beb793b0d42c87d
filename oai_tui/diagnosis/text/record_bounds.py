"""Find the first and last byte of the log record around a hit, with the traceback that follows.

Pure; reads at most a window of bytes on either side of the hit.
"""

import re
from functools import lru_cache

from oai_tui.diagnosis.text.log_lines import LogLines
from oai_tui.diagnosis.text.log_prefixes import (
    DIGITS_OF_BYTES,
    MAX_PREFIX,
    certainly_share_none,
    continues_record,
    has_prefix,
    shared_prefix,
)
from oai_tui.diagnosis.text.record_starts import START, is_chained

_CONTINUATION = re.compile(
    rb"[ \t}\])]"  # an indented line, the end of an object
    rb"|\r?$"  # a blank line
    rb"|Traceback \(|During handling of|The above exception"  # Python
    rb"|Caused by|at [\w.$<(]"  # Java, Node
    rb"|[\w.]{2,80}(?:Error|Exception|Timeout|Warning)\b(?:[:(]|\s*$)"
    rb"|[\^~|]|\xe2\x94\x82"  # marks below a line of source, a box of rich (U+2502)
    rb"|\.\.\. [0-9]+ more"  # Java
    rb"|\+ Exception Group",
    re.MULTILINE,
)
"""A line that can continue the record of the line before."""
_CHAIN = re.compile(
    rb"\s"
    rb"|Traceback \(|During handling of|The above exception"
    rb"|Caused by"
    rb"|[}\])]"
    rb"|[\^~|]|\xe2\x94\x82"
    rb"|\.\.\. [0-9]"
)
"""A line that continues an undated record for certain."""
_TRACEBACK = b"Traceback ("
_MAX_START = 100
"""Bytes of a line in which it shows whether a record starts with it."""
_QUICK_BYTES = 10_000
_QUICK_LINES = 250
"""Limits of a record that is read in the fast way; both are within those of `record_around`."""
_WINDOW = 24_000
"""Bytes to either side of a hit that are read."""
_MAX_LINES = 300
"""Lines to either side of a hit that are read."""
LONG_LINE = 12_000
"""Bytes from which on a line is not read as a whole, but around the hit."""


def record_around(data: bytes, hit: int) -> tuple[int, int]:
    """Return the first byte of the record around `hit`, and the byte after its last.

    The record has at most _WINDOW bytes and _MAX_LINES lines to either side of the hit.
    """
    start, end = _line_start(data, hit), _line_end(data, hit)
    if end - start > LONG_LINE:
        return max(start, hit - LONG_LINE // 3), min(end, hit + LONG_LINE)
    low, high = max(0, hit - _WINDOW), min(len(data), hit + _WINDOW)
    prefix = _prefix_at(data, start)
    start = _record_start(data, start, low, prefix)
    end = _record_end(data, start, end, high, prefix)
    return max(start, low), min(end, high)


class DatedRecords:
    """Finds the ends of the usual records of a log: a line that starts one, and what follows it.

    This is a faster `record_around` for records without a prefix that they share with the lines
    around them. Two neighbouring lines are compared once.
    """

    def __init__(self, lines: LogLines) -> None:
        self._lines = lines
        self._next_start = -1  # the number of the line after the last record
        self._next_mask = b""

    def line_after(self, number: int) -> int | None:
        """Return the number of the line after the record that starts with this line.

        None if only `record_around` can tell where the record around the line starts and ends.
        """
        lines = self._lines
        is_known = number == self._next_start
        mask = self._next_mask if is_known else _mask_of(lines.texts[number])
        if not is_known:
            if not _starts_record(mask[:_MAX_START]):
                return None
            if number and not certainly_share_none(mask, _mask_of(lines.texts[number - 1])):
                return None
        after = self._next_record_start(number)
        if after is None:
            return None
        following = number + 1
        mask_after = _mask_of(lines.texts[following])
        if not certainly_share_none(mask, mask_after):
            return None
        if after == following:
            self._next_start, self._next_mask = following, mask_after
        return after

    def _next_record_start(self, number: int) -> int | None:
        """Return the number of the next line with which a record starts.

        None if there is none near, or if the record before it is not a usual one.
        """
        lines = self._lines
        last = len(lines.texts) - 1  # this line may be cut
        tracebacks = lines.texts[number].count(_TRACEBACK)
        for after in range(number + 1, min(number + _QUICK_LINES, last)):
            line = lines.texts[after]
            if _starts_record(line[:_MAX_START].translate(DIGITS_OF_BYTES)):
                is_short = lines.start(after) - lines.start(number) <= _QUICK_BYTES
                return after if is_short else None
            tracebacks += line.count(_TRACEBACK)
            if tracebacks > 1:
                return None
        return None


@lru_cache(maxsize=8_192)
def _starts_record(mask: bytes) -> bool:
    """Return True if a record starts with a line. mask: its beginning, with all digits alike."""
    end_of_line = b"\n" if len(mask) < _MAX_START else b""
    return START.match(mask + end_of_line) is not None


def _mask_of(line: bytes) -> bytes:
    """Return the beginning of a line, with all digits alike."""
    return line[:MAX_PREFIX].translate(DIGITS_OF_BYTES)


def first_line(data: bytes, start: int) -> bytes:
    """Return the beginning of the record's first line, where a log writes its time."""
    return data[start : start + MAX_PREFIX].partition(b"\n")[0]


def line_before(data: bytes, start: int) -> bytes:
    """Return the beginning of the line before the record, where few logs write its time."""
    start_before = _line_start(data, max(0, start - 1))
    return data[start_before : min(start, start_before + MAX_PREFIX)]


def _record_start(data: bytes, start: int, low: int, prefix: str) -> int:
    """Return where the record with the line at `start` starts; not before `low`."""
    for _ in range(_MAX_LINES):
        if start <= low or _is_start(data, start, prefix):
            break
        is_prefixed = bool(prefix) and has_prefix(_line(data, start), prefix)
        if not is_prefixed and not _CONTINUATION.match(data, start):
            break
        if data.startswith(_TRACEBACK, start) and not is_chained(data, start):
            break
        before = _line_start(data, start - 1)
        if _is_start(data, before, prefix) and data.startswith(b"Traceback", start + len(prefix)):
            break  # the log line before a traceback can be about something else
        start = before
    return start


def _record_end(data: bytes, start: int, end: int, high: int, prefix: str) -> int:
    """Return where the record ends; `end`: where the line with the hit ends."""
    is_dated = _is_start(data, start, "")
    for _ in range(_MAX_LINES):
        following = end + 1
        if following >= high or _is_start(data, following, prefix):
            break
        if _starts_another_traceback(data, start, following):
            break
        following_end = _line_end(data, following)
        if not is_dated and not _continues_undated(data, following, following_end, end):
            break
        end = following_end
    return end


def _starts_another_traceback(data: bytes, start: int, following: int) -> bool:
    """Return True if a second traceback of the record that is not chained starts here."""
    return (
        data.startswith(_TRACEBACK, following)
        and data.find(_TRACEBACK, start, following) >= 0
        and not is_chained(data, following)
    )


def _continues_undated(data: bytes, line_start: int, line_end: int, record_end: int) -> bool:
    """Return True if an undated line continues the record whose last line ends at `record_end`."""
    is_blank = not data[line_start:line_end].strip()
    if is_blank:
        return bool(_CHAIN.match(data, line_start)) and _is_chain_at(data, line_end + 1)
    if _CHAIN.match(data, line_start):
        return True
    return _is_indented(data, record_end) and bool(_CONTINUATION.match(data, line_start))


def _is_start(data: bytes, place: int, prefix: str) -> bool:
    """Return True if a record starts with the line at `place`.

    prefix: what is before every line, so that it alone does not make each of them a record.
    """
    line = _line(data, place)
    if not prefix or not has_prefix(line, prefix):
        return bool(START.match(data, place))
    before = _line(data, _line_start(data, place - 1)) if place else ""
    rest_before = before[len(prefix) :] if has_prefix(before, prefix) else None
    return not continues_record(line[len(prefix) :], rest_before)


def _prefix_at(data: bytes, start: int) -> str:
    """Return what a log puts before the lines of a traceback around the line at `start`.

    Empty if there is no such prefix.
    """
    line = _line(data, start)
    before = _line(data, _line_start(data, start - 1)) if start else ""
    if prefix := shared_prefix(line, before):
        return prefix
    after = _line(data, _line_end(data, start) + 1)
    return shared_prefix(line, after)


def _line(data: bytes, start: int) -> str:
    """Return the beginning of a line, each byte as one character."""
    return data[start : min(_line_end(data, start), start + MAX_PREFIX)].decode("latin-1")


def _is_chain_at(data: bytes, place: int) -> bool:
    return place < len(data) and not START.match(data, place) and bool(_CHAIN.match(data, place))


def _is_indented(data: bytes, end: int) -> bool:
    """Return True if the line that ends here is indented as in a traceback.

    The line of the exception itself then follows.
    """
    start = _line_start(data, end)
    return data[start : start + 2] == b"  "


def _line_start(data: bytes, place: int) -> int:
    """Return where the line with this byte starts; not further back than the window."""
    low = max(0, place - _WINDOW)
    found = data.rfind(b"\n", low, place)
    return found + 1 if found >= 0 else low


def _line_end(data: bytes, place: int) -> int:
    """Return where the line with this byte ends; not further on than the window."""
    high = min(len(data), place + _WINDOW)
    found = data.find(b"\n", place, high)
    return found if found >= 0 else high
