"""The scenarios over real sockets: a loopback port with real refusals, resets and certificates."""

import os
from collections.abc import Iterator
from typing import get_args, get_type_hints

import pytest

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.target import Change
from oai_tui.services.fixes import RESTART_STEP
from oai_tui.simulator.scenario import ClientSetup, Scenario
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
"""Scenarios whose server never answers: their walk waits for the limit."""
SHORT_LIMIT_S = 2.0


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


IN_PROCESS_ONLY = {
    "clock-skew",
    "machine-offline",
    "connection-blocked",
    "plain-http-refused",
    "other-server-answered",
}
"""One port cannot speak TLS and plain HTTP, as asking for the time needs; this machine has a route,
a port of its own is
neither OpenAI's host nor another machine's, and a gateway on this machine gets the key without a
question."""
PROXIED = {"proxy-misconfigured", "proxy-interference", "auth-header-replaced-by-proxy"}
"""Scenarios that are fixed by leaving the proxy out, which here would call the real host."""


def _can_be_fixed(scenario: Scenario) -> bool:
    """Return True if the fix works over this port: a fixed fault would need a new server."""
    return scenario.cause is not None and scenario.fault is None and scenario.id not in PROXIED


async def _diagnose(setup: ClientSetup, scenario: Scenario, keyring: str) -> Diagnosis:
    services = at_port(setup, keyring=keyring)
    diagnosis = await run_scenario(
        services,
        *first_key(services),
        ScriptedAnswers(inference=scenario.client.inference),
        timeout_s=SHORT_LIMIT_S if scenario.id in SILENT else 20,
    )
    await services.aclose()
    return diagnosis


@pytest.mark.parametrize("scenario_id", [name for name in SCENARIOS if name not in IN_PROCESS_ONLY])
async def test_a_scenario_walks_to_its_cause_and_the_fix_turns_it_green_over_a_port(
    scenario_id: str,
) -> None:
    scenario = SCENARIOS[scenario_id]
    with running(scenario_id) as simulation:
        diagnosis = await _diagnose(simulation.client, scenario, scenario.keyring)
        assert diagnosis.verdict.cause == scenario.cause, [
            (record.step, record.branch, record.matched_cause, record.observation.detail)
            for record in diagnosis.trail
        ]
        if _can_be_fixed(scenario):
            fixed = await _diagnose(fixed_at_port(simulation), scenario, "works")
            assert fixed.verdict.outcome == "working", fixed.verdict


async def test_a_whole_walk_uses_one_connection() -> None:
    """Only the first request connects; the others reuse what it opened."""
    with running("all-good") as simulation:
        services = at_port(simulation.client)
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
    """Both hosts of the scenario are names of this machine, therefore the experiment runs."""
    with running("regional-host-wrong") as simulation:
        services = at_port(simulation.client)
        diagnosis = await run_scenario(services, *first_key(services), ScriptedAnswers())
        await services.aclose()
    assert [(record.step, record.branch) for record in diagnosis.trail][-1] == (
        "key-on-named-host",
        "works",
    )
    assert diagnosis.verdict.confidence == "certain"


def test_every_change_has_a_step_to_start_again_from() -> None:
    assert set(RESTART_STEP) == set(get_args(get_type_hints(Change)["kind"]))
