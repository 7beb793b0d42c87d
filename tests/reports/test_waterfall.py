"""The waterfall: where bars begin, how long they are, and what text and JSON make of them."""

import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.phases import ConnectionPhase
from oai_tui.reports import render
from oai_tui.reports.style import Style
from oai_tui.reports.waterfall import CELLS, bars, phases_of
from tests.reports import samples

SCHEMA = json.loads(files("oai_tui.reports").joinpath("schema.json").read_text("utf-8"))
SETTINGS = ConnectionPhase(id="settings", mark="passed", detail="proxy none · store the system's")
RUNGS = (
    ConnectionPhase(id="name", mark="passed", ms=4, detail="192.0.2.1"),
    ConnectionPhase(id="connect", mark="passed", at_ms=4, ms=11, detail="to 192.0.2.1"),
    ConnectionPhase(id="tls", mark="failed", at_ms=15, ms=24, detail="issued by Example Works"),
    ConnectionPhase(id="answer", mark="skipped", at_ms=39),
)
BROKEN = replace(
    samples.ABORTED,
    trail=(
        samples.CREDENTIAL_STEP,
        replace(
            samples.REACH_STEP,
            step="settings",
            observation=replace(samples.REACH_STEP.observation, phases=(SETTINGS,)),
        ),
        replace(
            samples.REACH_STEP,
            mark="failed",
            observation=replace(samples.REACH_STEP.observation, phases=RUNGS),
        ),
        replace(
            samples.REACH_STEP,
            step="again",
            experiment=True,
            observation=replace(samples.REACH_STEP.observation, phases=RUNGS[:1]),
        ),
    ),
)


def test_bars_follow_one_another() -> None:
    assert [(bar.before, bar.length) for bar in bars(RUNGS, 39)] == [
        (0, 4),
        (4, 11),
        (15, 24),
        (0, 0),
    ]


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.none() | st.floats(0, 1e6)), max_size=6),
    st.integers(1, 60),
)
def test_no_bar_leaves_its_room(times: list[tuple[float, float | None]], cells: int) -> None:
    for bar in bars(
        [ConnectionPhase(id="name", mark="passed", at_ms=at, ms=ms) for at, ms in times], cells
    ):
        assert bar.before + bar.length <= cells


def test_experiments_are_not_drawn() -> None:
    assert phases_of(BROKEN.trail) == (SETTINGS, *RUNGS)


@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_the_page_draws_the_way_and_fits(width: int) -> None:
    page = render("text", BROKEN, style=Style(width=width))
    assert [line for line in page.splitlines() if len(line) > width] == []
    assert "✗ TLS" in page
    assert "not reached" in " ".join(page.split())


def test_the_page_has_bars_where_there_is_room() -> None:
    assert "▇" in render("text", BROKEN)
    assert "▇" not in render("text", BROKEN, style=Style(width=40))
    assert render("text", BROKEN, style=Style(unicode=False)).isascii()
    assert len(bars(RUNGS)[2].drawn) <= CELLS


def test_the_document_has_the_rungs() -> None:
    document = json.loads(render("json", BROKEN))
    jsonschema.validate(document, SCHEMA)
    assert [rung["outcome"] for rung in document["steps"][2]["rungs"]] == [
        "passed",
        "passed",
        "failed",
        "skipped",
    ]
    assert set(document["steps"][2]["rungs"][0]) == set(SCHEMA["$defs"]["rung"]["properties"])
    assert "rungs" not in document["steps"][0]
