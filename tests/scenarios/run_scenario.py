"""Walk a scenario as a face would, with answers taken from the patient, and mend it as a person would."""

import os
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.decision_tree import Question
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.events import Ended
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.domain.target import Target
from oai_tui.services.build import Services, SystemClock
from oai_tui.simulator.scenario import ClientSetup
from oai_tui.simulator.server import Running


@dataclass(frozen=True)
class ScriptedAnswers:
    """The patient's answers: bills or not, takes a gateway where the scenario means one, saves as "work"."""

    inference: bool = True
    gateway: bool = False

    async def __call__(self, question: Question, facts: Mapping[str, Fact]) -> Answer:
        match question.id:
            case "inference":
                return Answer(option="yes" if self.inference else "no")
            case "save":
                return Answer(option="save", text="work")
            case "gateway":
                return Answer(option="yes" if self.gateway else "no")
        raise AssertionError(f"nobody expects the question {question.id}")


async def run_scenario(
    services: Services,
    target: Target,
    credential: Credential | None,
    says: ScriptedAnswers,
    **more: object,
) -> Diagnosis:
    """One whole walk."""
    async with aclosing(
        services.walk(target=target, credential=credential, ask=says, **more)
    ) as events:
        async for event in events:
            if isinstance(event, Ended):
                return event.diagnosis
    raise AssertionError("the walk never ended")


def first_key(services: Services) -> tuple[Target, Credential | None]:
    """Target and key as the start screen would choose them."""
    found = services.discover()
    return found.target, next(iter(found.credentials), None)


async def apply_fix(
    services: Services, diagnosis: Diagnosis, target: Target, credential: Credential | None
) -> tuple[Target, Credential | None]:
    """Apply the first fix that can be applied, unless the trouble is for somebody else to mend."""
    applicable = next((fix.apply for fix in diagnosis.verdict.fixes if fix.apply), None)
    if applicable is not None and (services.scenario is None or services.scenario.cure is None):
        done = services.apply_fix(applicable, target, credential, diagnosis.facts)
        return done.target, done.credential
    services.demo_fix_outside()
    return first_key(services)


def at_port(patient: ClientSetup, *, keyring: str = "works") -> Services:
    """Services over real sockets with the patient's environment and a keyring in memory."""
    os.environ.update(
        {
            name: value
            for name, value in patient.environment.items()
            if name in {"HTTPS_PROXY", "SSL_CERT_FILE"}
        }
    )
    vault = KeyringVault(MemoryEntries(state=keyring), deadline_s=0.3 if keyring == "slow" else 10)
    return Services(
        mode="real",
        env=patient.environment,
        vault=vault,
        clock=SystemClock(),
        sources=("environment",),
        model=patient.model,
        dotenv=patient.dotenv,
    )


def fixed_at_port(running: Running) -> ClientSetup:
    """The patient after the cure: another one, or the same in a mended world."""
    running.simulator.apply_fix()
    return running.cured_patient or running.patient
