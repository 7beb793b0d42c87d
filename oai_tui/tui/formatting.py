"""Display forms of marks, times, identifiers and origins.

Pure. `display_safe` must be applied to any text that came from outside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from oai_tui.domain.keys.redaction import visible

if TYPE_CHECKING:
    from oai_tui.domain.cause import Confidence, Who
    from oai_tui.domain.observation import Fact, FailureKind, Observation, Timings
    from oai_tui.domain.target import Change, ChangeKind, Origin

State = Literal["waiting", "running", "passed", "failed", "warning", "skipped"]

MARKS: Mapping[State, str] = {
    "waiting": "·",
    "running": "▸",
    "passed": "✓",
    "failed": "✗",
    "warning": "!",
    "skipped": "−",
}
STYLES: Mapping[State, str] = {
    "waiting": "$text-disabled",
    "running": "$primary",
    "passed": "$success",
    "failed": "$error",
    "warning": "$warning",
    "skipped": "$text-muted",
}
MARK_MEANINGS: Mapping[str, str] = {
    "✓": "passed",
    "✗": "refused, or no answer",
    "!": "worth knowing, and not in the way",
    "▸": "being asked now",
    "·": "not reached yet",
    "−": "skipped",
    "⟳": "asked once more with exactly one thing changed",
    "◂": "where the error that was pasted can show first",
}
SURENESS: Mapping[Confidence, str] = {
    "certain": "Certain.",
    "likely": "Likely: the evidence points here, and another cause is not ruled out.",
    "possible": "Possible: the answer leaves several causes open.",
}
SETTLED: Mapping[bool, str] = {
    True: "Certain: the experiment below settled it.",
    False: "Certain: what was seen leaves no other cause.",
}
"""The reason for a certain verdict: an experiment (True), or the observation alone (False)."""
WHO: Mapping[Who, str] = {
    "you": "you",
    "owner": "an owner",
    "it": "your network's IT",
    "openai": "OpenAI",
}
CHANGE_LABELS: Mapping[ChangeKind, str] = {
    "unset-organization": "Continue without the organization",
    "unset-project": "Continue without the project",
    "use-base-url": "Use {value}",
    "use-cleaned-key": "Use the cleaned key",
    "use-model": "Use {value}",
    "use-other-key": "Use the key that works",
    "skip-proxy": "Continue without the proxy",
}
CHANGE_DONE: Mapping[ChangeKind, str] = {
    "unset-organization": "The organization header is no longer sent.",
    "unset-project": "The project header is no longer sent.",
    "use-base-url": "Another base URL is used:",
    "use-cleaned-key": "The cleaned key is sent.",
    "use-model": "Another model is used:",
    "use-other-key": "The other key is sent.",
    "skip-proxy": "Calls go out without the proxy.",
}
FAILURES: Mapping[FailureKind, str] = {
    "dns": "no answer: the name does not resolve",
    "refused": "no answer: the connection was refused",
    "unreachable": "no answer: the network is unreachable",
    "connect-timeout": "no answer: nobody took the connection in time",
    "read-timeout": "no answer in time",
    "reset": "no answer: the connection was cut off",
    "malformed-answer": "an answer that is not HTTP",
    "tls-untrusted": "no answer: the certificate is not trusted",
    "tls-invalid": "no answer: the certificate is not valid",
    "tls-protocol": "no answer: the other end does not speak this TLS",
    "proxy-unreachable": "no answer: the proxy cannot be reached",
    "proxy-auth": "no answer: the proxy wants a password",
    "proxy-refused": "no answer: the proxy refused",
    "proxy-settings": "not sent: the proxy setting cannot be used",
    "ca-bundle": "not sent: the certificate file cannot be used",
    "url": "not sent: the address cannot be used",
    "unsendable": "the key has characters that no client can send",
    "crashed": "our own fault",
}
SHORT_FAILURES: Mapping[FailureKind, str] = {
    "dns": "no name",
    "connect-timeout": "timeout",
    "read-timeout": "timeout",
    "malformed-answer": "not HTTP",
    "unsendable": "not sent",
    "url": "not sent",
}
"""For the narrow path; a kind that is not here is short enough by itself."""
PERMANENT_PLACES: Mapping[str, str] = {
    "shell": "in the shell",
    "dotenv": "in .env",
    "code": "in code",
    "profile": "in the profile",
}
"""Names of the places that a line of a permanent fix belongs to."""

_IDENTIFIER = re.compile(r"\b(org|proj|user)([-_])([A-Za-z0-9]{8,})")
_REQUEST_ID = re.compile(r"\breq_[0-9a-zA-Z]{12,}")


def display_safe(text: str) -> str:
    """Return a text from outside as it may be shown.

    Control characters become visible; ids of organizations, projects and users are shortened to
    their last four characters.
    """
    return _IDENTIFIER.sub(lambda m: f"{m[1]}{m[2]}…{m[3][-4:]}", visible(text))


def short_request_id(text: str) -> str:
    """Return a text with the middle of request ids left out, made safe to display."""
    return _REQUEST_ID.sub(lambda m: f"{m[0][:8]}…{m[0][-4:]}", display_safe(text))


def format_ms(value: float | None) -> str:
    """Format a duration in milliseconds: "182 ms", "2.3 s". Empty if it was not measured."""
    if value is None:
        return ""
    if value < 1000:
        return f"{value:.0f} ms"
    return f"{value / 1000:.1f} s"


def change_label(change: Change, facts: Mapping[str, Fact]) -> str:
    """Return the label of the button that makes a change: "Use gpt-…"."""
    value = str(facts.get(change.fact, "what it names"))
    return CHANGE_LABELS[change.kind].format(value=value.removeprefix("https://"))


def format_wait(seconds: float) -> str:
    """Format a wait, in the largest unit that fits: "120 ms", "20 s", "10 min", "3 h"."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"


