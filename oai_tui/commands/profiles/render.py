"""How profiles are shown: as a list, in full, as JSON. Pure; without the key."""

from datetime import UTC, datetime
from typing import Any

from oai_tui.domain.durations import time_ago
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import age_days, rotation_warning, state_of
from oai_tui.reports.json import iso_utc

_HEADS = ("  profile", "state", "key", "age", "verified", "for")


def listing(
    profiles: tuple[Profile, ...], now: datetime, policy_days: int, default: str | None, width: int
) -> str:
    """A table in columns, or where `width` is too narrow, a few lines for each."""
    table = [_HEADS, *(_cells(profile, now, policy_days, default) for profile in profiles)]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEADS))]
    if sum(widths) + 2 * len(widths) <= width:
        return "".join(
            "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip()
            + "\n"
            for row in table
        )
    return "".join(
        f"{name}  {key}\n    {state} · {age} · verified {verified}\n    {what}\n"
        for name, state, key, age, verified, what in table[1:]
    )


def _cells(
    profile: Profile, now: datetime, policy_days: int, default: str | None
) -> tuple[str, ...]:
    mark = "*" if profile.name == default else " "
    return (
        f"{mark} {profile.name}",
        state_of(profile, now, policy_days),
        profile.hint,
        _age(profile, now),
        _verified(profile, now),
        _proved(profile),
    )


def _age(profile: Profile, now: datetime) -> str:
    age = age_days(profile, now)
    return "unknown" if age is None else f"{age} day{'' if age == 1 else 's'}"


def _verified(profile: Profile, now: datetime) -> str:
    return "never" if profile.verified_at is None else time_ago(now - profile.verified_at)


def _proved(profile: Profile) -> str:
    """What it was verified for: on whose behalf, where, and whether a billed request went through."""
    target, seen = profile.target, profile.last_good_run
    parts = [f"at {target.base_url}"]
    parts += (
        [f"organization {target.organization or seen.organization}"]
        if target.organization or seen.organization
        else []
    )
    parts += [f"project {target.project or seen.project}"] if target.project or seen.project else []
    parts.append(
        f"billed with {profile.model}" if profile.billing == "tested" else "billing untested"
    )
    return " · ".join(parts)


def rows(
    profile: Profile, now: datetime, policy_days: int, *, is_default: bool
) -> list[tuple[str, str]]:
    """Everything about one profile, as label and value."""
    target, remarks = profile.target, profile.notes
    policy = policy_days if remarks.rotate_days is None else remarks.rotate_days
    billed = (
        f"tested with {profile.model}, {time_ago(now - profile.billed_at)}"
        if profile.billing == "tested" and profile.billed_at
        else profile.billing
    )
    counts = " · ".join(
        part for part in (profile.last_good_run.organization, profile.last_good_run.project) if part
    )
    out = [
        ("name", profile.name + (" (the default profile)" if is_default else "")),
        ("key", f"{profile.hint} ({profile.kind}, fingerprint {profile.fingerprint})"),
        ("state", state_of(profile, now, policy_days)),
        (
            "age",
            f"{_age(profile, now)}; rotation every {policy} days"
            if policy
            else f"{_age(profile, now)}; no rotation",
        ),
        ("base URL", target.base_url),
        ("organization", target.organization or "none"),
        ("project", target.project or "none"),
        ("model", profile.model or target.model or "none"),
        (
            "verified",
            f"{profile.verified_at.astimezone(UTC):%Y-%m-%d %H:%M UTC}, {time_ago(now - profile.verified_at)}"
            if profile.verified_at
            else "never",
        ),
        ("billing", billed),
    ]
    out += [("counted for", counts)] if counts else []
    out += [("expires", str(remarks.expires_on))] if remarks.expires_on else []
    out += (
        [
            (
                "refused",
                f"{time_ago(now - remarks.refused_at)}: {remarks.refused_for} (oai-tui check --profile {profile.name})",
            )
        ]
        if remarks.refused_at
        else []
    )
    return out + ([("note", remarks.note)] if remarks.note else [])


def profile_document(
    profile: Profile, now: datetime, policy_days: int, *, is_default: bool
) -> dict[str, Any]:
    """One profile as plain values for JSON. Times are UTC; what is not known is null."""
    target, remarks, concern = (
        profile.target,
        profile.notes,
        rotation_warning(profile, now, policy_days),
    )
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
            "policy_days": policy_days if remarks.rotate_days is None else remarks.rotate_days,
            "concern": concern.kind if concern else None,
            "text": concern.text if concern else None,
        },
        "expires_on": str(remarks.expires_on) if remarks.expires_on else None,
        "seen": {
            "organization": profile.last_good_run.organization or None,
            "project": profile.last_good_run.project or None,
        },
        "refused_at": iso_utc(remarks.refused_at) if remarks.refused_at else None,
        "refused_for": remarks.refused_for or None,
        "note": remarks.note or None,
    }
