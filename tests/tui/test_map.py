"""The map and the pages of causes: every level, the path of a check, the search, small sizes."""

import pytest
from textual.widgets import OptionList

from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.tree import TREE
from oai_tui.services.build import demo_services
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.map import MapScreen
from oai_tui.tui.tree_map import BRANCH_LABELS, branch_rows, groups_of, search, target_rows
from tests.tui.pilot_steps import press, settle, walk_paused
from tests.tui.screen_text import screen_words

SIZES = [(40, 15), (80, 24), (120, 40)]


def test_every_branch_has_plain_words() -> None:
    used = {branch.label for step in TREE.steps.values() for branch in step.branches}
    assert used == set(BRANCH_LABELS)


def test_every_cause_of_the_tree_can_be_reached_from_its_step() -> None:
    for step in TREE.steps.values():
        shown = {
            row.id.removeprefix("cause ")
            for group in groups_of(step)
            for row in target_rows(group, TREE, CATALOGUE, "")
        }
        assert {cause for branch in step.branches for cause in branch.suspects} <= shown
        assert len(list(branch_rows(step, TREE, CATALOGUE, None))) == len(groups_of(step))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("insufficient_quota", "quota-exhausted"),
        ("proxy 407", "proxy-auth-required"),
        ("401", "key-invalid"),
    ],
)
def test_a_cause_is_found_by_what_people_know(text: str, cause: str) -> None:
    assert f"cause {cause}" in {row.id for row in search(text, TREE, CATALOGUE)}


@pytest.mark.parametrize("size", SIZES)
async def test_from_the_check_down_to_the_page_of_its_cause(size: tuple[int, int]) -> None:
    app = OaiTui(demo_services("key-shadowed"))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, "f6")
        assert "✓ ⟳ Same call" in screen_words(app)
        await press(pilot, "enter")
        assert "◂ this check" in screen_words(app)
        await press(pilot, "enter")
        assert "key-shadowed · key" in screen_words(app)
        assert "What it is" in screen_words(app)
        await press(pilot, "escape", "escape", "escape")
        assert type(app.screen).__name__ == "WalkScreen"


@pytest.mark.parametrize("size", SIZES)
async def test_the_search_opens_a_cause_and_its_demo(size: tuple[int, int]) -> None:
    app = OaiTui(demo_services("all-good"))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "f6", "slash", *"quota-exh", "enter")
        assert "quota-exhausted · billing" in screen_words(app)
        await press(pilot, "d")
        assert app.services is not None
        assert app.services.scenario is not None
        assert app.services.scenario.id == "quota-exhausted"


async def test_escape_leaves_the_search_first() -> None:
    app = OaiTui(demo_services("all-good"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f6", "slash", *"zzz")
        assert "Nothing found." in screen_words(app)
        await press(pilot, "enter", "escape")
        assert isinstance(app.screen, MapScreen)
        assert app.screen.query_one("#map-list", OptionList).highlighted == 1
        await press(pilot, "escape")
        assert type(app.screen).__name__ == "StartScreen"
