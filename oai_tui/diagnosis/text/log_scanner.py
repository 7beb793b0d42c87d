"""Find the records of failures in a log of any size, in constant memory.

Each chunk is searched for markers, and the record around a hit is checked more closely. What a
record means is decided elsewhere. A log repeats itself: records that differ only in times and ids
have the same `kind`, so each kind needs to be read once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from oai_tui.diagnosis.text.bytes_decoding import Readable, as_utf8
from oai_tui.diagnosis.text.container_lines import ContainerLines
from oai_tui.diagnosis.text.failure_markers import (
    MarkedLines,
    any_marker_position,
    marker_positions,
    names_api,
)
from oai_tui.diagnosis.text.json_array_lines import JsonArrayLines
from oai_tui.diagnosis.text.log_lines import LogLines, without_hex_ids
from oai_tui.diagnosis.text.record_bounds import LONG_LINE, DatedRecords, record_around
from oai_tui.diagnosis.text.record_kinds import RecordShape, RecordShapes, kind_of
from oai_tui.diagnosis.text.record_starts import is_record_start
from oai_tui.diagnosis.text.record_time import time_of

CARRY = 48_000
"""Bytes at the end of a chunk that are searched with the next one, and bytes before them that are
kept, so that no record is cut in two."""


class Record(NamedTuple):
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


class LogMemory:
    """What is remembered of a log from window to window. It is bounded."""

    __slots__ = ("marked_lines", "shapes")

    def __init__(self) -> None:
        self.marked_lines = MarkedLines()
        self.shapes = RecordShapes()


def records(stream: Readable, *, chunk: int) -> Iterator[Record]:
    """Yield every record of a failed call to the API in a stream of bytes, in order.

    chunk: bytes that are read at once.
    """
    memory = LogMemory()
    last_end = 0
    for window in windows(stream, chunk=chunk):
        for _, _, record in marked_records(window, last_end, memory):
            if record is not None:
                last_end = record.end
                yield record


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
    container, array = ContainerLines(), JsonArrayLines()

    def read(size: int) -> bytes:
        while part := read_utf8(size):
            if plain := array(container(part)):
                return plain
        return array(container.rest()) or array.rest()

    return read


def _search_end(data: bytes) -> int:
    """Return where the search stops in a part of the stream that is followed by another one.

    It stops at the beginning of a line, early enough that a record that starts before it is
    complete.
    """
    latest = max(0, len(data) - CARRY)
    line_feed = data.find(b"\n", latest, latest + CARRY // 2)
    return line_feed + 1 if line_feed >= 0 else latest


def marked_records(
    window: Window, last_end: int, memory: LogMemory
) -> Iterator[tuple[int, int, Record | None]]:
    """Yield begin and end in the window of each record with a marker.

    The third value is the record if it is about the API, else None.
    last_end: where the last record about the API before them ended, in the stream.
    """
    data = window.data
    last_end = max(0, last_end - window.offset)
    lines = LogLines(data, window.begin)
    usual = DatedRecords(lines)
    position = max(window.begin, last_end)
    for number in memory.marked_lines.numbers(lines):
        line_start, line_end = lines.start(number), lines.end(number)
        if line_end <= position:
            continue
        if line_start >= window.end:
            return
        is_whole = line_start >= position and line_end <= window.end
        if is_whole and (after := usual.line_after(number)) is not None:
            text = lines.text_between(number, after)
            shape = memory.shapes.shape_of(text)
            if shape is not None or any_marker_position(lines.texts[number]):
                position = lines.end(after - 1)
                record = _record(window, line_start, position, text, shape, is_start=True)
                yield line_start, position, record
                if record is not None:
                    last_end = position
            continue
        hits_start, hits_end = max(line_start, position), min(line_end, window.end)
        # The record around a short line is the same for each of its markers.
        find = any_marker_position if line_end - line_start <= LONG_LINE else marker_positions
        for place in find(data[hits_start:hits_end]):
            hit = hits_start + place
            if hit < position:
                continue
            start, end = record_around(data, hit)
            if start < last_end:
                start = max(data.rfind(b"\n", last_end, hit) + 1, last_end)
            text = without_hex_ids(data[start:end])
            shape = memory.shapes.shape_of(text)
            is_start = is_record_start(data, start)
            record = _record(window, start, end, text, shape, is_start=is_start)
            yield start, end, record
            if record is not None:
                last_end = end
            position = max(position, end)


def _record(
    window: Window, start: int, end: int, text: bytes, shape: RecordShape | None, *, is_start: bool
) -> Record | None:
    """Return the record between two places of a window, or None if it is not about the API.

    text: the record without hexadecimal ids. shape: its shape, if that is known.
    is_start: whether a failure starts with its first line.
    """
    if not (names_api(text) if shape is None else shape.is_about_api(text)):
        return None
    block = window.data[start:end]
    time = None if shape is None else shape.time(text)
    is_cut = start == 0 and window.offset > 0
    return Record(
        block=block,
        kind=kind_of(text) if shape is None else shape.kind(text),
        time=time_of(window.data, start, block) if time is None else time,
        start=window.offset + start,
        end=window.offset + end,
        is_record_start=is_start and not is_cut,
    )
