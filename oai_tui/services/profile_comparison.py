"""Compares a diagnosis with the last good run of its profile; for both front ends."""

from dataclasses import replace
from datetime import datetime

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.profile import Profile
from oai_tui.domain.profile_diff import ProfileDiff, compare_with_last_good
from oai_tui.domain.rotation import age_days


def with_profile_comparison(
    profile: Profile | None, diagnosis: Diagnosis, *, now: datetime
) -> tuple[Diagnosis, ProfileDiff | None]:
    """Return the diagnosis with the comparison among its warnings, and the comparison.

    A healthy run without differences gets no warning. The comparison is None for a key of no
    profile and for a profile that was never proved to work.

    now: when the comparison is made; its text says how long ago the profile worked.
    """
    if profile is None:
        return diagnosis, None
    diff = compare_with_last_good(profile, diagnosis, now)
    verdict = diagnosis.verdict
    if diff is None or (verdict.outcome == "working" and not diff.differences):
        return diagnosis, diff
    verdict = replace(verdict, warnings=(*verdict.warnings, diff.text))
    return replace(diagnosis, verdict=verdict), diff


def key_age(profile: Profile | None, now: datetime) -> int | None:
    """Return for how many whole days a profile's key has been saved; None for a key of none."""
    return None if profile is None else age_days(profile, now)
