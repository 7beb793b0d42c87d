"""Labels and short forms: how marks, times, identifiers and places are written on a screen. Pure; `shown` is the gate that foreign text passes on its way in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from oai_tui.domain.durations import DAY_S, days_ago, format_elapsed
from oai_tui.domain.keys.redaction import visible
from oai_tui.reports.labels import FAILURE_LABELS

if TYPE_CHECKING:
    from oai_tui.domain.observation import Fact, Observation, Timings
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
SETTLED: Mapping[bool, str] = {
    True: "Certain: the experiment below settled it.",
    False: "Certain: what was seen leaves no other cause.",
}
"""How a certain verdict was reached: by an experiment (True) or by what was seen (False)."""
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


def change_label(change: Change, facts: Mapping[str, Fact]) -> str:
    """What a button says that makes a change: "Use gpt-…"."""
    return CHANGE_LABELS[change.kind].format(
        value=str(facts.get(change.fact, "what it names")).removeprefix("https://")
    )


def ago(then: datetime | None, now: datetime) -> str:
    """How long ago a profile was verified."""
    if then is None:
        return "never verified"
    return f"verified {days_ago((now - then).days)}"


def changed(at: float | None, now: datetime | None) -> str:
    """How long ago a file was changed, "" where that is not known."""
    if at is None or now is None:
        return ""
    return f"file changed {days_ago(int((now.timestamp() - at) // DAY_S))}"


def origin_label(origin: Origin) -> str:
    """Where a value came from, in a word or two."""
    return display_safe(origin.label)


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
        return FAILURE_LABELS[seen.failure].screen
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
        f"{name} {format_elapsed(value)}" for name, value in parts if value is not None
    )
    total = format_elapsed(times.total_ms)
    return f"{total}  ({listed})" if total and listed else total or listed
