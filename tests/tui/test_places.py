"""F2 to F7 from every screen: where they lead, what stays open, and that the stack stays small."""

import asyncio
import random
from collections.abc import AsyncGenerator

import pytest
from textual import events
from textual.widgets import Input

from oai_tui.domain.events import Event
from oai_tui.domain.ports import Ask
from oai_tui.services.services import WalkPlan
from oai_tui.tui.app import OaiTui
from oai_tui.tui.places import PLACE_IDS, PLACES
from oai_tui.tui.screens.success import SuccessScreen
from oai_tui.tui.screens.walk import WalkScreen
from oai_tui.tui.widgets.title_bar import TitleBar
from tests.tui.fake_services import FakeServices, as_services, wizard
from tests.tui.fakes import NOW, FakeVault, credential, profile
from tests.tui.pilot_steps import next_message, paste, press, settle
from tests.tui.screen_text import screen_words
from tests.tui.scripted_walk import ScriptedApi
from tests.tui.test_demos import STORIES

SCREENS = {
    "f2": "StartScreen",
    "f3": "ProfilesScreen",
    "f4": "PasteScreen",
    "f5": "DemosScreen",
    "f6": "MapScreen",
    "f7": "HistoryScreen",
}
MAX_STACK = 12
"""Screens that can be open at once: one of each place, a check, a text, and their results."""


