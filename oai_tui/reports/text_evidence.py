"""The evidence in an explained text: its status, its error code and the relevant excerpt."""

import re
from dataclasses import dataclass

from oai_tui.domain.observation import FailureKind, Observation

MAX_EXCERPT = 300
"""The maximum length of the excerpt in characters."""
_TRACEBACK = "Traceback (most recent call last): "
_CHAIN_SENTENCE = re.compile(
    r" (?:The above exception was the direct cause of the following exception"
    r"|During handling of the above exception, another exception occurred): "
    r"(?:Traceback \(most recent call last\): )?"
)
"""Lines that Python prints between the tracebacks of chained exceptions."""
_EXCEPTION_CLASS = re.compile(r"^[\w.]{2,80}: (?=Error code: )")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEvidence:
    """The evidence of one text. A value that the text does not contain is "" or None."""

    status: int | None
    failure: FailureKind | None
    code: str
    type: str
    request_id: str
    excerpt: str
    """One line of at most MAX_EXCERPT characters, redacted."""


def evidence_of(observation: Observation) -> TextEvidence:
    """Return the evidence in the observation of a text."""
    error = observation.error
    whole = " ".join((observation.body or observation.detail).split())
    if error and error.message and (error.code or error.type):
        words = error.message
    else:
        words = _CHAIN_SENTENCE.sub(" → ", whole.partition(_TRACEBACK)[2] or whole)
    return TextEvidence(
        status=observation.status,
        failure=observation.failure,
        code=error.code if error else "",
        type=error.type if error else "",
        request_id=observation.request_id or _request_id(whole),
        excerpt=_shorten(_EXCEPTION_CLASS.sub("", " ".join(words.split()))),
    )


def _request_id(text: str) -> str:
    match = re.search(r"\breq_[0-9A-Za-z]{16,64}\b", text)
    return match.group() if match else ""


def _shorten(text: str) -> str:
    """Return a long text as its two ends: the call is at the beginning, the error at the end."""
    if len(text) <= MAX_EXCERPT:
        return text
    half = MAX_EXCERPT // 2
    return f"{text[:half].rstrip()} … {text[-(half - 3) :].lstrip()}"
