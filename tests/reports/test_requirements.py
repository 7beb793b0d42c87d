"""What a check of a file requires beyond a working key, and the matrix of several checks."""

from dataclasses import replace

import pytest

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.endpoints import ScopeResult, ScopeState
from oai_tui.reports import exit_code, matrix
from oai_tui.reports.batch import Result, batch_exit_code
from oai_tui.reports.report import Report
from oai_tui.reports.requirements import Requirements, endpoints_for, with_requirements
from oai_tui.reports.style import Style
from tests.reports import samples

LIMITS = {"limit_requests": 500, "remaining_requests": 100}


def required(
    *scopes: str, headroom: float | None = None, requests: int | None = None
) -> Requirements:
    return Requirements(
        scopes=scopes, min_headroom=headroom, min_remaining={"requests": requests, "tokens": None}
    )


def judge(needs: Requirements, state: ScopeState | None = None) -> Diagnosis:
    """Judge a working check with LIMITS; state: what each required endpoint answered."""
    working = replace(samples.WORKING, facts=LIMITS)
    results = [
        ScopeResult(endpoint=endpoint, state=state, observation=None)
        for endpoint in (endpoints_for(needs.scopes) if state else ())
        if state
    ]
    return with_requirements(working, needs, results)


@pytest.mark.parametrize(
    ("state", "code", "cause"),
    [
        ("allowed", 0, None),
        ("missing", 5, "scope-missing"),
        ("unknown", 11, "unknown"),
        (None, 11, "unknown"),
    ],
)
def test_scope(state: ScopeState | None, code: int, cause: str | None) -> None:
    verdict = judge(required("api.responses.write"), state).verdict
    assert (exit_code(verdict), verdict.cause) == (code, cause)
    if code:
        assert "POST /v1/responses" in verdict.explanation
        assert verdict.fixes


@pytest.mark.parametrize(
    ("needs", "code"),
    [
        (required(headroom=0.2), 0),
        (required(headroom=0.21), 7),
        (required(requests=100), 0),
        (required(requests=101), 7),
        (required(headroom=0.0), 0),
    ],
)
def test_headroom(needs: Requirements, code: int) -> None:
    assert exit_code(judge(needs).verdict) == code


def test_headroom_without_headers_is_undecided_and_says_what_to_do() -> None:
    working = replace(samples.WORKING, facts={})
    verdict = with_requirements(working, required(headroom=0.5), ()).verdict
    assert exit_code(verdict) == 11
    assert "billing = true" in verdict.fixes[0].text


def test_failed_check_stays_as_it_is() -> None:
    needs = required("api.batch.write", headroom=1.0)
    assert with_requirements(samples.MISMATCH, needs, ()) == samples.MISMATCH


def test_scope_is_tested_at_the_endpoint_that_needs_the_least() -> None:
    names = [
        one.name for one in endpoints_for(("api.model.request", "POST /v1/realtime/client_secrets"))
    ]
    assert names == ["POST /v1/chat/completions", "POST /v1/realtime/client_secrets"]


def test_warning_changes_no_exit_code() -> None:
    bad = Result(name="a", diagnosis=samples.MISMATCH, severity="warning")
    good = Result(name="b", diagnosis=samples.WORKING)
    assert batch_exit_code((bad, good)) == 0
    assert batch_exit_code((bad, replace(bad, severity="error"))) == 4
    assert batch_exit_code(()) == 3


@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_matrix_has_a_row_for_each_check_and_aligned_columns(width: int) -> None:
    reports = tuple(
        Report(
            diagnosis=diagnosis,
            mode="check",
            exit_code=exit_code(diagnosis.verdict),
            name=name * 5,
            environment=environment,
        )
        for name, diagnosis in samples.ALL.items()
        for environment in ("dev", "production")
    )
    head, *rows = matrix.lines(reports, Style(width=width))
    assert [row for row in rows if row in {"dev", "production"}] == ["dev", "production"]
    checks = [row for row in rows if row not in {"dev", "production"}]
    assert len(checks) == 2 * len(samples.ALL)
    column = head.index("reach")
    assert {row[column + 2] for row in checks} <= set("✓✗!·")
    assert sum("✗" in row[column:] for row in checks) == 2 * 3
