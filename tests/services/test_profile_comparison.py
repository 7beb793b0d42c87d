"""A diagnosis is compared with the profile's last good run, in both front ends alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.events import Ended
from oai_tui.domain.profile import Profile
from oai_tui.services.build import demo_services
from oai_tui.services.profile_comparison import with_profile_comparison
from oai_tui.tui.session import CheckSession
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario

LATER = datetime(2026, 12, 1, tzinfo=UTC)
OTHER = "the organization changed"


@pytest.fixture
async def healthy() -> tuple[Profile, Diagnosis]:
    """A saved profile, and a later healthy diagnosis of its key."""
    services = demo_services("all-good")
    diagnosis = await run_scenario(services, *first_key(services), ScriptedAnswers())
    (profile,) = await services.saved_profiles()
    return replace(profile, verified_at=LATER - timedelta(hours=3)), diagnosis


def _moved(profile: Profile) -> Profile:
    return replace(profile, last_good_run=replace(profile.last_good_run, organization="org-before"))


async def test_a_key_of_no_profile_is_not_compared(healthy: tuple[Profile, Diagnosis]) -> None:
    _, diagnosis = healthy
    assert with_profile_comparison(None, diagnosis, now=LATER) == (diagnosis, None)


async def test_a_profile_that_never_worked_is_not_compared(
    healthy: tuple[Profile, Diagnosis],
) -> None:
    profile, diagnosis = healthy
    never = replace(profile, verified_at=None)
    assert with_profile_comparison(never, diagnosis, now=LATER) == (diagnosis, None)


async def test_no_warning_without_a_difference(healthy: tuple[Profile, Diagnosis]) -> None:
    profile, diagnosis = healthy
    compared, diff = with_profile_comparison(profile, diagnosis, now=LATER)
    assert compared == diagnosis
    assert diff is not None
    assert diff.differences == ()


async def test_a_difference_is_the_last_warning(healthy: tuple[Profile, Diagnosis]) -> None:
    profile, diagnosis = healthy
    compared, diff = with_profile_comparison(_moved(profile), diagnosis, now=LATER)
    assert diff is not None
    assert compared.verdict.warnings == (*diagnosis.verdict.warnings, diff.text)
    assert "Also worked 3 h ago" in diff.text
    assert OTHER in diff.text


@pytest.mark.parametrize("rotating", [False, True])
async def test_the_wizard_compares_unless_the_key_is_new(
    healthy: tuple[Profile, Diagnosis], rotating: bool
) -> None:
    profile, _ = healthy
    services = demo_services("all-good")
    target, credential = first_key(services)
    session = CheckSession(
        services=services,
        target=target,
        credential=credential,
        profile=_moved(profile),
        rotating=rotating,
    )
    (diagnosis,) = [
        event.diagnosis
        async for event in session.walk(ScriptedAnswers(), session.begin())
        if isinstance(event, Ended)
    ]
    assert any(OTHER in warning for warning in diagnosis.verdict.warnings) is not rotating
