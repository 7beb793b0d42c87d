"""The screen of success, saving under a name, replacing after a yes, and the profiles screen."""

import pytest
from textual.widgets import Input

from oai_tui.domain.ports import Answer
from oai_tui.tui.widgets.rate_limit_gauge import bar, gauge
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import FakeVault, credential, profile
from tests.tui.pilot_steps import press, settle
from tests.tui.screen_text import screen_words


def healthy(vault: FakeVault | None = None) -> FakeServices:
    services = FakeServices(credential(), mode="demo", vault=vault)
    services.demo_fix_outside()
    return services


async def test_the_green_light_says_what_was_proved_and_shows_the_limits() -> None:
    app = wizard(healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "y")
        text = screen_words(app)
        for part in (
            "✓ Everything answered",
            "Billing was tested with gpt-5.4-nano.",
            "499 of 500",
            "29 990 of 30 000",
        ):
            assert part in text


async def test_saving_shows_how_to_use_the_profile() -> None:
    services = healthy()
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", *"staging", "enter")
        assert services.answers[-1] == Answer(option="save", text="staging")
        text = screen_words(app)
        for part in (
            "✓ Saved as staging",
            "keyring get oai-tui staging",
            "oai-tui check --profile staging",
        ):
            assert part in text


async def test_a_name_that_is_no_name_is_refused_in_words() -> None:
    services = healthy()
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "y")
        app.screen.query_one("#name", Input).value = "two words"
        await press(pilot, "enter")
        assert "A name has 1 to 64 letters" in screen_words(app)
        assert [each.option for each in services.answers] == ["yes"]


@pytest.mark.parametrize(("keys", "saved"), [(["enter"], False), (["tab", "enter"], True)])
async def test_overwriting_asks_first_and_enter_keeps_what_is_there(
    keys: list[str], saved: bool
) -> None:
    services = healthy(vault=FakeVault(profile("work", 20)))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter")
        assert "Replace the profile work?" in screen_words(app)
        await press(pilot, *keys)
        assert (services.vault.saved["work"] == profile("work", 0)) is saved


async def test_finishing_without_saving_saves_nothing_and_can_be_thought_over() -> None:
    services = healthy()
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "escape")
        assert services.vault.saved == {}
        assert "▶ Save profile" in screen_words(app)
        await press(pilot, "enter", "enter")
        assert "✓ Saved as work" in screen_words(app)


async def test_a_saved_profile_is_in_the_list_when_one_comes_back() -> None:
    app = wizard(healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter", "b")
        await settle(pilot)
        assert "keyring work project" in screen_words(app)


async def test_profiles_show_what_they_hold() -> None:
    app = wizard(healthy(vault=FakeVault(profile(), profile("staging", 20))))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "down")
        text = screen_words(app)
        for part in (
            "Base URL https://api.openai.com/v1",
            "20 days ago · billing tested",
            "oai-tui check --profile staging",
        ):
            assert part in text


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (["enter"], ["staging", "work"]),
        (["tab", "enter"], ["staging"]),
        (["escape"], ["staging", "work"]),
    ],
)
async def test_deleting_a_profile_asks_first(keys: list[str], left: list[str]) -> None:
    services = healthy(vault=FakeVault(profile(), profile("staging", 20)))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "d")
        assert "Delete the profile work?" in screen_words(app)
        await press(pilot, *keys)
        assert sorted(services.vault.saved) == left


async def test_a_profile_can_be_checked_from_the_list() -> None:
    services = healthy(vault=FakeVault(profile()))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter")
        assert services.walks == [(None, profile().target)]


async def test_a_locked_keyring_is_named_on_the_profiles_screen() -> None:
    app = wizard(healthy(vault=FakeVault(state="locked")))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p")
        assert "The keyring is locked" in screen_words(app)
        assert app.screen.check_action("delete", ()) is None


@pytest.mark.parametrize(
    ("share", "filled"), [(0.0, 0), (0.001, 1), (0.5, 10), (0.999, 19), (1.0, 20), (7.0, 20)]
)
def test_a_gauge_is_full_only_when_nothing_is_missing(share: float, filled: int) -> None:
    drawn = bar(share, 20, "$success")
    assert len(drawn.plain) == 20
    assert drawn.spans[0].end - drawn.spans[0].start == filled or filled == 0


def test_there_is_no_gauge_without_numbers() -> None:
    assert gauge("tokens", {"limit_tokens": "many", "remaining_tokens": 3}) is None


async def test_without_profiles_enter_goes_back() -> None:
    app = wizard(healthy())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter")
        assert type(app.screen).__name__ == "StartScreen"
