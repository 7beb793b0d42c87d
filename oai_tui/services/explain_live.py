"""Explain a log while it is written: each failure as soon as its record is complete."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from oai_tui.diagnosis.failure_counter import FailureCounter
from oai_tui.diagnosis.text.live_records import LiveRecords
from oai_tui.diagnosis.text.log_scanner import Record
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.services.explain_text import explain_one

if TYPE_CHECKING:
    from oai_tui.domain.keys.secret import Secret

_READ_EACH = 0


class LiveExplanation:
    """The failures of a growing log, by cause. What it remembers does not grow with the log.

    A failure that says too little is held until another record says more about it, until the log
    has gone on, or until `settle_waiting`.

    now: returns seconds since 1970.
    secrets: keys found on this machine, which are hidden in any spelling.
    on_failure: is called with each failure, which has the count 1, as soon as it is known. Without
    it, failures that differ in ids and times only are read once, which is faster.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float],
        secrets: "Iterable[Secret]" = (),
        on_failure: Callable[[FailureReport], None] | None = None,
    ) -> None:
        redact = Redactor(secrets)
        self._records = LiveRecords()
        self._on_failure = on_failure

        def read(record: Record) -> tuple[FailureReport, ...]:
            return explain_one(record.text, redact, now())

        self._counter = (
            FailureCounter(read)
            if on_failure is None
            else FailureCounter(read, on_failure=self._announce, max_kinds=_READ_EACH)
        )

    def feed(self, part: bytes) -> Iterator[None]:
        """Read the next part of the log, which can end anywhere; yields after each record.

        The caller can stop between two records, and must not feed another part then.
        """
        return self._count(self._records.feed(part))

    def settle(self) -> Iterator[None]:
        """Read the whole lines that wait for what follows; yields after each record."""
        return self._count(self._records.settle(with_partial_line=False))

    def settle_waiting(self) -> Iterator[None]:
        """Do the same, and count the failures that wait for one that says more.

        A line without its end goes on waiting: read now, it would be counted again with its rest.
        """
        yield from self.settle()
        self._counter.count_waiting()

    def settle_all(self) -> Iterator[None]:
        """Read everything that waits at the end of the log; yields after each record."""
        yield from self._count(self._records.settle(with_partial_line=True))
        self._counter.count_waiting()

    def start_over(self) -> Iterator[None]:
        """Expect another file, after reading everything that waits; yields after each record."""
        yield from self.settle_all()
        self._records.start_over()

    def results(self) -> tuple[FailureReport, ...]:
        """Return one report for each cause, most frequent first, of what was counted so far."""
        return self._counter.counted()

    def _count(self, records: Iterator[Record]) -> Iterator[None]:
        for record in records:
            self._counter.add((record,))
            yield

    def _announce(self, record: Record, report: FailureReport) -> None:
        assert self._on_failure is not None
        self._on_failure(replace(report, first_seen=record.time, last_seen=record.time))
