"""Scenarios of the family "organization-and-project": wrong headers, or an owner who left."""

from oai_tui.domain.family import Family
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


def _header(
    identifier: str, shows: str, title: str, story: str, fixed_by: str, client: ClientSetup
) -> Scenario:
    """A problem with a header, fixed by leaving it out."""
    return Scenario(
        id=identifier,
        cause=identifier,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=HEALTHY_WORLD,
        client=client,
        fixed_client=client_setup(),
    )


SCENARIOS: tuple[Scenario, ...] = (
    _header(
        "organization-mismatch",
        "401 mismatched_organization",
        "OPENAI_ORG_ID names another organization",
        "OPENAI_ORG_ID still names the personal organization, but the key belongs to the company.",
        "OPENAI_ORG_ID was unset for you, as you would do in your shell or .env file.",
        client_setup(OPENAI_ORG_ID=OTHER_ORGANIZATION.id),
    ),
    _header(
        "organization-invalid",
        "401 invalid_organization",
        "OPENAI_ORG_ID is not an organization ID",
        "OPENAI_ORG_ID holds the company's name instead of its ID (org-…).",
        "OPENAI_ORG_ID was unset for you, as you would do in your shell or .env file.",
        client_setup(OPENAI_ORG_ID="example-works-gmbh"),
    ),
    _header(
        "project-mismatch",
        "401 mismatched_project",
        "OPENAI_PROJECT_ID names another project",
        "OPENAI_PROJECT_ID was copied from a colleague whose key belongs to another project.",
        "OPENAI_PROJECT_ID was unset for you, as you would do in your shell or .env file.",
        client_setup(OPENAI_PROJECT_ID=OTHER_PROJECT.id),
    ),
    Scenario(
        id="organization-and-project-mismatch",
        cause="organization-mismatch",
        shows="401 mismatched_organization",
        title="OPENAI_ORG_ID and OPENAI_PROJECT_ID name another organization",
        family=_FAMILY,
        story="Both variables were copied from a colleague in another organization.",
        fixed_by="Both variables were unset for you, as you would do in your shell or .env file.",
        world=HEALTHY_WORLD,
        client=client_setup(
            OPENAI_ORG_ID=OTHER_ORGANIZATION.id, OPENAI_PROJECT_ID=OTHER_PROJECT.id
        ),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="project-unavailable",
        cause="project-unavailable",
        shows="401 project_archived",
        title="The key's project is archived",
        family=_FAMILY,
        story="The pilot project was archived, but a script still uses its key.",
        fixed_by="A key from an active project was put into OPENAI_API_KEY for you.",
        world=HEALTHY_WORLD,
        client=client_setup(ARCHIVED_PROJECT_KEY),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="project-unavailable-named",
        cause="project-unavailable",
        shows="401 project_archived",
        title="OPENAI_PROJECT_ID names an archived project",
        family=_FAMILY,
        story="OPENAI_PROJECT_ID still names the pilot project, which is archived.",
        fixed_by="OPENAI_PROJECT_ID was unset for you, as you would do in your shell or .env file.",
        world=with_key(project=None),
        client=client_setup(OPENAI_PROJECT_ID=ARCHIVED_PROJECT.id),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="resource-elsewhere",
        cause="resource-elsewhere",
        shows="404 model_not_found",
        title="The fine-tuned model belongs to another organization",
        family=_FAMILY,
        story="The model was fine-tuned in the agency's organization, not in the key's.",
        fixed_by="The model was changed to gpt-6-luna, as you would do in your program.",
        world=HEALTHY_WORLD,
        client=client_setup(model="ft:gpt-4o-mini-2024-07-18:other-agency::FakeId01"),
        fixed_client=client_setup(model="gpt-6-luna"),
    ),
    Scenario(
        id="organization-membership",
        cause="organization-membership",
        shows="401 no_organization",
        title="The key's owner left the organization",
        family=_FAMILY,
        story="The owner of the key was removed from the organization.",
        fixed_by="The key's owner was invited to the organization again, as another owner can do.",
        world=with_key(owner_is_member=False),
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
)
