"""The eight common cases from the list of demos to their end: by keys alone, and by mouse alone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from textual.pilot import Pilot

from oai_tui.simulator.find_demos import TOUR
from oai_tui.simulator.scenarios import DEMOS
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.dialogs import QuestionScreen
from oai_tui.tui.screens.saved import SavedScreen
from oai_tui.tui.screens.start import StartScreen
from oai_tui.tui.screens.success import SuccessScreen
from oai_tui.tui.screens.walk import WalkScreen
from tests.tui.demo_steps import (
    action_ids,
    choose_by_keys,
    choose_by_mouse,
    no_guard,
    slow_machine_demo,
)
from tests.tui.fakes import NOW
from tests.tui.pilot_steps import press, settle, walk_paused
from tests.tui.screen_text import screen_words

_MAX_STEPS = 12
"""Screens and questions from the start of a demo to its saved profile, at most."""
Choose = Callable[[Pilot[Any], str], Awaitable[None]]


@dataclass(frozen=True)
class Hands:
    """One way to use the program: only keys, or only the mouse."""

    open: Callable[[Pilot[Any], int], Awaitable[None]]
    """Opens a demo of the tour from the list, by its number."""
    choose: Choose


async def _open_by_keys(pilot: Pilot[Any], number: int) -> None:
    await press(pilot, *["down"] * (number - 1), "enter")


async def _open_by_mouse(pilot: Pilot[Any], number: int) -> None:
    for _ in range(2):
        assert await pilot.click("#demo-list", offset=(10, number))
        await settle(pilot)


KEYS = Hands(open=_open_by_keys, choose=choose_by_keys)
MOUSE = Hands(open=_open_by_mouse, choose=choose_by_mouse)


async def _next_action(pilot: Pilot[Any], causes: list[str]) -> str:
    """Return the action that leads on from the screen on top; "" once a profile is saved."""
    screen = pilot.app.screen
    match screen:
        case StartScreen():
            return "check"
        case QuestionScreen():
            return "yes"
        case SuccessScreen():
            return "save"
        case WalkScreen():
            assert screen.progress.diagnosis is not None
            causes.append(screen.progress.diagnosis.verdict.cause or "")
            ids = action_ids(pilot)
            return next((each for each in ids if each.startswith("apply")), "again")
        case SavedScreen():
            return ""
        case _:
            raise AssertionError(f"nobody expects {screen}")


async def _to_the_end(pilot: Pilot[Any], hands: Hands) -> list[str]:
    """Check, fix and save; return the causes that were named on the way."""
    causes: list[str] = []
    for _ in range(_MAX_STEPS):
        action = await _next_action(pilot, causes)
        if not action:
            return causes
        await hands.choose(pilot, action)
        await walk_paused(pilot)
    raise AssertionError(f"no end in sight: {pilot.app.screen}, {causes}")


@pytest.mark.parametrize("number", range(1, len(TOUR) + 1))
@pytest.mark.parametrize("hands", [KEYS, MOUSE], ids=["keys", "mouse"])
async def test_a_case_of_the_tour_is_checked_fixed_and_saved(hands: Hands, number: int) -> None:
    app = no_guard(OaiTui(None, make_demo=slow_machine_demo, now=lambda: NOW))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await hands.open(pilot, number)
        assert f"Tour {number} of 8" in screen_words(app)
        assert await _to_the_end(pilot, hands) == [DEMOS[TOUR[number - 1]].cause]
        await hands.choose(pilot, "app.next_demo")
        if number < len(TOUR):
            assert f"Tour {number + 1} of 8" in screen_words(app)
        else:
            assert type(app.screen).__name__ == "DemosScreen"
