"""The record of one run: what was done, what was observed, and the verdict.

Serialisable, and free of secrets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from oai_tui.domain.cause import Alternative, Confidence, Family, Fix
from oai_tui.domain.hop import Hop
from oai_tui.domain.observation import Fact, Observation

if TYPE_CHECKING:
    from oai_tui.domain.decision_tree import Mark
    from oai_tui.domain.target import Origin, Target

Outcome = Literal["working", "problem", "undecided", "aborted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseMatch:
    """A selected cause, how sure that is, and the observation that its symptoms matched."""

    cause: str
    confidence: Confidence
    evidence: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step of the trail.

    `branch`: the label of the branch that was taken.
    `matched_cause`: the cause that this branch selected; may be empty.
    """

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
    """`helps`: True if the same request can succeed later. `after_s`: seconds, by the answer.

    `known`: False if it depends on what the evidence does not show; `helps` is then False.
    """

    helps: bool = False
    after_s: float | None = None
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of a run.

    `cause`, `family`: None if everything works.
    `fixes`: with all facts filled in, the first one to do first.
    `hop`: where the failure showed; None if nothing failed, or if that is not known.
    `untested`: what the run could not test ("billing").
    `warnings`: sentences about what is odd although it failed nothing.
    """

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
    hop: Hop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSummary:
    """The key without its secret part. `hint`: masked. `defects`: sentences about its text."""

    hint: str
    kind: str
    kind_label: str
    origin: "Origin"
    fingerprint: str
    shadows: "tuple[Origin, ...]" = ()
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One run.

    `trail`: the steps in the order in which they ran.
    `facts`: all facts that were gathered; a later one replaces an earlier one of the same name.
    """

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
        """Return True if the key was proved to work.

        The verdict must say so, and a request that carried the key must have been answered by 200.
        """
        return self.verdict.outcome == "working" and any(
            record.mark == "passed"
            and record.observation.status == 200
            and record.observation.request is not None
            and record.observation.request.key_sent
            for record in self.trail
        )
