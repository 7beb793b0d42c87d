"""Scenarios of the family "organization-and-project": wrong headers, or an owner who left."""

from oai_tui.domain.cause import Family
from oai_tui.simulator.fixtures import (
    ARCHIVED_PROJECT,
    ARCHIVED_PROJECT_KEY,
    HEALTHY_WORLD,
    OTHER_ORGANIZATION,
    OTHER_PROJECT,
    client_setup,
    with_key,
)
from oai_tui.simulator.scenario import ClientSetup, Scenario

_FAMILY: Family = "organization-and-project"


def _header(identifier: str, title: str, story: str, client: ClientSetup) -> Scenario:
    """A problem with a header, fixed by leaving it out."""
    return Scenario(
        id=identifier,
        cause=identifier,
        title=title,
        family=_FAMILY,
        story=story,
        world=HEALTHY_WORLD,
        client=client,
        fixed_client=client_setup(),
    )


SCENARIOS: tuple[Scenario, ...] = (
    _header(
        "organization-mismatch",
        "The header names another organization",
        "OPENAI_ORG_ID still holds the personal organization; the key belongs to the company's.",
        client_setup(OPENAI_ORG_ID=OTHER_ORGANIZATION.id),
    ),
    _header(
        "organization-invalid",
        "The header names no organization",
        "OPENAI_ORG_ID holds the company's name in place of its id.",
        client_setup(OPENAI_ORG_ID="example-works-gmbh"),
    ),
    _header(
        "project-mismatch",
        "The header names another project",
        "OPENAI_PROJECT_ID was copied from a colleague whose key is for another project.",
        client_setup(OPENAI_PROJECT_ID=OTHER_PROJECT.id),
    ),
    Scenario(
        id="project-unavailable",
        cause="project-unavailable",
        title="The key's project was archived",
        family=_FAMILY,
        story="The pilot's project was archived with the pilot, and its key lives on in a script.",
        world=HEALTHY_WORLD,
        client=client_setup(ARCHIVED_PROJECT_KEY),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="project-unavailable-named",
        cause="project-unavailable",
        title="The header names an archived project",
        family=_FAMILY,
        story="OPENAI_PROJECT_ID still names the project of the pilot, which was archived.",
        world=with_key(project=None),
        client=client_setup(OPENAI_PROJECT_ID=ARCHIVED_PROJECT.id),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="resource-elsewhere",
        cause="resource-elsewhere",
        title="A fine-tuned model of another organization",
        family=_FAMILY,
        story=(
            "The model was fine-tuned in the agency's organization, and the key is the customer's."
        ),
        world=HEALTHY_WORLD,
        client=client_setup(model="ft:gpt-4o-mini-2024-07-18:other-agency::FakeId01"),
        fixed_client=client_setup(model="gpt-6-luna"),
    ),
    Scenario(
        id="organization-membership",
        cause="organization-membership",
        title="No longer a member",
        family=_FAMILY,
        story="The key's owner was removed from the organization.",
        world=with_key(owner_is_member=False),
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
)
