"""The report of `oai-tui owner`: what an admin key sees of a key, and keys that need attention."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oai_tui.domain.durations import days_ago
from oai_tui.domain.owner_view import (
    ATTENTION,
    Attention,
    KeyDetails,
    ModelPermissions,
    OwnedKey,
    OwnedProject,
    OwnerView,
)
from oai_tui.reports.json import iso_utc
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import wrapped

WHY: Mapping[Attention, str] = {
    "owner-removed": "owner removed",
    "expired": "expired",
    "expiring": "expires soon",
    "old": "older than the rotation age",
    "never-used": "never used",
}
_PERMITTED: Mapping[bool | None, str] = {
    True: "{model}: permitted in this project",
    False: "{model}: not permitted in this project",
    None: "{model}: the admin API shows no list of allowed or blocked models",
}
_LABEL_WIDTH = 16
_BAR_WIDTH = 20
_MAX_LIMITS = 8
"""Models of the rate limits that the text names; the JSON has all."""
_MAX_MODELS = 6
_MAX_CERTIFICATES = 3
_MAX_ROWS = 10
"""Keys of each reason that the text lists."""
_MAX_KEY = 24
"""Columns of a key's name in the table."""


def fields(
    view: OwnerView | None, sentence: str, *, lists: bool, model: str = ""
) -> dict[str, Any]:
    """Return the fields of the JSON document.

    view: None if the admin API was not asked. model: name only the rate limit of this model, and
    say whether it is permitted; "" for all.
    """
    view = view or OwnerView()
    match = view.match
    details = view.details
    document: dict[str, Any] = {
        "sentence": sentence or None,
        "key": _key_field(view, lists=lists),
        "project": None if match is None else _project(match.project),
        "spend_limits": [
            {
                "of": limit.of,
                "amount_usd": limit.amount_usd,
                "interval": limit.interval,
                "enforcing": limit.enforcing,
            }
            for limit in details.spend_limits
        ],
        "model_permissions": _permissions(details.model_permissions),
        "rate_limits": [
            {
                "model": limit.model,
                "requests_per_minute": limit.requests,
                "tokens_per_minute": limit.tokens,
            }
            for limit in details.rate_limits
            if model in {"", limit.model}
        ],
        "certificates": [
            {
                "name": each.name,
                "active": each.active,
                "expires_at": _iso(each.expires_at),
                "of": each.of,
                "id": each.id,
            }
            for each in details.certificates
        ],
        "matches": len(view.matches),
        "survey": {
            "complete": view.complete,
            "projects": view.projects,
            "keys": view.keys,
            "requests": view.requests,
            "notes": list(view.notes),
        },
    }
    if model:
        document["model"] = {"id": model, "permitted": permitted(details, model)}
    if lists:
        document["attention"] = [
            {"why": row.why, "key": _key(row.key), "project": _project(row.key.project)}
            for row in view.attention
        ]
        document["attention_counts"] = {why: view.counts.get(why, 0) for why in ATTENTION}
    return document


def _key_field(view: OwnerView, *, lists: bool) -> dict[str, Any] | None:
    """Return the key; `found: false` only if every list was read to its end."""
    if view.match is not None:
        return {"found": True, **_key(view.match)}
    if lists or view.matches or not view.complete:
        return None
    return {"found": False}


def _key(key: OwnedKey) -> dict[str, Any]:
    access = {True: "active", False: "inactive", None: None}[key.has_access]
    return {
        "id": key.id,
        "name": key.name,
        "redacted": key.redacted,
        "created_at": _iso(key.created_at),
        "last_used_at": _iso(key.last_used_at),
        "expires_at": _iso(key.expires_at),
        "owner": {"type": key.owner_type, "name": key.owner},
        "owner_project_access": access,
    }


def _project(project: OwnedProject) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.name,
        "status": project.status,
        "residency": project.residency,
    }


def _permissions(permissions: ModelPermissions | None) -> dict[str, Any] | None:
    if permissions is None:
        return None
    return {"mode": permissions.mode, "models": list(permissions.models)}


def _iso(time: datetime | None) -> str | None:
    return None if time is None else iso_utc(time)


