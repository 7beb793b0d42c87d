"""Rate limits as token buckets: a burst empties them, and time fills them again."""

from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.answer_parsing import seconds_of
from oai_tui.simulator.fixtures import HEALTHY_WORLD, SEVERAL_ORGANIZATIONS, USER_KEY
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.simulator import Simulator
from oai_tui.simulator.token_bucket import Bucket
from oai_tui.simulator.world import Limits, World
from tests.simulator.ask_simulator import NOON, PING, http_client, sdk_headers

REQUEST_TOKENS = 25
"""Tokens for which PING counts."""


class Clock:
    """A wall clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def move(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def limited(clock: Clock, *, world: World = HEALTHY_WORLD, **limits: int) -> Simulator:
    simulated = Simulator(SCENARIOS["all-good"], now=clock)
    simulated.world = replace(world, limits=Limits(**limits))
    return simulated


async def send(
    simulated: Simulator, *, model: str = "gpt-6-luna", **headers: str
) -> httpx.Response:
    sent = sdk_headers(simulated.scenario.client)
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    async with http_client(simulated) as http:
        return await http.post("responses", headers=sent, json=PING | {"model": model})


async def statuses(simulated: Simulator, count: int) -> list[int]:
    return [(await send(simulated)).status_code for _ in range(count)]


async def test_a_burst_empties_the_bucket_and_the_same_key_works_after_the_wait() -> None:
    clock = Clock()
    simulated = limited(clock, requests=3)
    assert await statuses(simulated, 4) == [200, 200, 200, 429]
    refused = await send(simulated)
    wait_s = int(refused.headers["retry-after"])
    error = refused.json()["error"]
    assert (wait_s, error["code"], error["type"]) == (20, "rate_limit_exceeded", "requests")
    assert "Limit 3, Used 3, Requested 1. Please try again in 20s." in error["message"]
    clock.move(wait_s)
    assert await statuses(simulated, 2) == [200, 429]


async def test_the_wait_shrinks_as_time_passes_and_refused_requests_do_not_lengthen_it() -> None:
    clock = Clock()
    simulated = limited(clock, requests=3, requests_used=3)
    waits = []
    for _ in range(3):
        waits.append((await send(simulated)).headers["retry-after"])
        clock.move(8)
    assert waits == ["20", "12", "4"]


async def test_headers_follow_the_bucket() -> None:
    clock = Clock()
    simulated = limited(clock, requests=60, tokens=6000)
    names = [f"x-ratelimit-{part}-{of}" for of in ("requests", "tokens") for part in PARTS]

    async def headers() -> list[str]:
        answer = await send(simulated)
        return [answer.headers[name] for name in names]

    assert await headers() == ["60", "59", "1s", "6000", "5975", "250ms"]
    assert await headers() == ["60", "58", "2s", "6000", "5950", "500ms"]
    clock.move(1.5)
    assert await headers() == ["60", "58", "1.5s", "6000", "5975", "250ms"]


PARTS = ("limit", "remaining", "reset")


async def test_tokens_run_out_before_requests() -> None:
    clock = Clock()
    simulated = limited(clock, tokens=3 * REQUEST_TOKENS)
    assert await statuses(simulated, 3) == [200] * 3
    refused = await send(simulated)
    assert (refused.status_code, refused.json()["error"]["type"]) == (429, "tokens")
    assert refused.headers["retry-after"] == "20"
    assert refused.headers["x-ratelimit-remaining-requests"] == "497"
    clock.move(20)
    assert await statuses(simulated, 1) == [200]


async def test_each_model_has_limits_of_its_own() -> None:
    simulated = limited(Clock(), requests=1)
    assert await statuses(simulated, 2) == [200, 429]
    assert (await send(simulated, model="gpt-4o-mini")).status_code == 200


async def test_each_organization_has_limits_of_its_own() -> None:
    world = replace(
        SEVERAL_ORGANIZATIONS,
        organizations=tuple(
            replace(one, credit=5.0) for one in SEVERAL_ORGANIZATIONS.organizations
        ),
    )
    simulated = limited(Clock(), world=world, requests=1)
    key = f"Bearer {USER_KEY}"
    found = [
        (await send(simulated, authorization=key, openai_organization=one.id)).status_code
        for one in world.organizations
        for _ in range(2)
    ]
    assert found == [200, 429] * 3


async def test_what_costs_nothing_counts_for_no_limit() -> None:
    simulated = limited(Clock(), requests=1)
    sent = sdk_headers(simulated.scenario.client)
    async with http_client(simulated) as http:
        for _ in range(5):
            assert (await http.get("models", headers=sent)).status_code == 200
            assert (await http.post("responses", headers=sent, json={})).status_code == 400
    assert await statuses(simulated, 1) == [200]


async def test_another_limit_starts_with_a_full_bucket() -> None:
    simulated = limited(Clock(), requests=1)
    assert await statuses(simulated, 2) == [200, 429]
    simulated.world = replace(simulated.world, limits=Limits(requests=2))
    assert await statuses(simulated, 3) == [200, 200, 429]


@pytest.mark.parametrize("scenario", ["rate-limit-requests", "rate-limit-tokens"])
async def test_a_scenario_is_over_after_the_wait_that_it_names(scenario: str) -> None:
    clock = Clock()
    simulated = Simulator(SCENARIOS[scenario], now=clock)
    refused = await send(simulated)
    assert refused.status_code == 429
    clock.move(float(refused.headers["retry-after"]))
    assert (await send(simulated)).status_code == 200


async def test_two_simulators_of_a_scenario_share_no_bucket() -> None:
    assert await statuses(limited(Clock(), requests=1), 1) == [200]
    assert await statuses(limited(Clock(), requests=1), 1) == [200]


def bucket(capacity: int, level: float) -> Bucket:
    return Bucket(capacity=capacity, level=min(level, float(capacity)), at=0.0)


capacities = st.integers(1, 10_000_000)
levels = st.floats(0, 10_000_000)


@given(capacities, levels, st.integers(1, 10_000))
def test_units_are_there_after_the_wait(capacity: int, level: float, units: int) -> None:
    one = bucket(capacity, level)
    if units <= capacity and not one.has(units):
        assert one.refilled(one.wait_s(units)).has(units)


@given(capacities, levels)
def test_bucket_is_full_after_its_reset(capacity: int, level: float) -> None:
    one = bucket(capacity, level)
    reset_s = seconds_of(one.reset)
    assert reset_s is not None
    assert one.refilled(reset_s).left == capacity


@given(capacities, st.lists(st.tuples(st.floats(-60, 600), st.integers(0, 1000)), max_size=20))
def test_level_stays_between_empty_and_full(capacity: int, steps: list[tuple[float, int]]) -> None:
    one = bucket(capacity, capacity)
    now = 0.0
    for passed, units in steps:
        now += passed
        one = one.refilled(now).taking(units)
        assert 0 <= one.level <= capacity
        assert one.used + one.left == capacity


def test_clock_that_is_set_back_takes_nothing_away() -> None:
    assert bucket(60, 10).refilled(-100).level == 10
