"""The state of a walk after its events, and display forms of values. No screen here."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.cause import Confidence, Fix
from oai_tui.domain.decision_tree import Mark
from oai_tui.domain.diagnosis import CredentialSummary, Diagnosis, StepRecord, Verdict
from oai_tui.domain.durations import format_elapsed, format_wait
from oai_tui.domain.events import Decided, Ended, StepStarted
from oai_tui.domain.observation import ErrorBody, Observation, Request, Timings
from oai_tui.domain.target import Change, Origin, Target
from oai_tui.knowledge.tree import TREE as REAL_TREE
from oai_tui.tui.formatting import (
    display_safe,
    outcome_text,
    timing_text,
    verified_ago,
)
from oai_tui.tui.next_actions import next_actions
from oai_tui.tui.walk_progress import PathLine, WalkProgress
from oai_tui.tui.widgets.paragraphs import paragraph, wrap_paragraphs
from oai_tui.tui.widgets.progress_path import render_column, render_line
from tests.tui.fakes import NOW, ORGANIZATION
from tests.tui.sample_tree import TREE


def record(step: str, mark: Mark, cause: str = "") -> StepRecord:
    of_tree = TREE.steps[step]
    observation = Observation(probe=step, status=200, timings=Timings(total_ms=10))
    return StepRecord(
        step=step,
        stage=of_tree.stage,
        title=of_tree.title,
        mark=mark,
        branch="200",
        observation=observation,
        matched_cause=cause,
        experiment=of_tree.experiment,
    )


def decided(progress: WalkProgress, step: str, mark: Mark, cause: str = "") -> None:
    progress.apply(StepStarted(step=TREE.steps[step], target=Target()))
    progress.apply(
        Decided(step=TREE.steps[step], record=record(step, mark, cause), current_match=None)
    )


def ended(progress: WalkProgress, verdict: Verdict) -> None:
    progress.apply(
        Ended(
            diagnosis=Diagnosis(
                verdict=verdict,
                trail=(),
                target=Target(),
                credential=None,
                started_at=NOW,
                elapsed_ms=1,
                version="0",
            )
        )
    )


def test_a_stage_is_as_bad_as_its_worst_step_but_an_experiment_does_not_count() -> None:
    progress = WalkProgress(tree=TREE)
    decided(progress, "key", "failed")
    decided(progress, "without-organization", "passed")
    ended(progress, Verdict(outcome="problem", cause="organization-mismatch"))
    assert [line.state for line in progress.lines()] == [
        "waiting",
        "waiting",
        "failed",
        "passed",
        "waiting",
        "waiting",
        "waiting",
        "waiting",
        "waiting",
    ]


def test_checking_again_begins_where_the_cause_was_selected() -> None:
    progress = WalkProgress(tree=TREE)
    decided(progress, "credential", "passed")
    decided(progress, "key", "warning", cause="scope-missing")
    decided(progress, "inference", "failed")
    ended(progress, Verdict(outcome="problem", cause="scope-missing"))
    assert progress.failed_stage() == "key"
    assert [kept.step for kept in progress.records_before("key")] == ["credential"]


@pytest.mark.parametrize(
    ("verdict", "ids"),
    [
        (Verdict(outcome="working"), ["save", "back", "quit"]),
        (Verdict(outcome="problem", cause="key-missing", family="key"), ["enter_key", "again"]),
        (Verdict(outcome="problem", cause="key-invalid", family="key"), ["again", "enter_key"]),
        (
            Verdict(
                outcome="problem",
                cause="x",
                family="billing",
                fixes=(
                    Fix(text="Pay.", who="owner"),
                    Fix(text="Use it.", who="you", apply=Change(kind="use-model", fact="m")),
                ),
            ),
            ["apply(1)", "again"],
        ),
    ],
)
def test_the_first_action_is_the_one_to_do(verdict: Verdict, ids: list[str]) -> None:
    progress = WalkProgress(tree=TREE)
    ended(progress, verdict)
    assert [action.id for action in next_actions(progress)] == ids


@pytest.mark.parametrize(
    ("cause", "confidence", "kind", "base_url", "offered"),
    [
        ("key-invalid", "certain", "project", "", True),
        ("key-invalid", "certain", "user", "", False),
        ("key-invalid", "certain", "project", "https://gateway.example.com/v1", False),
        ("model-not-found", "likely", "project", "", True),
        ("model-not-found", "certain", "project", "", False),
        ("organization-membership", "likely", "project", "", True),
        ("quota-exhausted", "likely", "project", "", False),
    ],
)
def test_the_owner_view_is_offered_where_it_settles_the_cause(
    cause: str, confidence: Confidence, kind: str, base_url: str, offered: bool
) -> None:
    progress = WalkProgress(tree=TREE)
    ended(progress, Verdict(outcome="problem", cause=cause, confidence=confidence))
    assert progress.diagnosis is not None
    key = CredentialSummary(
        hint="sk-proj-…wxyz",
        kind=kind,
        kind_label="key",
        origin=Origin(kind="typed"),
        fingerprint="0" * 8,
    )
    target = Target(base_url=base_url) if base_url else Target()
    progress.diagnosis = replace(progress.diagnosis, credential=key, target=target)
    ids = [action.id for action in next_actions(progress)]
    assert ("about('owner')" in ids) is offered
    assert ids[0] == "again"


@given(st.integers(20, 200))
def test_the_path_fits_every_width_from_20_on(width: int) -> None:
    progress = WalkProgress(tree=TREE)
    decided(progress, "key", "failed")
    lines = tuple(progress.lines())
    assert render_line(lines, width).cell_length <= width
    assert all(
        len(line) <= max(width, 30) for line in render_column(lines, width).plain.splitlines()
    )


@given(st.text(), st.integers(1, 120))
def test_hanging_text_keeps_its_words_at_every_width(text: str, width: int) -> None:
    assert "".join(
        wrap_paragraphs([paragraph("label  ", display_safe(text))], width).plain.split()
    ) == "label" + "".join(display_safe(text).replace("\t", " ").split())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (display_safe(f"in {ORGANIZATION}"), "in org-…Ab12"),
        (display_safe("a\x1b[1mb\u202e"), "a␛[1mb<U+202E>"),
        (format_elapsed(None), ""),
        (format_elapsed(182.4), "182 ms"),
        (format_elapsed(2345), "2.3 s"),
        (format_wait(0.12), "120 ms"),
        (format_wait(20), "20 s"),
        (format_wait(600), "10 min"),
        (verified_ago(None, NOW), "never verified"),
        (verified_ago(NOW, NOW), "verified today"),
        (verified_ago(NOW.replace(day=22), NOW), "verified 1 day ago"),
        (timing_text(Timings(name_ms=4, total_ms=9)), "9 ms  (name 4 ms)"),
        (
            outcome_text(Observation(probe="x", failure="dns")),
            "DNS lookup failed",
        ),
        (
            outcome_text(
                Observation(
                    probe="x",
                    status=429,
                    reason="Too Many Requests",
                    error=ErrorBody(code="slow_down"),
                )
            ),
            "429 Too Many Requests · slow_down",
        ),
    ],
)
def test_short_forms(value: str, text: str) -> None:
    assert value == text


def test_a_newline_at_the_end_of_a_key_does_not_break_the_path() -> None:
    progress = WalkProgress(tree=TREE)
    observation = Observation(probe="credential", facts={"key_last_four": "bbA\n"})
    progress.records.append(
        StepRecord(
            step="credential",
            stage="credential",
            title="Which key is used?",
            mark="warning",
            branch="damaged",
            observation=observation,
        )
    )
    assert next(iter(progress.lines())).note == "…bbA␊"


def test_a_test_that_changes_nothing_is_not_shown() -> None:
    progress = WalkProgress(tree=REAL_TREE)
    for step in ("key", "key-without-organization"):
        of_tree = REAL_TREE.steps[step]
        request = Request(method="GET", url="https://api.openai.com/v1/models")
        progress.records.append(
            StepRecord(
                step=step,
                stage=of_tree.stage,
                title=of_tree.title,
                mark="failed",
                branch="401",
                observation=Observation(probe="models", request=request, status=401),
                experiment=of_tree.experiment,
            )
        )
    assert progress.experiments == ()
    assert not any(line.experiment for line in progress.lines())


def test_a_long_finding_is_below_its_title() -> None:
    line = PathLine(
        title="without the organization",
        state="passed",
        note="accepted",
        experiment=True,
        nested=True,
    )
    assert [row.rstrip() for row in render_column([line], 36).plain.splitlines()] == [
        "   ⟳ without the organization",
        "     accepted ✓",
    ]


def test_the_line_has_no_mark_of_a_test_at_its_end() -> None:
    progress = WalkProgress(tree=TREE)
    decided(progress, "key", "failed")
    decided(progress, "without-organization", "passed")
    assert "⟳" not in render_line(tuple(progress.lines()), 100).plain
    assert render_line(tuple(progress.lines()), 100, more=True).plain.endswith(" ↓ more")
