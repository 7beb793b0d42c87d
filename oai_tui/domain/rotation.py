"""How a saved profile stands: whether it works as far as is known, and when its key should be replaced, by its age against a policy and its end where that is known. Words only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from oai_tui.domain.durations import format_days
from oai_tui.domain.profile import Profile

POLICY_DAYS = 90
"""Days after which a key is due for rotation where nothing else is said."""
SOON_DAYS = 14
"""Days before a known end from which it is spoken of."""


VARIABLE = "OAI_TUI_ROTATE_DAYS"
_MOST_DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationWarning:
    """Why a key should be rotated. `text`: the sentence with the command; `short`: a few words for a list."""

    kind: Literal["expired", "expires", "old"]
    days: int
    text: str
    short: str


def policy_of(env: Mapping[str, str]) -> int:
    """The general policy in days, 0 for none: what the environment says, POLICY_DAYS where it says nothing or no number."""
    text = env.get(VARIABLE, "").strip()
    return int(text) if _is_days(text) else POLICY_DAYS


def policy_problem(env: Mapping[str, str]) -> str:
    """A sentence where the environment's policy is no number of days, "" where all is well."""
    text = env.get(VARIABLE, "").strip()
    return (
        f"{VARIABLE} is no whole number of days, so {POLICY_DAYS} is used"
        if text and not _is_days(text)
        else ""
    )


def _is_days(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def age_days(profile: Profile, now: datetime) -> int | None:
    """For how many whole days the key has been kept here, which is the least that it is old; None for a key of which nothing was ever proved."""
    since = profile.key_since or profile.verified_at
    return None if since is None else max(0, (now - since).days)


def rotation_warning(
    profile: Profile, now: datetime, policy_days: int = POLICY_DAYS
) -> RotationWarning | None:
    """The gravest concern about the profile's key, None when there is none. `policy_days`: the general policy, 0 for none; the profile's own wins."""
    remedy = f"replace it: oai-tui profiles rotate {profile.name}"
    if (end := profile.notes.expires_on) is not None:
        left = (end - now.astimezone(UTC).date()).days
        if left <= 0:
            return RotationWarning(
                kind="expired",
                days=-left,
                text=f"The key of the profile {profile.name} expired on {end}; {remedy}",
                short=f"expired on {end}",
            )
        if left <= SOON_DAYS:
            return RotationWarning(
                kind="expires",
                days=left,
                text=f"The key of the profile {profile.name} expires on {end}, in {format_days(left)}; {remedy}",
                short=f"expires in {format_days(left)}",
            )
    policy, age = profile.notes.rotate_days, age_days(profile, now)
    policy = policy_days if policy is None else policy
    if policy > 0 and age is not None and age >= policy:
        return RotationWarning(
            kind="old",
            days=age,
            text=f"The key of the profile {profile.name} is {format_days(age)} old, and the policy is {policy}; {remedy}",
            short=f"{format_days(age)} old: rotate it",
        )
    return None


def state_of(profile: Profile, now: datetime, policy_days: int) -> str:
    """In a few words: whether it works, as far as is known, and whether it is due for rotation."""
    remarks = profile.notes
    if remarks.refused_at is not None:
        return f"refused: {remarks.refused_for}"
    if profile.verified_at is None:
        return "never verified"
    concern = rotation_warning(profile, now, policy_days)
    return (
        f"works, {concern.short}"
        if concern is not None and concern.kind != "expired"
        else concern.short
        if concern is not None
        else "works"
    )
