"""The complete record of one run: what was done, what was seen, and the verdict. Serialisable, and free of secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from oai_tui.domain.cause import Alternative, Confidence, Family, Fix
from oai_tui.domain.observation import Fact, Observation

if TYPE_CHECKING:
    from oai_tui.domain.decision_tree import Mark
    from oai_tui.domain.target import Origin, Target

Outcome = Literal["working", "problem", "undecided", "aborted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseMatch:
    """A cause that is held guilty, how surely, and the evidence it was judged by."""

    cause: str
    confidence: Confidence
    evidence: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step of the trail. `branch` is the label of the branch taken; `accused` the cause it accused, "" when none."""

    step: str
    stage: str
    title: str
    mark: "Mark"
    branch: str
    observation: Observation
    matched_cause: str = ""
    experiment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Whether the same request can succeed later unchanged, and after how many seconds when the answer said so."""

    helps: bool = False
    after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the run found. `fixes` are filled in: no braces left. `cause` and `family` are None when everything works."""

    outcome: Outcome
    cause: str | None = None
    family: Family | None = None
    confidence: Confidence = "certain"
    title: str = ""
    explanation: str = ""
    alternatives: tuple[Alternative, ...] = ()
    retry: Retry = Retry()
    fixes: tuple[Fix, ...] = ()
    untested: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSummary:
    """What may be told about the key."""

    hint: str
    kind: str
    kind_label: str
    origin: "Origin"
    fingerprint: str
    shadows: "tuple[Origin, ...]" = ()
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One run, whole. `facts` are all facts gathered on the way, later ones over earlier."""

    verdict: Verdict
    trail: tuple[StepRecord, ...]
    target: "Target"
    credential: CredentialSummary | None
    started_at: datetime
    elapsed_ms: float
    version: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def is_healthy(self) -> bool:
        """Whether the key was proved to work: the verdict says so, and some request that carried the key was answered with 200."""
        return self.verdict.outcome == "working" and any(
            record.mark == "passed"
            and record.observation.status == 200
            and record.observation.request is not None
            and record.observation.request.key_sent
            for record in self.trail
        )
