"""The labelled failures, and two ways to find their causes: by evidence, and by status alone."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from oai_tui.diagnosis.symptom_index import SymptomIndex
from oai_tui.diagnosis.text import parse_text
from oai_tui.diagnosis.text_verdict import text_verdict
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Observation
from oai_tui.knowledge.ambiguous import (
    AMBIGUOUS_CASES,
    BEFORE_SENDING,
    CAUSE_PRIORITY,
    STATUSES_OF_FAMILY,
    VAGUE_ALTERNATIVES,
)
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.responders import RESPONDERS

NOW = 1_790_000_000.0
"""The time at which the texts are read, in seconds since 1970."""
CAUSE_BY_STATUS = {
    400: "request-rejected",
    401: "key-invalid",
    402: "quota-exhausted",
    403: "scope-missing",
    404: "model-not-found",
    405: "base-url-wrong",
    407: "proxy-auth-required",
    408: "response-timeout",
    413: "request-too-large",
    422: "request-rejected",
    429: "rate-limit-requests",
    500: "service-error",
    502: "service-edge-error",
    503: "service-overloaded",
    504: "service-edge-error",
}
"""The cause that the status alone suggests."""
SYMPTOMS = SymptomIndex(CATALOGUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failure, as it was reported in public.

    status: the answer's, even if the text does not contain it.
    expected: causes that are right.
    wrong: causes that would mislead.
    gradable: whether the text says enough for a right cause.
    source: the address of the report.
    """

    id: str
    text: str
    status: int | None
    expected: list[str]
    wrong: list[str]
    gradable: bool
    source: str


@cache
def failures(name: str = "failures.json") -> tuple[Failure, ...]:
    """Return all failures of a file."""
    return tuple(
        Failure(**row)
        for row in json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    )


def seen(text: str) -> Observation | None:
    """Return the observation of a text, or None for a blank one."""
    observations = parse_text(text, redact=Redactor(), responders=RESPONDERS, now=NOW)
    return observations[0] if observations else None


def verdict(text: str) -> Verdict:
    """Return the verdict over a text that is not blank."""
    observation = seen(text)
    assert observation is not None
    return text_verdict(
        observation,
        SYMPTOMS,
        priority=CAUSE_PRIORITY,
        ambiguous_cases=AMBIGUOUS_CASES,
        statuses=STATUSES_OF_FAMILY,
        before_sending=BEFORE_SENDING,
        vague_alternatives=VAGUE_ALTERNATIVES,
    )


def guess(failure: Failure) -> str:
    """Return the cause that the status alone suggests."""
    return CAUSE_BY_STATUS.get(failure.status or 0, "connection-failed")
