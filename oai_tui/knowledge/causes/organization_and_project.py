"""The family "organization-and-project": headers that do not fit the key."""

from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.target import Change
from oai_tui.knowledge import links
from oai_tui.knowledge.patterns import any_of, pattern

_WITHOUT_ORGANIZATION = Fix(
    text="Leave the organization out: a project key knows its own.",
    who="you",
    command="unset OPENAI_ORG_ID",
    apply=Change(kind="unset-organization"),
)
_FIND_ORGANIZATION = Fix(
    text="Or set the id that the organization's page shows (org-…).",
    who="you",
    url=links.ORGANIZATION,
)

CAUSES = (
    Cause(
        id="organization-mismatch",
        family="organization-and-project",
        title="The organization you name is not the key's",
        meaning=(
            "The OpenAI-Organization header names an organization to which the key does not "
            "belong. The key itself was not refused."
        ),
        finding=(
            "The key was not refused. The organization you name with it, from "
            "{organization_origin}, is not its own."
        ),
        looks=(
            '401 (not 403), code mismatched_organization, "header should match organization for '
            'API key".'
        ),
        confirm="The same call without the header is answered with 200.",
        prevent=(
            "Do not set OPENAI_ORG_ID for project keys; it is for old user keys that reach several "
            "organizations."
        ),
        fixes=(_WITHOUT_ORGANIZATION, _FIND_ORGANIZATION),
        symptoms=(
            Symptom(
                when=When(
                    code="mismatched_organization", fact={"key-without-organization": "works"}
                )
            ),
            Symptom(
                when=When(
                    code="mismatched_organization", fact={"key-without-organization": "not settled"}
                ),
                confidence="likely",
            ),
            Symptom(when=When(code="mismatched_organization")),
            Symptom(
                when=When(
                    message=pattern(
                        r"openai-organization\s+header should match",
                        "OpenAI-Organization header should match organization for API key",
                    )
                )
            ),
        ),
        alternatives=(
            Alternative(
                cause="organization-membership",
                why=(
                    "The call without the header was refused as well: the key's owner may have "
                    "left, or a proxy or OPENAI_CUSTOM_HEADERS adds the header again."
                ),
            ),
        ),
    ),
    Cause(
        id="organization-invalid",
        family="organization-and-project",
        title="There is no such organization",
        meaning=(
            "The OpenAI-Organization header holds something that is no organization's id: a name, "
            "`null`, a typing error."
        ),
        finding=(
            "The organization you name, from {organization_origin}, does not exist. The key was "
            "not refused for itself."
        ),
        looks='401 or 404, code invalid_organization, "No such organization".',
        confirm="The same call without the header is answered with 200.",
        prevent="Ids look like org-…; an organization's name is not one.",
        fixes=(_WITHOUT_ORGANIZATION, _FIND_ORGANIZATION),
        symptoms=(
            Symptom(
                when=When(code="invalid_organization", fact={"key-without-organization": "works"})
            ),
            Symptom(
                when=When(
                    code="invalid_organization", fact={"key-without-organization": "not settled"}
                ),
                confidence="likely",
            ),
            Symptom(when=When(code="invalid_organization")),
            Symptom(
                when=When(message=pattern(r"no such organization", "No such organization: null"))
            ),
            Symptom(when=When(fact={"organization_problem": "blanks"})),
        ),
        alternatives=(
            Alternative(
                cause="organization-membership",
                why=(
                    "The call without the header was refused as well: the key's owner may have "
                    "left, or a proxy or OPENAI_CUSTOM_HEADERS adds the header again."
                ),
            ),
        ),
    ),
    Cause(
        id="organization-membership",
        family="organization-and-project",
        title="The key's owner is no member of an organization",
        meaning=(
            "The person to whom the key belongs left the organization, was removed, or never was "
            "in it."
        ),
        looks=(
            '401, code no_organization, "You must be a member of an organization to use the API".'
        ),
        confirm="The call without the organization header is refused in the same words.",
        prevent="Use keys of service accounts for programs: they stay when a person leaves.",
        fixes=(
            Fix(text="Be invited to the organization again.", who="owner", url=links.PEOPLE),
            Fix(text="Use a key of a project you belong to.", who="you", url=links.API_KEYS),
        ),
        symptoms=(
            Symptom(when=When(code="no_organization")),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"must be a member of an organi[sz]ation",
                            "You must be a member of an organization to use the API",
                        ),
                        (
                            r"not (?:currently )?(?:a )?member of (?:the |this |any |an )?organi[sz]ation",
                            "You are not currently a member of the organization",
                        ),
                    )
                )
            ),
            Symptom(
                when=When(
                    code=("mismatched_organization", "invalid_organization"),
                    fact={"key-without-organization": "refused"},
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="organization-mismatch",
                why="The header may name the wrong organization; the call without it settles that.",
            ),
        ),
    ),
    Cause(
        id="project-mismatch",
        family="organization-and-project",
        title="The project you name is not the key's",
        meaning=(
            "The OpenAI-Project header names a project to which the key does not belong. The key "
            "itself was not refused."
        ),
        finding=(
            "The key was not refused. The project you name with it, from {project_origin}, is not "
            "its own."
        ),
        looks='401 (not 403), code mismatched_project, "header should match project for API key".',
        confirm=(
            "The same call without the header is answered with 200; its openai-project header "
            "names the right one."
        ),
        prevent="Do not set OPENAI_PROJECT_ID for project keys: they belong to exactly one.",
        fixes=(
            Fix(
                text="Leave the project out: a project key knows its own.",
                who="you",
                command="unset OPENAI_PROJECT_ID",
                apply=Change(kind="unset-project"),
            ),
            Fix(text="Or use a key of the project you mean.", who="you", url=links.PROJECTS),
        ),
        symptoms=(
            Symptom(when=When(code="mismatched_project", fact={"key-without-project": "works"})),
            Symptom(
                when=When(code="mismatched_project", fact={"key-without-project": "not settled"}),
                confidence="likely",
            ),
            Symptom(when=When(code="mismatched_project")),
            Symptom(
                when=When(
                    message=pattern(
                        r"openai-project\s+header should match",
                        "OpenAI-Project header should match project for API key",
                    )
                )
            ),
            Symptom(when=When(fact={"project_problem": "blanks"})),
        ),
        alternatives=(
            Alternative(
                cause="key-invalid",
                why=(
                    "The call without the header was refused as well; its own answer, in the "
                    "evidence, says for what."
                ),
            ),
        ),
    ),
    Cause(
        id="project-unavailable",
        family="organization-and-project",
        title="The project is gone, archived or closed to you",
        meaning=(
            "The project of this key, or the one you name, does not exist, was archived, or your "
            "access to it ended. Archiving a project ends its keys for good."
        ),
        looks='401, 403 or 404: "No such project", or a project that "has been archived".',
        confirm=(
            "Leave the project header out; if the refusal stays, the key's own project is meant. "
            "An owner sees its state with GET /v1/organization/projects?include_archived=true."
        ),
        prevent=(
            "Before a project is archived, list its keys (admin API) and move their users first."
        ),
        fixes=(
            Fix(
                text="Leave the project {project_named} out: the key knows its own.",
                who="you",
                command="unset OPENAI_PROJECT_ID",
                apply=Change(kind="unset-project"),
            ),
            Fix(text="Use a key of a project that is alive.", who="you", url=links.API_KEYS),
            Fix(
                text=(
                    "Ask an owner of the organization for access, or for a key of a living project."
                ),
                who="owner",
                url=links.PROJECTS,
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    code=(
                        "invalid_project",
                        "project_not_found",
                        "project_archived",
                        "archived_project",
                        "no_project",
                    )
                )
            ),
            Symptom(
                when=When(message=pattern(r"\bno such project\b", "No such project: proj_abc"))
            ),
            Symptom(
                when=When(
                    message=pattern(
                        r"\bproject\b[^.\n]{0,60}\b(?:archived|deleted|no longer (?:exists|accessible|active))\b",
                        "The project has been archived",
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="project-mismatch",
                why=(
                    "The project may live, and be another key's; the call without the header "
                    "settles that."
                ),
            ),
        ),
        links=(links.PROJECTS,),
    ),
    Cause(
        id="resource-elsewhere",
        family="organization-and-project",
        title="What you name belongs to another account or project",
        meaning=(
            "The file, response, assistant, vector store, batch or fine-tuned model that the call "
            "names was made in another organization or project, or is gone. Each project sees its "
            "own things only."
        ),
        finding=(
            "{model_wanted} is a fine-tuned model of another organization than the key's "
            "({organization_seen})."
        ),
        looks=(
            '404 or 400: "No … found with id", "Item with id … not found", "organization_id did '
            'not match"; a fine-tuned model (ft:…) of another organization answers 404.'
        ),
        confirm="Ask for the same object with the key of the project that made it: it is there.",
        prevent=(
            "Keep ids of objects together with the project and key that made them, and never share "
            "them between test and production."
        ),
        fixes=(
            Fix(
                text=(
                    "Create the object again with this key, or use the key of the project that "
                    "made it."
                ),
                who="you",
                url=links.PROJECTS,
            ),
            Fix(
                text="Use a model that this key can list: {model_that_answers}.",
                who="you",
                command="oai-tui check --model {model_that_answers}",
                apply=Change(kind="use-model", fact="model_that_answers"),
            ),
            Fix(
                text=(
                    "Leave stored ids and encrypted reasoning of another account out of the "
                    "request."
                ),
                who="you",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"organi[sz]ation_?(?: )?id did not match",
                            "Encrypted content organization_id did not match",
                        ),
                        (
                            r"did not match the target organi[sz]ation",
                            "did not match the target organization",
                        ),
                    )
                )
            ),
            Symptom(
                when=When(code=("previous_response_not_found", "invalid_encrypted_content")),
                confidence="likely",
            ),
            Symptom(
                when=When(status=(400, 404), fact={"model_elsewhere": True}), confidence="likely"
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bno [a-z][a-z -]{2,24} found with id\b", "No assistant found with id"),
                        (
                            r"\b(?:file|asst|thread|run|batch|vs|resp|msg)[-_]\w{6,64}\b[^\n]{0,40}\b(?:does not exist|not found)\b",
                            "file-aaaaaaaaaaaaaaaaaaaaaa does not exist",
                        ),
                        (r"\bitems? (?:is|are) not persisted\b", "Items are not persisted"),
                        (r"\bwith id\b[^\n]{0,100}\bnot found\b", "Item with id 'rs_1' not found"),
                        (
                            r"\bno such (?:batch|file object|vector store|assistant|thread|run)\b",
                            "No such File object: file-abc",
                        ),
                        (r"\bfiles? \[?file-[^\n]{0,100}not found\b", "File [file-abc] not found"),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="data-retention-restricted",
                why=(
                    "An organization with zero data retention keeps no responses, so none is found "
                    "again; the words of the answer tell."
                ),
            ),
            Alternative(
                cause="model-not-found", why="The name may be mistyped; the list of models tells."
            ),
        ),
    ),
)
