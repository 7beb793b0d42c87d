"""Pilot waits for an idle event loop instead of measuring CPU time, and nothing is animated."""

import pytest

from tests.tui.pilot_steps import wait_until_idle


@pytest.fixture(autouse=True)
def deterministic_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `Pilot.press` and `Pilot.pause` independent of the speed of the machine."""
    monkeypatch.setattr("textual.app.wait_for_idle", wait_until_idle)
    monkeypatch.setattr("textual.pilot.wait_for_idle", wait_until_idle)
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")
