"""Helpers that send requests to a simulator in process, at a fixed time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from oai_tui.simulator.scenario import ClientSetup
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.simulator import Simulator
from oai_tui.simulator.transport import SimulatorTransport

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PING = {"model": "gpt-6-luna", "input": "ping", "max_output_tokens": 16, "store": False}


def simulator(scenario: str = "all-good") -> Simulator:
    return Simulator(SCENARIOS[scenario], now=lambda: NOON)


@asynccontextmanager
async def http_client(
    simulator: Simulator, base_url: str = "https://api.openai.com/v1"
) -> AsyncIterator[httpx.AsyncClient]:
    transport = SimulatorTransport(simulator)
    async with httpx.AsyncClient(transport=transport, base_url=base_url) as http:
        yield http


def sdk_headers(setup: ClientSetup) -> dict[str, str]:
    """Return the headers that an SDK sends for this client."""
    names = {
        "authorization": "OPENAI_API_KEY",
        "openai-organization": "OPENAI_ORG_ID",
        "openai-project": "OPENAI_PROJECT_ID",
    }
    values = {
        header: setup.environment[name]
        for header, name in names.items()
        if name in setup.environment
    }
    if "authorization" in values:
        values["authorization"] = f"Bearer {values['authorization']}"
    return values


async def ask(
    scenario: str,
    method: str = "GET",
    path: str = "models",
    *,
    with_key: bool = True,
    **request: Any,
) -> httpx.Response:
    """Send one request as the scenario's client does."""
    simulated = simulator(scenario)
    setup = simulated.scenario.client
    async with http_client(simulated, setup.base_url) as http:
        return await http.request(
            method, path, headers=sdk_headers(setup) if with_key else {}, **request
        )
