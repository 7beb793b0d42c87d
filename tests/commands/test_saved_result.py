"""What `profiles verify` saves of a check, and what it says when the profile has changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oai_tui.commands.profiles.verify_profiles import save_result
from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.cause import Family
from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.domain.target import Target
from oai_tui.headless.batch_check import BatchItem
from oai_tui.headless.select_key import selection_for_profile
from oai_tui.reports.batch import Result
from oai_tui.services.services import Services
from tests.credentials.profile_factory import NOW, key, proof, verified
from tests.services.make_services import make_services

LATER = NOW + timedelta(hours=1)
HEALTHY = replace(proof(key("a")), started_at=LATER)


def refused(family: Family = "key") -> Diagnosis:
    verdict = Verdict(outcome="problem", cause="key-invalid", family=family)
    return replace(HEALTHY, verdict=verdict)


@pytest.fixture
def vault() -> KeyringVault:
    return KeyringVault(MemoryEntries())


async def checked(vault: KeyringVault) -> tuple[Services, BatchItem]:
    """Services with the profile "work", and its selection before a check."""
    await vault.save(verified("work", key("a")))
    services = make_services({}, vault=vault)
    selection = await selection_for_profile(services, "work")
    return services, BatchItem(name="work", selection=selection)


async def test_a_healthy_check_gives_a_new_date(vault: KeyringVault) -> None:
    services, item = await checked(vault)
    await save_result(services, item, Result(name="work", diagnosis=HEALTHY))
    assert (await vault.load("work"))[0].verified_at == LATER


async def test_a_refusal_keeps_the_date_and_the_note(vault: KeyringVault) -> None:
    services, item = await checked(vault)
    profile, _ = await vault.load("work")
    await vault.set_notes("work", replace(profile.notes, note="written during the check"))
    await save_result(services, item, Result(name="work", diagnosis=refused()))
    found, _ = await vault.load("work")
    assert (found.verified_at, found.notes.refused_at, found.notes.refused_for) == (
        NOW,
        LATER,
        "key-invalid",
    )
    assert found.notes.note == "written during the check"


async def test_a_network_fault_saves_nothing(vault: KeyringVault) -> None:
    services, item = await checked(vault)
    before = await vault.load("work")
    await save_result(services, item, Result(name="work", diagnosis=refused("network")))
    assert await vault.load("work") == before


@pytest.mark.parametrize("diagnosis", [HEALTHY, refused()], ids=["works", "refused"])
async def test_a_profile_that_got_another_key_is_left_alone_with_a_note(
    diagnosis: Diagnosis, vault: KeyringVault, capsys: pytest.CaptureFixture[str]
) -> None:
    services, item = await checked(vault)
    await vault.save(verified("work", key("b"), Target(organization="org-new")))
    before = await vault.load("work")
    await save_result(services, item, Result(name="work", diagnosis=diagnosis))
    assert await vault.load("work") == before
    assert "given another key during its check" in capsys.readouterr().err
