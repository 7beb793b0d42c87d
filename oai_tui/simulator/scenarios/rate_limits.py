"""Scenarios of the family "rate-limits": too many requests or tokens, or a limit of zero."""

from dataclasses import replace

from oai_tui.domain.cause import Family
from oai_tui.simulator.fixtures import HEALTHY_WORLD, client_setup
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.world import Limits, World

_FAMILY: Family = "rate-limits"


def _limited(identifier: str, title: str, story: str, world: World) -> Scenario:
    return Scenario(
        id=identifier,
        cause=identifier,
        title=title,
        family=_FAMILY,
        story=story,
        world=world,
        client=client_setup(model="gpt-6-luna"),
        fixed_world=HEALTHY_WORLD,
    )


SCENARIOS: tuple[Scenario, ...] = (
    _limited(
        "rate-limit-requests",
        "Too many requests per minute",
        "Three calls a minute are allowed, and a loop has made them.",
        replace(HEALTHY_WORLD, limits=Limits(requests=3, requests_used=3)),
    ),
    _limited(
        "rate-limit-tokens",
        "Too many tokens per minute",
        "Another program of the team is using up the minute's tokens.",
        replace(HEALTHY_WORLD, limits=Limits(tokens=30_000, tokens_used=29_995)),
    ),
    _limited(
        "request-too-large",
        "One request larger than a minute's allowance",
        "An owner set a token limit so low that not even the smallest request fits.",
        replace(HEALTHY_WORLD, limits=Limits(tokens=10)),
    ),
    _limited(
        "limit-zero",
        "A limit of zero",
        "The limit for this model is zero: no access rather than too much speed.",
        replace(HEALTHY_WORLD, limits=Limits(requests=0, tokens=0)),
    ),
    _limited(
        "slow-down",
        "Traffic rises too fast",
        "A batch job started with a thousand calls at once.",
        replace(HEALTHY_WORLD, traffic_rises_too_fast=True),
    ),
)
