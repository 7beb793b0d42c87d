"""JUnit, GitHub, Prometheus and JSON lines, read back with the programs that read them.

junitparser reads the XML, prometheus_client and promtool read the metrics, and a transcription of
the GitHub runner's parser (ActionCommand.TryParseV2) reads the annotations.
"""

import importlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from oai_tui.domain.diagnosis import Diagnosis, StepRecord
from oai_tui.reports import render, render_explanation
from oai_tui.reports.batch import BATCH_FORMATS, Result, render_batch
from oai_tui.reports.github_commands import annotation
from oai_tui.reports.style import Style
from tests.reports import explain_samples as explained
from tests.reports import samples
from tests.reports.test_markdown import HOSTILE_WORDS, hostile, read

XML_WORDS = ']]> & <x a="1"> \ufffe\x00 " \' %0A\r\n::error::x,y:z'
RESULTS = tuple(Result(name=name, diagnosis=samples.ALL[name]) for name in samples.ALL)


def several(format: str, results: tuple[Result, ...] = RESULTS, **more: Any) -> str:
    return render_batch(format, results, mode="check", version="0.1.0", **more)


def with_words(words: str) -> Diagnosis:
    """Return a failed check in which every text is `words`."""
    step: StepRecord = replace(samples.MISMATCH.trail[2], title=words, branch=words)
    verdict = replace(samples.MISMATCH.verdict, title=words, explanation=words, warnings=(words,))
    return replace(samples.MISMATCH, verdict=verdict, trail=(step,))


# JUnit


def suites(page: str) -> list[Any]:
    junitparser = importlib.import_module("junitparser")
    return list(junitparser.JUnitXml.fromstring(page.encode()))


def test_junit_has_a_suite_for_each_check_and_a_case_for_each_stage() -> None:
    found = suites(several("junit"))
    assert [suite.name for suite in found] == [f"oai-tui {name}" for name in samples.ALL]
    for suite in found:
        assert suite.tests == len(list(suite)) == 7
        results = [result for case in suite for result in case.result]
        kinds = [type(result).__name__ for result in results]
        assert [suite.failures, suite.errors, suite.skipped] == [
            kinds.count(kind) for kind in ("Failure", "Error", "Skipped")
        ]


def test_junit_failure_names_the_cause_and_what_to_do() -> None:
    (suite,) = suites(render("junit", samples.MISMATCH))
    failed = {case.name: case.result[0] for case in suite if case.result}
    failure = failed.pop("Key")
    assert (type(failure).__name__, failure.type) == ("Failure", "organization-mismatch")
    assert failure.message == samples.MISMATCH.verdict.title
    assert "unset OPENAI_ORG_ID" in failure.text
    assert {type(result).__name__ for result in failed.values()} == {"Skipped"}


@pytest.mark.parametrize("name", ["undecided", "aborted"])
def test_junit_check_without_a_verdict_is_an_error(name: str) -> None:
    (suite,) = suites(render("junit", samples.ALL[name]))
    assert (suite.errors, suite.failures) == (1, 0)


def test_junit_of_a_warning_only_check_fails_no_build() -> None:
    result = Result(name="dev", diagnosis=samples.MISMATCH, severity="warning")
    (suite,) = suites(several("junit", (result,)))
    assert (suite.errors, suite.failures) == (0, 0)
    skips = [case.result[0].message for case in suite if case.result]
    assert f"warning: {samples.MISMATCH.verdict.title}" in skips


@pytest.mark.parametrize("style", [Style(), Style(unicode=False)], ids=["utf-8", "ascii"])
@pytest.mark.parametrize("words", [HOSTILE_WORDS, XML_WORDS])
def test_junit_keeps_any_words(words: str, style: Style) -> None:
    (suite,) = suites(render("junit", with_words(words), style=style))
    (failure,) = [case.result[0] for case in suite if case.name == "Key"]
    for word in set(words.split()) - {"\ufffe\x00"}:
        assert word in failure.message
        assert word in failure.text


