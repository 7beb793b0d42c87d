"""Healthy diagnoses, and verified profiles made from them."""

import re
from datetime import UTC, datetime

from oai_tui.domain.diagnosis import CredentialSummary, Diagnosis, Outcome, StepRecord, Verdict
from oai_tui.domain.keys.credential import Credential, KeyKind
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Observation, Request
from oai_tui.domain.profile import VerifiedProfile
from oai_tui.domain.target import Origin, Target

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TYPED = Origin(kind="typed")
ANSWERED = Observation(
    probe="key",
    status=200,
    request=Request(method="GET", url="https://api.openai.com/v1/models", key_sent=True),
)
KINDS = (
    KeyKind(
        id="project", label="project key", role="inference", pattern=re.compile(r"sk-proj-\S+")
    ),
    KeyKind(id="admin", label="admin key", role="admin", pattern=re.compile(r"sk-admin-\S+")),
    KeyKind(id="unknown", label="unknown shape", role="unknown", pattern=re.compile(r"(?s).*")),
)


def key(letter: str) -> str:
    """A fake project key."""
    return "sk-proj-" + letter * 74 + "T3BlbkFJ" + letter * 74


def credential(text: str) -> Credential:
    """A key that was typed in."""
    return Credential(secret=Secret(text), origin=TYPED, kind=KINDS[0])


def proof(
    text: str,
    *,
    target: Target | None = None,
    outcome: Outcome = "working",
    billing: str = "untested",
    model: str = "",
) -> Diagnosis:
    """A diagnosis in which this key was accepted."""
    secret = Secret(text)
    return Diagnosis(
        verdict=Verdict(outcome=outcome),
        target=target or Target(),
        started_at=NOW,
        elapsed_ms=1.0,
        version="0",
        facts={"billing": billing, "model_for_inference": model},
        trail=(
            StepRecord(
                step="key",
                stage="key",
                title="Key",
                mark="passed",
                branch="ok",
                observation=ANSWERED,
            ),
        ),
        credential=CredentialSummary(
            hint=secret.masked,
            kind="project",
            kind_label="project key",
            origin=TYPED,
            fingerprint=secret.fingerprint,
        ),
    )


def verified(name: str, text: str, target: Target | None = None) -> VerifiedProfile:
    """A profile that can be saved."""
    return VerifiedProfile(
        name=name, diagnosis=proof(text, target=target), credential=credential(text)
    )
