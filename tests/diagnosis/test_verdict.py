"""Choosing a branch, selecting a cause, filling in templates, and the verdict."""

import shlex
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.diagnosis.verdict import (
    choose_branch,
    fill_template,
    finding_of,
    offered_fixes,
    select_cause,
    verdict_of,
)
from oai_tui.domain.cause import Confidence, Fix
from oai_tui.domain.condition import When
from oai_tui.domain.diagnosis import CauseMatch, Verdict
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.target import Change
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.services.explain_text import explain_text
from tests.diagnosis.tree_factory import CAUSES, fails, ok, on, refused, step

HOSTILE = [
    "a; rm -rf ~",
    "$(reboot)",
    "`id`",
    "' ; id ; '",
    '" && id',
    "a\nid",
    "a b",
    "{base_url}",
    "%s",
    "--help",
]


def test_the_first_branch_that_matches_is_chosen() -> None:
    branching = step(
        "a",
        on("x", When(status="4xx"), label="first"),
        on("x", When(status=401), label="second"),
        on(label="rest"),
    )
    assert choose_branch(branching, refused(401)).label == "first"
    assert choose_branch(branching, ok()).label == "rest"


def test_a_step_without_a_last_branch_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="step a has no branch"):
        choose_branch(step("a", on(None, When(status=200))), refused())


@pytest.mark.parametrize(
    ("suspects", "status", "selected", "confidence"),
    [
        (("bad-key", "unknown"), 401, "bad-key", "certain"),
        (("bad-key", "no-scope"), 403, "no-scope", "likely"),
        (("bad-key",), 500, "unknown", "possible"),
        (("bad-key", "unknown"), 500, "unknown", "possible"),
    ],
)
def test_the_first_suspect_with_a_symptom_is_selected(
    suspects: tuple[str, ...], status: int, selected: str, confidence: str
) -> None:
    match = select_cause(fails(None, *suspects), refused(status), CAUSES)
    assert match is not None
    assert (match.cause, match.confidence) == (selected, confidence)


def test_a_branch_without_suspects_selects_no_cause() -> None:
    assert select_cause(on(), refused(), CAUSES) is None


def test_a_template_is_filled_in_when_all_is_known() -> None:
    assert (
        fill_template("use {model_near}, {limit} left", {"model_near": "gpt-6", "limit": 0})
        == "use gpt-6, 0 left"
    )


@pytest.mark.parametrize("facts", [{}, {"model_near": ""}])
def test_a_template_that_cannot_be_filled_is_not_used(facts: dict[str, str]) -> None:
    assert fill_template("use {model_near}", facts) is None


def test_doubled_braces_stay_braces() -> None:
    assert (
        fill_template("curl -w '%{{http_code}}' https://{host}", {"host": "x"})
        == "curl -w '%{http_code}' https://x"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_one_word_of_a_command(name: str) -> None:
    command = fill_template("oai-tui check --model {model_near}", {"model_near": name}, shell=True)
    assert command is not None
    assert shlex.split(command) == ["oai-tui", "check", "--model", name]


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda text: "\0" not in text))
def test_any_name_stays_one_word_of_a_command(name: str) -> None:
    command = fill_template("x {model_near}", {"model_near": name}, shell=True)
    assert command is not None
    assert shlex.split(command) == ["x", name]


@pytest.mark.parametrize("name", HOSTILE)
def test_an_offered_fix_quotes_its_command(name: str) -> None:
    (fix,) = offered_fixes(
        [Fix(text="Use {model_near}.", who="you", command="oai-tui check --model {model_near}")],
        {"model_near": name},
    )
    assert shlex.split(fix.command)[-1] == name
    assert fix.text == f"Use {name}."


@pytest.mark.parametrize(
    "fix",
    [
        Fix(text="Use {model_near}.", who="you"),
        Fix(text="x", who="you", command="y {model_near}"),
        Fix(text="x", who="you", url="https://x/{model_near}"),
        Fix(text="x", who="you", apply=Change(kind="use-model", fact="model_near")),
    ],
)
def test_a_fix_whose_facts_are_not_known_is_not_offered(fix: Fix) -> None:
    assert offered_fixes([fix], {}) == ()
    assert offered_fixes([fix], {"model_near": "m"}) != ()


