"""The three most important screens as drawn, at two sizes.

After a change on purpose: pytest tests/tui/test_snapshots.py --snapshot-update, then look at them.
"""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from oai_tui.domain.target import Origin
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import ENVIRONMENT, OTHER_KEY, FakeVault, credential, profile
from tests.tui.pilot_steps import press, settle

DOTENV = Origin(kind="dotenv", name="OPENAI_API_KEY", place=".env:3")
SCREENS = {"start": (), "cause": ("enter",), "green": ("enter", "enter", "y")}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("screen", SCREENS)
def test_screen(screen: str, size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    services = FakeServices(
        credential(shadows=(DOTENV,)),
        credential(OTHER_KEY, DOTENV, shadowed_by=ENVIRONMENT),
        vault=FakeVault(profile(), profile("staging", 20, OTHER_KEY)),
    )

    async def reach(pilot: Pilot[Any]) -> None:
        await settle(pilot)
        await press(pilot, *SCREENS[screen])
        for box in pilot.app.screen.query(Input):
            box.cursor_blink = False
        await settle(pilot)

    app = wizard(services)
    app.animation_level = "none"
    assert snap_compare(app, terminal_size=size, run_before=reach)
