"""The reports on explained texts and logs: text at any width, JSON that keeps to the schema."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation
from oai_tui.reports import EXPLANATIONS, ExplainReport, render_explanation
from oai_tui.reports.exit_codes import BY_FAMILY, WORST_FIRST
from oai_tui.reports.explain_report import worst_verdict
from oai_tui.reports.style import Style
from tests.reports import explain_samples as explained
from tests.reports.samples import FAKE_KEY
from tests.reports.test_json import SCHEMA, undescribed

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = {"text": explained.HOSTILE_TEXT, "log": explained.HOSTILE_LOG}


def styled(report: ExplainReport, style: Style) -> ExplainReport:
    return replace(report, style=style)


@pytest.mark.parametrize(("format", "ending"), [("text", "txt"), ("json", "json")])
@pytest.mark.parametrize("name", explained.ALL)
def test_page_is_the_golden_one(name: str, format: str, ending: str) -> None:
    assert render_explanation(format, explained.ALL[name]) == (
        GOLDEN / f"{name}.{ending}"
    ).read_text("utf-8")


@pytest.mark.parametrize(
    "report", [*explained.ALL.values(), *HOSTILE.values()], ids=[*explained.ALL, *HOSTILE]
)
def test_document_keeps_to_the_schema_that_ships(report: ExplainReport) -> None:
    jsonschema.validate(
        json.loads(render_explanation("json", report)), SCHEMA, jsonschema.Draft202012Validator
    )


@pytest.mark.parametrize("name", explained.ALL)
def test_every_field_of_the_document_is_in_the_schema(name: str) -> None:
    assert not list(
        undescribed(json.loads(render_explanation("json", explained.ALL[name])), SCHEMA, "$")
    )


def test_document_of_a_log_ends_with_the_code_of_its_worst_result() -> None:
    document = json.loads(render_explanation("json", explained.ALL["log"]))
    assert [result["exit_code"] for result in document["results"]] == [6, 8, 4, 11]
    assert (document["exit_code"], document["verdict"]["cause"]) == (4, "organization-mismatch")


def test_a_text_without_one_of_both_parts_is_refused_by_the_schema() -> None:
    document = json.loads(render_explanation("json", explained.ALL["explained"]))
    del document["evidence"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)


def test_every_exit_code_of_a_verdict_is_among_the_worst() -> None:
    assert set(WORST_FIRST) >= set(BY_FAMILY.values()) | {0, 3, 11}
    assert len(set(WORST_FIRST)) == len(WORST_FIRST)


def test_of_equally_bad_results_the_most_frequent_counts() -> None:
    results = tuple(
        FailureReport(
            observation=Observation(probe="paste"),
            verdict=Verdict(outcome="problem", family="billing", cause=cause),
        )
        for cause in ("quota-exhausted", "billing-inactive")
    )
    assert worst_verdict(results).cause == "quota-exhausted"


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("name", explained.ALL)
def test_prose_fits_the_width(name: str, width: int) -> None:
    page = render_explanation("text", styled(explained.ALL[name], Style(width=width)))
    copied_whole = re.compile(r"^ {6}(https?://|oai-tui )|unset")
    assert [
        line for line in page.splitlines() if len(line) > width and not copied_whole.search(line)
    ] == []


@pytest.mark.parametrize("name", explained.ALL)
def test_colours_change_nothing_but_colours(name: str) -> None:
    coloured = render_explanation("text", styled(explained.ALL[name], Style(colour=True)))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == render_explanation("text", explained.ALL[name])
    assert "\x1b[" in coloured


@pytest.mark.parametrize("format", EXPLANATIONS)
def test_stream_without_unicode_gets_ascii(format: str) -> None:
    assert render_explanation(format, styled(explained.ALL["log"], Style(unicode=False))).isascii()


@pytest.mark.parametrize("format", EXPLANATIONS)
@pytest.mark.parametrize("report", HOSTILE.values(), ids=HOSTILE)
def test_neither_a_key_nor_an_address_nor_an_escape_sequence_survives(
    report: ExplainReport, format: str
) -> None:
    page = render_explanation(format, report)
    assert FAKE_KEY[:20] not in page
    assert "someone@example.com" not in page
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800]", page)
