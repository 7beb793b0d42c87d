"""After a mismatch of organization or project, the report names what the key can use instead."""

import json
from dataclasses import replace

import pytest

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.target import Origin, Target
from oai_tui.reports.json import document
from oai_tui.reports.report import Report
from oai_tui.services.build import demo_services
from oai_tui.services.services import Services
from oai_tui.simulator.fixtures import (
    EMPTY_ORGANIZATION,
    ORGANIZATION,
    PROJECT,
    SEVERAL_ORGANIZATIONS,
    THIRD_ORGANIZATION,
    with_key,
)
from oai_tui.simulator.world import Reply, World
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, received_by, run_scenario

FINE = "The key itself is fine"
NOWHERE = "org-fake000000000000000gone"
ORGANIZATION_ORIGIN = Origin(kind="environment", name="OPENAI_ORG_ID")


def services_in(scenario: str, world: World | None = None) -> Services:
    services = demo_services(scenario)
    simulator = services.environment.simulator
    assert simulator is not None
    if world is not None:
        simulator.world = world
    return services


async def check(services: Services) -> Diagnosis:
    return await run_scenario(services, *first_key(services), ScriptedAnswers())


async def test_all_organizations_of_a_legacy_key_are_named() -> None:
    services = services_in("credit-elsewhere", SEVERAL_ORGANIZATIONS)
    target, key = first_key(services)
    wrong = replace(target, organization=NOWHERE, origins={"organization": ORGANIZATION_ORIGIN})
    diagnosis = await run_scenario(services, wrong, key, ScriptedAnswers())
    verdict = diagnosis.verdict
    assert verdict.cause == "organization-invalid"
    assert verdict.explanation.endswith(
        f"The key itself is fine. This key can use: {EMPTY_ORGANIZATION.id} (Personal, default), "
        f"{ORGANIZATION.id} (Example Works), {THIRD_ORGANIZATION.id} (Chess Club)."
    )
    commands = [fix.command for fix in verdict.fixes]
    assert commands[:2] == ["unset OPENAI_ORG_ID", f"export OPENAI_ORG_ID={EMPTY_ORGANIZATION.id}"]
    assert diagnosis.facts["several_organizations"] is True


async def test_the_json_lists_them() -> None:
    diagnosis = await check(services_in("organization-mismatch"))
    identity = document(Report(diagnosis=diagnosis, mode="check", exit_code=4))["identity"]
    assert identity["reachable_organizations"] == [
        {"id": ORGANIZATION.id, "title": "Example Works", "default": True}
    ]
    assert identity["reachable_organization_count"] == 1
    assert identity["organization"] is None
    json.dumps(identity)


async def test_for_a_key_without_access_to_me_it_says_what_its_calls_count_for() -> None:
    scopes = frozenset({"api.model.read", "api.model.request"})
    services = services_in("organization-mismatch", with_key(scopes=scopes))
    diagnosis = await check(services)
    assert [each.path for each in received_by(services)][-1] == "/v1/me"
    assert diagnosis.trail[-1].branch == "not named"
    assert diagnosis.verdict.explanation.endswith(
        f"doesn't belong to. Without it, requests count for {ORGANIZATION.slug}."
    )
    assert not [fix for fix in diagnosis.verdict.fixes if "can use" in fix.text]
    assert "reachable_organizations" not in diagnosis.facts


async def test_a_project_is_named_by_the_call_without_the_header() -> None:
    diagnosis = await check(services_in("project-mismatch"))
    assert f"requests count for {PROJECT.id}." in diagnosis.verdict.explanation
    assert f"export OPENAI_PROJECT_ID={PROJECT.id}" in [
        fix.command for fix in diagnosis.verdict.fixes
    ]


@pytest.mark.parametrize("scenario", ["organization-mismatch", "project-mismatch"])
async def test_a_test_without_a_result_does_not_call_the_key_fine(scenario: str) -> None:
    """Without the header the API has an outage: nothing shows that the key works."""
    services = services_in(scenario)
    simulator = services.environment.simulator
    assert simulator is not None
    simulator.world = replace(simulator.world, outage=Reply(status=503, body={}))
    diagnosis = await check(services)
    assert (diagnosis.verdict.cause, diagnosis.verdict.confidence) == (scenario, "likely")
    assert diagnosis.trail[-1].branch == "inconclusive"
    words = [diagnosis.verdict.explanation, *(fix.text for fix in diagnosis.verdict.fixes)]
    words += [other.why for other in diagnosis.verdict.alternatives]
    assert FINE not in " ".join(words)
    assert "rejected" not in " ".join(words)
    assert "/v1/me" not in [each.path for each in received_by(services)]


async def test_the_advice_for_a_setting_of_a_profile_is_no_command_for_a_shell() -> None:
    services = services_in("organization-mismatch")
    target, key = first_key(services)
    named = replace(
        target, origins={**target.origins, "organization": Origin(kind="keyring", name="work")}
    )
    diagnosis = await run_scenario(services, named, key, ScriptedAnswers())
    use = next(fix for fix in diagnosis.verdict.fixes if "can use" in fix.text)
    assert use.command == ""
    assert "Save the profile work again" in use.text
    assert isinstance(named, Target)
