"""A key that was held or typed ahead never agrees to a billed request or to sending a key."""

from collections.abc import Iterable

import pytest
from textual.events import Key, MouseDown, MouseUp, Paste

from oai_tui.services.build import demo_services
from oai_tui.services.services import Services
from oai_tui.tui.app import OaiTui
from oai_tui.tui.consent_guard import QUIET_S, ConsentGuard
from oai_tui.tui.screens.dialogs import ConfirmScreen, QuestionScreen
from oai_tui.tui.widgets.action_bar import ActionButton
from tests.tui.fakes import NOW
from tests.tui.pilot_steps import press, settle, walk_paused
from tests.tui.sample_tree import INFERENCE
from tests.tui.screen_text import screen_words

QUESTIONS = {
    "inference": "all-good",
    "gateway": "gateway-works",
    "plain-http": "plain-http-refused",
}
"""A scenario that comes to the question of each id."""
NEVER_S = 1e6
"""A quiet time that passes in no test."""


def wizard(services: Services, *, quiet_s: float = NEVER_S) -> OaiTui:
    return OaiTui(services, now=lambda: NOW, quiet_s=quiet_s)


def billed(services: Services) -> list[str]:
    """Return the paths of the billed requests that the simulator received."""
    simulator = services.environment.simulator
    assert simulator is not None
    return [request.path for request in simulator.received if request.method == "POST"]


def keys_sent(services: Services) -> list[str]:
    """Return the hosts to which a key was sent."""
    simulator = services.environment.simulator
    assert simulator is not None
    return [request.host for request in simulator.received if request.key_sent]


@pytest.mark.parametrize(("question", "scenario"), QUESTIONS.items(), ids=QUESTIONS)
async def test_a_held_key_agrees_to_nothing(question: str, scenario: str) -> None:
    services = demo_services(scenario)
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, *["enter"] * 40, "y", "tab", "space", "right", "enter")
        screen = app.screen
        assert isinstance(screen, QuestionScreen)
        assert screen.question.id == question
        assert "pressed too early" in screen_words(app)
    assert billed(services) == []
    assert question == "inference" or keys_sent(services) == []


async def test_enter_alone_refuses_without_a_guard_too() -> None:
    services = demo_services("all-good")
    app = wizard(services, quiet_s=0)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for _ in range(6):
            await press(pilot, "enter")
            await walk_paused(pilot)
        assert type(app.screen).__name__ == "SavedScreen"
    assert billed(services) == []


@pytest.mark.parametrize("keys", ["\r" * 12, "\r\ty\r\t\r" * 2], ids=["enter", "several"])
@pytest.mark.parametrize("scenario", QUESTIONS.values(), ids=QUESTIONS)
async def test_keys_typed_ahead_agree_to_nothing(scenario: str, keys: str) -> None:
    services = demo_services(scenario)
    app = wizard(services, quiet_s=QUIET_S)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        names = {"\r": "enter", "\t": "tab"}
        for key in keys:
            app.post_message(Key(names.get(key, key), key))
        await walk_paused(pilot)
    assert billed(services) == []
    assert scenario == "all-good" or keys_sent(services) == []


async def test_escape_refuses_a_question_that_is_still_guarded() -> None:
    services = demo_services("all-good")
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, "enter", "y", "escape")
        await walk_paused(pilot)
        assert not isinstance(app.screen, QuestionScreen)
    assert billed(services) == []


async def test_ctrl_c_leaves_a_question_that_is_still_guarded() -> None:
    app = wizard(demo_services("all-good"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await pilot.press("ctrl+c")
    assert app.return_code == 130


@pytest.mark.parametrize("keys", [("y",), ("right", "enter"), ("tab", "enter")])
async def test_a_yes_after_the_quiet_time_sends_one_billed_request(keys: tuple[str, ...]) -> None:
    services = demo_services("all-good")
    app = wizard(services, quiet_s=0)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, *keys)
        await walk_paused(pilot)
    assert len(billed(services)) == 1


@pytest.mark.parametrize("keys", [("n",), ("down", "up", "enter")])
async def test_a_no_sends_none_and_the_check_goes_on(keys: tuple[str, ...]) -> None:
    services = demo_services("all-good")
    app = wizard(services, quiet_s=0)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, *keys)
        await walk_paused(pilot)
        assert type(app.screen).__name__ == "SuccessScreen"
    assert billed(services) == []


async def test_a_double_click_or_a_paste_answers_nothing() -> None:
    app = wizard(demo_services("all-good"))
    answers: list[bool | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.push_screen(ConfirmScreen("Delete?", "", yes="Delete", no="Keep"), answers.append)
        await settle(pilot)
        for button in app.screen.query(ActionButton):
            click(app, button)
        app.post_message(Paste("y\r"))
        await settle(pilot)
    assert answers == []


def click(app: OaiTui, button: ActionButton) -> None:
    """Click as a terminal does: the events come to the application."""
    x, y = button.region.offset
    for kind in (MouseDown, MouseUp):
        app.post_message(
            kind(None, x, y, 0, 0, 1, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y)
        )


async def test_a_click_after_the_quiet_time_answers() -> None:
    app = wizard(demo_services("all-good"), quiet_s=0)
    answers: list[object] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.push_screen(QuestionScreen(INFERENCE, {}), answers.append)
        await settle(pilot)
        click(app, app.screen.query(ActionButton).last())
        await settle(pilot)
    assert [getattr(each, "option", None) for each in answers] == ["yes"]


def admitted(guard: ConsentGuard, times: Iterable[float]) -> list[bool]:
    return [guard.admits_key(at) for at in times]


def test_the_guard_opens_after_a_pause_without_any_key() -> None:
    guard = ConsentGuard(0.7)
    assert admitted(guard, [8.0, 9.0]) == [False, False]  # not drawn yet
    guard.drawn(10.0)
    assert admitted(guard, [9.9, 10.0, 10.5, 11.1, 11.7]) == [False] * 5
    assert admitted(guard, [12.5, 12.8]) == [True, True]


def test_the_guard_closes_again_at_a_burst() -> None:
    guard = ConsentGuard(0.7)
    guard.drawn(10.0)
    assert admitted(guard, [11.0, 11.01, 11.02, 11.5, 12.3]) == [True, False, False, False, True]


def test_a_click_counts_after_the_quiet_time_however_many_came_before() -> None:
    guard = ConsentGuard(0.7)
    assert not guard.admits_click(10.0)
    guard.drawn(10.0)
    assert [guard.admits_click(at) for at in (10.2, 10.6, 10.8)] == [False, False, True]
