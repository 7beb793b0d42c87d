"""What the walk tells its listeners, in order. Both faces consume the same events."""

from dataclasses import dataclass

from oai_tui.domain.decision_tree import Question, Step
from oai_tui.domain.diagnosis import CauseMatch, Diagnosis, StepRecord
from oai_tui.domain.observation import Observation
from oai_tui.domain.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    """A step begins. `target` is what it runs on: the changed one for an experiment."""

    step: Step
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """The person is being asked; the walk waits for `ask` to answer."""

    step: Step
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A probe or question has its result."""

    step: Step
    observation: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A branch was taken. `accusation` is the one now held, None when there is none."""

    step: Step
    record: StepRecord
    current_match: CauseMatch | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The walk is over; the last event."""

    diagnosis: Diagnosis


Event = StepStarted | QuestionAsked | Observed | Decided | Ended