def progress_line(view: OwnerView, width: int = _BAR_WIDTH) -> str:
    """Return a bar with the projects that were read, of those that are known so far.

    width: cells of the bar. Says so while the survey waits as long as a 429 asked.
    """
    known = max(view.projects_listed, view.projects, 1)
    filled = round(width * view.projects / known)
    bar = "#" * filled + "." * (width - filled)
    waits = f", waiting {view.waiting_s} s: 429 (rate limit)" if view.waiting_s else ""
    return f"[{bar}] {view.projects} of {known} projects, {view.keys:,} keys{waits}"


def lines(
    view: OwnerView, sentence: str, now: datetime, style: Style, model: str = ""
) -> list[str]:
    """Return the lines about the key that was looked for; none if nothing was read.

    model: as for `detail_rows`.
    """
    if not has_read(view):
        return []
    return list(_lines(view, sentence, now, style, model))


def has_read(view: OwnerView) -> bool:
    """Return True if the admin API showed anything."""
    return view.rejected is None and bool(view.projects or view.keys)


def _lines(
    view: OwnerView, sentence: str, now: datetime, style: Style, model: str
) -> Iterator[str]:
    yield style.paint("strong", "What the organization's admin API says")
    if sentence:
        yield from wrapped(sentence, style, first="  ")
    for key in view.matches:
        yield ""
        yield from (_row(*row) for row in key_rows(key, now))
    if view.match is not None:
        yield from (_row(*row) for row in detail_rows(view.details, model))
    yield ""
    yield style.paint("quiet", f"  {read_text(view)}")
    for note in view.notes:
        yield from wrapped(note, style, first="  ! ")


def read_text(view: OwnerView) -> str:
    """Return how much was read: "3 projects and 4 keys read, nothing changed."."""
    searched = f"{_count(view.projects, 'project')} and {_count(view.keys, 'key')} read"
    return f"{searched}, nothing changed."


