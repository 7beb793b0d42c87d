"""Runs one fault: a walk through it, and a program that uses the official SDK."""

import asyncio
import threading
import time
import traceback
from dataclasses import dataclass

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.knowledge.intercepting_issuers import INTERCEPTING_ISSUERS
from oai_tui.probes.network.network_environment import NetworkEnvironment, certifi_store
from oai_tui.reports import render
from oai_tui.services.explain_text import explain_text
from oai_tui.services.services import Services
from tests.domain.keys.fake_keys import PROJECT_KEY
from tests.network_lab.fault import Fault, Machine, applied
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario
from tests.services.make_services import make_services

HANG_S = 120
"""Seconds after which a walk that ought to have ended fails."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of a walk. `page`: the text report. `received`: requests to all servers."""

    diagnosis: Diagnosis
    page: str
    received: tuple[bytes, ...]


async def run_fault(fault: Fault) -> Outcome:
    """Walk through the fault. TimeoutError if the walk never ends."""
    with fault.stage() as machine, applied(machine):
        services = _services(machine)
        try:
            async with asyncio.timeout(HANG_S):
                diagnosis = await run_scenario(
                    services,
                    *first_key(services),
                    ScriptedAnswers(inference=False, gateway=machine.gateway),
                    timeout_s=fault.limit_s,
                )
        finally:
            await services.aclose()
        received = tuple(chunk for server in machine.servers for chunk in server.received)
    return Outcome(diagnosis=diagnosis, page=render("text", diagnosis), received=received)


def _services(machine: Machine) -> Services:
    env = {"OPENAI_API_KEY": PROJECT_KEY, "OPENAI_BASE_URL": machine.base_url, **machine.env}
    network = NetworkEnvironment(
        env=lambda: env,
        control="control.example",
        has_route=lambda: True,
        public_store=(lambda: machine.public_store) if machine.public_store else certifi_store,
        issuers=INTERCEPTING_ISSUERS,
        status_url=machine.status_url,
        name_servers="",
    )
    return make_services(env, network=network)


def sdk_text(fault: Fault) -> str | None:
    """What a program prints that uses the official SDK and meets the fault.

    It is the traceback, "" if the request works, or None if the program still waits when the
    time for the fault is over.
    """
    printed: list[str] = []
    with fault.stage() as machine, applied(machine):
        program = threading.Thread(
            target=lambda: printed.append(_run_program(machine, fault.sdk_timeout_s)), daemon=True
        )
        program.start()
        program.join(fault.limit_s)
        return printed[0] if printed else None  # before the servers end, which ends the waiting


def _run_program(machine: Machine, timeout_s: float) -> str:
    import openai

    try:
        with openai.OpenAI(
            api_key=PROJECT_KEY, base_url=machine.base_url, timeout=timeout_s, max_retries=0
        ) as client:
            client.models.list().model_dump()
    except Exception:  # noqa: BLE001  whatever the user's own program would print
        return traceback.format_exc()
    return ""


def explain_fault_text(text: str) -> str | None:
    """Return the cause that `explain` finds in a text; None for an empty text."""
    results = explain_text(text, now=time.time())
    return results[-1].verdict.cause if results else None
