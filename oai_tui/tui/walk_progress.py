"""What a walk has told so far. Pure: it takes the engine's events and answers what the path and the middle of the screen should show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import assert_never

from oai_tui.domain.decision_tree import Mark, Stage, Step, Tree
from oai_tui.domain.diagnosis import CauseMatch, Diagnosis, StepRecord
from oai_tui.domain.durations import format_elapsed
from oai_tui.domain.events import Decided, Ended, Event, Observed, QuestionAsked, StepStarted
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.phases import ConnectionPhase
from oai_tui.domain.target import Target
from oai_tui.reports.labels import FAILURE_LABELS
from oai_tui.reports.waterfall import phases_of
from oai_tui.tui.formatting import State

REACH = "reach"
"""The stage that is drawn as a waterfall."""
_WORST: tuple[Mark, ...] = ("failed", "warning", "passed", "skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLine:
    """One line of the path: a stage, or (nested) one of its experiments and refusals. `sought`: a pasted error can show here first."""

    title: str
    state: State
    note: str = ""
    experiment: bool = False
    nested: bool = False
    sought: bool = False


@dataclass(slots=True, kw_only=True)
class WalkProgress:
    """One run. `records` begins with those that an earlier run left standing; `facts` with those known so far. `sought`: the stage where a pasted error can show first, "" for none."""

    tree: Tree
    records: list[StepRecord] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    current: Step | None = None
    target: Target | None = None
    seen: Observation | None = None
    match: CauseMatch | None = None
    diagnosis: Diagnosis | None = None
    sought: str = ""

    def apply(self, event: Event) -> None:
        """Learn one event."""
        match event:
            case StepStarted():
                self.current, self.target = event.step, event.target
            case QuestionAsked():
                self.current = event.step
            case Observed():
                self.seen = event.observation
                self.facts.update(event.observation.facts)
            case Decided():
                self.records.append(event.record)
                self.seen, self.match = event.record.observation, event.current_match
                if event.record.experiment:
                    self.facts[event.step.id] = event.record.branch
            case Ended():
                self.diagnosis, self.current = event.diagnosis, None
                self.facts.update(event.diagnosis.facts)
            case _:
                assert_never(event)

    @property
    def running(self) -> bool:
        """Whether the walk still goes on."""
        return self.diagnosis is None

    @property
    def evidence(self) -> Observation | None:
        """The exchange to show: what the accusation was judged by, else the last one that was a request, else the last seen."""
        if self.diagnosis is not None and self.match is not None:
            return self.match.evidence
        requests = [
            record.observation for record in self.records if record.observation.request is not None
        ]
        if self.seen is not None and self.seen.request is not None:
            return self.seen
        return requests[-1] if requests else self.seen

    @property
    def experiments(self) -> tuple[StepRecord, ...]:
        """The experiments made, in order."""
        return tuple(record for record in self.records if record.experiment)

    @property
    def phases(self) -> tuple[ConnectionPhase, ...]:
        """The rungs to draw: while the way is looked at, and where the walk ended on it."""
        last = (
            self.current.stage
            if self.current is not None
            else self.records[-1].stage
            if self.records and self.diagnosis is not None
            else ""
        )
        return phases_of(self.records) if last == REACH else ()

    def failed_stage(self) -> str:
        """The stage to begin with when checking again: where the verdict's cause was accused, else the last refusal, else the last stop."""
        cause = self.diagnosis.verdict.cause if self.diagnosis else None
        accused = [
            record
            for record in self.records
            if cause and record.matched_cause == cause and not record.experiment
        ]
        failed = [
            record for record in self.records if record.mark == "failed" and not record.experiment
        ]
        for found in (accused[:1], failed[-1:], self.records[-1:]):
            if found:
                return found[0].stage
        return self.tree.stages[0].id

    def records_before(self, stage: str) -> tuple[StepRecord, ...]:
        """The records of the stages that come before `stage`."""
        order = [each.id for each in self.tree.stages]
        earlier = set(order[: order.index(stage)])
        return tuple(record for record in self.records if record.stage in earlier)

    def skip_to(self) -> str | None:
        """Where a skip leads: of the current step, or after the end of the step that was refused. None where skipping is not safe."""
        if self.current is not None:
            return self.current.skip_to
        if self.diagnosis is None or self.diagnosis.verdict.outcome == "working":
            return None
        last = [record for record in self.records if not record.experiment][-1:]
        step = self.tree.steps.get(last[0].step) if last else None
        return step.skip_to if step is not None else None

    def state(self, stage: Stage) -> State:
        """The state of a stage."""
        if self.current is not None and self.current.stage == stage.id:
            return "running"
        marks = {
            record.mark
            for record in self.records
            if record.stage == stage.id and not record.experiment
        }
        return next((mark for mark in _WORST if mark in marks), "waiting")

    def lines(self) -> Iterator[PathLine]:
        """The whole path: every stage, and below it its experiments."""
        for stage in self.tree.stages:
            own = [record for record in self.records if record.stage == stage.id]
            yield PathLine(
                title=stage.title,
                state=self.state(stage),
                note=_note(stage.id, own),
                sought=stage.id == self.sought,
            )
            yield from (_experiment(record) for record in own if record.experiment)
            if (
                self.current is not None
                and self.current.stage == stage.id
                and self.current.experiment
            ):
                yield PathLine(
                    title=_difference(self.current.title),
                    state="running",
                    experiment=True,
                    nested=True,
                )


def _experiment(record: StepRecord) -> PathLine:
    status = record.observation.status
    return PathLine(
        title=_difference(record.title),
        state=record.mark,
        note=str(status) if status is not None else record.branch,
        experiment=True,
        nested=True,
    )


def _difference(title: str) -> str:
    """An experiment's title without what every such title begins with: the path is narrow."""
    return title.removeprefix("The same call ")


def _note(stage: str, records: Iterable[StepRecord]) -> str:
    """The few characters beside a stage: the key's end, or the status and the time."""
    parts: list[str] = []
    elapsed = 0.0
    for record in records:
        seen = record.observation
        if record.experiment:
            continue
        if stage == "credential" and "key_last_four" in seen.facts:
            parts = ["…" + str(seen.facts["key_last_four"]).replace("\n", "␊")]
        elif seen.status is not None:
            parts = [str(seen.status)]
        elif seen.failure is not None:
            parts = [FAILURE_LABELS[seen.failure].narrow or seen.failure.replace("-", " ")]
        elapsed += seen.timings.total_ms or 0.0
    return " · ".join([*parts, *([format_elapsed(elapsed)] if elapsed else [])])