class GatedServices(FakeServices):
    """Services whose checks start only when `gate` is set."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.gate = asyncio.Event()

    async def walk(self, plan: WalkPlan, ask: Ask) -> AsyncGenerator[Event, None]:
        await self.gate.wait()
        async for event in super().walk(plan, ask):
            yield event


def app_with(services: FakeServices) -> OaiTui:
    return OaiTui(as_services(services), now=lambda: NOW, quiet_s=0, stories=lambda: STORIES)


def names(app: OaiTui) -> list[str]:
    return [type(screen).__name__ for screen in app.screen_stack]


def test_every_place_has_a_key_of_its_own() -> None:
    assert {place.key for place in PLACES} == set(SCREENS)


@pytest.mark.parametrize(("key", "screen"), SCREENS.items())
@pytest.mark.parametrize("opened", ["start", "check", "paste", "profiles", "map", "help"])
async def test_every_place_is_one_key_away(key: str, screen: str, opened: str) -> None:
    to_open = {"start": "", "check": "enter", "paste": "x", "profiles": "p", "map": "f6"}
    app = app_with(FakeServices(credential(), vault=FakeVault(profile())))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        if (before := to_open.get(opened, "f1")) != "":
            await press(pilot, before)
        await press(pilot, key)
        assert names(app)[-1] == screen
        assert len(set(names(app))) == len(names(app))


async def test_escape_leads_back_to_the_check_with_its_result() -> None:
    app = app_with(FakeServices(credential()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert "OPENAI_ORG_ID doesn't match" in screen_words(app)
        for key in ("f6", "f7", "f3"):
            await press(pilot, key)
        assert names(app) == ["StartScreen", "WalkScreen", "ProfilesScreen"]
        await press(pilot, "escape")
        assert "OPENAI_ORG_ID doesn't match" in screen_words(app)


async def test_a_name_that_was_typed_survives_a_look_at_the_map() -> None:
    app = app_with(FakeServices(credential()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter")
        while not isinstance(app.screen, SuccessScreen):
            await press(pilot, "enter")
        await press(pilot, "n", "m", "y", "f6", "escape")
        assert app.screen.query_one("#name", Input).value == "my"


async def test_a_text_that_was_pasted_survives() -> None:
    app = app_with(FakeServices(credential()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f4")
        await paste(pilot, "an error that was pasted")
        await press(pilot, "f3", "f4")
        assert "an error that was pasted" in screen_words(app)
        assert names(app) == ["StartScreen", "PasteScreen"]


async def test_a_dialog_is_not_left_by_these_keys() -> None:
    app = app_with(FakeServices(credential()))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "n", "s", "k")
        opened = names(app)
        await press(pilot, *SCREENS)
        assert names(app) == opened
        await press(pilot, "f1", "f3")
        assert names(app) == [*opened, "HelpScreen"]
        assert "Answer or close this dialog first." in screen_words(app)


async def test_a_note_is_closed_on_the_way() -> None:
    app = app_with(FakeServices(credential()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.show_note("A note", "of no weight")
        await settle(pilot)
        await press(pilot, "f7")
        assert names(app) == ["StartScreen", "HistoryScreen"]


async def test_the_palette_is_closed_on_the_way() -> None:
    app = app_with(FakeServices(credential()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+p", "f6")
        assert names(app) == ["StartScreen", "MapScreen"]


async def test_a_question_waits_for_its_check() -> None:
    services = GatedServices(credential())
    services.discovered = FakeServices(credential()).discovered
    app = app_with(services)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        services.gate.set()
        walk = app.screen
        assert isinstance(walk, WalkScreen)
        while walk.progress.diagnosis is None:
            await next_message(walk)
        await settle(pilot)
        services.gate.clear()
        await press(pilot, "enter", "f6")
        assert names(app) == ["StartScreen", "WalkScreen", "MapScreen"]
        services.gate.set()
        while walk.progress.current is None or walk.progress.current.id != "ask-inference":
            await next_message(walk)
        await settle(pilot)
        assert names(app) == ["StartScreen", "WalkScreen", "MapScreen"]
        assert "The check has a question for you." in screen_words(app)
        await press(pilot, "escape")
        assert names(app) == ["StartScreen", "WalkScreen", "QuestionScreen"]


async def test_leaving_a_running_check_for_the_keys_stops_it() -> None:
    services = FakeServices(credential(), api=ScriptedApi(hang_at="key"))
    app = app_with(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f2")
        assert names(app) == ["StartScreen"]
        assert not [worker for worker in app.workers if worker.group == "walk"]
        await press(pilot, "f7")
        assert "Stopped: Does OpenAI accept the key?" in screen_words(app)


async def test_any_number_of_keys_does_not_grow_the_stack() -> None:
    app = app_with(FakeServices(credential(), vault=FakeVault(profile())))
    choose = random.Random(10)
    async with app.run_test(size=(40, 10)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        for number in range(200):
            app.action_go(choose.choice(PLACE_IDS))
            assert len(app.screen_stack) <= len(PLACES) + 1, names(app)
            if number % 20 == 0:
                await settle(pilot)
        await settle(pilot)
        assert len(app.screen_stack) <= len(PLACES) + 1


async def test_keys_that_are_typed_before_a_place_is_drawn_do_no_harm() -> None:
    app = app_with(FakeServices(credential(), vault=FakeVault(profile())))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in SCREENS:
            for typed in ("enter", "escape", "down", "r", "slash", "c"):
                for pressed in (key, typed):
                    app.post_message(events.Key(pressed, None))
                await settle(pilot)
                assert app.is_running
                assert len(app.screen_stack) <= MAX_STACK, names(app)


async def test_without_a_demo_chosen_the_keys_say_so() -> None:
    app = OaiTui(None, stories=lambda: STORIES, now=lambda: NOW)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        for key in ("f2", "f3", "f4", "f5"):
            await press(pilot, key)
        assert names(app) == ["DemosScreen"]
        assert "Choose a demo first" in screen_words(app)
        await press(pilot, "f6", "f7")
        assert names(app) == ["DemosScreen", "HistoryScreen"]


async def test_from_the_demos_the_keys_of_the_last_demo_can_be_reached() -> None:
    made = as_services(FakeServices(credential(), mode="demo"))
    app = OaiTui(None, make_demo=lambda _: made, stories=lambda: STORIES, now=lambda: NOW)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f5")
        assert names(app) == ["DemosScreen"]
        await press(pilot, "f2")
        assert names(app) == ["DemosScreen", "StartScreen"]


async def test_the_title_names_the_screens_below() -> None:
    app = wizard(FakeServices(credential()))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        title = app.screen.query_one(TitleBar).text
        assert "Keys › Checked environment key …bbbb at api.openai.com" in title
        await press(pilot, "e")
        assert "Keys › Check › Evidence: environment key" in app.screen.query_one(TitleBar).text
        await press(pilot, "f6")
        assert "Keys › Check › Map" in app.screen.query_one(TitleBar).text
