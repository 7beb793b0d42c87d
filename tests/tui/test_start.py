"""The first screen: which key is preselected, what is shown about each key, and no key at all."""

import pytest
from textual.widgets import OptionList

from oai_tui.domain.target import Origin
from oai_tui.tui.widgets.action_bar import ActionBar, ActionButton
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import ENVIRONMENT, KEY, OTHER_KEY, FakeVault, credential, profile
from tests.tui.pilot_steps import paste, press, resize, settle
from tests.tui.screen_text import screen_words

DOTENV = Origin(kind="dotenv", name="OPENAI_API_KEY", place=".env:3")


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
            "wins over .env:3",
            ".env:3 OPENAI_API_KEY project key …dddd",
            "shadowed: environment wins",
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
        assert "keyring work project …bbbb" in screen_words(app)
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
        assert "No key was found here" in screen_words(app)
        await press(pilot, "enter")
        assert type(app.screen).__name__ == "KeyEntryScreen"


async def test_without_any_key_one_can_still_see_what_a_call_returns() -> None:
    app = wizard(FakeServices())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "tab", "enter")
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
        assert ".env:3 project key …dddd → api.openai.com" in screen_words(app)


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
