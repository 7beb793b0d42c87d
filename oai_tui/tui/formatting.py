"""Labels and short forms: how marks, times, identifiers and places are written on a screen. Pure; `shown` is the gate that foreign text passes on its way in."""

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
"""How a certain verdict was reached: by an experiment (True) or by what was seen (False)."""
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
PLACES: Mapping[str, str] = {
    "shell": "in the shell",
    "dotenv": "in .env",
    "code": "in code",
    "profile": "in the profile",
}

_IDENTIFIER = re.compile(r"\b(org|proj|user)([-_])([A-Za-z0-9]{8,})")
_REQUEST_ID = re.compile(r"\breq_[0-9a-zA-Z]{12,}")


def display_safe(text: str) -> str:
    """Foreign text as it may be shown: control characters visible, organization, project and user ids shortened to their last four."""
    return _IDENTIFIER.sub(lambda m: f"{m[1]}{m[2]}…{m[3][-4:]}", visible(text))


def short_request_id(text: str) -> str:
    """A request id by its ends."""
    return _REQUEST_ID.sub(lambda m: f"{m[0][:8]}…{m[0][-4:]}", display_safe(text))


def milliseconds(value: float | None) -> str:
    """A duration for people; "" for one that was not measured."""
    if value is None:
        return ""
    if value < 1000:
        return f"{value:.0f} ms"
    return f"{value / 1000:.1f} s"


def change_label(change: Change, facts: Mapping[str, Fact]) -> str:
    """What a button says that makes a change: "Use gpt-…"."""
    return CHANGE_LABELS[change.kind].format(
        value=str(facts.get(change.fact, "what it names")).removeprefix("https://")
    )


def seconds(value: float) -> str:
    """A wait for people, rounded up to what matters."""
    if value < 1:
        return f"{value * 1000:.0f} ms"
    if value < 90:
        return f"{value:.0f} s"
    return f"{value / 60:.0f} min" if value < 5400 else f"{value / 3600:.0f} h"


def ago(then: datetime | None, now: datetime) -> str:
    """How long ago a profile was verified."""
    if then is None:
        return "never verified"
    days = (now - then).days
    if days < 1:
        return "verified today"
    return f"verified {days} day{'s' if days > 1 else ''} ago"


def changed(at: float | None, now: datetime | None) -> str:
    """How long ago a file was changed, "" where that is not known."""
    if at is None or now is None:
        return ""
    days = int((now.timestamp() - at) // 86400)
    return (
        "file changed today"
        if days < 1
        else f"file changed {days} day{'s' if days > 1 else ''} ago"
    )


def origin_label(origin: Origin) -> str:
    """Where a value came from, in a word or two."""
    match origin.kind:
        case "dotenv":
            return display_safe(origin.place) or ".env"
        case "environment" | "keyring" | "default":
            return origin.kind
        case "typed":
            return "typed in"
        case _:
            return display_safe(origin.place) or origin.kind


def last4(hint: str) -> str:
    """The part of a masked key that is shown: the ellipsis and its last characters."""
    return "…" + hint.rpartition("…")[2]


def outcome(seen: Observation) -> str:
    """What came back, in a few words: the exact status line, the failure, or the answer of a question."""
    if seen.status is not None:
        code = seen.error.code if seen.error is not None else ""
        return display_safe(
            " · ".join(part for part in (f"{seen.status} {seen.reason}".strip(), code) if part)
        )
    if seen.failure is not None:
        return FAILURES[seen.failure]
    return display_safe(seen.answer or "")


def timing(times: Timings) -> str:
    """Every part of an exchange that was measured, in order."""
    parts = (
        ("name", times.name_ms),
        ("connect", times.connect_ms),
        ("proxy", times.proxy_ms),
        ("TLS", times.tls_ms),
        ("first byte", times.first_byte_ms),
    )
    listed = " · ".join(
        f"{name} {milliseconds(value)}" for name, value in parts if value is not None
    )
    total = milliseconds(times.total_ms)
    return f"{total}  ({listed})" if total and listed else total or listed
