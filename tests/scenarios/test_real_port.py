"""The spine over real sockets: the same scenarios on a loopback port under uvicorn, with real refusals, silences, resets and certificates."""

import os
from collections.abc import Iterator

import pytest

from oai_tui.domain.target import Change
from oai_tui.services.build import RESTART_STEP
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.server import running
from tests.scenarios.run_scenario import (
    ScriptedAnswers,
    at_port,
    first_key,
    fixed_at_port,
    run_scenario,
)

NETWORK = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
SILENT = {"connection-timeout", "response-timeout"}
"""Scenarios whose server says nothing: a short limit stands for the long one."""


@pytest.fixture(autouse=True)
def _clean_environment() -> Iterator[None]:
    """The machine's own proxies and certificate stores must not take part."""
    before = {
        name: os.environ.pop(name)
        for case in (str.upper, str.lower)
        for name in map(case, NETWORK)
        if name in os.environ
    }
    yield
    for name in NETWORK:
        os.environ.pop(name, None)
    os.environ.update(before)


IN_PROCESS_ONLY = {"clock-skew"}
"""One port cannot speak TLS and plain HTTP, as asking for the time needs."""
PROXIED = {"proxy-misconfigured", "proxy-interference", "auth-header-replaced-by-proxy"}
"""Scenarios whose cure is to leave the proxy out: over a port that would call the real host, or changes nothing."""


@pytest.mark.parametrize("scenario_id", [name for name in SCENARIOS if name not in IN_PROCESS_ONLY])
async def test_a_scenario_walks_to_its_cause_over_a_port(scenario_id: str) -> None:
    scenario = SCENARIOS[scenario_id]
    with running(scenario_id) as found:
        services = at_port(found.client, keyring=scenario.keyring)
        diagnosis = await run_scenario(
            services,
            *first_key(services),
            ScriptedAnswers(inference=scenario.client.inference),
            timeout_s=0.7 if scenario_id in SILENT else 20,
        )
        await services.aclose()
    assert diagnosis.verdict.cause == scenario.cause, [
        (r.step, r.branch, r.matched_cause, r.observation.detail) for r in diagnosis.trail
    ]


@pytest.mark.parametrize(
    "scenario_id",
    [
        one.id
        for one in SCENARIOS.values()
        if one.cause and one.fault is None and one.id not in IN_PROCESS_ONLY | PROXIED
    ],
)
async def test_mending_turns_it_green_over_a_port(scenario_id: str) -> None:
    """A mended fault needs a new server, and a proxy left out leads to the real host: those two kinds are mended in process only."""
    scenario = SCENARIOS[scenario_id]
    with running(scenario_id) as found:
        services = at_port(found.client, keyring=scenario.keyring)
        await run_scenario(
            services,
            *first_key(services),
            ScriptedAnswers(inference=scenario.client.inference),
            timeout_s=20,
        )
        await services.aclose()
        again = at_port(fixed_at_port(found))
        mended = await run_scenario(
            again,
            *first_key(again),
            ScriptedAnswers(inference=scenario.client.inference),
            timeout_s=20,
        )
        await again.aclose()
    assert mended.verdict.outcome == "working", mended.verdict


async def test_a_whole_walk_uses_one_connection() -> None:
    """Only the first request connects; the others reuse what it opened."""
    with running("all-good") as found:
        services = at_port(found.client)
        diagnosis = await run_scenario(services, *first_key(services), ScriptedAnswers())
        await services.aclose()
    connects = [
        record.observation.timings.connect_ms
        for record in diagnosis.trail
        if record.observation.request
    ]
    assert len(connects) == 4
    assert [took is not None for took in connects] == [True, False, False, False]


async def test_the_named_host_is_tried_over_a_port() -> None:
    """Both hosts of the scenario are names of this machine, so the experiment runs for real and settles the region."""
    with running("regional-host-wrong") as found:
        services = at_port(found.client)
        diagnosis = await run_scenario(services, *first_key(services), ScriptedAnswers())
        await services.aclose()
    assert [(r.step, r.branch) for r in diagnosis.trail][-1] == ("key-on-named-host", "works")
    assert diagnosis.verdict.confidence == "certain"


def test_every_change_has_a_step_to_start_again_from() -> None:
    from typing import get_args, get_type_hints

    assert set(RESTART_STEP) == set(get_args(get_type_hints(Change)["kind"]))
