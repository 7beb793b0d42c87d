"""Keys that arrive before the screen they are meant for, and terminals of any size."""

from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from oai_tui.services.build import demo_services
from oai_tui.tui.app import OaiTui
from tests.tui.fakes import NOW
from tests.tui.pilot_steps import press, resize, settle


async def burst(pilot: Pilot[Any], *keys: str) -> None:
    """Let keys arrive at once, as after a lag or in a paste that the terminal does not mark."""
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    await settle(pilot)


def demo(scenario: str | None = None) -> OaiTui:
    services = demo_services(scenario) if scenario is not None else None
    return OaiTui(services, now=lambda: NOW, quiet_s=0)


BURSTS = {
    "a demo begun twice": (None, ["enter", "enter"]),
    "a demo begun and left": (None, ["enter", "d", "enter", "d", "enter"]),
    "a walk left and begun again": ("organization-mismatch", ["enter", "b", "enter", "b", "enter"]),
    "profiles opened and left": ("all-good", ["p", "escape", "p", "escape"]),
    "a line of code": ("all-good", [*"import openai; x = d(p).b", "enter"]),
}


@pytest.mark.parametrize(("scenario", "keys"), BURSTS.values(), ids=BURSTS)
async def test_a_burst_of_keys_leaves_a_program_that_still_answers(
    scenario: str | None, keys: list[str]
) -> None:
    app = demo(scenario)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await burst(pilot, *keys)
        assert app.is_running
        await press(pilot, "ctrl+c")
    assert app.return_code == 130


async def test_enter_right_after_typing_begins_what_was_typed() -> None:
    app = demo()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await burst(pilot, *"retired", "enter")
        assert app.services is not None
        assert app.services.scenario is not None
        assert "retired" in app.services.scenario.id


SIZES = ((7, 24), (3, 40), (1, 1), (200, 1), (1, 60))


@pytest.mark.parametrize("keys", [(), ("enter",), ("p",), ("x",), ("n",), ("question_mark",)])
async def test_a_terminal_of_any_size_is_survived(keys: tuple[str, ...]) -> None:
    app = demo("all-good")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *keys)
        for width, height in SIZES:
            await resize(pilot, width, height)
        await resize(pilot, 80, 24)
        assert app.is_running
        assert app.size == (80, 24)