def _verdict(
    name: str, evidence: Observation, confidence: Confidence = "certain", **facts: Fact
) -> Verdict:
    match = CauseMatch(cause=name, confidence=confidence, evidence=evidence)
    return verdict_of(match, facts, CAUSES, key_proved=False, warnings=())


def test_a_problem_has_its_cause_family_and_fixes() -> None:
    verdict = _verdict("bad-key", refused())
    assert (verdict.outcome, verdict.cause, verdict.family, verdict.title, len(verdict.fixes)) == (
        "problem",
        "bad-key",
        "key",
        "Bad-key",
        1,
    )


def test_unknown_is_undecided() -> None:
    assert _verdict("unknown", refused(), "possible").outcome == "undecided"


def test_the_explanation_is_the_finding_where_it_can_be_filled_and_else_the_meaning() -> None:
    assert _verdict("no-scope", refused(403, missing_scopes="a.b")).explanation == "It lacks a.b."
    assert _verdict("no-scope", refused(403)).explanation == "The meaning of no-scope."


def test_alternatives_are_for_the_uncertain() -> None:
    assert _verdict("no-scope", refused(403)).alternatives == ()
    assert [one.cause for one in _verdict("no-scope", refused(403), "likely").alternatives] == [
        "bad-key"
    ]


def test_the_evidence_wins_over_what_was_known_before() -> None:
    assert (
        _verdict("no-scope", refused(403, missing_scopes="new"), missing_scopes="old").explanation
        == "It lacks new."
    )


@pytest.mark.parametrize(
    ("name", "wait", "helps", "after"),
    [("busy", 20.0, True, 20.0), ("busy", None, True, None), ("bad-key", 20.0, False, None)],
)
def test_a_wait_is_given_only_where_it_helps(
    name: str, wait: float | None, helps: bool, after: float | None
) -> None:
    facts = {} if wait is None else {"retry_after_s": wait}
    verdict = _verdict(name, refused(429, **facts))
    assert (verdict.retry.helps, verdict.retry.after_s) == (helps, after)


@pytest.mark.parametrize(
    ("proved", "billing", "untested"),
    [(True, "tested", ()), (True, None, ("billing",)), (False, None, ("key", "billing"))],
)
def test_the_verdict_lists_what_was_not_tested(
    proved: bool, billing: str | None, untested: tuple[str, ...]
) -> None:
    verdict = verdict_of(
        None, {"billing": billing} if billing else {}, CAUSES, key_proved=proved, warnings=()
    )
    assert (verdict.outcome, verdict.untested) == ("working", untested)


def test_a_billed_request_that_failed_has_tested_billing() -> None:
    evidence = replace(refused(429), probe="inference")
    match = CauseMatch(cause="bad-key", confidence="certain", evidence=evidence)
    verdict = verdict_of(match, {}, CAUSES, key_proved=True, warnings=())
    assert verdict.untested == ()


def test_wait_that_cannot_be_meant_is_named_and_ignored() -> None:
    text = "HTTP/1.1 429 Too Many Requests\nretry-after: 999999999\n\n" + (
        '{"error": {"message": "Rate limit reached for requests", "type": "requests", '
        '"code": "rate_limit_exceeded"}}'
    )
    (report,) = explain_text(text, now=0.0)
    assert (report.verdict.retry.helps, report.verdict.retry.after_s) == (True, None)
    assert report.verdict.warnings == (
        "The answer asks to wait 11574 days before a retry; that can't be meant and is ignored.",
    )


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        ("{organization_origin} names it.", "The file .env names it."),
        ("{server_at} names it.", "localhost names it."),
    ],
)
def test_a_sentence_that_begins_with_a_place_has_a_capital(finding: str, said: str) -> None:
    facts: dict[str, Fact] = {
        "organization_origin": "the file .env",
        "server_at": "localhost",
    }
    cause = replace(CATALOGUE["organization-mismatch"], finding=finding, findings=())
    assert finding_of(cause, Observation(probe="key"), facts) == said
