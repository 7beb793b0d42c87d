"""A support ticket to paste: what happens, when, the request ids, the client, what was tried.

It never holds the key: no masked form, no last four characters, no fingerprint.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from oai_tui.domain.diagnosis import Diagnosis, StepRecord
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Observation
from oai_tui.domain.target import Target
from oai_tui.reports.labels import FAILURE_LABELS
from oai_tui.reports.report import Redact, redact_strings
from oai_tui.reports.text_evidence import evidence_of

_KEY_REMAINS = re.compile(
    r"(?i)(?:\b(?:sk|sess|ek)-[\w*…-]*"
    r"|(?<![\w-])[\w-]*\*{2,}[\w*-]*|(?<![\w-])[\w-]*…[\w-]{2,8}\b)"
)
"""What masks leave of a key: a prefix, stars with a few characters, an ellipsis with the last."""
_HIDDEN = "[key hidden]"
_LABEL_WIDTH = 22
_UTC = "%Y-%m-%d %H:%M:%S UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketContext:
    """What a ticket says besides the failure.

    `now`: in UTC. `client`: program, Python and system. `tried`: sentences.
    """

    now: datetime
    client: str
    tried: tuple[str, ...] = ()


def ticket(diagnosis: Diagnosis, context: TicketContext, redact: Redact | None = None) -> str:
    """Return the ticket for a check, without a newline at its end."""
    diagnosis = redact_strings(diagnosis, redact or Redactor())
    trail = diagnosis.trail
    failed = _failed(diagnosis)
    hints = () if diagnosis.credential is None else (diagnosis.credential.hint,)
    lines = [
        *_subject(
            failed.observation if failed else None, diagnosis.verdict.title, diagnosis.target
        ),
        *_what_happens(failed.observation if failed else None, diagnosis.verdict.explanation),
        "",
        *_rows(
            ("Checked at", diagnosis.started_at.strftime(_UTC)),
            *_ids(trail),
            ("Host", diagnosis.target.host),
            (
                "Model",
                diagnosis.target.model or str(diagnosis.facts.get("model_for_inference", "")),
            ),
            ("Organization", _account("organization", diagnosis.target.organization, diagnosis)),
            ("Project", _account("project", diagnosis.target.project, diagnosis)),
            ("Type of key", diagnosis.credential.kind_label if diagnosis.credential else "no key"),
            ("Client", context.client),
        ),
        "",
        *_tried([*_tests(trail), *context.tried]),
    ]
    return _without_key("\n".join(lines).rstrip(), hints)


def ticket_for_text(
    failure: FailureReport, context: TicketContext, redact: Redact | None = None
) -> str:
    """Return the ticket for a failure in a pasted text, without a newline at its end."""
    failure = redact_strings(failure, redact or Redactor())
    seen = failure.observation
    evidence = evidence_of(seen)
    target = Target(base_url=f"https://{seen.facts['host']}/v1") if "host" in seen.facts else None
    lines = [
        *_subject(seen, failure.verdict.title, target),
        *_what_happens(seen, evidence.excerpt),
        "",
        *_rows(
            ("First seen", failure.first_seen),
            ("Last seen", failure.last_seen if failure.last_seen != failure.first_seen else ""),
            ("Times seen", f"{failure.count:,}" if failure.count > 1 else ""),
            ("Request ID", evidence.request_id),
            ("Host", str(seen.facts.get("host", ""))),
            ("Model", str(seen.facts.get("model_wanted", ""))),
            ("Client", context.client),
            ("Written at", context.now.strftime(_UTC)),
        ),
        "",
        *_tried(context.tried),
    ]
    return _without_key("\n".join(lines).rstrip())


def _failed(diagnosis: Diagnosis) -> StepRecord | None:
    """Return the step that selected the cause, else the last one that failed."""
    steps = [record for record in diagnosis.trail if not record.experiment]
    cause = diagnosis.verdict.cause
    selected = [record for record in steps if cause and record.matched_cause == cause]
    failed = [record for record in steps if record.mark == "failed"]
    return next(iter((*selected[-1:], *failed[-1:])), None)


def _outcome(seen: Observation) -> str:
    """Return the status and the error code, or the kind of failure; may be empty."""
    name = "" if seen.error is None else seen.error.code or seen.error.type
    parts = [part for part in (str(seen.status or ""), name) if part]
    if parts:
        return " ".join(parts)
    return FAILURE_LABELS[seen.failure].report if seen.failure else ""


def _subject(seen: Observation | None, title: str, target: Target | None) -> Iterator[str]:
    outcome = _outcome(seen) if seen is not None else ""
    host = target.host if target is not None else ""
    words = outcome or title
    yield f"Subject: {words} from {host}" if host else f"Subject: {words}"
    yield ""


def _what_happens(seen: Observation | None, explanation: str) -> Iterator[str]:
    yield "What happens"
    if seen is None:
        yield f"  {explanation or 'No request failed.'}"
        return
    request = seen.request
    if request is not None:
        key = "with a key" if request.key_sent else "without a key"
        yield f"  {request.method} {request.url} ({key})"
    if outcome := _outcome(seen):
        yield f"  {'Response' if seen.status is not None else 'No response'}: {outcome}"
    words = seen.error.message if seen.error and seen.error.message else seen.detail
    if words or explanation:
        yield f"  “{' '.join((words or explanation).split())}”"


def _ids(trail: tuple[StepRecord, ...]) -> Iterator[tuple[str, str]]:
    """Yield the ids of the calls that failed, each with the server's time if it was sent."""
    for record in trail:
        seen = record.observation
        if record.mark != "failed":
            continue
        when = seen.headers.get("date", "")
        yield "Request ID", " · ".join(part for part in (seen.request_id, when) if part)
        if seen.request is not None:
            yield "X-Client-Request-Id", seen.request.client_request_id
        yield "CF-Ray", seen.headers.get("cf-ray", "")


def _account(name: str, sent: str | None, diagnosis: Diagnosis) -> str:
    """Return the id that was sent, or the one that a response names."""
    seen = str(diagnosis.facts.get(f"{name}_seen", ""))
    return f"{sent} (sent in the request)" if sent else seen


def _rows(*rows: tuple[str, str]) -> Iterator[str]:
    for name, value in rows:
        if value:
            yield f"{name + ':':<{_LABEL_WIDTH}}{' '.join(value.split())}"


def _tests(trail: tuple[StepRecord, ...]) -> Iterator[str]:
    """Yield what was tested with one thing changed, and the result."""
    for record in trail:
        if record.experiment:
            yield f"{record.title}: {_outcome(record.observation) or record.branch}"


def _tried(sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield "Already tried"
        yield from (f"  - {sentence}" for sentence in sentences)


def _without_key(text: str, hints: tuple[str, ...] = ()) -> str:
    """Return the text without what masks leave of a key."""
    for hint in hints:
        text = text.replace(hint, _HIDDEN) if hint else text
    return _KEY_REMAINS.sub(_HIDDEN, text)
