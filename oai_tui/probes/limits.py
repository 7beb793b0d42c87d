"""Probe: the rate limits that earlier responses reported. Nothing is sent."""

from dataclasses import dataclass

from oai_tui.domain.observation import Observation
from oai_tui.domain.ports import Call

_FACTS = (
    "limits_known",
    "limits_contradict",
    "limit_requests",
    "remaining_requests",
    "limit_tokens",
    "remaining_tokens",
    "reset_requests_s",
    "reset_tokens_s",
)


@dataclass(frozen=True, slots=True)
class LimitsProbe:
    """Repeats the facts about rate limits, so that the step that reports them has them."""

    async def __call__(self, call: Call) -> Observation:
        facts = {name: call.facts[name] for name in _FACTS if name in call.facts}
        return Observation(probe="limits", facts=facts)
