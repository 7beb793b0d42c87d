"""Scenarios of the family "rate-limits": too many requests or tokens, or a limit of zero."""

from dataclasses import replace

from oai_tui.domain.family import Family
from oai_tui.simulator.fixtures import HEALTHY_WORLD, client_setup
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.world import Limits, World

_FAMILY: Family = "rate-limits"
_WAITED = "The demo waited until the limit was reset, as you would do."


def _limited(
    identifier: str,
    shows: str,
    title: str,
    story: str,
    fixed_by: str,
    world: World,
    *,
    waits: bool = False,
) -> Scenario:
    """Return a scenario. waits: its limit refills by itself, and nobody has to change anything."""
    return Scenario(
        id=identifier,
        cause=identifier,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=world,
        client=client_setup(model="gpt-6-luna"),
        fixed_world=None if waits else HEALTHY_WORLD,
        fixed_by_waiting=waits,
        needs_billed_request=True,
    )


SCENARIOS: tuple[Scenario, ...] = (
    _limited(
        "rate-limit-requests",
        "429 rate_limit_exceeded",
        "Request rate limit reached",
        "The limit is three requests per minute, and a loop has used them.",
        _WAITED,
        replace(HEALTHY_WORLD, limits=Limits(requests=3, requests_used=3)),
        waits=True,
    ),
    _limited(
        "rate-limit-tokens",
        "429 rate_limit_exceeded",
        "Token rate limit reached",
        "Another program of the team is using all tokens of this minute.",
        _WAITED,
        replace(HEALTHY_WORLD, limits=Limits(tokens=30_000, tokens_used=29_995)),
        waits=True,
    ),
    _limited(
        "request-too-large",
        "429 rate_limit_exceeded",
        "A single request exceeds the token limit",
        "A token limit was set so low that not even the smallest request fits.",
        "The limit was raised, as a project owner can do in the project's limits.",
        replace(HEALTHY_WORLD, limits=Limits(tokens=10)),
    ),
    _limited(
        "limit-zero",
        "429 rate_limit_exceeded",
        "The limit for this model is 0",
        "The project's limit for this model is 0, so the model can't be used at all.",
        "The limit was raised, as a project owner can do in the project's limits.",
        replace(HEALTHY_WORLD, limits=Limits(requests=0, tokens=0)),
    ),
    _limited(
        "slow-down",
        "429 slow_down",
        "Traffic ramped up too fast",
        "A batch job started with a thousand calls at once.",
        "The demo waited while the job slowed down, as you would do.",
        replace(HEALTHY_WORLD, traffic_rises_too_fast=True),
    ),
)
