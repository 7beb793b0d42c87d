"""The spine: every cause has a scenario that walks to exactly that cause, and back to green once it is mended; every scenario names a cause."""

import pytest

from oai_tui.diagnosis.lint_tree import lint_tree
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.tree import TREE
from oai_tui.services.build import demo_services
from oai_tui.simulator.scenarios import SCENARIOS
from tests.scenarios.pasted_only_samples import PASTED
from tests.scenarios.run_scenario import ScriptedAnswers, apply_fix, first_key, run_scenario


def _says(scenario_id: str) -> ScriptedAnswers:
    return ScriptedAnswers(
        inference=SCENARIOS[scenario_id].client.inference,
        gateway=scenario_id.startswith("gateway"),
    )


@pytest.mark.parametrize(
    "cause", [cause.id for cause in CATALOGUE.values() if not cause.pasted_only]
)
def test_every_cause_has_a_scenario_of_its_name(cause: str) -> None:
    assert SCENARIOS[cause].cause == cause


def test_what_no_walk_meets_has_a_sample_text() -> None:
    assert set(PASTED) == {cause.id for cause in CATALOGUE.values() if cause.pasted_only}
    assert not set(PASTED) & set(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_scenario_names_a_cause(scenario) -> None:
    assert scenario.cause is None or scenario.cause in CATALOGUE


@pytest.mark.parametrize("scenario_id", SCENARIOS)
async def test_a_scenario_walks_to_its_cause(scenario_id: str) -> None:
    services = demo_services(scenario_id)
    diagnosis = await run_scenario(services, *first_key(services), _says(scenario_id))
    assert diagnosis.verdict.cause == SCENARIOS[scenario_id].cause, [
        (r.step, r.branch, r.matched_cause) for r in diagnosis.trail
    ]
    assert diagnosis.verdict.outcome == {None: "working", "unknown": "undecided"}.get(
        SCENARIOS[scenario_id].cause, "problem"
    )


@pytest.mark.parametrize("scenario_id", [one.id for one in SCENARIOS.values() if one.cause])
async def test_mending_turns_it_green(scenario_id: str) -> None:
    services = demo_services(scenario_id)
    target, credential = first_key(services)
    diagnosis = await run_scenario(services, target, credential, _says(scenario_id))
    mended = await run_scenario(
        services, *await apply_fix(services, diagnosis, target, credential), _says(scenario_id)
    )
    assert mended.verdict.outcome == "working", mended.verdict
    assert mended.is_healthy


@pytest.mark.parametrize("scenario_id", SCENARIOS)
async def test_a_verdict_is_complete(scenario_id: str) -> None:
    """Advice begins with a verb, has no unfilled braces, and every uncertain verdict names alternatives or says unknown."""
    services = demo_services(scenario_id)
    verdict = (await run_scenario(services, *first_key(services), _says(scenario_id))).verdict
    if verdict.cause is None:
        return
    assert verdict.fixes, verdict
    assert verdict.explanation
    texts = [
        verdict.explanation,
        *(part for fix in verdict.fixes for part in (fix.text, fix.command, fix.url)),
    ]
    assert not [text for text in texts if "{" in text.replace("%{http_code}", "")]
    assert all(fix.text[0].isupper() and fix.text.endswith(".") for fix in verdict.fixes)
    assert verdict.confidence == "certain" or verdict.alternatives or verdict.cause == "unknown"


@pytest.mark.parametrize("scenario_id", SCENARIOS)
async def test_the_key_is_nowhere_in_the_record(scenario_id: str) -> None:
    services = demo_services(scenario_id)
    target, credential = first_key(services)
    diagnosis = await run_scenario(services, target, credential, _says(scenario_id))
    if credential is None:
        return
    record = repr(diagnosis)
    assert credential.secret.scrub(record) == record


@pytest.mark.parametrize(
    "scenario_id", [one.id for one in SCENARIOS.values() if one.family != "key" and one.cause]
)
async def test_a_good_key_is_never_called_bad(scenario_id: str) -> None:
    services = demo_services(scenario_id)
    verdict = (await run_scenario(services, *first_key(services), _says(scenario_id))).verdict
    assert verdict.family != "key", verdict


@pytest.mark.parametrize("scenario_id", SCENARIOS)
async def test_no_key_leaves_before_the_endpoint_is_proved(scenario_id: str) -> None:
    services = demo_services(scenario_id)
    await run_scenario(services, *first_key(services), ScriptedAnswers(inference=False))
    received = services.environment.simulator.received
    proofs = {request.host for request in received if not request.key_sent}
    first_keyed = next((n for n, request in enumerate(received) if request.key_sent), len(received))
    assert first_keyed > 0 or not received
    assert all(
        request.host in proofs or request.host.endswith(".openai.com")
        for request in received
        if request.key_sent
    )


async def test_a_walk_asks_no_more_often_than_it_has_steps_that_ask() -> None:
    services = demo_services("all-good")
    diagnosis = await run_scenario(services, *first_key(services), ScriptedAnswers())
    asked = [record for record in diagnosis.trail if record.observation.request is not None]
    assert len(services.environment.simulator.received) == len(asked) == 4  # reach, key, identity, inference


async def test_without_a_yes_nothing_billed_is_sent() -> None:
    services = demo_services("quota-exhausted")
    diagnosis = await run_scenario(services, *first_key(services), ScriptedAnswers(inference=False))
    assert [request.method for request in services.environment.simulator.received] == ["GET"] * 3
    assert diagnosis.verdict.outcome == "working"
    assert diagnosis.verdict.untested == ("billing",)


def test_tree_and_catalogue_pass_the_audit() -> None:
    assert lint_tree(TREE, CATALOGUE) == []
