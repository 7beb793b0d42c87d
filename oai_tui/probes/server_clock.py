"""Probe: this machine's clock compared with the Date header of the API's host.

It distinguishes a wrong clock from a certificate that is not valid.
"""

from dataclasses import dataclass, replace

from oai_tui.domain.durations import format_span
from oai_tui.domain.observation import Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient

_MAX_SKEW_S = 300
"""Seconds by which a clock may be off: tokens allow about as much, and certificates more."""


@dataclass(frozen=True, slots=True)
class ClockProbe:
    """Asks the same host over plain HTTP, without the key: TLS could fail because of the clock.

    Every response has a Date header, a redirect to https too. Facts: clock_state (right, ahead or
    behind), clock_off.
    """

    http: HttpClient

    async def __call__(self, call: Call) -> Observation:
        url = call.target.base_url
        if url.lower().startswith("https://"):
            url = "http" + url[5:]
        reply = await self.http.ask(
            replace(call, target=replace(call.target, base_url=url)),
            ApiRequest(probe="clock", path="/models", keep_body=False),
        )
        seen = reply.observation
        skew = seen.facts.get("clock_skew_s")
        if not isinstance(skew, (int, float)):
            return seen
        if abs(skew) <= _MAX_SKEW_S:
            return seen.with_facts(clock_state="right")
        state = "ahead" if skew > 0 else "behind"
        return seen.with_facts(clock_state=state, clock_off=f"{format_span(abs(skew))} {state}")
