"""What a step found, in a few words, and not the raw status of its answer."""

import pytest

from oai_tui.domain.decision_tree import Mark
from oai_tui.domain.diagnosis import StepRecord
from oai_tui.domain.observation import ErrorBody, Fact, Observation
from oai_tui.knowledge.tree import TREE
from oai_tui.reports.step_finding import (
    TEST_SUBJECTS,
    short_finding,
    step_finding,
    subject_of_test,
)
from oai_tui.simulator.scenarios import SCENARIOS
from tests.scenarios.run_scenario import walk_of


def _record(
    step: str,
    mark: Mark = "passed",
    *,
    status: int | None = None,
    code: str = "",
    answer: str | None = None,
    **facts: Fact,
) -> StepRecord:
    return StepRecord(
        step=step,
        stage=TREE.steps[step].stage,
        title=TREE.steps[step].title,
        mark=mark,
        branch="label",
        observation=Observation(
            probe=step,
            status=status,
            answer=answer,
            error=ErrorBody(code=code) if code else None,
            facts=facts,
        ),
        experiment=TREE.steps[step].experiment,
    )


@pytest.mark.parametrize(
    ("record", "finding"),
    [
        (_record("credential", key_last_four="bbbA"), "…bbbA"),
        (_record("credential", "failed", credential="none"), "no key found"),
        (_record("credential", "failed", key_role="admin"), "admin key"),
        (_record("settings"), "valid"),
        (_record("settings", "failed", proxy_problem="quotes"), "proxy setting invalid"),
        (_record("reach", status=401, endpoint="proved"), "confirmed as OpenAI"),
        (_record("reach", status=401, endpoint="loopback"), "local server responds"),
        (_record("reach", "warning", status=401, server="LiteLLM"), "LiteLLM responds"),
        (_record("reach", "failed", status=404), "not found (404)"),
        (
            _record("clock", "failed", status=401, clock_off="40 days behind"),
            "clock 40 days behind",
        ),
        (_record("reach-status", "warning", status=200, status_page="major"), "major incident"),
        (_record("reach-without-proxy", status=401, endpoint="proved"), "reaches OpenAI"),
        (_record("key", status=200, models_listed=12), "accepted · 12 models"),
        (_record("key", status=200, models_listed=1), "accepted · 1 model"),
        (
            _record("key", "failed", status=401, code="invalid_api_key"),
            "rejected (401 invalid_api_key)",
        ),
        (_record("key-without-organization", status=200), "accepted"),
        (_record("other-keys", status=200, other_key_last_four="cccA"), "…cccA accepted"),
        (_record("identity", status=200, project_seen="proj_1"), "project: proj_1"),
        (_record("model", model_wanted="gpt-6-luna"), "gpt-6-luna: available"),
        (_record("consent", "skipped", answer="no"), "skipped"),
        (
            _record("inference", "failed", status=429, code="insufficient_quota"),
            "no credit left (429 insufficient_quota)",
        ),
        (_record("inference", "failed", status=503), "server error (503)"),
        (_record("limits", limit_requests=500, remaining_requests=499), "499 of 500 requests left"),
        (_record("save", saved_as="work"), "saved as work"),
    ],
)
def test_a_step_says_what_it_found(record: StepRecord, finding: str) -> None:
    assert step_finding(record) == finding


def test_a_narrow_column_has_the_status_without_the_code() -> None:
    record = _record("key", "failed", status=401, code="invalid_api_key")
    assert short_finding(record) == "rejected (401)"


def test_every_test_of_the_tree_has_a_subject() -> None:
    tests = {step.id for step in TREE.steps.values() if step.experiment}
    assert tests == set(TEST_SUBJECTS)
    assert subject_of_test("elsewhere", "Its title") == "Its title"


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_no_step_that_passed_shows_a_status(scenario: str) -> None:
    walk = await walk_of(scenario)
    for record in walk.diagnosis.trail:
        finding = step_finding(record)
        assert finding
        assert "\n" not in finding
        if record.mark == "passed":
            assert not any(str(status) in finding.split() for status in (200, 401, 403, 404))
