"""Find the records of failures in a log of any size, in constant memory.

Each chunk is searched for markers, and the record around a hit is checked more closely. What a
record means is decided elsewhere. A log repeats itself: records that differ only in times and ids
have the same `kind`, so each kind needs to be read once.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from oai_tui.diagnosis.text.bytes_decoding import Readable, as_utf8
from oai_tui.diagnosis.text.container_lines import ContainerLines
from oai_tui.diagnosis.text.failure_markers import (
    MarkedLines,
    any_marker_position,
    marker_positions,
    names_api,
)
from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.diagnosis.text.record_bounds import (
    LONG_LINE,
    DatedRecords,
    first_line,
    line_before,
    record_around,
)
from oai_tui.diagnosis.text.record_starts import is_record_start

CARRY = 48_000
"""Bytes at the end of a chunk that are searched with the next one, and bytes before them that are
kept, so that no record is cut in two."""
_ID = re.compile(
    rb"[cmrt](?<!\w.)"  # most characters begin no id, and this is the fastest way to see it
    rb"(?:(?<=r)(?:eq|esp|un)|(?<=c)(?:hatcmpl|all)|(?<=m)sg|(?<=t)hread)[_-][0-9A-Za-z_-]+"
)
"""A public id: req_…, resp_…, run_…, chatcmpl-…, call_…, msg_…, thread_…."""
_ACCOUNT_ID = re.compile(rb"(?:org-|proj_)[0-9A-Za-z]{8,}+")
_MASKED = re.compile(rb"(?:(?<![0-9A-Za-z_])[0-9A-Za-z_]++)?+\*{3,}+[0-9A-Za-z_-]*+")
"""The letters of a masked key on both sides of its asterisks."""
_NUMBER_REST = r"[0-9A-Za-z_:.,/+-]*+"
_NUMBER_LIKE = rf"[0-9]{_NUMBER_REST}"
"""A number, a time, an address, or the end of an id."""
_END_OF_NUMBER = r"[.,:]*+(?![0-9A-Za-z_/+-])"
_NUMBER_THAT_COUNTS_ROWS = (
    # a status, an errno
    (rf"[0-9]{{1,3}}{_END_OF_NUMBER}", "429"),
    # a port after a name
    (rf"(?<=[A-Za-z]:)[0-9]{{5}}{_NUMBER_REST}", "localhost:11434"),
    (rf"(?<=[A-Za-z]:)[0-9]{{1,4}}{_END_OF_NUMBER}", "localhost:8080"),
    # an address with its port
    (rf"(?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}:[0-9]{{2,5}}{_END_OF_NUMBER}", "127.0.0.1:8080"),
)
_WITHOUT_NUMBERS = re.compile(
    rf"((?:[^0-9]++|{any_of(_NUMBER_THAT_COUNTS_ROWS)})*+)(?:{_NUMBER_LIKE})?+".encode()
)
"""Group 1 is text up to a number that does not distinguish failures."""
_LIMIT_NUMBERS = re.compile(rb"(limit|requested|current)[:\s]+([0-9]{1,12})")
"""The numbers of a rate limit in lower-case text."""
_WORD_END = re.compile(rb"\w\Z")
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
_KIND_LIMIT = 8_000
"""Bytes of a record in which the numbers of a rate limit are read."""
_FIELD_LIMIT = 4_000
"""Bytes of a record in which a time field is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a failure in a log.

    block: its bytes, not redacted.
    kind: a hash, equal for records that say the same.
    time: as the log writes it; may be empty.
    start, end: bytes from the beginning of the stream.
    is_record_start: whether a failure starts here, and does not continue another one.
    """

    block: bytes
    kind: bytes
    time: str
    start: int
    end: int
    is_record_start: bool

    @property
    def text(self) -> str:
        """The block as text; what is no UTF-8 is replaced."""
        return self.block.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the stream that is searched at once.

    offset: bytes of the stream before it.
    data: the part, with context on both sides.
    begin, end: the bytes of `data` in which markers are searched.
    """

    offset: int
    data: bytes
    begin: int
    end: int


def records(stream: Readable, *, chunk: int) -> Iterator[Record]:
    """Yield every record of a failed call to the API in a stream of bytes, in order.

    chunk: bytes that are read at once.
    """
    lines = MarkedLines()
    last_end = 0
    for window in windows(stream, chunk=chunk):
        for record in records_in(window, last_end, lines):
            last_end = record.end
            yield record


def records_in(window: Window, last_end: int, lines: MarkedLines) -> Iterator[Record]:
    """Yield the records of a window. last_end: of the record before, in the whole stream."""
    for start, end, is_about_api in spans_of_records(window, last_end - window.offset, lines):
        if is_about_api:
            yield record_at(window, start, end)


