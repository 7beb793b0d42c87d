"""What has changed since a profile last worked: its last good verdict beside a run of today. Only what can be seen from here is compared."""

from dataclasses import dataclass
from datetime import datetime

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.durations import time_ago
from oai_tui.domain.profile import Profile, last_good_run_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is otherwise than it was: "organization", then and now ("" for none)."""

    what: str
    then: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDiff:
    """A profile's last good verdict beside a run. `text`: the comparison in one plain sentence."""

    worked_at: datetime
    differences: tuple[Difference, ...]
    text: str


_WORDS = {
    "key": ("the key is another one", "{now} now, {then} then"),
    "base_url": ("calls go to another address", "{now} now, {then} then"),
    "organization_sent": ("another organization is sent along", "{now} now, {then} then"),
    "project_sent": ("another project is sent along", "{now} now, {then} then"),
    "organization": (
        "the organization is another one",
        "calls count for {now} now, for {then} then",
    ),
    "project": ("the project is another one", "calls count for {now} now, for {then} then"),
    "proxy": ("the way out is another one", "proxy {now} now, {then} then"),
    "exit": ("calls leave the network elsewhere", "{now} now, {then} then"),
    "model": ("the billed request uses another model", "{now} now, {then} then"),
}
"""What differs -> how it is said, and the two values."""
_ASKED = frozenset({"base_url", "organization_sent", "project_sent"})
_EMPTY_IS_A_VALUE = _ASKED | {"key", "proxy"}
"""For these nothing at all is a value too; for the others it means that nothing told it."""
_OF_A_REFUSAL = frozenset({"exit"})
"""Changes that mean nothing as long as all is well."""


def compare_with_last_good(profile: Profile, found: Diagnosis, now: datetime) -> ProfileDiff | None:
    """The comparison, None for a profile of which nothing was ever proved."""
    if profile.verified_at is None:
        return None
    working = found.verdict.outcome == "working"
    differences = tuple(
        each
        for each in _differences(profile, found)
        if not (working and each.what in _OF_A_REFUSAL)
    )
    lead = f"{'Worked' if not working else 'Worked also'} {time_ago(now - profile.verified_at)}{f' with {profile.model}' if profile.model else ''}"
    parts = [] if any(each.what == "key" for each in differences) else ["the key is the same"]
    parts += [
        f"{_WORDS[each.what][0]} ({_WORDS[each.what][1].format(now=each.now or 'none', then=each.then or 'none')})"
        for each in differences
    ]
    if not differences:
        parts.append("nothing else that can be seen from here has changed")
    return ProfileDiff(
        worked_at=profile.verified_at, differences=differences, text="; ".join([lead, *parts]) + "."
    )


def _differences(profile: Profile, found: Diagnosis) -> list[Difference]:
    then, now, target = profile.last_good_run, last_good_run_of(found), found.target
    billed = found.facts.get("billing") == "tested"
    pairs = (
        (
            "key",
            f"{profile.hint} {profile.fingerprint}",
            f"{found.credential.hint} {found.credential.fingerprint}" if found.credential else "",
        ),
        ("base_url", profile.target.base_url.rstrip("/"), target.base_url.rstrip("/")),
        ("organization_sent", profile.target.organization or "", target.organization or ""),
        ("project_sent", profile.target.project or "", target.project or ""),
        ("organization", then.organization, now.organization),
        ("project", then.project, now.project),
        ("proxy", then.proxy, now.proxy),
        ("exit", then.exit, now.exit),
        ("model", profile.model, str(found.facts.get("model_for_inference", "")) if billed else ""),
    )
    reached = any(record.observation.request is not None for record in found.trail)
    return [
        Difference(what=what, then=before, now=after)
        for what, before, after in pairs
        if before != after
        and ((before and after) or what in _EMPTY_IS_A_VALUE)
        and (reached or what not in {"proxy", "exit"})
    ]
