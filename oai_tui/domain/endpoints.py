"""Endpoints of the API, and what one response says about a key's permission to use one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from oai_tui.domain.observation import Observation

ScopeState = Literal["allowed", "missing", "unknown"]
_AUTHORIZED = frozenset({400, 409, 415, 422})
"""Statuses of an invalid request that passed authentication and authorization."""
_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One endpoint, and the request that tests it without creating anything.

    path: below the base URL. body: of a POST; the API must reject it. needs: scopes.
    permission: what to tick in the dashboard (Edit key → Permissions). is_read: a GET.
    """

    method: str
    path: str
    needs: tuple[str, ...]
    permission: str
    body: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The method and path without a query, such as "POST /v1/responses"."""
        return f"{self.method} /v1{self.path.partition('?')[0]}"

    @property
    def is_read(self) -> bool:
        """Return True if the endpoint only reads."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeResult:
    """What a key may do at one endpoint. missing: the scopes that the response names."""

    endpoint: Endpoint
    state: ScopeState
    observation: Observation | None
    missing: str = ""


def scope_result(endpoint: Endpoint, observation: Observation | None) -> ScopeResult:
    """Return what one response says; "unknown" for no response, and for one that is ambiguous.

    A 429 is ambiguous: it is not published whether quota is checked before scopes. So is a 404: a
    server may lack the endpoint.
    """
    state: ScopeState = "unknown"
    missing = ""
    if observation is not None and observation.status is not None:
        missing = str(observation.facts.get("missing_scopes", ""))
        code = observation.error.code if observation.error else ""
        if observation.status in _REFUSED and (missing or code == "missing_scope"):
            state = "missing"
        elif _is_authorized(observation):
            state = "allowed"
    return ScopeResult(endpoint=endpoint, state=state, observation=observation, missing=missing)


def _is_authorized(observation: Observation) -> bool:
    if observation.status == 200:
        return observation.facts.get("body_kind") == "json"
    return observation.status in _AUTHORIZED and observation.error is not None


def key_mode(results: tuple[ScopeResult, ...]) -> str:
    """Return "All", "Read only", "Restricted", or "" if too little is known to say."""
    known = [result for result in results if result.state != "unknown"]
    if not known:
        return ""
    missing = [result for result in known if result.state == "missing"]
    if not missing:
        return "All" if len(known) == len(results) else ""
    writes = [result for result in known if not result.endpoint.is_read]
    reads = [result for result in known if result.endpoint.is_read]
    no_write = writes and all(result.state == "missing" for result in writes)
    every_read = len(reads) > 1 and all(result.state == "allowed" for result in reads)
    return "Read only" if no_write and every_read else "Restricted"
