"""Driving a demo in a test: answer its questions, and choose actions by their id."""

from typing import Any

from textual.pilot import Pilot

from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.services.build import demo_services
from oai_tui.services.profile_store import ProfileStore
from oai_tui.services.services import Services
from oai_tui.tui.app import OaiTui
from oai_tui.tui.widgets.action_bar import ActionBar, ActionButton
from tests.tui.pilot_steps import press, settle, walk_paused

_MAX_TABS = 20
_LONG_DEADLINE_S = 300.0
"""Seconds that the demo's keyring may take: the machine of a test may be busy."""


def slow_machine_demo(scenario: str) -> Services:
    """Return the services of a demo whose keyring has much time."""
    services = demo_services(scenario)
    keyring = services.environment.keyring
    assert keyring is not None
    vault = KeyringVault(keyring, deadline_s=_LONG_DEADLINE_S)
    services.profiles = ProfileStore(vault, mode="demo", env=services.env)
    return services


def no_guard(app: OaiTui) -> OaiTui:
    """Let a question take the answer of a test, which comes faster than a person's."""
    app.quiet_s = 0  # type: ignore[attr-defined, unused-ignore]
    return app


def action_ids(pilot: Pilot[Any]) -> list[str]:
    """Return the ids of the actions of the screen on top."""
    return [action.id for action in pilot.app.screen.query_one(ActionBar).actions]


async def choose_by_keys(pilot: Pilot[Any], action: str) -> None:
    """Choose an action with Tab and Enter."""
    for _ in range(_MAX_TABS):
        focused = pilot.app.focused
        if isinstance(focused, ActionButton) and focused.action_id == action:
            break
        await press(pilot, "tab")
    else:
        raise AssertionError(f"Tab reaches no action {action}")
    await press(pilot, "enter")
    await walk_paused(pilot)


async def choose_by_mouse(pilot: Pilot[Any], action: str) -> None:
    """Choose an action with a click."""
    buttons = [each for each in pilot.app.screen.query(ActionButton) if each.action_id == action]
    assert buttons, (action, action_ids(pilot))
    assert await pilot.click(buttons[0])
    await settle(pilot)
    await walk_paused(pilot)


async def answer_yes(pilot: Pilot[Any]) -> None:
    """Answer the question on top with yes."""
    await choose_by_keys(pilot, "yes")
