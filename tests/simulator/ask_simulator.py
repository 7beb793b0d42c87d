"""How the simulator's tests put questions to it in process, at a fixed time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

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
    async with httpx.AsyncClient(
        transport=SimulatorTransport(simulator), base_url=base_url
    ) as made:
        yield made


def headers(setup: ClientSetup) -> dict[str, str]:
    """The headers that an SDK would send for this patient."""
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
    return values | (
        {"authorization": f"Bearer {values['authorization']}"} if "authorization" in values else {}
    )


async def ask(
    scenario: str,
    method: str = "GET",
    path: str = "models",
    *,
    with_key: bool = True,
    **request: object,
) -> httpx.Response:
    """One request as the scenario's patient makes it."""
    made = simulator(scenario)
    setup = made.scenario.client
    async with http_client(made, setup.base_url) as http:
        return await http.request(
            method, path, headers=headers(setup) if with_key else {}, **request
        )  # type: ignore[arg-type]
