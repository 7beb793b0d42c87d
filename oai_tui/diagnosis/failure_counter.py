"""Count the failures of a log by what they mean. Pure, and constant in memory: what is kept is one example for each cause, and the meaning of the kinds of records met last.

A client tells one failure several times: a line for each request, a warning for each retry, then the exception. A record that says too little, close to one that says more and does not contradict it, tells of the same failure and is not counted.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from oai_tui.diagnosis.text.log_scanner import Record
from oai_tui.diagnosis.text_verdict import has_no_failure
from oai_tui.domain.explained import FailureReport

ReadRecord = Callable[[str], tuple[FailureReport, ...]]
NEAR = 32_000
"""Bytes between two records that can tell of the same failure."""
_KINDS = 2_000
"""Kinds of records whose meaning is kept; one that comes again after so many others is read again."""
_WAITING = 200
"""Records that say too little and wait for one that says more."""
_SURE = {"certain": 0, "likely": 1, "possible": 2}

Key = tuple[str, int | None]


@dataclass(slots=True)
class _Row:
    """What is kept of all records of one meaning: the best example, how many there were, and the first and last of them."""

    example: FailureReport
    count: int
    start: int
    end: int
    first_seen: str
    last_seen: str

    def add(self, record: Record, told: FailureReport) -> None:
        self.count += 1
        self.example = min(self.example, told, key=lambda one: _SURE[one.verdict.confidence])
        if record.start < self.start:
            self.start, self.first_seen = record.start, record.time or self.first_seen
        if record.end > self.end:
            self.end, self.last_seen = record.end, record.time or self.last_seen
        self.first_seen = self.first_seen or record.time


class FailureCounter:
    """Takes records in the order of the log. `read` judges a record's text. `heads`: how many of the counted records begin a failure of their own."""

    def __init__(self, read: ReadRecord) -> None:
        self._read = read
        self._kinds: OrderedDict[bytes, FailureReport | None] = OrderedDict()
        self._rows: dict[Key, _Row] = {}
        self._waiting: list[tuple[Record, FailureReport]] = []
        self._last: tuple[Record, FailureReport] | None = None
        self.heads = 0
        self._moments: set[str] = set()

    def add(self, records: Iterable[Record]) -> "FailureCounter":
        """Take these records, the whole of a log or the next part of it."""
        for record in records:
            self._add(record)
        return self

    @property
    def span(self) -> int:
        """Bytes from the beginning of the first counted record to the end of the last."""
        rows = self._rows.values()
        return max((row.end for row in rows), default=0) - min(
            (row.start for row in rows), default=0
        )

    @property
    def all_in_one_second(self) -> bool:
        """Whether all counted records were written in the same second, so that they can be the lines of one failure; not where the API gave different codes."""
        codes = {
            row.example.observation.error.code
            for row in self._rows.values()
            if row.example.observation.error
        }
        return len(self._moments) == 1 and "" not in self._moments and len(codes - {""}) < 2

    def results(self) -> tuple[FailureReport, ...]:
        """One for each meaning, most frequent first; of equals, the one that came first."""
        while self._waiting:
            self._count(*self._waiting.pop(0))
        rows = sorted(self._rows.values(), key=lambda row: (-row.count, row.start))
        return tuple(
            replace(
                row.example, count=row.count, first_seen=row.first_seen, last_seen=row.last_seen
            )
            for row in rows
        )

    def _add(self, record: Record) -> None:
        told = self._meaning(record)
        if told is None:
            return
        while self._waiting and (
            len(self._waiting) > _WAITING or record.start - self._waiting[0][0].end > NEAR
        ):
            self._count(*self._waiting.pop(0))
        if told.verdict.confidence == "possible":
            if (
                self._last is None
                or record.start - self._last[0].end > NEAR
                or not _is_same_failure(told, self._last[1])
            ):
                self._waiting.append((record, told))
            return
        self._waiting = [
            (earlier, vague)
            for earlier, vague in self._waiting
            if not _is_same_failure(vague, told)
        ]
        self._last = (record, told)
        self._count(record, told)

    def _meaning(self, record: Record) -> FailureReport | None:
        """The record read and judged, None when it shows no failure."""
        if record.kind in self._kinds:
            self._kinds.move_to_end(record.kind)
            return self._kinds[record.kind]
        told = next(iter(self._read(record.block.decode("utf-8", "replace"))), None)
        if told is not None and has_no_failure(told.observation, told.verdict):
            told = None
        self._kinds[record.kind] = told
        if len(self._kinds) > _KINDS:
            self._kinds.popitem(last=False)
        return told

    def _count(self, record: Record, told: FailureReport) -> None:
        self.heads += record.is_record_start
        if len(self._moments) < 2:
            self._moments.add(_to_the_second(record.time))
        key = (
            told.verdict.cause or "",
            told.observation.status if told.verdict.outcome == "undecided" else None,
        )
        if row := self._rows.get(key):
            row.add(record, told)
        else:
            self._rows[key] = _Row(told, 1, record.start, record.end, record.time, record.time)


def _to_the_second(time: str) -> str:
    match = re.search(r".*?[0-9]{2}:[0-9]{2}:[0-9]{2}", time)
    return match.group() if match else time


def _is_same_failure(vague: FailureReport, told: FailureReport) -> bool:
    """Whether a record that says too little can be about the failure that another one tells in full."""
    mine, other = vague.observation, told.observation
    if mine.status is not None and other.status is not None:
        return mine.status == other.status
    if mine.status is None and other.failure is not None:
        return True
    return has_no_failure(mine, vague.verdict) or told.verdict.cause in {
        alternative.cause for alternative in vague.verdict.alternatives
    }
