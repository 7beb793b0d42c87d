"""Help and jump mode: reachable from inputs and dialogs, and at every size."""

import pytest

from oai_tui import __version__
from oai_tui.tui.screens.help import HelpScreen
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.widgets.paragraphs import ParagraphView
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import credential
from tests.tui.pilot_steps import press, settle
from tests.tui.screen_text import screen_words


@pytest.mark.parametrize("size", [(40, 15), (60, 20), (80, 24), (120, 40)])
async def test_help_says_how_to_close_it_and_can_be_read_to_its_end(size: tuple[int, int]) -> None:
    app = wizard(FakeServices(credential()))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark")
        assert "Esc closes" in screen_words(app)
        assert "Keys on this screen" in screen_words(app)
        area = app.screen.query_one(ScrollArea)
        area.scroll_end(animate=False)
        await settle(pilot)
        assert __version__ in screen_words(app)
        await press(pilot, "escape")
        assert not isinstance(app.screen, HelpScreen)


@pytest.mark.parametrize("opened", ["n", "x", "f6", "f5"])
async def test_help_opens_over_inputs_and_dialogs_and_closes_by_the_same_key(opened: str) -> None:
    app = wizard(FakeServices(credential()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, opened)
        before = app.screen
        await press(pilot, "f1")
        assert isinstance(app.screen, HelpScreen)
        text = "\n".join(view.text for view in app.screen.query(ParagraphView))
        for part in ("Certain", "Your key", "f7", "✗", "Leave the program"):
            assert part in text
        await press(pilot, "f1")
        assert app.screen is before


async def test_a_letter_presses_a_button() -> None:
    services = FakeServices(credential())
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+o")
        assert "Press a letter. Esc closes." in screen_words(app)
        await press(pilot, "s")  # the list of keys has the letter a, the primary button s
        assert len(services.walks) == 1


async def test_a_letter_chooses_a_row() -> None:
    services = FakeServices(credential())
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+o", "a")
        assert len(services.walks) == 1


async def test_escape_and_the_same_key_leave_jump_mode() -> None:
    app = wizard(FakeServices(credential()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        start = app.screen
        await press(pilot, "ctrl+o", "escape")
        assert app.screen is start
        await press(pilot, "ctrl+o", "ctrl+o")
        assert app.screen is start


async def test_in_a_question_a_letter_gives_the_focus_and_answers_nothing() -> None:
    services = FakeServices(credential())
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter")
        assert type(app.screen).__name__ == "QuestionScreen"
        await press(pilot, "ctrl+o", "a")
        assert type(app.screen).__name__ == "QuestionScreen"
        assert services.answers == []
