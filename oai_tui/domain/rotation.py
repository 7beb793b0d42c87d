"""The state of a saved profile in words: does it work, and is its key due for rotation?

A key is due by its age (against a policy in days) or by its known end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from oai_tui.domain.durations import format_days
from oai_tui.domain.profile import Profile

POLICY_DAYS = 90
"""Days after which a key is due for rotation by default."""
SOON_DAYS = 14
"""Days before a known end from which there is a warning."""
VARIABLE = "OAI_TUI_ROTATE_DAYS"
_MAX_DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationWarning:
    """Why a key should be rotated. `text`: with the command; `short`: a few words for a list."""

    kind: Literal["expired", "expires", "old"]
    days: int
    text: str
    short: str


def policy_of(env: Mapping[str, str], setting: int | None = None) -> int:
    """Return the general policy in days, 0 for none: of the environment, the setting, or 90."""
    text = env.get(VARIABLE, "").strip()
    if _is_days(text):
        return int(text)
    return POLICY_DAYS if setting is None else setting


def policy_problem(env: Mapping[str, str]) -> str:
    """Return a sentence if the environment's policy is not a number of days, else ""."""
    text = env.get(VARIABLE, "").strip()
    if not text or _is_days(text):
        return ""
    return f"{VARIABLE} is not a whole number of days, so {POLICY_DAYS} is used"


def _is_days(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def age_days(profile: Profile, now: datetime) -> int | None:
    """Return for how many whole days the key has been saved, which is its minimum age.

    None for a key that was never proved to work.
    """
    since = profile.key_since or profile.verified_at
    return None if since is None else max(0, (now - since).days)


def rotation_warning(
    profile: Profile, now: datetime, policy_days: int = POLICY_DAYS
) -> RotationWarning | None:
    """Return the most urgent warning about the profile's key, or None.

    `policy_days`: the general policy, 0 for none. The profile's own policy takes precedence.
    """
    key = f"The key of the profile {profile.name}"
    remedy = f"replace it: oai-tui profiles rotate {profile.name}"
    if (end := profile.notes.expires_on) is not None:
        left = (end - now.astimezone(UTC).date()).days
        if left <= 0:
            return RotationWarning(
                kind="expired",
                days=-left,
                text=f"{key} expired on {end}; {remedy}",
                short=f"expired on {end}",
            )
        if left <= SOON_DAYS:
            return RotationWarning(
                kind="expires",
                days=left,
                text=f"{key} expires on {end}, in {format_days(left)}; {remedy}",
                short=f"expires in {format_days(left)}",
            )
    policy, age = profile.notes.rotate_days, age_days(profile, now)
    if policy is None:
        policy = policy_days
    if policy > 0 and age is not None and age >= policy:
        return RotationWarning(
            kind="old",
            days=age,
            text=f"{key} is {format_days(age)} old, and your rotation policy is {policy}; {remedy}",
            short=f"{format_days(age)} old: rotate it",
        )
    return None


def state_of(profile: Profile, now: datetime, policy_days: int) -> str:
    """Return in a few words if the profile works, as far as is known, and if it is due."""
    notes = profile.notes
    if notes.refused_at is not None:
        return f"rejected: {notes.refused_for}"
    if profile.verified_at is None:
        return "never verified"
    warning = rotation_warning(profile, now, policy_days)
    if warning is None:
        return "works"
    return warning.short if warning.kind == "expired" else f"works, {warning.short}"
