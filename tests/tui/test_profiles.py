"""Saved profiles in the wizard: their state, giving one a new key, ready calls."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from oai_tui.domain.profile import LastGoodRun, Profile, ProfileNotes
from oai_tui.domain.target import Target
from oai_tui.tui.app import OaiTui
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import KEY, NOW, ORGANIZATION, OTHER_KEY, FakeVault, credential, profile
from tests.tui.pilot_steps import paste, press, settle
from tests.tui.screen_text import screen_words
from tests.tui.scripted_walk import ScriptedApi


def app_for(*profiles: Profile, fixed: bool = True) -> tuple[OaiTui, FakeServices]:
    """Return the wizard of a demo with these profiles; `fixed`: nothing is wrong in it."""
    services = FakeServices(credential(), mode="demo", vault=FakeVault(*profiles))
    if fixed:
        services.demo_fix_outside()
    return wizard(services), services


def old(**more: Any) -> Profile:
    """Return a profile whose key is 97 days old; `more` are further fields."""
    return replace(profile("work", 3), key_since=NOW - timedelta(days=97), **more)


@pytest.mark.parametrize(
    ("saved", "note"),
    [
        (old(), "! 97 days old: rotate it · verified 3 days ago"),
        (
            old(notes=ProfileNotes(refused_at=NOW, refused_for="quota-exhausted")),
            "! refused: quota-exhausted · verified 3 days",
        ),
        (profile("work", 3), "verified 3 days ago"),
    ],
    ids=["old", "refused", "sound"],
)
async def test_first_screen_says_the_state_of_a_profile(saved: Profile, note: str) -> None:
    app, _ = app_for(saved)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert note in screen_words(app)
        assert ("!" in note) == ("! " in screen_words(app))


async def test_profile_shows_its_state_age_and_note() -> None:
    app, _ = app_for(old(notes=ProfileNotes(note="the data team's")))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p")
        text = screen_words(app)
        for part in (
            "State works, 97 days old: rotate it",
            "Age 97 days here",
            "Note the data team's",
            "oai-tui exec work -- COMMAND",
        ):
            assert part in text


async def test_new_key_that_works_takes_the_old_ones_place() -> None:
    app, services = app_for(old())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "o")
        await paste(pilot, OTHER_KEY)
        await press(pilot, "enter", "enter")
        assert "▶ Swap the key" in screen_words(app)
        await press(pilot, "enter")
        assert "Swap the key of work?" in screen_words(app)
        await press(pilot, "tab", "enter")
        text = screen_words(app)
        for part in (
            "✓ Saved as work",
            "The old key sk-proj-…bbbb (fingerprint ",
            "still works at OpenAI",
            "https://platform.openai.com/settings/organization/api-keys",
        ):
            assert part in text
        assert list(services.vault.saved) == ["work"]


async def test_old_key_is_kept_unless_a_person_says_otherwise() -> None:
    app, services = app_for(old())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "o")
        await paste(pilot, OTHER_KEY)
        await press(pilot, "enter", "enter", "enter", "enter")
        assert services.vault.saved == {"work": old()}


async def test_new_key_that_does_not_work_changes_nothing() -> None:
    services = FakeServices(
        credential(), mode="real", vault=FakeVault(old()), api=ScriptedApi(accepts_key=False)
    )
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "o")
        await paste(pilot, OTHER_KEY)
        await press(pilot, "enter")
        assert "OpenAI rejected this key" in screen_words(app)
        assert services.vault.saved == {"work": old()}


async def test_the_same_key_is_no_new_one() -> None:
    app, services = app_for(old())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "o")
        await paste(pilot, KEY)
        await press(pilot, "enter")
        assert "the key that the profile holds already" in screen_words(app)
        assert services.walks == []


async def test_key_of_another_organization_is_reported_before_the_swap() -> None:
    app, _ = app_for(old(last_good_run=LastGoodRun(organization="example-works")))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "o")
        await paste(pilot, OTHER_KEY)
        await press(pilot, "enter", "enter")
        assert (
            "Its calls count for the organization acme, the old key's for example-works."
            in screen_words(app)
        )


async def test_profile_whose_organization_became_another_says_so_at_the_green_light() -> None:
    app, _ = app_for(old(last_good_run=LastGoodRun(organization="example-works")))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter", "enter")
        assert (
            "Its calls count for the organization acme, when it was verified for example-works."
            in screen_words(app)
        )


async def test_refused_profile_says_what_has_changed_since_it_worked() -> None:
    saved = replace(profile("work", 3), target=Target(organization=ORGANIZATION))
    app, _ = app_for(saved, fixed=False)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter")
        assert (
            "! Worked 3 days ago with gpt-5.4-nano; the key is the same; nothing"
            in screen_words(app)
        )


async def test_ready_calls_are_shown_and_copied_without_the_key() -> None:
    app, _ = app_for(replace(profile("work"), target=Target(organization=ORGANIZATION)))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "c")
        assert "curl https://api.openai.com/v1/models" in screen_words(app)
        await press(pilot, "enter")
        assert "copied" in screen_words(app)
        assert f"OpenAI-Organization: {ORGANIZATION}" in app.clipboard
        await press(pilot, "tab", "tab", "enter")
        assert "from openai import OpenAI" in screen_words(app)
        await press(pilot, "c")
        assert app.clipboard.startswith(
            "# OPENAI_API_KEY comes from the keyring: oai-tui exec work -- python"
        )
        assert KEY[8:20] not in app.clipboard
        await press(pilot, "escape")
        assert "State works" in screen_words(app)


async def test_ready_calls_are_there_after_saving() -> None:
    app, _ = app_for()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", *"staging", "enter", "c")
        assert "curl for staging" in screen_words(app)
