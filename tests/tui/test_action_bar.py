"""The action bar: every action is visible at every size, and the mark is on what enter does."""

import pytest

from oai_tui.services.build import demo_services
from oai_tui.tui.app import OaiTui
from oai_tui.tui.widgets.action_bar import ActionBar, ActionButton
from tests.tui.fakes import NOW
from tests.tui.pilot_steps import press, settle, walk_paused
from tests.tui.screen_text import screen_lines, screen_words

SCREENS = {
    "first screen": ("all-good", ()),
    "cause": ("organization-mismatch", ("enter",)),
    "question": ("all-good", ("enter",)),
    "gateway question": ("gateway-works", ("enter",)),
    "key entry": ("key-missing", ("n",)),
    "success": ("all-good", ("enter", "n")),
}


def wizard(scenario: str) -> OaiTui:
    return OaiTui(demo_services(scenario), now=lambda: NOW, quiet_s=0)


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 15)], ids=str)
@pytest.mark.parametrize(("scenario", "keys"), SCREENS.values(), ids=SCREENS)
async def test_every_action_is_visible(
    scenario: str, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    app = wizard(scenario)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for key in keys:
            await press(pilot, key)
            await walk_paused(pilot)
        lines = screen_lines(app).splitlines()
        bar = app.screen.query_one(ActionBar)
        assert len(bar.query(ActionButton)) == len(bar.actions)
        for label in (str(button.label).strip() for button in bar.query(ActionButton)):
            assert any(label in line for line in lines), label


def marked(app: OaiTui) -> list[str]:
    bar = app.screen.query_one(ActionBar)
    return [
        str(button.label)[2:] for button in bar.query(ActionButton) if button.has_class("-marked")
    ]


async def test_the_mark_and_the_brightest_colour_move_with_the_focus() -> None:
    app = wizard("all-good")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        first, second = app.screen.query(ActionButton)
        bright = first.styles.background
        assert marked(app) == [str(first.label)[2:]]
        await press(pilot, "right")
        assert marked(app) == [str(second.label)[2:]]
        assert f"▶ {str(second.label)[2:]}" in screen_words(app)
        assert second.styles.background == bright != first.styles.background
        await press(pilot, "shift+tab")
        assert marked(app) == [str(first.label)[2:]]


async def test_a_click_in_the_second_row_does_its_action() -> None:
    app = wizard("all-good")
    async with app.run_test(size=(40, 15)) as pilot:
        await settle(pilot)
        last = app.screen.query(ActionButton).last()
        assert last.region.y > app.screen.query(ActionButton).first().region.y
        await pilot.click(last)
        await settle(pilot)
        assert type(app.screen).__name__ == "ProfilesScreen"


async def test_a_question_says_what_escape_does_and_the_screen_behind_waits() -> None:
    app = wizard("all-good")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        text = screen_words(app)
        assert "Esc: no" in text
        assert "Waiting for your answer" in text
        assert "Asking" not in text


async def test_a_no_to_the_billed_request_is_not_asked_again() -> None:
    app = wizard("keyring-locked")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, "n")
        await walk_paused(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        walk = app.screen
        assert hasattr(walk, "start_run")
        walk.start_run(None)
        await walk_paused(pilot)
        assert type(app.screen).__name__ == "SuccessScreen"
