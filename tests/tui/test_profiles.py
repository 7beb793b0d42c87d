"""Saved profiles in the wizard: their state, giving one a new key, editing one, code samples."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from oai_tui.domain.ports import Answer
from oai_tui.domain.profile import LastGoodRun, Profile, ProfileNotes
from oai_tui.domain.target import Target
from oai_tui.services.fixes import PermanentFix
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.saved import changes_after_saving
from oai_tui.tui.session import AppliedChange
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
            "! rejected: quota-exhausted · verified 3 days",
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
            "Age saved 97 days ago",
            "Note the data team's",
            "oai-tui exec work -- COMMAND",
        ):
            assert part in text


async def test_new_key_that_works_takes_the_old_ones_place() -> None:
    app, services = app_for(old())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "o")
        text = screen_words(app)
        assert "New key for the profile work" in text
        assert "The old key sk-proj-…bbbb is kept until the new one works." in text
        await paste(pilot, OTHER_KEY)
        await press(pilot, "enter", "enter")
        text = screen_words(app)
        assert "The profile work still has the old key sk-proj-…bbbb" in text
        assert "▶ Replace the key" in screen_words(app)
        await press(pilot, "enter")
        assert "Replace the key of work?" in screen_words(app)
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
        assert "The profile work has this key already." in screen_words(app)
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
        await press(pilot, "p", "m")
        assert "curl https://api.openai.com/v1/responses" in screen_words(app)
        await press(pilot, "enter")
        assert "copied" in screen_words(app)
        assert f"OpenAI-Organization: {ORGANIZATION}" in app.clipboard
        await press(pilot, "tab", "tab", "enter")
        assert "from openai import OpenAI" in screen_words(app)
        await press(pilot, "c")
        assert app.clipboard.startswith(
            "# Run with the profile's key: oai-tui exec work -- python call.py"
        )
        assert KEY[8:20] not in app.clipboard
        await press(pilot, "escape")
        assert "State works" in screen_words(app)


async def test_ready_calls_are_there_after_saving() -> None:
    app, _ = app_for()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "n", *"staging", "enter", "m")
        assert "curl · profile staging" in screen_words(app)


async def edit(pilot: Pilot[None], field: str, text: str) -> None:
    """Replace the text of a field of the form."""
    box = pilot.app.screen.query_one(f"#edit-{field}", Input)
    box.value = text
    await settle(pilot)


def two_profiles() -> tuple[OaiTui, FakeServices]:
    app, services = app_for(profile("office", 20), profile("work", 3, OTHER_KEY))
    services.profiles.default = "work"
    return app, services


async def test_a_profile_is_renamed_and_gets_a_note_and_an_expiry_date() -> None:
    app, services = two_profiles()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "down", "e")
        assert "Edit the profile work" in screen_words(app)
        for field, text in (
            ("name", "data"),
            ("note", f"ask Kim, not {KEY}"),
            ("expires", "2027-01-31"),
            ("rotate", "30"),
        ):
            await edit(pilot, field, text)
        await press(pilot, "enter")
        saved = services.vault.saved
        assert sorted(saved) == ["data", "office"]
        assert (saved["data"].notes.expires_on, saved["data"].notes.rotate_days) == (
            date(2027, 1, 31),
            30,
        )
        assert services.profiles.default == "data"
        assert KEY[8:20] not in saved["data"].notes.note
        text = screen_words(app)
        for part in ("Profile data (default)", "Expires 2027-01-31", "every 30 days", "ask Kim"):
            assert part in text


async def test_the_mark_of_the_default_is_empty_when_it_is_off() -> None:
    app, _ = two_profiles()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "down", "e")
        assert "[x] Default profile" in screen_words(app)
        app.screen.query_one("#edit-default").focus()
        await press(pilot, "space")
        assert "[ ] Default profile" in screen_words(app)


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("name", "two words", "A name has 1 to 64 letters"),
        ("name", "office", "There is a profile office already"),
        ("expires", "soon", "Write the day as YYYY-MM-DD"),
        ("rotate", "-1", "Write a number of days"),
    ],
)
async def test_a_wrong_value_is_named_and_nothing_is_stored(
    field: str, text: str, problem: str
) -> None:
    app, services = two_profiles()
    before = dict(services.vault.saved)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "down", "e")
        await edit(pilot, field, text)
        await press(pilot, "enter")
        assert problem in screen_words(app)
        await press(pilot, "escape")
        assert services.vault.saved == before


async def test_the_form_opens_at_the_field_of_its_key() -> None:
    app, _ = two_profiles()
    async with app.run_test(size=(40, 15)) as pilot:
        await settle(pilot)
        await press(pilot, "p")
        for key, field in (("n", "edit-name"), ("t", "edit-note"), ("x", "edit-expires")):
            await press(pilot, key)
            assert app.focused is not None
            assert app.focused.id == field
            assert "Save changes" in screen_words(app)
            await press(pilot, "escape")


async def test_the_default_is_chosen_and_given_up_by_a_key() -> None:
    app, services = two_profiles()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "u")
        assert services.profiles.default == "office"
        assert "Profile office (default)" in screen_words(app)
        await press(pilot, "u")
        assert services.profiles.default is None


async def test_deleting_the_default_leaves_no_default() -> None:
    app, services = two_profiles()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "down", "d")
        assert "Delete the profile work?" in screen_words(app)
        await press(pilot, "tab", "enter")
        assert (sorted(services.vault.saved), services.profiles.default) == (["office"], None)


async def test_without_profiles_the_footer_offers_nothing_that_needs_one() -> None:
    app, _ = app_for()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p")
        text = screen_words(app)
        assert "No profiles in" in text
        for word in ("rotate", "delete", "edit", "default", "Code samples"):
            assert word not in text


async def test_a_saved_profile_that_was_deleted_is_not_shown_as_saved() -> None:
    app, services = app_for()
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter")
        assert "✓ Saved as work" in screen_words(app)
        app.open_profiles()
        await settle(pilot)
        await press(pilot, "d", "tab", "enter", "b")
        await settle(pilot)
        text = screen_words(app)
        assert services.vault.saved == {}
        assert "The profile work no longer exists" in text
        assert "Saved as work" not in text
        assert "oai-tui exec work" not in text


async def test_checking_a_profile_stores_the_verification_and_ends_with_done() -> None:
    app, services = app_for(profile("office", 20))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter", "enter")
        text = screen_words(app)
        assert services.answers[-1] == Answer(option="save", text="office")
        assert services.vault.saved["office"].verified_at == NOW
        assert "▶ Done · verified today" in text
        assert "Save under another name" in text
        await press(pilot, "enter")
    assert app.return_code == 0


async def test_a_checked_profile_can_be_saved_under_another_name() -> None:
    app, services = app_for(profile("office", 20))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter", "enter", "n")
        assert "Save as office" in screen_words(app)
        await press(pilot, "n", *"copy", "enter")
        assert "✓ Saved as copy" in screen_words(app)
        assert sorted(services.vault.saved) == ["copy", "office"]


async def test_a_profile_with_changed_settings_is_updated_after_a_question_alone() -> None:
    saved = replace(profile("office", 20), target=Target(organization=ORGANIZATION))
    app, services = app_for(saved, fixed=False)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter", "enter", "enter")
        assert "▶ Save profile" in screen_words(app)
        await press(pilot, "enter")
        assert "Update the profile office?" in screen_words(app)
        await press(pilot, "enter")
        assert services.vault.saved == {"office": saved}


def test_advice_after_saving_names_the_profile_and_does_not_say_to_save() -> None:
    change = AppliedChange(
        text="The cleaned key is sent.",
        permanent=(
            PermanentFix(where="profile", text="Save the cleaned key as a profile here."),
            PermanentFix(where="shell", text='export A="$(keyring get oai-tui NAME)"'),
            PermanentFix(where="code", text="client = OpenAI()"),
        ),
    )
    assert [line.text for line in changes_after_saving([change], "mine")[0].permanent] == [
        'eval "$(oai-tui env mine)"',
        "client = OpenAI()",
    ]
