"""The state of a walk, folded from its events: what the path and the middle pane show. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from oai_tui.domain.decision_tree import Mark, Stage, Step, Tree
from oai_tui.domain.diagnosis import CauseMatch, Diagnosis, StepRecord
from oai_tui.domain.events import Decided, Ended, Event, Observed, QuestionAsked, StepStarted
from oai_tui.domain.facts import EXPERIMENT_FACTS
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.phases import ConnectionPhase
from oai_tui.domain.target import Target
from oai_tui.reports.step_finding import short_finding, subject_of_test
from oai_tui.reports.waterfall import phases_of
from oai_tui.tui.formatting import State

REACH = "reach"
"""The stage whose connection phases are drawn as a waterfall."""
_WORST_FIRST: tuple[Mark, ...] = ("failed", "warning", "passed", "skipped")


_LEFT_OUT = {
    "key-without-organization": "openai-organization",
    "key-without-project": "openai-project",
    "key-organizations": "openai-organization",
    "key-organizations-and-project": "openai-project",
}
"""Step of an experiment -> the header that it leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLine:
    """One line of the path: a stage, or below it (nested) one of its experiments."""

    title: str
    state: State
    note: str = ""
    experiment: bool = False
    nested: bool = False
    expected: bool = False
    """True for the first stage at which a pasted failure can show."""


@dataclass(slots=True, kw_only=True)
class WalkProgress:
    """The state of one run. Begins with the records and facts that it keeps of an earlier one."""

    tree: Tree
    records: list[StepRecord] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    current: Step | None = None
    target: Target | None = None
    last_observation: Observation | None = None
    cause_match: CauseMatch | None = None
    diagnosis: Diagnosis | None = None
    """None while the walk is running."""
    expected_stage: str = ""
    """The id of the first stage at which a pasted failure can show, or empty."""

    def apply(self, event: Event) -> None:
        """Update the state with the next event."""
        match event:
            case StepStarted():
                self.current = event.step
                self.target = event.target
            case QuestionAsked():
                self.current = event.step
            case Observed():
                self.last_observation = event.observation
                self.facts.update(_kept_facts(event.step, event.observation))
            case Decided():
                self.records.append(event.record)
                self.last_observation = event.record.observation
                self.cause_match = event.current_match
                if event.record.experiment:
                    self.facts[event.step.id] = event.record.branch
            case Ended():
                self.diagnosis = event.diagnosis
                self.current = None
                self.facts.update(event.diagnosis.facts)
            case _:
                assert_never(event)

    @property
    def evidence(self) -> Observation | None:
        """The exchange to show.

        After the walk, the one by which its cause was selected; else the last one with a request;
        else the last observation.
        """
        if self.diagnosis is not None and self.cause_match is not None:
            return self.cause_match.evidence
        last = self.last_observation
        if last is not None and last.request is not None:
            return last
        for record in reversed(self.records):
            if record.observation.request is not None:
                return record.observation
        return last

    @property
    def experiments(self) -> tuple[StepRecord, ...]:
        """The records of the experiments that changed something, in order."""
        return tuple(
            record for record in self.records if record.experiment and self._has_changed(record)
        )

    def _has_changed(self, experiment: StepRecord) -> bool:
        """Return False for a call without a header that the call before did not have either."""
        header = _LEFT_OUT.get(experiment.step)
        if header is None:
            return True
        requests = [
            record.observation.request
            for record in self.records
            if record.stage == experiment.stage and not record.experiment
        ]
        return any(
            header in {name.lower() for name in request.headers} for request in requests if request
        )

    @property
    def phases(self) -> tuple[ConnectionPhase, ...]:
        """The connection phases, while they are checked and where the walk ended on them."""
        if self.current is not None:
            stage = self.current.stage
        elif self.records and self.diagnosis is not None:
            stage = self.records[-1].stage
        else:
            stage = ""
        return phases_of(self.records) if stage == REACH else ()

    def failed_stage(self) -> str:
        """Return the id of the stage from which to check again.

        That is the stage at which the verdict's cause was selected, else the last that failed,
        else the last one reached.
        """
        cause = self.diagnosis.verdict.cause if self.diagnosis else None
        steps = [record for record in self.records if not record.experiment]
        selected = [record for record in steps if cause and record.matched_cause == cause]
        failed = [record for record in steps if record.mark == "failed"]
        for candidates in (selected[:1], failed[-1:], self.records[-1:]):
            if candidates:
                return candidates[0].stage
        return self.tree.stages[0].id

    def records_before(self, stage: str) -> tuple[StepRecord, ...]:
        """Return the records of the stages that come before `stage`."""
        order = [each.id for each in self.tree.stages]
        earlier = set(order[: order.index(stage)])
        return tuple(record for record in self.records if record.stage in earlier)

    def skip_to(self) -> str | None:
        """Return the step to which a skip leads, None where skipping is not safe.

        Skips the current step; after the end of the walk, the step that failed.
        """
        if self.current is not None:
            return self.current.skip_to
        if self.diagnosis is None or self.diagnosis.verdict.outcome == "working":
            return None
        steps = [record.step for record in self.records if not record.experiment]
        last = self.tree.steps.get(steps[-1]) if steps else None
        return last.skip_to if last is not None else None

    def state(self, stage: Stage) -> State:
        """Return the state of a stage: that of its worst step, experiments left out."""
        if self.current is not None and self.current.stage == stage.id:
            return "running"
        marks = {
            record.mark
            for record in self.records
            if record.stage == stage.id and not record.experiment
        }
        return next((mark for mark in _WORST_FIRST if mark in marks), "waiting")

    def lines(self) -> Iterator[PathLine]:
        """Yield the whole path: every stage, and below it its experiments."""
        for stage in self.tree.stages:
            records = [record for record in self.records if record.stage == stage.id]
            yield PathLine(
                title=stage.title,
                state=self.state(stage),
                note=_stage_note(records),
                expected=stage.id == self.expected_stage,
            )
            yield from (
                _experiment_line(record) for record in self.experiments if record.stage == stage.id
            )
            current = self.current
            if current is not None and current.stage == stage.id and current.experiment:
                yield PathLine(
                    title=subject_of_test(current.id, current.title),
                    state="running",
                    experiment=True,
                    nested=True,
                )


def _kept_facts(step: Step, seen: Observation) -> Mapping[str, Fact]:
    """Return the facts that say something of the run: those of a test describe another call."""
    if not step.experiment:
        return seen.facts
    return {name: fact for name, fact in seen.facts.items() if name in EXPERIMENT_FACTS}


def _experiment_line(record: StepRecord) -> PathLine:
    return PathLine(
        title=subject_of_test(record.step, record.title),
        state=record.mark,
        note=short_finding(record),
        experiment=True,
        nested=True,
    )


def _stage_note(records: Iterable[StepRecord]) -> str:
    """Return what the last step of a stage found, its tests left out; empty before that."""
    found = [record for record in records if not record.experiment]
    return short_finding(found[-1]) if found else ""
