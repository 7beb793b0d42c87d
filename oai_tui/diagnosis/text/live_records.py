"""Find the records of failures in a log that is still being written.

A record is complete as soon as a line follows that does not belong to it, or when nothing more
arrives for a while, which the caller decides. Pure; constant in memory.
"""

from collections.abc import Iterator

from oai_tui.diagnosis.text.bytes_decoding import Utf8Converter
from oai_tui.diagnosis.text.container_lines import ContainerLines
from oai_tui.diagnosis.text.log_scanner import (
    CARRY,
    LogMemory,
    Record,
    Window,
    marked_records,
)

_MAX_LINE = 1 << 20
"""Bytes of a line that are waited for; a longer one is read in parts."""
_LOOK_AHEAD = 2_000
"""Bytes after a record in which a line that ends it is looked for."""


class LiveRecords:
    """Assembles records from parts of a log that are cut anywhere."""

    def __init__(self) -> None:
        self._convert = Utf8Converter()
        self._plain = ContainerLines()
        self._memory = LogMemory()
        self._data = b""
        self._offset = 0  # bytes of the log before the data
        self._begin = 0  # where in the data the search goes on
        self._last_end = 0  # of the last record, from the beginning of the log

    def feed(self, part: bytes) -> Iterator[Record]:
        """Take the next part of the log, and yield the records that are complete.

        Every record has to be taken before the next part is.
        """
        self._data += self._plain(self._convert(part))
        limit = self._data.rfind(b"\n") + 1
        if len(self._data) - limit > _MAX_LINE:
            limit = len(self._data)
        yield from self._scan(limit, is_quiet=False)

    def settle(self, *, with_partial_line: bool) -> Iterator[Record]:
        """Yield the records that were not complete, because nothing follows them for now.

        with_partial_line: read the last line too if it has no line feed yet.
        """
        limit = len(self._data) if with_partial_line else self._data.rfind(b"\n") + 1
        yield from self._scan(limit, is_quiet=True)

    def start_over(self) -> None:
        """Expect another file, whose encoding can be another. To be called after `settle`."""
        self._convert = Utf8Converter()
        self._plain = ContainerLines()
        if self._data and not self._data.endswith(b"\n"):
            self._data += b"\n"
            self._begin = len(self._data)

    def _scan(self, limit: int, *, is_quiet: bool) -> Iterator[Record]:
        resume = limit
        window = Window(self._offset, self._data[:limit], self._begin, limit)
        for start, end, record in marked_records(window, self._last_end, self._memory):
            if not is_quiet and not _is_followed(window.data, end):
                resume = start
                break
            if record is not None:
                self._last_end = record.end
                yield record
        self._begin = max(resume, 0)
        drop = max(0, min(self._begin, limit) - CARRY)
        self._data = self._data[drop:]
        self._offset += drop
        self._begin -= drop


def _is_followed(data: bytes, end: int) -> bool:
    """Return True if text follows the record that ends here, so that no line can join it."""
    return bool(data[end : end + _LOOK_AHEAD].strip())
