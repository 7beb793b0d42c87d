"""Group the failures of a log by cause, and count them.

A client prints one failure several times: a line for each request, a warning for each retry, then
the exception. A record that says too little is not counted if a record near it says more and does
not contradict it. Pure; constant in memory: kept are one example for each cause, and what the
kinds of records that were read last mean.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from oai_tui.diagnosis.text.log_scanner import Record
from oai_tui.diagnosis.text_verdict import has_no_failure
from oai_tui.domain.explained import FailureReport

ReadRecord = Callable[[Record], tuple[FailureReport, ...]]
MAX_DISTANCE = 32_000
"""Bytes between two records that can be about the same failure."""
MAX_KINDS = 2_000
"""Kinds of records whose meaning is kept. One that comes again after so many others is reread."""
_MAX_WAITING = 200
"""Vague records that are kept until a record says more."""
_CONFIDENCE_ORDER = {"certain": 0, "likely": 1, "possible": 2}
_TO_THE_SECOND = re.compile(r".*?[0-9]{2}:[0-9]{2}:[0-9]{2}")

GroupKey = tuple[str, int | None]
"""A cause, and for an undecided verdict the status."""


@dataclass(slots=True)
class _Group:
    """All records of one meaning.

    example: the one with the most certain verdict.
    start, end: bytes from the beginning of the first to the end of the last.
    first_seen, last_seen: as the log writes the time; may be empty.
    """

    example: FailureReport
    count: int
    start: int
    end: int
    first_seen: str
    last_seen: str

    def add(self, record: Record, report: FailureReport) -> None:
        """Count one more record."""
        self.count += 1
        if report is not self.example:
            self.example = min(self.example, report, key=_confidence_order)
        if record.start < self.start:
            self.start = record.start
            self.first_seen = record.time or self.first_seen
        if record.end > self.end:
            self.end = record.end
            self.last_seen = record.time or self.last_seen
        self.first_seen = self.first_seen or record.time


class FailureCounter:
    """Counts the records of a log, in their order.

    read: returns the failure of a record with the verdict; may return nothing.
    on_failure: is called with each record that is counted, and its failure.
    max_kinds: kinds of records whose meaning is kept; with 0 every record is read by itself, so
    that the failure shows its own words and request id.
    """

    def __init__(
        self,
        read: ReadRecord,
        *,
        on_failure: Callable[[Record, FailureReport], None] | None = None,
        max_kinds: int = MAX_KINDS,
    ) -> None:
        self._read = read
        self._on_failure = on_failure
        self._max_kinds = max_kinds
        self._meanings: OrderedDict[bytes, FailureReport | None] = OrderedDict()
        self._groups: dict[GroupKey, _Group] = {}
        self._waiting: list[tuple[Record, FailureReport]] = []
        self._last_clear: tuple[Record, FailureReport] | None = None
        self._seconds: set[str] = set()
        self.record_starts = 0
        """How many of the counted records start a failure of their own."""

    def add(self, records: Iterable[Record]) -> "FailureCounter":
        """Count the records of a log, or of the next part of it."""
        for record in records:
            self._add(record)
        return self

    @property
    def span(self) -> int:
        """Bytes from the beginning of the first counted record to the end of the last."""
        groups = self._groups.values()
        start = min((group.start for group in groups), default=0)
        end = max((group.end for group in groups), default=0)
        return end - start

    @property
    def all_in_one_second(self) -> bool:
        """True if all counted records are from one second, and can be lines of one failure.

        False if the API returned different codes.
        """
        errors = [group.example.observation.error for group in self._groups.values()]
        codes = {error.code for error in errors if error and error.code}
        return len(self._seconds) == 1 and "" not in self._seconds and len(codes) < 2

    def results(self) -> tuple[FailureReport, ...]:
        """Return one report for each cause, most frequent first; of equals the first in the log."""
        self.count_waiting()
        return self.counted()

    def counted(self) -> tuple[FailureReport, ...]:
        """Return the same for what is counted so far, without the records that wait."""
        groups = sorted(self._groups.values(), key=lambda group: (-group.count, group.start))
        return tuple(
            replace(
                group.example,
                count=group.count,
                first_seen=group.first_seen,
                last_seen=group.last_seen,
            )
            for group in groups
        )

    def count_waiting(self) -> None:
        """Count the vague records that waited for one that says more."""
        while self._waiting:
            self._count(*self._waiting.pop(0))

    def _add(self, record: Record) -> None:
        report = self._meaning_of(record)
        if report is None:
            return
        if self._waiting:
            self._count_waiting_before(record)
        if report.verdict.confidence == "possible":
            if not self._repeats_last_clear(record, report):
                self._waiting.append((record, report))
            return
        if self._waiting:
            self._waiting = [
                (earlier, vague)
                for earlier, vague in self._waiting
                if not _is_same_failure(vague, report)
            ]
        self._last_clear = (record, report)
        self._count(record, report)

    def _count_waiting_before(self, record: Record) -> None:
        """Count the vague records that are too far from this one, or too many."""
        while self._waiting:
            distance = record.start - self._waiting[0][0].end
            if len(self._waiting) <= _MAX_WAITING and distance <= MAX_DISTANCE:
                return
            self._count(*self._waiting.pop(0))

    def _repeats_last_clear(self, record: Record, vague: FailureReport) -> bool:
        """Return True if a vague record can be about the failure of the last clear one."""
        if self._last_clear is None:
            return False
        last, report = self._last_clear
        return record.start - last.end <= MAX_DISTANCE and _is_same_failure(vague, report)

    def _meaning_of(self, record: Record) -> FailureReport | None:
        """Return the failure of a record with its verdict, or None if it shows none."""
        if record.kind in self._meanings:
            self._meanings.move_to_end(record.kind)
            return self._meanings[record.kind]
        report = next(iter(self._read(record)), None)
        if report is not None and has_no_failure(report.observation, report.verdict):
            report = None
        self._meanings[record.kind] = report
        if len(self._meanings) > self._max_kinds:
            self._meanings.popitem(last=False)
        return report

    def _count(self, record: Record, report: FailureReport) -> None:
        self.record_starts += record.is_record_start
        if len(self._seconds) < 2:
            self._seconds.add(_to_the_second(record.time))
        is_undecided = report.verdict.outcome == "undecided"
        key = (report.verdict.cause or "", report.observation.status if is_undecided else None)
        if group := self._groups.get(key):
            group.add(record, report)
        else:
            self._groups[key] = _Group(
                example=report,
                count=1,
                start=record.start,
                end=record.end,
                first_seen=record.time,
                last_seen=record.time,
            )
        if self._on_failure is not None:
            self._on_failure(record, report)


def _confidence_order(report: FailureReport) -> int:
    return _CONFIDENCE_ORDER[report.verdict.confidence]


def _to_the_second(time: str) -> str:
    match = _TO_THE_SECOND.match(time)
    return match.group() if match else time


def _is_same_failure(vague: FailureReport, clear: FailureReport) -> bool:
    """Return True if a vague record can be about the failure of a clear one."""
    status = vague.observation.status
    clear_status = clear.observation.status
    if status is not None and clear_status is not None:
        return status == clear_status
    if status is None and clear.observation.failure is not None:
        return True
    if has_no_failure(vague.observation, vague.verdict):
        return True
    return clear.verdict.cause in {each.cause for each in vague.verdict.alternatives}
