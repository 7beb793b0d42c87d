"""The family "organization-and-project": the headers that name an organization or project other than the key's own."""

from oai_tui.domain.cause import Alternative, Cause, Fix, Sign
from oai_tui.domain.target import Change
from oai_tui.domain.when import When
from oai_tui.knowledge import links

_WITHOUT_ORGANIZATION = Fix(
    text="Leave the organization out: a project key knows its own.", who="you", command="unset OPENAI_ORG_ID", apply=Change(kind="unset-organization"),
)
_FIND_ORGANIZATION = Fix(text="Or set the id that the organization's page shows (org-…).", who="you", url=links.ORGANIZATION)

CAUSES = (
    Cause(
        id="organization-mismatch", family="organization-and-project", title="The organization you name is not the key's",
        meaning="The OpenAI-Organization header names an organization to which the key does not belong. The key itself was not refused.",
        finding="The key was not refused. The organization you name with it, from {organization_origin}, is not its own.",
        looks='401 (not 403), code mismatched_organization, "header should match organization for API key".',
        confirm="The same call without the header is answered with 200.",
        prevent="Do not set OPENAI_ORG_ID for project keys; it is for old user keys that reach several organizations.",
        fixes=(_WITHOUT_ORGANIZATION, _FIND_ORGANIZATION),
        signs=(
            Sign(when=When(code="mismatched_organization", fact={"key-without-organization": "works"})),
            Sign(when=When(code="mismatched_organization", fact={"key-without-organization": "not settled"}), confidence="likely"),
            Sign(when=When(code="mismatched_organization")),
            Sign(when=When(status=(401, 403), says=r"openai-organization header should match")),
        ),
        alternatives=(Alternative(cause="organization-membership", why="The call without the header was refused as well: the key's owner may have left, or a proxy or OPENAI_CUSTOM_HEADERS adds the header again."),),
    ),
    Cause(
        id="organization-invalid", family="organization-and-project", title="There is no such organization",
        meaning="The OpenAI-Organization header holds something that is no organization's id: a name, `null`, a typing error.",
        finding="The organization you name, from {organization_origin}, does not exist. The key was not refused for itself.",
        looks='401 or 404, code invalid_organization, "No such organization".',
        confirm="The same call without the header is answered with 200.",
        prevent="Ids look like org-…; an organization's name is not one.",
        fixes=(_WITHOUT_ORGANIZATION, _FIND_ORGANIZATION),
        signs=(
            Sign(when=When(code="invalid_organization", fact={"key-without-organization": "works"})),
            Sign(when=When(code="invalid_organization", fact={"key-without-organization": "not settled"}), confidence="likely"),
            Sign(when=When(code="invalid_organization")),
            Sign(when=When(says=r"no such organization")),
            Sign(when=When(fact={"organization_problem": "blanks"})),
        ),
        alternatives=(Alternative(cause="organization-membership", why="The call without the header was refused as well: the key's owner may have left, or a proxy or OPENAI_CUSTOM_HEADERS adds the header again."),),
    ),
    Cause(
        id="organization-membership", family="organization-and-project", title="The key's owner is no member of an organization",
        meaning="The person to whom the key belongs left the organization, was removed, or never was in it.",
        looks='401, code no_organization, "You must be a member of an organization to use the API".',
        confirm="The call without the organization header is refused in the same words.",
        fixes=(
            Fix(text="Be invited to the organization again.", who="owner", url=links.PEOPLE),
            Fix(text="Use a key of a project you belong to.", who="you", url=links.API_KEYS),
        ),
        signs=(
            Sign(when=When(code="no_organization")),
            Sign(when=When(status=(401, 403), says=r"must be a member of an organization|not a member of")),
            Sign(when=When(code=("mismatched_organization", "invalid_organization"), fact={"key-without-organization": "refused"}), confidence="likely"),
        ),
        alternatives=(Alternative(cause="organization-mismatch", why="The header may name the wrong organization; the call without it settles that."),),
    ),
    Cause(
        id="project-mismatch", family="organization-and-project", title="The project you name is not the key's",
        meaning="The OpenAI-Project header names a project to which the key does not belong. The key itself was not refused.",
        finding="The key was not refused. The project you name with it, from {project_origin}, is not its own.",
        looks='401 (not 403), code mismatched_project, "header should match project for API key".',
        confirm="The same call without the header is answered with 200; its openai-project header names the right one.",
        prevent="Do not set OPENAI_PROJECT_ID for project keys: they belong to exactly one.",
        fixes=(
            Fix(text="Leave the project out: a project key knows its own.", who="you", command="unset OPENAI_PROJECT_ID", apply=Change(kind="unset-project")),
            Fix(text="Or use a key of the project you mean.", who="you", url=links.PROJECTS),
        ),
        signs=(
            Sign(when=When(code="mismatched_project", fact={"key-without-project": "works"})),
            Sign(when=When(code="mismatched_project", fact={"key-without-project": "not settled"}), confidence="likely"),
            Sign(when=When(code="mismatched_project")),
            Sign(when=When(status=(401, 403), says=r"openai-project header should match")),
            Sign(when=When(fact={"project_problem": "blanks"})),
        ),
        alternatives=(Alternative(cause="key-invalid", why="The call without the header was refused as well; its own answer, in the evidence, says for what."),),
    ),
)
