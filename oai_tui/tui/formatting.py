"""Display forms of marks, times, identifiers and origins.

Pure. `display_safe` must be applied to any text that came from outside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from oai_tui.domain.durations import DAY_S, days_ago, format_elapsed
from oai_tui.domain.keys.redaction import visible

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
    "✗": "refused, or no response",
    "!": "warning, not blocking",
    "▸": "in progress",
    "·": "not reached yet",
    "−": "skipped",
    "⟳": "a test: the request again with one thing changed",
    "◂": "where the pasted error would appear",
}
CHANGE_LABELS: Mapping[ChangeKind, str] = {
    "unset-organization": "Retry without the organization",
    "use-organization": "Use {value}",
    "unset-project": "Retry without the project",
    "use-base-url": "Use {value}",
    "use-cleaned-key": "Use the cleaned key",
    "use-model": "Use {value}",
    "use-other-key": "Use the key that works",
    "skip-proxy": "Retry without the proxy",
}
CHANGE_DONE: Mapping[ChangeKind, str] = {
    "unset-organization": "The organization is left out for this run.",
    "use-organization": "Organization for this run:",
    "unset-project": "The project is left out for this run.",
    "use-base-url": "Base URL for this run:",
    "use-cleaned-key": "The cleaned key is used for this run.",
    "use-model": "Model for this run:",
    "use-other-key": "Key for this run:",
    "skip-proxy": "The proxy is not used for this run.",
}
PERMANENT_PLACES: Mapping[str, str] = {
    "shell": "in your shell",
    "startup": "at startup",
    "dotenv": "in .env",
    "code": "in your code",
    "profile": "in the profile",
    "option": "as an option",
}
"""Names of the places that a line of a permanent fix belongs to."""

_IDENTIFIER = re.compile(r"\b(org|proj|user)([-_])([A-Za-z0-9]{8,})")
_MASK = re.compile(r"\*{4,}")
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


def change_label(change: Change, facts: Mapping[str, Fact]) -> str:
    """Return the label of the button that makes a change: "Use gpt-…"."""
    value = str(facts.get(change.fact, "what it names"))
    return CHANGE_LABELS[change.kind].format(value=value.removeprefix("https://"))


def change_done(change: Change, facts: Mapping[str, Fact]) -> str:
    """Return what a change did for this run: "Model for this run: gpt-…".

    Another key is named by where it came from.
    """
    fact = "other_key_origin" if change.kind == "use-other-key" else change.fact
    return f"{CHANGE_DONE[change.kind]} {facts.get(fact, '')}".strip()


def short_mask(text: str) -> str:
    """Return a text whose long runs of asterisks, in OpenAI's echo of a key, are three long."""
    return _MASK.sub("***", text)


def kind_label(kind: str) -> str:
    """Return the words for a kind of key that a profile names: "project" is a "project key"."""
    from oai_tui.knowledge.key_shapes import KEY_KINDS  # the first screen may show no profile

    return next((each.label for each in KEY_KINDS if each.id == kind), kind)


def verified_ago(then: datetime | None, now: datetime) -> str:
    """Say how many days ago a profile was verified; `then` is None if it never was."""
    if then is None:
        return "never verified"
    return f"verified {days_ago((now - then).days)}"


def file_changed_ago(changed_at: float | None, now: datetime | None) -> str:
    """Say how many days ago a file was changed.

    `changed_at` is in seconds since 1970. Empty if one of the two is not known.
    """
    if changed_at is None or now is None:
        return ""
    return f"file changed {days_ago(int((now.timestamp() - changed_at) // DAY_S))}"


def origin_label(origin: Origin) -> str:
    """Return where a value came from, in a word or two."""
    return display_safe(origin.label)


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
        from oai_tui.reports.labels import FAILURE_LABELS  # the first screens show no failure

        return FAILURE_LABELS[observation.failure].screen
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
    listed = " · ".join(f"{name} {format_elapsed(ms)}" for name, ms in parts if ms is not None)
    total = format_elapsed(timings.total_ms)
    if total and listed:
        return f"{total}  ({listed})"
    return total or listed