# GitHub


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """Return command, properties and message as the runner reads a line."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    command, _, rest = head.partition(" ")
    properties = dict(pair.split("=", 1) for pair in rest.split(",") if pair)
    unescape = (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
    for escaped, character in unescape:
        properties = {key: text.replace(escaped, character) for key, text in properties.items()}
    for escaped, character in unescape[2:]:
        data = data.replace(escaped, character)
    return command, properties, data


@pytest.mark.parametrize("words", ["a\n::set-output name=x::y", "50%\r\n%0A", "a,b:c::d"])
def test_github_annotation_is_one_command_whatever_it_says(words: str) -> None:
    line = annotation("error", words, words)
    assert not re.search("[\r\n]", line)
    assert parsed(line) == ("error", {"title": words}, words)


def test_github_names_the_cause_and_what_to_do() -> None:
    error, warning = map(parsed, render("github", samples.MISMATCH).splitlines())
    assert error[:2] == ("error", {"title": "organization-mismatch"})
    assert "unset OPENAI_ORG_ID" in error[2]
    assert warning[0] == "warning"


def test_github_of_a_working_check_is_a_notice() -> None:
    (line,) = render("github", samples.WORKING).splitlines()
    assert parsed(line)[0] == "notice"


def test_github_level_is_the_severity() -> None:
    result = Result(name="dev", diagnosis=samples.MISMATCH, severity="warning")
    assert several("github", (result,)).startswith("::warning title=organization-mismatch::dev: ")


def test_github_line_is_always_a_command() -> None:
    for diagnosis in (hostile(), with_words(XML_WORDS), samples.HOSTILE):
        for line in re.split("[\r\n]+", render("github", diagnosis).strip()):
            assert parsed(line)[0] in {"error", "warning", "notice"}


# Prometheus


def metrics(page: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    parser = importlib.import_module("prometheus_client.parser")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parser.text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_prometheus_says_what_is_up_and_why_not() -> None:
    found = metrics(several("prometheus"))
    up = {labels[0][1]: value for (name, labels), value in found.items() if name == "oai_tui_up"}
    assert up == {name: float(name == "working") for name in samples.ALL}
    causes = {
        dict(labels)["profile"]: dict(labels)["cause"]
        for name, labels in found
        if name == "oai_tui_check_cause"
    }
    assert causes == {
        "mismatch": "organization-mismatch",
        "no-key": "key-missing",
        "undecided": "unknown",
        "aborted": "aborted",
    }
    working = (("profile", "working"),)
    assert found["oai_tui_last_check_timestamp_seconds", working] == 1795417200
    assert found["oai_tui_ratelimit_remaining", (("kind", "requests"), *working)] == 499
    assert found["oai_tui_probe_seconds", (*working, ("stage", "reach"))] == 0.148


def test_prometheus_key_age() -> None:
    page = render("prometheus", samples.WORKING, key_age_days=12)
    assert metrics(page)["oai_tui_key_age_days", (("profile", "OPENAI_API_KEY"),)] == 12


@pytest.mark.parametrize("name", ['a"b\\c\nd', "“quoted”", "}", "a" * 300])
@pytest.mark.parametrize("style", [Style(), Style(unicode=False)], ids=["utf-8", "ascii"])
def test_prometheus_label_holds_any_name(name: str, style: Style) -> None:
    page = several("prometheus", (Result(name=name, diagnosis=samples.WORKING),), style=style)
    names = {dict(labels)["profile"] for _, labels in metrics(page)}
    assert len(names) == 1
    if style.unicode:
        assert names == {name}


def test_prometheus_names_are_different() -> None:
    page = several("prometheus", (RESULTS[0], RESULTS[0], RESULTS[1]))
    profiles = {dict(labels)["profile"] for _, labels in metrics(page)}
    assert profiles == {"working", "working 2", "mismatch"}


def test_prometheus_text_satisfies_promtool() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        assert os.environ.get("CI") != "true", "promtool is missing"
        pytest.skip("needs promtool: install Debian's package prometheus")
    age = Result(name="old", diagnosis=samples.WORKING, key_age_days=90)
    done = subprocess.run(
        [promtool, "check", "metrics"],
        input=several("prometheus", (*RESULTS, age)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # The name is part of the contract; every other rule of promtool holds.
    lines = (done.stdout + done.stderr).splitlines()
    assert [
        line for line in lines if not line.startswith("oai_tui_key_age_days use base unit")
    ] == []


# All


def test_json_lines_are_one_object_for_each_failure() -> None:
    for report in explained.ALL.values():
        lines = render_explanation("json-lines", report).splitlines()
        results = report.explanation.results
        assert [json.loads(line)["count"] for line in lines] == [one.count for one in results]
        assert [json.loads(line)["verdict"]["cause"] for line in lines] == [
            one.verdict.cause for one in results
        ]


@pytest.mark.parametrize("format", BATCH_FORMATS)
def test_no_key_survives_in_a_batch(format: str) -> None:
    hostile_results = (Result(name=samples.FAKE_KEY, diagnosis=samples.HOSTILE),)
    page = several(format, hostile_results)
    assert samples.FAKE_KEY[:20] not in page
    assert "someone@example.com" not in page


@pytest.mark.parametrize("format", BATCH_FORMATS)
def test_batch_without_unicode_is_ascii(format: str) -> None:
    assert several(format, style=Style(unicode=False)).isascii()


@pytest.mark.parametrize("format", BATCH_FORMATS)
def test_batch_of_nothing_is_a_page(format: str) -> None:
    assert several(format, ()) is not None


def test_markdown_table_has_a_row_for_each_check_and_no_markup_of_servers() -> None:
    results = (*RESULTS, Result(name="a|b", diagnosis=hostile(), environment="production"))
    tokens = read(several("markdown", results))
    kinds = [token.type for token in tokens]
    assert kinds.count("tr_open") == len(results) + 1
    assert kinds.count("td_open") == 6 * len(results)
    assert not {"link_open", "image", "html_inline", "html_block"} & set(
        kinds[: kinds.index("table_close")]
    )
