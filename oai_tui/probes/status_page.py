"""What OpenAI says of its own state. Asked only after a fault that may be OpenAI's; whatever is not a clear answer means "not known", never "up".

The page's Statuspage face, /api/v2/status.json: `status.indicator` none, minor, major or critical, and `status.description`. It counts every product together, so it is no verdict on the API (read 2026-11).
"""

from dataclasses import dataclass, replace

from oai_tui.domain.observation import Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Target
from oai_tui.probes.http_client import ApiRequest, HttpClient
from oai_tui.probes.network.network_environment import NetworkEnvironment

_LIMIT_S = 4.0
_STATES = {
    "none": "no incident",
    "minor": "a minor incident",
    "major": "a major incident",
    "critical": "a critical incident",
}


@dataclass(frozen=True, slots=True)
class StatusProbe:
    """Asks the status page, without the key."""

    http: HttpClient
    ground: NetworkEnvironment

    async def __call__(self, call: Call) -> Observation:
        page = replace(
            call,
            target=Target(base_url=self.ground.status_url.rstrip("/"), direct=call.target.direct),
            credential=None,
            limit_s=min(_LIMIT_S, call.limit_s),
        )
        reply = await self.http.ask(page, ApiRequest(probe="status", path="/api/v2/status.json"))
        seen, value = reply.observation, reply.value
        told = value.get("status") if isinstance(value, dict) else None
        indicator = (
            str(told.get("indicator", "")) if isinstance(told, dict) and seen.status == 200 else ""
        )
        if indicator not in _STATES or not isinstance(told, dict):
            return replace(
                seen,
                facts={"status_page": "not known"},
                notes=(
                    "OpenAI's status page gave no clear answer, so the state of the service is not known.",
                ),
            )
        says = str(told.get("description", ""))[:120]
        words = f"OpenAI's status page tells of {_STATES[indicator]}" + (
            f" (“{says}”)" if says else ""
        )
        return replace(
            seen,
            facts={"status_page": indicator, "status_text": says},
            notes=(f"{words}; it counts every product of OpenAI together.",),
        )
