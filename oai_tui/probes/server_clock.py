"""The time out there: a host's Date header, for telling a wrong clock from a bad certificate."""

from dataclasses import dataclass, replace

from oai_tui.domain.durations import format_span
from oai_tui.domain.observation import Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient

_RIGHT_S = 300
"""Seconds by which a clock may be off: certificates are made with more to spare, and tokens allow about as much."""


@dataclass(frozen=True, slots=True)
class ClockProbe:
    """Asks the same host for its Date over plain HTTP, without the key: the one question that a wrong clock cannot spoil. Any answer will do, a redirect to https as well."""

    http: HttpClient

    async def __call__(self, call: Call) -> Observation:
        url = call.target.base_url
        plain = replace(
            call.target, base_url="http" + url[5:] if url.lower().startswith("https://") else url
        )
        seen = (
            await self.http.ask(
                replace(call, target=plain),
                ApiRequest(probe="clock", path="/models", keep_body=False),
            )
        ).observation
        skew = seen.facts.get("clock_skew_s")
        if not isinstance(skew, (int, float)):
            return seen
        if abs(skew) <= _RIGHT_S:
            return seen.with_facts(clock_state="right")
        state = "ahead" if skew > 0 else "behind"
        return seen.with_facts(clock_state=state, clock_off=f"{format_span(abs(skew))} {state}")
