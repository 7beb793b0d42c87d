"""What a check of a file requires beyond a working key: scopes, and headroom in the rate limits."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.domain.endpoints import Endpoint, ScopeResult
from oai_tui.knowledge.endpoints import ENDPOINTS
from oai_tui.knowledge.links import API_KEYS
from oai_tui.reports.key_limits import Unit, judged, limits_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """scopes: names of scopes or endpoints. min_headroom: a share, 0 to 1.

    min_remaining: what must be left of each unit; None where nothing is required.
    """

    scopes: tuple[str, ...] = ()
    min_headroom: float | None = None
    min_remaining: Mapping[Unit, int | None]

    @property
    def limits(self) -> bool:
        """Return True if something is required of the rate limits."""
        return self.min_headroom is not None or any(
            minimum is not None for minimum in self.min_remaining.values()
        )


def endpoints_for(scopes: Sequence[str]) -> tuple[Endpoint, ...]:
    """Return the endpoints that test these scopes; for each the one that needs the fewest."""
    found: dict[str, Endpoint] = {}
    for scope in scopes:
        matching = [one for one in ENDPOINTS if scope == one.name or scope in one.needs]
        if matching:
            best = min(matching, key=lambda one: (scope != one.name, len(one.needs)))
            found[best.name] = best
    return tuple(found.values())


def with_requirements(
    diagnosis: Diagnosis, required: Requirements, results: Sequence[ScopeResult]
) -> Diagnosis:
    """Return the diagnosis with the verdict on what is required, if the check found no problem.

    results: one for each endpoint that was tested for the scopes.
    """
    if diagnosis.verdict.outcome != "working":
        return diagnosis
    for result in results:
        if result.state == "missing":
            return replace(diagnosis, verdict=_scope_missing(diagnosis.verdict, result))
    tested = {result.endpoint.name for result in results if result.state == "allowed"}
    untested = [one.name for one in endpoints_for(required.scopes) if one.name not in tested]
    if untested:
        return replace(diagnosis, verdict=_scope_unknown(diagnosis.verdict, untested))
    return _with_limits(diagnosis, required) if required.limits else diagnosis


def _with_limits(diagnosis: Diagnosis, required: Requirements) -> Diagnosis:
    limits = limits_of(diagnosis.facts)
    minimums: dict[Unit, int | None] = dict(required.min_remaining)
    for limit in limits:
        share = math.ceil(limit.limit * (required.min_headroom or 0))
        minimums[limit.unit] = max(minimums.get(limit.unit) or 0, share)
    whole = judged(diagnosis, limits, minimums)
    if whole.verdict.outcome != "undecided":
        return whole
    fix = Fix(text="Set billing = true for this check (about $0.00001 per run).", who="you")
    return replace(whole, verdict=replace(whole.verdict, fixes=(fix,)))


def _scope_missing(verdict: Verdict, result: ScopeResult) -> Verdict:
    missing = result.missing or ", ".join(result.endpoint.needs)
    return replace(
        verdict,
        outcome="problem",
        cause="scope-missing",
        family="permission",
        confidence="certain",
        title="The key is missing a required permission",
        explanation=f"{result.endpoint.name} was refused. The key is missing {missing}.",
        fixes=(
            Fix(
                text=f"Edit key → Permissions: allow {result.endpoint.permission}.",
                url=API_KEYS,
                who="owner",
            ),
        ),
    )


def _scope_unknown(verdict: Verdict, untested: list[str]) -> Verdict:
    return replace(
        verdict,
        outcome="undecided",
        cause="unknown",
        family=None,
        confidence="possible",
        title="A required permission could not be tested",
        explanation=f"The responses do not show whether the key may use {', '.join(untested)}.",
        fixes=(
            Fix(text="Test it again, with the responses.", command="oai-tui scopes", who="you"),
        ),
    )
