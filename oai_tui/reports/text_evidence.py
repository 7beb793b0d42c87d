"""What a text said, in short: the status, the code and the words by which a cause was found, as a person would point at them."""

import re
from dataclasses import dataclass

from oai_tui.domain.observation import FailureKind, Observation

LONGEST = 300
"""Characters of the excerpt."""
_TRACEBACK = "Traceback (most recent call last): "
_LINKS = re.compile(
    r" (?:The above exception was the direct cause of the following exception|During handling of the above exception, another exception occurred): (?:Traceback \(most recent call last\): )?"
)
_CLASS = re.compile(r"^[\w.]{2,80}: (?=Error code: )")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextEvidence:
    """The evidence of one text. Everything is "" or None where the text does not tell it. `excerpt`: at most LONGEST characters on one line, redacted."""

    status: int | None
    failure: FailureKind | None
    code: str
    type: str
    request_id: str
    excerpt: str


def evidence_of(seen: Observation) -> TextEvidence:
    """The evidence that an observation of a text holds."""
    error = seen.error
    whole = " ".join((seen.body or seen.detail).split())
    words = (
        error.message
        if error and error.message and (error.code or error.type)
        else _LINKS.sub(" → ", whole.partition(_TRACEBACK)[2] or whole)
    )
    return TextEvidence(
        status=seen.status,
        failure=seen.failure,
        code=error.code if error else "",
        type=error.type if error else "",
        request_id=seen.request_id or _request_id(whole),
        excerpt=_short(_CLASS.sub("", " ".join(words.split()))),
    )


def _request_id(text: str) -> str:
    match = re.search(r"\breq_[0-9A-Za-z]{16,64}\b", text)
    return match.group() if match else ""


def _short(text: str) -> str:
    """The two ends of a long text: the first line says what was called, the last what went wrong."""
    return (
        text
        if len(text) <= LONGEST
        else f"{text[: LONGEST // 2].rstrip()} … {text[-(LONGEST // 2 - 3) :].lstrip()}"
    )
