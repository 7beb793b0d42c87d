"""Diagnoses to report on: one of each outcome, and one with the texts of a hostile server."""

from dataclasses import replace
from datetime import UTC, datetime

from oai_tui.domain.cause import Alternative, Fix
from oai_tui.domain.diagnosis import CredentialSummary, Diagnosis, Retry, StepRecord, Verdict
from oai_tui.domain.observation import ErrorBody, Observation, Request, Timings
from oai_tui.domain.target import Change, Origin, Target

ENVIRONMENT = Origin(kind="environment", name="OPENAI_API_KEY")
CREDENTIAL = CredentialSummary(
    hint="sk-proj-…bbbb",
    kind="project",
    kind_label="project key",
    origin=ENVIRONMENT,
    fingerprint="0a1b2c3d",
    shadows=(Origin(kind="dotenv", name="OPENAI_API_KEY", place=".env:3"),),
)


def _seen(
    probe: str, status: int, code: str = "", number: int = 1, ms: float = 180.4
) -> Observation:
    return Observation(
        probe=probe,
        status=status,
        error=ErrorBody(code=code, message="…") if code else None,
        headers={"x-request-id": f"req_{number:032x}"},
        request=Request(
            method="GET",
            url="https://api.openai.com/v1/models",
            client_request_id=f"oai-tui-{number}",
        ),
        timings=Timings(total_ms=ms),
    )


CREDENTIAL_STEP = StepRecord(
    step="credential",
    stage="credential",
    title="Which key is used?",
    mark="passed",
    branch="found",
    observation=Observation(probe="credential"),
)
REACH_STEP = StepRecord(
    step="reach",
    stage="reach",
    title="Is it really OpenAI?",
    mark="passed",
    branch="proved",
    observation=_seen("reach", 401, "", 1, 148),
)
KEY_STEP = StepRecord(
    step="key",
    stage="key",
    title="Is the key accepted?",
    mark="passed",
    branch="accepted",
    observation=_seen("models", 200, "", 2),
)

WORKING = Diagnosis(
    verdict=Verdict(
        outcome="working",
        title="Everything that was tested works",
        explanation="The key is accepted.",
        untested=("billing",),
    ),
    trail=(CREDENTIAL_STEP, REACH_STEP, KEY_STEP),
    target=Target(),
    credential=CREDENTIAL,
    started_at=datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
    elapsed_ms=412.3,
    version="0.1.0",
    facts={
        "organization_seen": "acme-fake",
        "project_seen": "proj_fake",
        "limit_requests": 500,
        "remaining_requests": 499,
        "reset_requests_s": 0.12,
    },
)
MISMATCH = replace(
    WORKING,
    verdict=Verdict(
        outcome="problem",
        cause="organization-mismatch",
        family="organization-and-project",
        title="OPENAI_ORG_ID doesn’t match this key’s organization",
        explanation=(
            "The key is good. "
            "The request names org-fake1, and the key belongs to another organization."
        ),
        fixes=(
            Fix(
                text="Call without the organization setting",
                command="unset OPENAI_ORG_ID",
                who="you",
                apply=Change(kind="unset-organization"),
            ),
            Fix(
                text="Ask an owner to invite you",
                url="https://platform.openai.com/settings/organization/people",
                who="owner",
                safe=False,
            ),
        ),
        untested=("billing",),
        warnings=("OPENAI_ORGANIZATION is set, and the SDKs ignore it.",),
    ),
    trail=(
        CREDENTIAL_STEP,
        REACH_STEP,
        replace(
            KEY_STEP,
            mark="failed",
            branch="organization",
            matched_cause="organization-mismatch",
            observation=_seen("models", 401, "mismatched_organization", 3),
        ),
        replace(
            KEY_STEP,
            step="without-organization",
            title="Without the organization header",
            experiment=True,
            observation=_seen("models", 200, "", 4, 90),
        ),
    ),
    target=Target(organization="org-fake1"),
    facts={},
)
NO_KEY = replace(
    WORKING,
    verdict=Verdict(
        outcome="problem",
        cause="key-missing",
        family="key",
        title="No key was found",
        fixes=(Fix(text="Set the key", command='export OPENAI_API_KEY="…"', who="you"),),
    ),
    trail=(replace(CREDENTIAL_STEP, mark="failed", branch="none"),),
    credential=None,
    facts={},
)
UNDECIDED = replace(
    WORKING,
    verdict=Verdict(
        outcome="undecided",
        cause="unknown",
        family="something-else-answered",
        confidence="possible",
        title="Nobody has seen this answer before",
        alternatives=(Alternative(cause="service-error", why="the service may be in trouble"),),
        retry=Retry(helps=True, after_s=20),
    ),
    trail=(CREDENTIAL_STEP, replace(REACH_STEP, mark="failed", observation=_seen("reach", 418))),
    facts={},
)
ABORTED = replace(
    WORKING,
    verdict=Verdict(outcome="aborted"),
    trail=(
        CREDENTIAL_STEP,
        replace(
            REACH_STEP,
            mark="failed",
            observation=Observation(probe="reach", failure="connect-timeout"),
        ),
    ),
    facts={},
)
FAKE_KEY = "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 74
HOSTILE = replace(
    UNDECIDED,
    verdict=Verdict(
        outcome="undecided",
        cause="unknown",
        title="\x1b[2J[/bold]" + "w" * 300,
        explanation=(
            f"it said {FAKE_KEY}\r\n\u202e"
            'and Authorization: Bearer abcdefghijkl\\" someone@example.com'
        ),
        warnings=("\ud800",),
    ),
)
ALL = {
    "working": WORKING,
    "mismatch": MISMATCH,
    "no-key": NO_KEY,
    "undecided": UNDECIDED,
    "aborted": ABORTED,
}
