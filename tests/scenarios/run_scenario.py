"""Walk a scenario as its user would, apply the first fix, and walk again."""

import os
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.decision_tree import Question
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.events import Ended
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.domain.target import Target
from oai_tui.services.build import demo_services
from oai_tui.services.services import Services, WalkPlan
from oai_tui.simulator.scenario import ClientSetup
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.server import Running
from oai_tui.simulator.simulator import RecordedRequest
from tests.services.make_services import make_services


@dataclass(frozen=True)
class ScriptedAnswers:
    """The user's answers to the tree's questions; a profile is saved as "work"."""

    inference: bool = True
    gateway: bool = False
    plain_http: bool = False

    async def __call__(self, question: Question, facts: Mapping[str, Fact]) -> Answer:
        match question.id:
            case "inference":
                return Answer(option="yes" if self.inference else "no")
            case "save":
                return Answer(option="save", text="work")
            case "gateway":
                return Answer(option="yes" if self.gateway else "no")
            case "plain-http":
                return Answer(option="yes" if self.plain_http else "no")
        raise AssertionError(f"nobody expects the question {question.id}")


_GATEWAY_SCENARIOS = {
    "gateway-works",
    "gateway-key-refused",
    "gateway-refused",
    "gateway-upstream-down",
    "plain-http-refused",
    "connection-refused",
}


def answers_of(scenario_id: str) -> ScriptedAnswers:
    """The answers of the scenario's user; only scenarios with a gateway send the key to one."""
    return ScriptedAnswers(
        inference=SCENARIOS[scenario_id].client.inference,
        gateway=scenario_id in _GATEWAY_SCENARIOS,
    )


async def run_scenario(
    services: Services,
    target: Target,
    credential: Credential | None,
    answers: ScriptedAnswers,
    **options: Any,
) -> Diagnosis:
    """Return the diagnosis of one whole walk. `options` are those of a WalkPlan."""
    plan = WalkPlan(target=target, credential=credential, **options)
    async with aclosing(services.walk(plan, answers)) as events:
        async for event in events:
            if isinstance(event, Ended):
                return event.diagnosis
    raise AssertionError("the walk never ended")


@dataclass(frozen=True)
class Walk:
    """One finished walk of a scenario over the simulator."""

    services: Services
    target: Target
    credential: Credential | None
    diagnosis: Diagnosis
    received: tuple[RecordedRequest, ...]


_WALKS: dict[str, Walk] = {}


async def walk_of(scenario_id: str) -> Walk:
    """Return the walk of a scenario with its user's answers. Each scenario is walked once."""
    if scenario_id not in _WALKS:
        services = demo_services(scenario_id)
        target, credential = first_key(services)
        diagnosis = await run_scenario(services, target, credential, answers_of(scenario_id))
        _WALKS[scenario_id] = Walk(
            services=services,
            target=target,
            credential=credential,
            diagnosis=diagnosis,
            received=received_by(services),
        )
    return _WALKS[scenario_id]


def received_by(services: Services) -> tuple[RecordedRequest, ...]:
    """Return the requests that the simulator of these services received so far."""
    simulator = services.environment.simulator
    assert simulator is not None
    return tuple(simulator.received)


def first_key(services: Services) -> tuple[Target, Credential | None]:
    """Return target and key as the start screen would choose them."""
    discovered = services.discover()
    return discovered.target, next(iter(discovered.credentials), None)


async def apply_fix(
    services: Services, diagnosis: Diagnosis, target: Target, credential: Credential | None
) -> tuple[Target, Credential | None]:
    """Apply the first applicable fix, or fix the world if the client's side is not the problem."""
    applicable = next((fix.apply for fix in diagnosis.verdict.fixes if fix.apply), None)
    scenario = services.scenario
    if applicable is not None and (scenario is None or not scenario.is_fixed_outside):
        applied = services.apply_fix(applicable, target, credential, diagnosis.facts)
        return applied.target, applied.credential
    simulator = services.environment.simulator
    if simulator is not None and simulator.scenario.takes_effect_after:
        simulator.apply_fix()  # enough time passes
    services.demo_fix_outside()
    return first_key(services)


def at_port(setup: ClientSetup, *, keyring: str = "works") -> Services:
    """Return services over real sockets, with the client's environment and a keyring in memory."""
    os.environ.update(
        {
            name: value
            for name, value in setup.environment.items()
            if name in {"HTTPS_PROXY", "SSL_CERT_FILE"}
        }
    )
    vault = KeyringVault(MemoryEntries(state=keyring), deadline_s=0.3 if keyring == "slow" else 10)
    return make_services(setup.environment, vault=vault, model=setup.model, dotenv=setup.dotenv)


def fixed_at_port(simulation: Running) -> ClientSetup:
    """Return the client after the fix: the fixed client, or the same one in the fixed world."""
    simulation.simulator.apply_fix()
    return simulation.fixed_client or simulation.client
