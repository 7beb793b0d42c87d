"""What `oai-tui watch` remembers between rounds: a few values a check, whatever the rounds."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.reports.batch import Result
from oai_tui.reports.report import label_of

LATENCIES = 20
"""Rounds in the sparkline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The outcome of one check. cause: "" if it works; the outcome where there is no cause."""

    code: int
    cause: str

    @property
    def text(self) -> str:
        """The status in a word: "works" or the cause."""
        return self.cause or "works"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A check whose status is not that of the round before. before: None in the first round."""

    name: str
    before: Status | None
    now: Status
    title: str
    at: datetime

    @property
    def is_worth_a_line(self) -> bool:
        """Return False for a check that works in the first round."""
        return self.before is not None or self.now.code != 0

    @property
    def text(self) -> str:
        """The change on one line, without the time."""
        if self.now.code == 0:
            return f"{self.name}: works again (was {self.before.text if self.before else 'new'})"
        before = f"{self.before.text} → " if self.before else ""
        return f"{self.name}: {before}{self.now.text}. {self.title}"


@dataclass(slots=True, kw_only=True)
class WatchedCheck:
    """One check over the rounds. latencies: in milliseconds, None for a round without a response.

    changed_at: when the status last changed, None if it has not changed.
    """

    result: Result
    status: Status
    name: str
    changed_at: datetime | None = None
    before: Status | None = None
    latencies: deque[float | None] = field(default_factory=lambda: deque(maxlen=LATENCIES))


@dataclass(slots=True, kw_only=True)
class WatchState:
    """All checks after some rounds. round: counts from 1."""

    round: int = 0
    checks: list[WatchedCheck] = field(default_factory=list)

    def update(self, results: Sequence[Result]) -> tuple[StatusChange, ...]:
        """Take the results of a round, which has the same checks as the one before.

        Return one change for each check whose status changed, and in the first round for each.
        """
        self.round += 1
        changes = []
        for number, result in enumerate(results):
            status = status_of(result)
            name = result.name or label_of(result.diagnosis)
            old = self.checks[number] if number < len(self.checks) else None
            if old is None:
                self.checks.append(WatchedCheck(result=result, status=status, name=name))
            check = self.checks[number]
            check.latencies.append(latency_of(result.diagnosis))
            if old is None or old.status != status:
                before = None if old is None else old.status
                changes.append(
                    StatusChange(
                        name=name,
                        before=before,
                        now=status,
                        title=result.diagnosis.verdict.title,
                        at=result.diagnosis.started_at,
                    )
                )
                if before is not None:
                    check.changed_at, check.before = result.diagnosis.started_at, before
            check.result, check.status, check.name = result, status, name
        return tuple(changes)


def status_of(result: Result) -> Status:
    """Return the status of one result."""
    verdict = result.diagnosis.verdict
    cause = "" if result.code == 0 else verdict.cause or verdict.outcome
    return Status(code=result.code, cause=cause)


def latency_of(diagnosis: Diagnosis) -> float | None:
    """Return how long the server took for the call with the key, in ms; None without a response."""
    times = [
        record.observation.timings.total_ms
        for record in diagnosis.trail
        if record.stage == "key"
        and not record.experiment
        and record.observation.status is not None
        and record.observation.timings.total_ms is not None
    ]
    return times[0] if times else None
