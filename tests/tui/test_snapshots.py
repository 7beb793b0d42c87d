"""Every screen as drawn, at two sizes, in the dark and the light theme.

After a change on purpose: pytest tests/tui/test_snapshots.py --snapshot-update, then look at them.
"""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from oai_tui.tui.themes import DAY, NIGHT
from tests.tui.pictured_screens import PICTURED, reach


@pytest.mark.parametrize("theme", [NIGHT.name, DAY.name], ids=["dark", "light"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("screen", PICTURED)
def test_screen(
    screen: str,
    size: tuple[int, int],
    theme: str,
    snap_compare: Callable[..., bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A support ticket names the machine.
    monkeypatch.setattr("platform.python_version", lambda: "3.13.0")
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.release", lambda: "6.1.0")
    app = PICTURED[screen].start()
    app.animation_level = "none"

    async def lead(pilot: Pilot[Any]) -> None:
        app.theme = theme
        await reach(pilot, screen)

    assert snap_compare(app, terminal_size=size, run_before=lead)
