"""Formats profiles as a list, in full, and as JSON; without the key, no I/O."""

from datetime import UTC, datetime
from typing import Any

from oai_tui.domain.durations import time_ago
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import age_days, rotation_warning, state_of
from oai_tui.reports.json import iso_utc

_HEADINGS = ("  profile", "state", "key", "age", "verified", "for")


def listing(
    profiles: tuple[Profile, ...], now: datetime, policy_days: int, default: str | None, width: int
) -> str:
    """Return a table, or three lines for each profile if the table is wider than `width`.

    policy_days: the general rotation policy, 0 for none.
    default: the name of the default profile, or None.
    width: columns.
    """
    rows = [_cells(profile, now, policy_days, default) for profile in profiles]
    table = [_HEADINGS, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEADINGS))]
    if sum(widths) + 2 * len(widths) <= width:
        lines = (
            "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip()
            for row in table
        )
        return "".join(f"{line}\n" for line in lines)
    return "".join(
        f"{name}  {key}\n    {state} · {age} · verified {verified}\n    {verified_for}\n"
        for name, state, key, age, verified, verified_for in rows
    )


def _cells(
    profile: Profile, now: datetime, policy_days: int, default: str | None
) -> tuple[str, ...]:
    mark = "*" if profile.name == default else " "
    return (
        f"{mark} {profile.name}",
        state_of(profile, now, policy_days),
        profile.hint,
        _age_text(profile, now),
        _verified_text(profile, now),
        _verified_for(profile),
    )


def _age_text(profile: Profile, now: datetime) -> str:
    age = age_days(profile, now)
    if age is None:
        return "unknown"
    return f"{age} day{'' if age == 1 else 's'}"


def _verified_text(profile: Profile, now: datetime) -> str:
    return "never" if profile.verified_at is None else time_ago(now - profile.verified_at)


def _verified_for(profile: Profile) -> str:
    """Return the server, organization and project of the last good run, and the billed model."""
    target, last_good_run = profile.target, profile.last_good_run
    parts = [f"at {target.base_url}"]
    organization = target.organization or last_good_run.organization
    if organization:
        parts.append(f"organization {organization}")
    project = target.project or last_good_run.project
    if project:
        parts.append(f"project {project}")
    if profile.billing == "tested":
        parts.append(f"billed with {profile.model}")
    else:
        parts.append("billing not tested")
    return " · ".join(parts)


def rows(
    profile: Profile, now: datetime, policy_days: int, *, is_default: bool
) -> list[tuple[str, str]]:
    """Return everything about one profile, as pairs of label and value."""
    target, notes, last_good_run = profile.target, profile.notes, profile.last_good_run
    policy = _rotate_days(profile, policy_days)
    rotation = f"rotation every {policy} days" if policy else "no rotation"
    verified, billing = "never", profile.billing
    if profile.verified_at:
        verified_at = profile.verified_at.astimezone(UTC)
        verified = f"{verified_at:%Y-%m-%d %H:%M UTC}, {time_ago(now - profile.verified_at)}"
    if profile.billing == "tested" and profile.billed_at:
        billing = f"tested with {profile.model}, {time_ago(now - profile.billed_at)}"
    pairs = [
        ("name", profile.name + (" (the default profile)" if is_default else "")),
        ("key", f"{profile.hint} ({profile.kind}, fingerprint {profile.fingerprint})"),
        ("state", state_of(profile, now, policy_days)),
        ("age", f"{_age_text(profile, now)}; {rotation}"),
        ("base URL", target.base_url),
        ("organization", target.organization or "none"),
        ("project", target.project or "none"),
        *([("proxy", "not used for this profile")] if target.direct else []),
        ("model", profile.model or target.model or "none"),
        ("verified", verified),
        ("billing", billing),
    ]
    account = [part for part in (last_good_run.organization, last_good_run.project) if part]
    if account:
        pairs.append(("billed to", " · ".join(account)))
    if notes.expires_on:
        pairs.append(("expires", str(notes.expires_on)))
    if notes.refused_at:
        command = f"oai-tui check --profile {profile.name}"
        pairs.append(
            ("refused", f"{time_ago(now - notes.refused_at)}: {notes.refused_for} ({command})")
        )
    if notes.note:
        pairs.append(("note", notes.note))
    return pairs


def profile_document(
    profile: Profile, now: datetime, policy_days: int, *, is_default: bool
) -> dict[str, Any]:
    """Return one profile as plain values for JSON. Times are UTC; an unknown value is null."""
    target, notes = profile.target, profile.notes
    warning = rotation_warning(profile, now, policy_days)
    return {
        "name": profile.name,
        "hint": profile.hint,
        "kind": profile.kind,
        "fingerprint": profile.fingerprint,
        "target": {
            "base_url": target.base_url,
            "organization": target.organization,
            "project": target.project,
            "model": target.model,
        },
        "verified_at": iso_utc(profile.verified_at) if profile.verified_at else None,
        "billing": profile.billing,
        "model": profile.model or None,
        "state": state_of(profile, now, policy_days),
        "default": is_default,
        "age_days": age_days(profile, now),
        "key_since": iso_utc(profile.key_since) if profile.key_since else None,
        "billed_at": iso_utc(profile.billed_at) if profile.billed_at else None,
        "rotation": {
            "policy_days": _rotate_days(profile, policy_days),
            "concern": warning.kind if warning else None,
            "text": warning.text if warning else None,
        },
        "expires_on": str(notes.expires_on) if notes.expires_on else None,
        "seen": {
            "organization": profile.last_good_run.organization or None,
            "project": profile.last_good_run.project or None,
        },
        "refused_at": iso_utc(notes.refused_at) if notes.refused_at else None,
        "refused_for": notes.refused_for or None,
        "note": notes.note or None,
    }


def _rotate_days(profile: Profile, policy_days: int) -> int:
    """Return the profile's own rotation policy in days, else the general one."""
    own_days = profile.notes.rotate_days
    return policy_days if own_days is None else own_days
