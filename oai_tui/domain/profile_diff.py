"""Compare the last good run of a profile with a later run.

Only what this machine can observe is compared.
"""

from dataclasses import dataclass
from datetime import datetime

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.durations import time_ago
from oai_tui.domain.profile import Profile, last_good_run_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that has changed. `what`: a key of _WORDS; `then`, `now`: may be empty."""

    what: str
    then: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDiff:
    """A profile's last good run compared with another run. `text`: the result in one sentence."""

    worked_at: datetime
    differences: tuple[Difference, ...]
    text: str


_WORDS = {
    "key": ("the key changed", "{now} now, {then} then"),
    "base_url": ("the base URL changed", "{now} now, {then} then"),
    "organization_sent": ("the organization header changed", "{now} now, {then} then"),
    "project_sent": ("the project header changed", "{now} now, {then} then"),
    "organization": (
        "the organization changed",
        "calls are billed to {now} now, to {then} then",
    ),
    "project": ("the project changed", "calls are billed to {now} now, to {then} then"),
    "proxy": ("the proxy changed", "proxy {now} now, {then} then"),
    "exit": ("calls leave the network at another location", "{now} now, {then} then"),
    "model": ("the billed request uses another model", "{now} now, {then} then"),
}
"""Name of a difference -> the clause about it, and the template of the two values."""
_SETTINGS = frozenset({"base_url", "organization_sent", "project_sent"})
_EMPTY_IS_A_VALUE = _SETTINGS | {"key", "proxy"}
"""An empty value of these means none; an empty value of the others means that it is not known."""
_ONLY_IF_REFUSED = frozenset({"exit"})
"""Changes that mean nothing as long as the key works."""


def compare_with_last_good(profile: Profile, found: Diagnosis, now: datetime) -> ProfileDiff | None:
    """Return the comparison, or None for a profile that was never proved to work."""
    if profile.verified_at is None:
        return None
    working = found.verdict.outcome == "working"
    differences = tuple(
        each
        for each in _differences(profile, found)
        if not (working and each.what in _ONLY_IF_REFUSED)
    )
    parts = ["Also worked" if working else "Worked", time_ago(now - profile.verified_at)]
    if profile.model:
        parts.append(f"with {profile.model}")
    clauses = [" ".join(parts)]
    if all(each.what != "key" for each in differences):
        clauses.append("the key is the same")
    clauses += [_clause(each) for each in differences]
    if not differences:
        clauses.append("nothing else visible from here has changed")
    return ProfileDiff(
        worked_at=profile.verified_at, differences=differences, text="; ".join(clauses) + "."
    )


def _clause(difference: Difference) -> str:
    words, values = _WORDS[difference.what]
    values = values.format(now=difference.now or "none", then=difference.then or "none")
    return f"{words} ({values})"


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
