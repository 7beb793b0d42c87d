"""Probe: the state of OpenAI's service, as its status page reports it.

It is asked only after a failure that may be OpenAI's. A response that is not clear means "not
known", never "up".

Statuspage's API is /api/v2/status.json: `status.indicator` is none, minor, major or critical, and
`status.description` a text. It covers all products together, so it is no verdict on the API (read
2026-11).
"""

from dataclasses import dataclass, replace
from typing import Any

from oai_tui.domain.observation import Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Target
from oai_tui.probes.http_client import ApiRequest, HttpClient
from oai_tui.probes.network.network_environment import NetworkEnvironment

_LIMIT_S = 4.0
_MAX_DESCRIPTION = 120
"""Characters of the page's own words."""
_STATES = {
    "none": "no incident",
    "minor": "a minor incident",
    "major": "a major incident",
    "critical": "a critical incident",
}


@dataclass(frozen=True, slots=True)
class StatusProbe:
    """Asks the status page, without the key. Facts: status_page, status_text."""

    http: HttpClient
    environment: NetworkEnvironment

    async def __call__(self, call: Call) -> Observation:
        url = self.environment.status_url.rstrip("/")
        page = replace(
            call,
            target=Target(base_url=url, direct=call.target.direct),
            credential=None,
            limit_s=min(_LIMIT_S, call.limit_s),
        )
        reply = await self.http.ask(page, ApiRequest(probe="status", path="/api/v2/status.json"))
        seen = reply.observation
        indicator, description = _status(reply.value) if seen.status == 200 else ("", "")
        if indicator not in _STATES:
            return replace(
                seen,
                facts={"status_page": "not known"},
                notes=(
                    "OpenAI's status page gave no clear answer, so the service status is unknown.",
                ),
            )
        words = f"OpenAI's status page reports {_STATES[indicator]}"
        if description:
            words += f" (“{description}”)"
        return replace(
            seen,
            facts={"status_page": indicator, "status_text": description},
            notes=(f"{words}; it covers all OpenAI products.",),
        )


def _status(value: Any) -> tuple[str, str]:
    """Indicator and description in a JSON value; both may be empty."""
    status = value.get("status") if isinstance(value, dict) else None
    if not isinstance(status, dict):
        return "", ""
    return str(status.get("indicator", "")), str(status.get("description", ""))[:_MAX_DESCRIPTION]
