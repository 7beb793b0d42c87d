"""The days on which the key of a profile has to be replaced: its end, and its rotation."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from oai_tui.domain.durations import format_days
from oai_tui.domain.profile import Profile

DueKind = Literal["expiry", "rotation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """A day (UTC) on which a key must be or should be replaced."""

    profile: Profile
    kind: DueKind
    day: date

    def days_left(self, now: datetime) -> int:
        """Return the days from today, UTC, to this day; negative if it is over."""
        return (self.day - now.astimezone(UTC).date()).days

    def phrase(self, now: datetime) -> str:
        """Return what is due and when: "expires on 2026-12-01, in 4 days"."""
        left = self.days_left(now)
        verbs = (
            ("expired", "expires")
            if self.kind == "expiry"
            else ("rotation was due", "rotation is due")
        )
        verb = verbs[0] if left < 0 else verbs[1]
        when = "today" if left == 0 else f"in {format_days(left)}"
        if left < 0:
            when = f"{format_days(-left)} ago"
        return f"{verb} on {self.day}, {when}"


def due_dates(profile: Profile, policy_days: int) -> tuple[DueDate, ...]:
    """Return the known days of a profile, the earlier one first.

    policy_days: the general rotation policy, 0 for none; the profile's own takes precedence.
    The rotation counts from the day on which the key was first saved, as in `rotation_warning`.
    """
    notes = profile.notes
    dates = []
    if notes.expires_on is not None:
        dates.append(DueDate(profile=profile, kind="expiry", day=notes.expires_on))
    policy = policy_days if notes.rotate_days is None else notes.rotate_days
    since = profile.key_since or profile.verified_at
    if policy > 0 and since is not None:
        day = (since.astimezone(UTC) + timedelta(days=policy)).date()
        dates.append(DueDate(profile=profile, kind="rotation", day=day))
    return tuple(sorted(dates, key=lambda due: due.day))
