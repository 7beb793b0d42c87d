"""Find the time of a log record, as the log writes it."""

import re

from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.diagnosis.text.record_bounds import first_line, line_before

_TIME_OF_DAY = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
_TIME_ROWS = (
    (
        r"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
        r"(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2})\b)?",
        "2026-11-02T09:14:31.123Z",
    ),
    (
        rf"(?:[A-Z][a-z]{{2}} +[0-9]{{1,2}} |[0-9]{{2}}/[A-Z][a-z]{{2}}/[0-9]{{4}}:){_TIME_OF_DAY}",
        "Nov  2 09:14:31 host app[401]: failed",
    ),
    (_TIME_OF_DAY, "09:14:31.404 E/app(401): failed"),
)
_TIME = re.compile(any_of(_TIME_ROWS))
_TIME_FIELD = re.compile(
    r"""(?i)["'](?:time|ts|timestamp|@timestamp|@t|date|datetime|asctime|timeunixnano|eventtime"""
    r"""|__realtime_timestamp)["']\s*:\s*["']?([0-9][0-9T:.,Z+ -]{6,40})"""
)
"""The time in a log of JSON lines, as group 1."""
_FIELD_LIMIT = 4_000
"""Bytes of a record in which a time field is read."""


def time_of(data: bytes, start: int, block: bytes) -> str:
    """Return the time of a record; may be empty.

    It is in the first line, in a field of the record, or in the line before.
    start: where the record starts in the data. block: the record.
    """
    first = first_line(data, start).decode("utf-8", "replace")
    if match := _TIME.search(first):
        return match.group()
    if field := _TIME_FIELD.search(block[:_FIELD_LIMIT].decode("utf-8", "replace")):
        return field[1].strip(" ,")
    match = _TIME.search(line_before(data, start).decode("utf-8", "replace"))
    return match.group() if match else ""


def time_span(text: bytes) -> slice | None:
    """Return where the time is in the first line of a record, or None if it is elsewhere.

    It is at the same place in all texts that differ only in digits.
    """
    match = _TIME.search(first_line(text, 0).decode("latin-1"))
    return slice(*match.span()) if match else None
