"""Events that a walk yields, in order. The wizard and the command line consume the same ones."""

from dataclasses import dataclass

from oai_tui.domain.decision_tree import Question, Step
from oai_tui.domain.diagnosis import CauseMatch, Diagnosis, StepRecord
from oai_tui.domain.observation import Observation
from oai_tui.domain.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    """A step begins. `target`: what it runs on; for an experiment the changed target."""

    step: Step
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """The user is being asked; the walk waits for the answer of `Ask`."""

    step: Step
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A probe or a question has its result."""

    step: Step
    observation: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A branch was taken. `current_match`: the cause that is selected up to now, or None."""

    step: Step
    record: StepRecord
    current_match: CauseMatch | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The walk is over. This is the last event."""

    diagnosis: Diagnosis


Event = StepStarted | QuestionAsked | Observed | Decided | Ended
