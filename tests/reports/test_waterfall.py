"""The waterfall: begin and length of the bars, and the bars in text and JSON."""

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
SETTINGS = ConnectionPhase(id="settings", mark="passed", detail="proxy none · CA store system")
PHASES = (
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
            observation=replace(samples.REACH_STEP.observation, phases=PHASES),
        ),
        replace(
            samples.REACH_STEP,
            step="again",
            experiment=True,
            observation=replace(samples.REACH_STEP.observation, phases=PHASES[:1]),
        ),
    ),
)


def test_bars_follow_one_another() -> None:
    assert [(bar.before, bar.length) for bar in bars(PHASES, 39)] == [
        (0, 4),
        (4, 11),
        (15, 24),
        (0, 0),
    ]


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.none() | st.floats(0, 1e6)), max_size=6),
    st.integers(1, 60),
)
def test_no_bar_is_longer_than_its_cells(
    times: list[tuple[float, float | None]], cells: int
) -> None:
    for bar in bars(
        [ConnectionPhase(id="name", mark="passed", at_ms=at, ms=ms) for at, ms in times], cells
    ):
        assert bar.before + bar.length <= cells


def test_experiments_are_not_drawn() -> None:
    assert phases_of(BROKEN.trail) == (SETTINGS, *PHASES)


@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_the_page_shows_the_phases_and_fits(width: int) -> None:
    page = render("text", BROKEN, style=Style(width=width))
    assert [line for line in page.splitlines() if len(line) > width] == []
    assert "✗ TLS" in page
    assert "not reached" in " ".join(page.split())


def test_a_wide_page_has_bars() -> None:
    assert "▇" in render("text", BROKEN)
    assert "▇" not in render("text", BROKEN, style=Style(width=40))
    assert render("text", BROKEN, style=Style(unicode=False)).isascii()
    assert len(bars(PHASES)[2].drawn) <= CELLS


def test_the_document_has_the_phases() -> None:
    document = json.loads(render("json", BROKEN))
    jsonschema.validate(document, SCHEMA)
    assert [phase["outcome"] for phase in document["steps"][2]["rungs"]] == [
        "passed",
        "passed",
        "failed",
        "skipped",
    ]
    assert set(document["steps"][2]["rungs"][0]) == set(SCHEMA["$defs"]["rung"]["properties"])
    assert "rungs" not in document["steps"][0]