def windows(stream: Readable, *, chunk: int) -> Iterator[Window]:
    """Yield overlapping parts of the stream, each searched where the one before ended."""
    read = _plain_reader(stream)
    kept = b""
    offset = begin = 0
    while True:
        fresh = read(chunk)
        data = kept + fresh
        end = max(begin, _search_end(data)) if fresh else len(data)
        if data:
            yield Window(offset, data, begin, end)
        if not fresh:
            return
        keep_from = max(0, end - CARRY)
        kept = data[keep_from:]
        offset += keep_from
        begin = end - keep_from


def _plain_reader(stream: Readable) -> Callable[[int], bytes]:
    """Return a function that reads the stream as UTF-8 and without the format of a container.

    It returns b"" only at the end.
    """
    read_utf8 = as_utf8(stream)
    lines = ContainerLines()

    def read(size: int) -> bytes:
        while part := read_utf8(size):
            if plain := lines(part):
                return plain
        return lines.rest()

    return read


def _search_end(data: bytes) -> int:
    """Return where the search stops in a part of the stream that is followed by another one.

    It stops at the beginning of a line, early enough that a record that starts before it is
    complete.
    """
    latest = max(0, len(data) - CARRY)
    line_feed = data.find(b"\n", latest, latest + CARRY // 2)
    return line_feed + 1 if line_feed >= 0 else latest


def spans_of_records(
    window: Window, last_end: int, lines: MarkedLines
) -> Iterator[tuple[int, int, bool]]:
    """Yield begin and end of each record with a marker, and whether it is about the API.

    last_end: where the last record about the API before them ended; may be negative.
    """
    data = window.data
    lower_data = data.lower()
    dated = DatedRecords(data)
    position = max(window.begin, last_end)
    for line_start, line_end in lines.spans(lower_data, window.begin, window.end):
        if line_end <= position:
            continue
        # The record around a short line is the same for each of its markers.
        is_short = line_end - line_start <= LONG_LINE
        find = any_marker_position if is_short else marker_positions
        for hit in find(lower_data, max(line_start, position), line_end):
            if hit < position:
                continue
            quick_end = None
            if is_short and line_start >= position:
                quick_end = dated.end_of(line_start, line_end)
            if quick_end is not None:
                start, end = line_start, quick_end
            else:
                start, end = record_around(data, hit)
            if start < last_end:
                start = max(data.rfind(b"\n", last_end, hit) + 1, last_end)
            is_about_api = names_api(lower_data, start, end)
            yield start, end, is_about_api
            if is_about_api:
                last_end = end
            position = max(position, end)


def record_at(window: Window, start: int, end: int) -> Record:
    """Return the record between two places of a window."""
    block = window.data[start:end]
    is_cut = window.offset > 0 and start == 0
    return Record(
        block=block,
        kind=_kind_of(block),
        time=_time_of(window.data, start, block),
        start=window.offset + start,
        end=window.offset + end,
        is_record_start=is_record_start(window.data, start) and not is_cut,
    )


def _kind_of(block: bytes) -> bytes:
    """Return a hash of what stays the same when a failure is repeated.

    Numbers count only where they change the cause, and letters before them not where they can be
    the beginning of a hexadecimal id.
    """
    text = _ID.sub(b"", block)
    if b"org-" in text or b"proj_" in text:
        text = _ACCOUNT_ID.sub(b"", text)
    if b"***" in text:
        text = _MASKED.sub(b"*", text)
    *before_numbers, rest, end = (b"", *_WITHOUT_NUMBERS.findall(text))
    parts = [part.rstrip(b"abcdef") for part in before_numbers]
    kind = b"".join((*parts, rest, end, _limit_state(block)))
    return blake2b(kind, digest_size=16).digest()


def _limit_state(block: bytes) -> bytes:
    """Return what the numbers of a rate limit mean: b"zero", b"over", b"in"; b"" without any."""
    lower_block = block[:_KIND_LIMIT].lower()
    if b"limit" not in lower_block:
        return b""
    numbers = {
        match[1]: int(match[2])
        for match in _LIMIT_NUMBERS.finditer(lower_block)
        if not _WORD_END.search(lower_block, max(0, match.start() - 1), match.start())
    }
    limit = numbers.get(b"limit")
    if limit is None:
        return b""
    if limit == 0:
        return b"zero"
    return b"over" if numbers.get(b"requested", 0) > limit else b"in"


def _time_of(data: bytes, start: int, block: bytes) -> str:
    """Return the time of a record as the log writes it; may be empty.

    It is in the first line, in a field of the record, or in the line before.
    """
    first = first_line(data, start).decode("utf-8", "replace")
    if match := _TIME.search(first):
        return match.group()
    if field := _TIME_FIELD.search(block[:_FIELD_LIMIT].decode("utf-8", "replace")):
        return field[1].strip(" ,")
    match = _TIME.search(line_before(data, start).decode("utf-8", "replace"))
    return match.group() if match else ""
