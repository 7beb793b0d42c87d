"""Widgets are replaced only when what they show has changed."""

import pytest
from textual.events import Blur
from textual.message import Message

from oai_tui.tui.screens.walk import WalkScreen
from oai_tui.tui.widgets.action_bar import ActionBar
from oai_tui.tui.widgets.key_footer import FittedKey, KeyFooter, keys_that_fit
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import credential
from tests.tui.pilot_steps import press, settle
from tests.tui.scripted_walk import ScriptedApi


def test_a_queued_event_is_superseded_by_a_later_one_of_the_same_or_a_newer_run() -> None:
    def supersedes(later: Message) -> bool:
        return WalkScreen.ProgressChanged(2).can_replace(later)

    assert supersedes(WalkScreen.ProgressChanged(2))
    assert supersedes(WalkScreen.ProgressChanged(3))
    assert not supersedes(WalkScreen.ProgressChanged(1))
    assert not supersedes(Blur())


async def test_the_footer_keeps_its_keys_until_one_changes() -> None:
    app = wizard(FakeServices(credential(), api=ScriptedApi(accepts_key=False)))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        footer = app.screen.query_one(KeyFooter)
        keys = list(footer.children)
        assert keys
        app.screen.refresh_bindings()
        await settle(pilot)
        assert list(footer.children) == keys
        await press(pilot, "tab")
        assert list(footer.children) != keys


async def test_the_same_actions_keep_their_buttons() -> None:
    app = wizard(FakeServices(credential()))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        bar = app.screen.query_one(ActionBar)
        buttons = list(bar.children)
        assert not await bar.show(bar.actions)
        assert list(bar.children) == buttons
        assert await bar.show(bar.actions[:1])
        assert len(bar.children) == 1


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (60, "do it back skip help quit"),
        (45, "do it back help quit"),
        (20, "help quit"),
        (9, "quit"),
        (3, ""),
    ],
)
def test_a_narrow_footer_keeps_help_and_quit_whole(width: int, shown: str) -> None:
    names = ["do it", "back", "skip", "evidence of every step", "help", "quit"]
    keys = [
        FittedKey(action=f"app.{name}", cells=len(name) + 5, enabled=name != "skip")
        for name in names
    ]
    fitting = keys_that_fit(keys, width)
    assert " ".join(name for name, fits in zip(names, fitting, strict=True) if fits) == shown