def key_rows(key: OwnedKey, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield label and text of each row about a key."""
    project = key.project
    place = f" · {project.residency}" if project.residency not in {"", "GLOBAL"} else ""
    yield "key", f"{key.name or 'unnamed'} · {key.redacted} · {key.id}"
    yield "project", f"{project.name or 'unnamed'} · {project.id} · {project.status}{place}"
    access = {True: "has access", False: "removed from the project", None: "access unknown"}
    kind = {"service_account": "service account ", "user": "user "}.get(key.owner_type, "")
    yield "owner", f"{kind}{key.owner or 'unknown'} · {access[key.has_access]}"
    yield "created", _when(key.created_at, now, "unknown")
    yield "last used", _when(key.last_used_at, now, "never, or not recorded")
    yield "expires", _day(key.expires_at, "never")


def detail_rows(
    details: KeyDetails, model: str = "", *, max_limits: int = _MAX_LIMITS
) -> Iterator[tuple[str, str]]:
    """Yield label and text of each row about what limits the project of a key.

    model: name only the rate limit of this model, and say whether it is permitted; "" for all.
    """
    for limit in details.spend_limits:
        state = "reached: calls are refused" if limit.enforcing else "not reached"
        yield "spend limit", f"{limit.of}: ${limit.amount_usd:,.2f} a {limit.interval}, {state}"
    permissions = details.model_permissions
    if permissions is not None:
        verb = "only" if permissions.mode == "allow_list" else "all but"
        yield "models", f"{verb} {_listed(permissions.models, _MAX_MODELS)}"
    if model:
        yield "model", _PERMITTED[permitted(details, model)].format(model=model)
    rates = [rate for rate in details.rate_limits if model in {"", rate.model}]
    if model and details.rate_limits and not rates:
        yield "rate limit", f"none is listed for {model}"
    for rate in rates[:max_limits]:
        numbers = [
            f"{number:,} {unit}"
            for number, unit in ((rate.requests, "requests"), (rate.tokens, "tokens"))
            if number is not None
        ]
        yield "rate limit", f"{rate.model}: {', '.join(numbers)} a minute"
    if len(rates) > max_limits:
        rest = _count(len(rates) - max_limits, "more model")
        yield "", f"and {rest} (all: oai-tui owner --json)"
    yield from _certificate_rows(details)


def _certificate_rows(details: KeyDetails) -> Iterator[tuple[str, str]]:
    """Yield where a client certificate is needed; the inactive ones are counted."""
    active = [each for each in details.certificates if each.active]
    for each in active[:_MAX_CERTIFICATES]:
        end = _day(each.expires_at, "an unknown day")
        yield "certificate", f"{each.name}: active for the {each.of}, expires {end}"
    if len(active) > _MAX_CERTIFICATES:
        yield "", f"and {_count(len(active) - _MAX_CERTIFICATES, 'more active certificate')}"
    for of in dict.fromkeys(each.of for each in active):
        yield "", f"calls of this {of} need a client certificate (mutual TLS)"
    inactive = {each.id or each.name for each in details.certificates}
    inactive -= {each.id or each.name for each in active}
    if inactive:
        yield "certificate", f"{_count(len(inactive), 'uploaded certificate')}, not active"


def permitted(details: KeyDetails, model: str) -> bool | None:
    """Return whether the project may use a model; None if the admin API shows no list of models."""
    permissions = details.model_permissions
    return None if permissions is None else permissions.allows(model)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionGroup:
    """Keys that need attention for one reason. more: keys of the same reason that are left out."""

    heading: str
    keys: tuple[OwnedKey, ...]
    more: int


def list_heading(view: OwnerView) -> str:
    """Return how many keys need attention: "1 of 4 keys in 3 projects needs attention"."""
    total = sum(view.counts.values())
    verb = "needs" if total == 1 else "need"
    read = f"{_count(view.keys, 'key')} in {_count(view.projects, 'project')}"
    return f"{total:,} of {read} {verb} attention"


def attention_groups(view: OwnerView, rotation_days: int) -> Iterator[AttentionGroup]:
    """Yield the keys that need attention, by reason, the most urgent first."""
    for why in ATTENTION:
        keys = tuple(row.key for row in view.attention if row.why == why)[:_MAX_ROWS]
        if keys:
            age = f" ({rotation_days} days)" if why == "old" else ""
            count = view.counts[why]
            yield AttentionGroup(
                heading=f"{WHY[why].capitalize()}{age}: {count:,}",
                keys=keys,
                more=count - len(keys),
            )


def list_lines(view: OwnerView, rotation_days: int, style: Style) -> list[str]:
    """Return the lines of the list of keys that need attention."""
    return list(_list_lines(view, rotation_days, style))


def _list_lines(view: OwnerView, rotation_days: int, style: Style) -> Iterator[str]:
    yield style.paint("strong", list_heading(view))
    for group in attention_groups(view, rotation_days):
        yield ""
        yield style.paint("care", group.heading)
        yield from _table(group.keys)
        if group.more:
            yield f"  and {group.more:,} more (--json lists up to 40)"
    for note in view.notes:
        yield from wrapped(note, style, first="! ")
    yield ""
    yield style.paint("quiet", "Nothing was changed.")


def key_cells(key: OwnedKey) -> tuple[str, ...]:
    """Return a key that needs attention in cells: names, owner, dates; "" for no expiry."""
    return (
        _cut(key.name or "unnamed"),
        key.redacted,
        _cut(key.project.name or key.project.id),
        _cut(key.owner or "unknown"),
        f"created {_day(key.created_at, '?')}",
        f"used {_day(key.last_used_at, 'never')}",
        "" if key.expires_at is None else f"expires {_day(key.expires_at, '')}",
    )


def _table(keys: Sequence[OwnedKey]) -> Iterator[str]:
    rows = [key_cells(key) for key in keys]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _when(time: datetime | None, now: datetime, unknown: str) -> str:
    """Return a day, and how long ago it was, unless the server's clock is ahead by a day."""
    if time is None:
        return unknown
    days = (now - time).days
    return _day(time, "") if days < -1 else f"{_day(time, '')} ({days_ago(days)})"


def _day(time: datetime | None, unknown: str) -> str:
    return unknown if time is None else time.date().isoformat()


def _listed(names: Sequence[str], limit: int) -> str:
    rest = len(names) - limit
    shown = ", ".join(names[:limit]) or "none"
    return f"{shown} and {rest} more" if rest > 0 else shown


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_KEY else f"{text[: _MAX_KEY - 1]}…"


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _row(label: str, value: str) -> str:
    return f"  {label.ljust(_LABEL_WIDTH)}{value}"
