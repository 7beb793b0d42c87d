"""The first screen: which key is preselected, what is shown about each key, and no key at all."""

from dataclasses import replace

import pytest
from textual.widgets import OptionList

from oai_tui.domain.discovery_result import Setting
from oai_tui.domain.target import Origin
from oai_tui.tui.widgets.action_bar import ActionBar, ActionButton
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import (
    ENVIRONMENT,
    KEY,
    OTHER_KEY,
    FakeFile,
    FakeVault,
    credential,
    profile,
)
from tests.tui.pilot_steps import paste, press, resize, settle
from tests.tui.screen_text import screen_words

DOTENV = Origin(kind="dotenv", name="OPENAI_API_KEY", place=".env:3")
CERTIFICATES = tuple(
    Setting(name=name, value="/etc/ca.pem", origin=Origin(kind="environment", name=name))
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
)


def two_keys(vault: FakeVault | None = None) -> FakeServices:
    return FakeServices(
        credential(shadows=(DOTENV,)),
        credential(OTHER_KEY, DOTENV, shadowed_by=ENVIRONMENT),
        vault=vault,
    )


async def test_the_key_an_sdk_takes_is_preselected() -> None:
    app = wizard(two_keys())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert app.screen.query_one("#keys", OptionList).highlighted == 0


async def test_each_key_shows_its_origin_kind_last_four_and_shadow() -> None:
    app = wizard(two_keys())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        text = screen_words(app)
        for part in (
            "environment OPENAI_API_KEY project key …bbbb",
            "used by the SDK here · overrides .env:3",
            ".env:3 OPENAI_API_KEY project key …dddd",
            "not used: environment takes precedence",
        ):
            assert part in text


async def test_settings_in_force_are_shown_with_the_organization_shortened() -> None:
    app = wizard(two_keys())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "OPENAI_ORG_ID = org-…Ab12" in screen_words(app)


async def test_profiles_come_after_the_first_paint_with_their_age() -> None:
    app = wizard(two_keys(vault=FakeVault(profile())))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "keyring work project key …bbbb" in screen_words(app)
        assert "verified 3 days ago · same key as environment" in screen_words(app)


@pytest.mark.parametrize(
    ("state", "part"),
    [
        ("locked", "The keyring is locked"),
        ("unavailable", "No keyring is available"),
        ("slow", "did not answer in time"),
        ("insecure", "stores keys as plain text"),
    ],
)
async def test_a_keyring_that_fails_is_named_and_blocks_nothing(state: str, part: str) -> None:
    app = wizard(two_keys(vault=FakeVault(state=state)))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert part in screen_words(app)
        assert app.screen.query_one(ActionBar).actions[0].id == "check"


async def test_without_any_key_entering_one_comes_first() -> None:
    app = wizard(FakeServices())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "No API key found" in screen_words(app)
        await press(pilot, "enter")
        assert type(app.screen).__name__ == "KeyEntryScreen"


@pytest.mark.parametrize("state", ["works", "unavailable"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 15)])
async def test_first_run_shows_every_choice_and_offers_no_check_of_a_key(
    size: tuple[int, int], state: str
) -> None:
    services = FakeServices(vault=FakeVault(state=state), file=FakeFile())
    services.discovered = replace(services.discovered, settings=CERTIFICATES)
    app = wizard(services)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        text = screen_words(app)
        for label in (
            "Enter a key",
            "Explain an error",
            "Try a demo",
            "Check without a key",
            "Profiles",
            "2 other settings",
        ):
            assert label in text
        assert "check this key" not in text
        assert ("no keyring" in text) == (state == "unavailable")
        assert "SSL_CERT_FILE" not in text


async def test_first_run_menu_works_by_key_and_by_arrows() -> None:
    app = wizard(FakeServices())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "down", "enter")
        assert type(app.screen).__name__ == "PasteScreen"
        await press(pilot, "escape", "p")
        assert type(app.screen).__name__ == "ProfilesScreen"
        await press(pilot, "b", "w")
        assert "No API key found" in screen_words(app)


async def test_other_settings_and_notes_are_folded_until_asked_for() -> None:
    services = two_keys()
    note = "REQUESTS_CA_BUNDLE is set, but the official SDKs ignore it"
    services.discovered = replace(
        services.discovered,
        settings=(*services.discovered.settings, *CERTIFICATES),
        certificate_notes=(note,),
    )
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        text = screen_words(app)
        assert "OPENAI_ORG_ID" in text
        assert "+ 2 other settings, 1 note i: show" in text
        assert "SSL_CERT_FILE" not in text
        await press(pilot, "i")
        for part in ("SSL_CERT_FILE = /etc/ca.pem", note):
            assert part in screen_words(app)
        await press(pilot, "i")
        assert "SSL_CERT_FILE" not in screen_words(app)


async def test_the_default_profile_is_marked() -> None:
    services = two_keys(vault=FakeVault(profile()))
    services.profiles.default = "work"
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "default · verified 3 days ago" in screen_words(app)


async def test_without_any_key_one_can_still_see_what_a_call_returns() -> None:
    app = wizard(FakeServices())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "down", "down", "down", "enter")
        assert "No API key found" in screen_words(app)


async def test_with_a_profile_alone_the_profile_is_checked() -> None:
    services = FakeServices(vault=FakeVault(profile()))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert services.walks == [(None, profile().target)]


async def test_the_second_key_is_walked_with_when_it_is_chosen() -> None:
    app = wizard(two_keys())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "down", "enter")
        assert "Checked .env:3 key …dddd at api.openai.com" in screen_words(app)


async def test_an_error_is_explained_by_key_and_by_mouse() -> None:
    app = wizard(two_keys())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        assert "Explain an error" in screen_words(app)
        await press(pilot, "escape")
        buttons = list(app.screen.query(ActionButton))
        await pilot.click(buttons[[each.action_id for each in buttons].index("explain")])
        await settle(pilot)
        assert "Explain an error" in screen_words(app)


async def test_an_error_may_be_pasted_on_the_first_screen() -> None:
    app = wizard(two_keys())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await paste(pilot, "Error code: 429 - quota")
        assert "Error code: 429 - quota" in screen_words(app)


async def test_a_single_word_pasted_on_the_first_screen_is_no_error() -> None:
    app = wizard(two_keys())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await paste(pilot, KEY)
        assert type(app.screen).__name__ == "StartScreen"


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (80, 24), (200, 60)])
async def test_any_size_of_terminal_will_do(size: tuple[int, int]) -> None:
    app = wizard(two_keys())
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "e", "e", "question_mark", "escape")
        await resize(pilot, 20, 5)
        await resize(pilot, 120, 40)
        await settle(pilot)
        assert KEY not in app.export_screenshot()
