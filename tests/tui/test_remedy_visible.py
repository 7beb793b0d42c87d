"""What to do is on the first screenful of every cause, at every size of terminal.

Each scenario is walked once; the terminal is resized afterwards. The regions of the widgets say
which rows are visible.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from textual.pilot import Pilot

from oai_tui.domain.cause import Fix
from oai_tui.domain.decision_tree import Question
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.services.build import demo_services
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.walk import WalkScreen
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as texts
from oai_tui.tui.widgets.action_bar import ActionButton
from oai_tui.tui.widgets.paragraphs import wrap_paragraphs
from tests.scenarios.run_scenario import answers_of, first_key
from tests.tui.pilot_steps import resize, settle, walk_paused
from tests.tui.screen_text import screen_lines

WHOLE_REMEDY = ((80, 24), (100, 30), (120, 40))
"""Sizes at which the first remedy is visible with its command and its link."""
FIRST_LINE = ((60, 20), (40, 15))
"""Smaller sizes, at which its first line is visible."""


class AnsweredWizard(OaiTui):
    """The wizard, whose questions are answered by the user of the scenario, without a dialog."""

    async def put_question(
        self,
        question: Question,
        facts: Mapping[str, Fact],
        session: CheckSession,
        progress: WalkProgress,
    ) -> Answer:
        scenario = session.services.scenario
        assert scenario is not None
        return await answers_of(scenario.id)(question, facts)

    def open_saved(self, session: CheckSession, progress: WalkProgress) -> None:
        """Stay on the check."""


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_the_first_remedy_is_visible_at_every_size(scenario: str) -> None:
    services = demo_services(scenario)
    # The clock does not move, so that no automatic check starts.
    app = AnsweredWizard(services, now=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    app.animation_level = "none"
    async with app.run_test(size=WHOLE_REMEDY[0]) as pilot:
        await settle(pilot)
        target, credential = first_key(services)
        app.open_walk(CheckSession(services=services, target=target, credential=credential))
        await walk_paused(pilot)
        screen = app.screen
        assert isinstance(screen, WalkScreen)
        diagnosis = screen.progress.diagnosis
        assert diagnosis is not None
        if diagnosis.verdict.outcome == "working":
            return
        assert diagnosis.verdict.fixes, "a cause without advice"
        first = diagnosis.verdict.fixes[0]
        hidden = []
        for size in (*WHOLE_REMEDY, *FIRST_LINE):
            await resize(pilot, *size)
            visible = _visible_rows(screen, first)
            wanted = _rows(screen, first) if size in WHOLE_REMEDY else 1
            if visible < wanted or not _is_primary_visible(pilot):
                hidden.append(f"{size[0]}x{size[1]}: {visible} of {wanted} rows")
        assert hidden == []


def _rows(screen: WalkScreen, fix: Fix) -> int:
    """The rows of a remedy at the present width."""
    width = screen.query_one("#fixes").content_size.width
    return wrap_paragraphs(texts.fixes([fix]), width).plain.count("\n") + 1


def _visible_rows(screen: WalkScreen, fix: Fix) -> int:
    """The rows of the first remedy that are inside the visible part of the middle."""
    fixes, middle = screen.query_one("#fixes"), screen.query_one("#middle")
    assert fixes.display
    below = middle.content_region.bottom - fixes.content_region.y
    return max(0, min(below, _rows(screen, fix)))


def _is_primary_visible(pilot: Pilot[None]) -> bool:
    """Whether the first button is drawn with its whole label, and the keys of the footer."""
    label = str(pilot.app.screen.query(ActionButton).first().label)
    lines = screen_lines(pilot.app).splitlines()
    is_in_bar = any(label in line for line in lines[-4:-1])
    return is_in_bar and all(key in lines[-1] for key in ("? help", "q quit"))