def verified_ago(then: datetime | None, now: datetime) -> str:
    """Say how many days ago a profile was verified; `then` is None if it never was."""
    if then is None:
        return "never verified"
    days = (now - then).days
    return "verified today" if days < 1 else f"verified {_days(days)} ago"


def file_changed_ago(changed_at: float | None, now: datetime | None) -> str:
    """Say how many days ago a file was changed.

    `changed_at` is in seconds since 1970. Empty if one of the two is not known.
    """
    if changed_at is None or now is None:
        return ""
    days = int((now.timestamp() - changed_at) // 86400)
    return "file changed today" if days < 1 else f"file changed {_days(days)} ago"


def _days(count: int) -> str:
    return f"{count} day{'s' if count > 1 else ''}"


def origin_label(origin: Origin) -> str:
    """Return where a value came from, in a word or two."""
    match origin.kind:
        case "dotenv":
            return display_safe(origin.place) or ".env"
        case "environment" | "keyring" | "default":
            return origin.kind
        case "typed":
            return "typed in"
        case _:
            return display_safe(origin.place) or origin.kind


def last4(masked: str) -> str:
    """Return the ellipsis of a masked key and the characters after it: "…Ab12"."""
    return "…" + masked.rpartition("…")[2]


def outcome_text(observation: Observation) -> str:
    """Return what came back: the status line, the failure, or the answer to a question."""
    if observation.status is not None:
        status_line = f"{observation.status} {observation.reason}".strip()
        code = observation.error.code if observation.error is not None else ""
        return display_safe(" · ".join(part for part in (status_line, code) if part))
    if observation.failure is not None:
        return FAILURES[observation.failure]
    return display_safe(observation.answer or "")


def timing_text(timings: Timings) -> str:
    """Return the total time of an exchange, and its measured parts in order; may be empty."""
    parts = (
        ("name", timings.name_ms),
        ("connect", timings.connect_ms),
        ("proxy", timings.proxy_ms),
        ("TLS", timings.tls_ms),
        ("first byte", timings.first_byte_ms),
    )
    listed = " · ".join(f"{name} {format_ms(ms)}" for name, ms in parts if ms is not None)
    total = format_ms(timings.total_ms)
    if total and listed:
        return f"{total}  ({listed})"
    return total or listed
