"""Search a large log in several processes, with the same records as in one.

Each process searches windows without knowing where the last record of the window before ends. In
nearly all windows that changes nothing but that the records before that end are found again. The
other windows are searched again here.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from oai_tui.diagnosis.failure_counter import MAX_KINDS
from oai_tui.diagnosis.text.bytes_decoding import Readable
from oai_tui.diagnosis.text.log_scanner import (
    LogMemory,
    Record,
    Window,
    marked_records,
    windows,
)
from oai_tui.domain.explained import FailureReport

ReadRecord = Callable[[Record], tuple[FailureReport, ...]]
MIN_WINDOWS = 8
"""Windows that are searched before other processes are started: a smaller log is read sooner."""

_Span = tuple[int, int, tuple[bytes, str, bool] | None]
"""Begin and end in a window, and kind, time and is_record_start of a record about the API."""


@dataclass(frozen=True, slots=True)
class _SearchResult:
    """What a process found in a window. reports: of the kinds that were new to the process."""

    spans: list[_Span]
    reports: dict[bytes, tuple[FailureReport, ...]]


class ParallelLog:
    """The records of a log, and what they mean.

    read: reads a record; the processes and this one call it.
    chunk: bytes that are read at once.
    processes: how many to start; as many as are of use here by default.
    """

    def __init__(
        self, stream: Readable, read: ReadRecord, *, chunk: int, processes: int | None = None
    ) -> None:
        self._windows = windows(stream, chunk=chunk)
        self._read = read
        self._processes = processes
        self._memory = LogMemory()
        self._last_end = 0  # of the last record, from the beginning of the stream
        self._reports: dict[bytes, tuple[FailureReport, ...]] = {}

    def records(self) -> Iterator[Record]:
        """Yield every record of a failed call to the API, in order."""
        for number, window in enumerate(self._windows, 1):
            yield from self._search(window)
            if number == MIN_WINDOWS:
                yield from self._search_in_parallel()

    def read(self, record: Record) -> tuple[FailureReport, ...]:
        """Return what a record means, which the process that found it may have read already."""
        reports = self._reports.get(record.kind)
        return self._read(record) if reports is None else reports

    def _search(self, window: Window) -> Iterator[Record]:
        for _, _, record in marked_records(window, self._last_end, self._memory):
            if record is not None:
                self._last_end = record.end
                yield record

    def _search_in_parallel(self) -> Iterator[Record]:
        from oai_tui.system.forked_workers import ForkedWorkers, usable_processors

        processes = self._processes or usable_processors()
        if processes < 2:
            return
        with ForkedWorkers(_WindowSearch(self._read), processes) as workers:
            for window, found in workers.map(self._windows):
                self._reports = found.reports
                if _depends_on_last_end(window, found.spans, self._last_end - window.offset):
                    yield from self._search(window)
                else:
                    yield from self._after_last_end(window, found.spans)

    def _after_last_end(self, window: Window, spans: list[_Span]) -> Iterator[Record]:
        last_end = self._last_end - window.offset
        for start, end, about_api in spans:
            if about_api is None or end <= last_end:
                continue
            kind, time, is_record_start = about_api
            self._last_end = window.offset + end
            yield Record(
                block=window.data[start:end],
                kind=kind,
                time=time,
                start=window.offset + start,
                end=window.offset + end,
                is_record_start=is_record_start,
            )


@dataclass(slots=True)
class _WindowSearch:
    """Searches windows in a process of its own."""

    read: ReadRecord
    memory: LogMemory = field(default_factory=LogMemory)
    known: OrderedDict[bytes, None] = field(default_factory=OrderedDict)

    def __call__(self, window: Window) -> _SearchResult:
        result = _SearchResult([], {})
        for start, end, record in marked_records(window, 0, self.memory):
            if record is None:
                result.spans.append((start, end, None))
                continue
            result.spans.append((start, end, (record.kind, record.time, record.is_record_start)))
            if record.kind not in self.known:
                result.reports[record.kind] = self.read(record)
                self.known[record.kind] = None
                if len(self.known) > MAX_KINDS:
                    self.known.popitem(last=False)
        return result


def _depends_on_last_end(window: Window, spans: list[_Span], last_end: int) -> bool:
    """Return True if knowing where the last record ended can change what is found in a window."""
    ends_in_line = last_end > window.begin and b"\n" not in window.data[last_end - 1 : last_end + 1]
    return ends_in_line or any(start < last_end < end for start, end, _ in spans)
