"""Which steps can confirm the cause of a text, and how a walk compares with the text."""

import pytest

from oai_tui.diagnosis.live_comparison import (
    compare,
    is_left_open,
    stages_that_can_confirm,
    steps_that_can_confirm,
)
from oai_tui.domain.cause import Alternative, Cause
from oai_tui.domain.decision_tree import Mark
from oai_tui.domain.diagnosis import StepRecord, Verdict
from oai_tui.domain.observation import Observation
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.tree import TREE
from oai_tui.services.build import demo_services
from oai_tui.simulator.scenarios import SCENARIOS
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario


def pasted(cause: str, *alternatives: str) -> Verdict:
    """Return the verdict over a text."""
    return Verdict(
        outcome="problem",
        cause=cause,
        family=CATALOGUE[cause].family,
        title=CATALOGUE[cause].title,
        alternatives=tuple(
            Alternative(cause=other, why="It looks alike.") for other in alternatives
        ),
    )


GREEN = Verdict(outcome="working")


def record(step: str, mark: Mark = "passed", matched_cause: str = "") -> StepRecord:
    """Return the record of a step of the walk."""
    taken = TREE.steps[step]
    return StepRecord(
        step=step,
        stage=taken.stage,
        title=taken.title,
        mark=mark,
        branch="x",
        observation=Observation(probe="x"),
        matched_cause=matched_cause,
    )


def outcome(text: Verdict, walked: Verdict | None, *records: StepRecord) -> str:
    return compare(text, walked, records, TREE, CATALOGUE).outcome


@pytest.mark.parametrize(
    "cause",
    [pytest.param(cause, id=cause.id) for cause in CATALOGUE.values() if not cause.pasted_only],
)
def test_every_cause_that_a_walk_can_find_has_a_step(cause: Cause) -> None:
    steps = steps_that_can_confirm(TREE, cause)
    assert steps
    assert all(any(cause.id in branch.suspects for branch in step.branches) for step in steps)
    order = list(TREE.steps)
    assert [order.index(step.id) for step in steps] == sorted(
        order.index(step.id) for step in steps
    )


@pytest.mark.parametrize(
    "cause", [pytest.param(cause, id=cause.id) for cause in CATALOGUE.values() if cause.pasted_only]
)
def test_a_cause_that_no_walk_finds_has_no_step(cause: Cause) -> None:
    assert steps_that_can_confirm(TREE, cause) == ()


@pytest.mark.parametrize("scenario", [one.id for one in SCENARIOS.values() if one.cause])
async def test_the_step_that_selects_the_cause_is_among_its_steps(scenario: str) -> None:
    services = demo_services(scenario)
    diagnosis = await run_scenario(
        services,
        *first_key(services),
        ScriptedAnswers(
            inference=SCENARIOS[scenario].client.inference, gateway=scenario.startswith("gateway")
        ),
    )
    selecting = {
        each.step for each in diagnosis.trail if each.matched_cause == diagnosis.verdict.cause
    }
    assert selecting & {
        step.id for step in steps_that_can_confirm(TREE, CATALOGUE[diagnosis.verdict.cause or ""])
    }


@pytest.mark.parametrize(
    ("cause", "stages"),
    [
        ("dns-failure", "reach"),
        ("organization-mismatch", "key"),
        ("key-missing", "credential"),
        ("quota-exhausted", "inference"),
        ("keyring-locked", "credential"),
    ],
)
def test_the_first_stage_where_it_can_show(cause: str, stages: str) -> None:
    assert stages_that_can_confirm(TREE, pasted(cause), CATALOGUE)[0].id == stages


def test_a_text_that_leaves_it_open_is_settled_where_its_candidates_show() -> None:
    text = pasted("connection-failed", "dns-failure", "key-malformed")
    assert is_left_open(text)
    assert [stage.id for stage in stages_that_can_confirm(TREE, text, CATALOGUE)] == [
        "credential",
        "reach",
        "key",
        "model",
        "inference",
    ]


def test_the_same_cause_is_confirmed() -> None:
    assert (
        outcome(
            pasted("organization-mismatch"),
            pasted("organization-mismatch"),
            record("key", "failed", "organization-mismatch"),
        )
        == "confirmed"
    )


def test_another_cause_is_another_outcome_with_what_was_not_tried() -> None:
    comparison = compare(
        pasted("quota-exhausted"),
        pasted("verification-required"),
        [record("key"), record("inference", "failed", "verification-required")],
        TREE,
        CATALOGUE,
    )
    assert comparison.outcome == "other"
    assert [step.id for step in comparison.untried] == ["inference"]


def test_green_with_every_step_answered_is_absent() -> None:
    comparison = compare(
        pasted("organization-mismatch"),
        GREEN,
        [record("key"), record("model"), record("inference")],
        TREE,
        CATALOGUE,
    )
    assert (comparison.outcome, comparison.untried) == ("absent", ())


def test_a_billing_cause_is_not_absent_before_a_billed_request_passed() -> None:
    assert outcome(pasted("quota-exhausted"), GREEN, record("key"), record("model")) == "open"
    assert outcome(pasted("quota-exhausted"), None, record("key"), record("inference")) == "absent"


def test_green_with_a_step_left_out_names_it() -> None:
    comparison = compare(
        pasted("scope-missing"), GREEN, [record("key"), record("model")], TREE, CATALOGUE
    )
    assert (comparison.outcome, [step.id for step in comparison.untried]) == (
        "absent",
        ["inference"],
    )


@pytest.mark.parametrize(
    ("walked", "expected"),
    [
        (pasted("dns-failure"), "settled"),
        (GREEN, "absent"),
        (None, "absent"),
        (Verdict(outcome="undecided", cause="unknown"), "open"),
        (Verdict(outcome="aborted"), "open"),
    ],
)
def test_a_text_that_leaves_it_open_is_settled_by_a_cause_alone(
    walked: Verdict | None, expected: str
) -> None:
    assert outcome(pasted("connection-failed"), walked) == expected


def test_an_aborted_walk_settles_nothing() -> None:
    assert (
        outcome(pasted("organization-mismatch"), Verdict(outcome="aborted"), record("key"))
        == "open"
    )


def test_a_cause_that_no_walk_finds_is_beyond() -> None:
    assert outcome(pasted("sdk-mismatch"), GREEN, record("key")) == "beyond"


def test_a_cause_that_an_experiment_alone_shows_is_open_before_the_experiment() -> None:
    assert outcome(pasted("key-shadowed"), GREEN, record("key")) == "open"
