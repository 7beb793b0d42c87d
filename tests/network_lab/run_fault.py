"""One fault met by the doctor and by the official SDK: what is found, how long it took, and what the servers received."""

import threading
import time
import traceback
from dataclasses import dataclass

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.knowledge.intercepting_issuers import INTERCEPTING_ISSUERS
from oai_tui.probes.network.network_environment import NetworkEnvironment, certifi_store
from oai_tui.reports import render
from oai_tui.services.build import Services, explain_text
from oai_tui.system.clock import SystemClock
from tests.domain.keys.fake_keys import PROJECT_KEY
from tests.network_lab.fault import Fault, Machine, applied_to
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the walk came to. `page`: the text report. `early`: what the servers received before the endpoint had proved itself, all of it where it never did."""

    diagnosis: Diagnosis
    seconds: float
    page: str
    received: tuple[bytes, ...]


async def run_fault(fault: Fault) -> Outcome:
    """Walk the fault."""
    with fault.stage() as scene, applied_to(scene):
        services = _services(scene)
        began = time.perf_counter()
        try:
            diagnosis = await run_scenario(
                services,
                *first_key(services),
                ScriptedAnswers(inference=False, gateway=scene.gateway),
                timeout_s=fault.limit_s,
            )
            seconds = time.perf_counter() - began
        finally:
            await services.aclose()
        received = tuple(chunk for server in scene.servers for chunk in server.received)
    return Outcome(
        diagnosis=diagnosis, seconds=seconds, page=render("text", diagnosis), received=received
    )


def _services(scene: Machine) -> Services:
    environment = {"OPENAI_API_KEY": PROJECT_KEY, "OPENAI_BASE_URL": scene.base_url, **scene.env}
    ground = NetworkEnvironment(
        env=lambda: environment,
        control="control.example",
        public_store=(lambda: scene.public_store) if scene.public_store else certifi_store,
        issuers=INTERCEPTING_ISSUERS,
        status_url=scene.status_url,
        name_servers="",
    )
    return Services(
        mode="real",
        env=environment,
        vault=KeyringVault(MemoryEntries()),
        clock=SystemClock(),
        sources=("environment",),
        ground=ground,
    )


def sdk_text(fault: Fault) -> str | None:
    """What the official SDK's program prints when it meets the fault: the traceback, "" when its call works, None when it is still waiting when the fault's time is over."""
    told: list[str] = []
    with fault.stage() as scene, applied_to(scene):
        asking = threading.Thread(
            target=lambda: told.append(_asked(scene, min(1.5, fault.limit_s))), daemon=True
        )
        asking.start()
        asking.join(fault.limit_s)
        return told[0] if told else None  # before the scene ends, which would end the waiting


def _asked(scene: Machine, timeout_s: float) -> str:
    import openai

    try:
        with openai.OpenAI(
            api_key=PROJECT_KEY, base_url=scene.base_url, timeout=timeout_s, max_retries=0
        ) as client:
            client.models.list().model_dump()
    except Exception:  # noqa: BLE001  whatever a program of the person's own would print
        return traceback.format_exc()
    return ""


def explain_fault_text(text: str) -> str | None:
    """The cause that `explain` finds in a text; None for no text."""
    found = explain_text(text, now=time.time())
    return found[-1].verdict.cause if found else None
