"""Input that reaches a screen while another key closes or covers it, and many keys."""

import random

from textual.app import App
from textual.command import CommandList
from textual.events import Key
from textual.geometry import Size
from textual.widgets import Input
from textual.widgets.option_list import Option

from oai_tui.services.build import demo_services
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.dialogs import ConfirmScreen, NoteScreen
from oai_tui.tui.screens.jump import JumpScreen
from oai_tui.tui.screens.profiles import ProfilesScreen
from oai_tui.tui.widgets.row_list import RowList
from tests.tui.fakes import NOW
from tests.tui.pilot_steps import press, settle, walk_paused

PLACES = ("f2", "f3", "f4", "f5", "f6", "f7")
MAX_OPEN = 8
"""Screens that are open at once: each place once, and what was open before."""


def wizard(scenario: str = "all-good") -> OaiTui:
    return OaiTui(demo_services(scenario), now=lambda: NOW, quiet_s=0)


async def test_a_dialog_that_is_closed_twice_closes_nothing_else() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.show_note("below", "text")
        note = NoteScreen("on top", "text")
        await app.push_screen(note)
        below = app.screen_stack[-2]
        note.dismiss(None)
        note.dismiss(None)
        await settle(pilot)
        assert app.screen is below


async def test_screens_that_go_back_twice_close_nothing_else() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        start = app.screen
        await press(pilot, "f3")
        profiles = app.screen
        assert isinstance(profiles, ProfilesScreen)
        profiles.action_back()
        profiles.action_back()
        await settle(pilot)
        assert app.screen is start
        assert not app.close_screen(start)


async def test_a_command_that_is_chosen_twice_runs_once() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        start = app.screen
        await press(pilot, "ctrl+p", *"profiles")
        palette = app.screen
        hits = palette.query_one(CommandList)
        hits.highlighted = 0
        hits.action_select()
        hits.highlighted = 0
        hits.action_select()
        palette.query_one(Input).post_message(Input.Submitted(palette.query_one(Input), ""))
        await settle(pilot)
        assert [type(screen) for screen in app.screen_stack] == [type(start), ProfilesScreen]


async def test_an_answer_to_a_covered_question_counts_for_nothing() -> None:
    app = wizard()
    answers: list[bool | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        question = ConfirmScreen("Delete?", "", yes="Delete", no="Keep")
        await app.push_screen(question, answers.append)
        await settle(pilot)
        await press(pilot, "f1")
        assert app.screen is not question
        question.dismiss(True)
        await press(pilot, "escape")
        assert app.screen is question
        assert answers == []
        await press(pilot, "escape")
        assert answers == [False]


async def test_a_letter_for_jump_mode_that_arrives_after_the_help_opens_nothing() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+o")
        jump = app.screen
        assert isinstance(jump, JumpScreen)
        await press(pilot, "f1")
        jump.dismiss(None)
        await press(pilot, "escape", "escape")
        assert type(app.screen).__name__ == "StartScreen"


async def test_a_list_without_any_width_is_laid_out() -> None:
    class Lists(App[None]):
        pass

    app = Lists()
    async with app.run_test(size=(20, 5)):
        rows = RowList(Option("a row with words and 日本語"))
        await app.mount(rows)
        for width in range(6):
            assert rows.get_content_height(Size(width, 5), Size(20, 5), width) > 0


async def test_many_place_keys_leave_few_screens_open() -> None:
    app = wizard("organization-mismatch")
    chosen = random.Random(7)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        for number in range(12):
            for key in chosen.choices(PLACES, k=10):
                app.post_message(Key(key, None))
            await settle(pilot)
            assert len(app.screen_stack) <= MAX_OPEN, number
        assert app.is_running
