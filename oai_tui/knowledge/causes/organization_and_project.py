"""The family "organization-and-project": headers that do not fit the key."""

from oai_tui.domain.cause import Alternative, Cause, Finding, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.target import Change
from oai_tui.knowledge import links
from oai_tui.knowledge.patterns import any_of, pattern

_PROJECT_REJECTED_TOO = When(fact={"key-without-organization": "project rejected"})
_WITHOUT_ORGANIZATION = Fix(
    text="Leave the organization out: a project key already carries its organization.",
    who="you",
    command="unset OPENAI_ORG_ID",
    apply=Change(kind="unset-organization"),
)
_USE_REACHABLE_ORGANIZATION = Fix(
    text="Use an organization that this key can use instead: {reachable_organizations}.",
    who="you",
    command="export OPENAI_ORG_ID={reachable_organization_id}",
    apply=Change(kind="use-organization", fact="reachable_organization_id"),
)
_FIND_ORGANIZATION = Fix(
    text="Use the ID shown on the organization page instead (org-…).",
    who="you",
    url=links.ORGANIZATION,
)
_WORKS_WITHOUT_ORGANIZATION = When(fact={"key-without-organization": "works"})
_WORKS_WITHOUT_PROJECT = When(fact={"key-without-project": "works"})
_WITHOUT_PROJECT_TOO = Fix(
    text="Leave the project out too: without the organization, the API rejected {project_named}.",
    who="you",
    command="unset OPENAI_PROJECT_ID",
    apply=Change(kind="unset-project"),
    when=_PROJECT_REJECTED_TOO,
    also=True,
)
_REACHABLE = "This key can use: {reachable_organizations}."
_WITHOUT_PROJECT = (
    f" Without it, requests count for {{own_project}}. {_REACHABLE}",
    f" {_REACHABLE}",
    " Without it, requests count for {own_project}.",
    "",
)
"""What else is said once a call without the project has worked; the first that is known."""
_WITHOUT_ORGANIZATION_SEEN = (
    f" {_REACHABLE}",
    " Without it, requests count for {own_organization}.",
    "",
)
"""The same for the organization."""

CAUSES = (
    Cause(
        id="organization-mismatch",
        family="organization-and-project",
        title="The organization doesn't match this key",
        case_title="{organization_setting} doesn't match this key's organization",
        meaning=(
            "The OpenAI-Organization header names an organization this key doesn't belong to. "
            "Without the header, the same key may work."
        ),
        finding="{organization_origin} names an organization this key doesn't belong to.",
        findings=(
            Finding(
                when=_PROJECT_REJECTED_TOO,
                text=(
                    "{organization_origin} names an organization this key doesn't belong to. "
                    "Without it, the API rejected the project from {project_origin}: leave both "
                    "out."
                ),
            ),
            *(
                Finding(
                    when=_WORKS_WITHOUT_ORGANIZATION,
                    text=(
                        "The key itself is fine: {organization_origin} names an organization it "
                        f"doesn't belong to.{more}"
                    ),
                )
                for more in _WITHOUT_ORGANIZATION_SEEN
            ),
        ),
        looks=(
            '401 (not 403), code mismatched_organization, "header should match organization for '
            'API key".'
        ),
        confirm="The same call without the header returns 200.",
        prevent=(
            "Don't set an organization for project keys; it is for legacy user keys with access "
            "to several organizations."
        ),
        fixes=(
            _WITHOUT_ORGANIZATION,
            _WITHOUT_PROJECT_TOO,
            _USE_REACHABLE_ORGANIZATION,
            _FIND_ORGANIZATION,
        ),
        symptoms=(
            Symptom(
                when=When(
                    code="mismatched_organization", fact={"key-without-organization": "works"}
                )
            ),
            Symptom(
                when=When(
                    code="mismatched_organization",
                    fact={"key-without-organization": "inconclusive"},
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
                    "The call without the header did not work either: the key's owner may have "
                    "left, or a proxy or OPENAI_CUSTOM_HEADERS adds the header again."
                ),
            ),
        ),
    ),
    Cause(
        id="organization-invalid",
        family="organization-and-project",
        title="Organization not found",
        meaning="The OpenAI-Organization header is not an organization ID: a name, `null`, or a typo.",
        finding="The organization from {organization_origin} doesn't exist.",
        findings=(
            Finding(
                when=When(fact={"organization_problem": "blanks"}),
                text=(
                    "The organization ID from {organization_origin} contains a space or another "
                    "invalid character. The key was not tested yet."
                ),
                title="The organization ID contains an invalid character",
            ),
            Finding(
                when=_PROJECT_REJECTED_TOO,
                text=(
                    "The organization from {organization_origin} doesn't exist. Without it, the "
                    "API rejected the project from {project_origin}: leave both out."
                ),
            ),
            *(
                Finding(
                    when=_WORKS_WITHOUT_ORGANIZATION,
                    text=(
                        "The organization from {organization_origin} doesn't exist. The key itself "
                        f"is fine.{more}"
                    ),
                )
                for more in _WITHOUT_ORGANIZATION_SEEN
            ),
        ),
        looks='401 or 404, code invalid_organization, "No such organization".',
        confirm="The same call without the header returns 200.",
        prevent="Organization IDs look like org-…; an organization's name doesn't work.",
        fixes=(
            _WITHOUT_ORGANIZATION,
            _WITHOUT_PROJECT_TOO,
            _USE_REACHABLE_ORGANIZATION,
            _FIND_ORGANIZATION,
        ),
        symptoms=(
            Symptom(
                when=When(code="invalid_organization", fact={"key-without-organization": "works"})
            ),
            Symptom(
                when=When(
                    code="invalid_organization", fact={"key-without-organization": "inconclusive"}
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
                    "The call without the header did not work either: the key's owner may have "
                    "left, or a proxy or OPENAI_CUSTOM_HEADERS adds the header again."
                ),
            ),
        ),
    ),
    Cause(
        id="organization-membership",
        family="organization-and-project",
        title="The key's owner is not a member of any organization",
        meaning="The key's owner left the organization, was removed, or was never a member.",
        looks=(
            '401, code no_organization, "You must be a member of an organization to use the API".'
        ),
        confirm="The call without the organization header is rejected with the same message.",
        prevent="Use service account keys for programs: they keep working when a person leaves.",
        fixes=(
            Fix(
                text="Ask an owner to re-invite you to the organization.",
                who="owner",
                url=links.PEOPLE,
            ),
            Fix(text="Use a key from a project you belong to.", who="you", url=links.API_KEYS),
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
                    fact={"key-without-organization": "rejected"},
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="organization-mismatch",
                why="The header may name the wrong organization; try the call without it.",
            ),
        ),
    ),
    Cause(
        id="project-mismatch",
        family="organization-and-project",
        title="The project doesn't match this key",
        case_title="{project_setting} doesn't match this key's project",
        meaning=(
            "The OpenAI-Project header names a project this key doesn't belong to. Without the "
            "header, the same key may work."
        ),
        finding="{project_origin} names a project this key doesn't belong to.",
        findings=(
            Finding(
                when=When(fact={"project_problem": "blanks"}),
                text=(
                    "The project ID from {project_origin} contains a space or another invalid "
                    "character. The key was not tested yet."
                ),
                title="The project ID contains an invalid character",
            ),
            *(
                Finding(
                    when=_WORKS_WITHOUT_PROJECT,
                    text=(
                        "The key itself is fine: {project_origin} names a project it doesn't "
                        f"belong to.{more}"
                    ),
                )
                for more in _WITHOUT_PROJECT
            ),
        ),
        looks='401 (not 403), code mismatched_project, "header should match project for API key".',
        confirm=(
            "The same call without the header returns 200; the openai-project header of the "
            "response names the right project."
        ),
        prevent="Don't set a project for project keys: each belongs to exactly one project.",
        fixes=(
            Fix(
                text="Leave the project out: a project key already carries its project.",
                who="you",
                command="unset OPENAI_PROJECT_ID",
                apply=Change(kind="unset-project"),
            ),
            Fix(
                text=("Use the project that requests count for without it instead: {own_project}."),
                who="you",
                command="export OPENAI_PROJECT_ID={own_project}",
            ),
            Fix(text="Use a key from the project you want.", who="you", url=links.PROJECTS),
        ),
        symptoms=(
            Symptom(when=When(code="mismatched_project", fact={"key-without-project": "works"})),
            Symptom(
                when=When(code="mismatched_project", fact={"key-without-project": "inconclusive"}),
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
                    "The call without the header did not work either; its result, in the "
                    "evidence, says why."
                ),
            ),
        ),
    ),
    Cause(
        id="project-unavailable",
        family="organization-and-project",
        title="The project is archived, deleted, or no longer accessible",
        meaning=(
            "The key's project, or the one you named, doesn't exist, was archived, or you lost "
            "access to it. Archiving a project disables its keys for good."
        ),
        findings=tuple(
            Finding(
                when=_WORKS_WITHOUT_PROJECT,
                text=(
                    "The project {project_named} from {project_origin} doesn't exist, was archived, "
                    f"or this key has no access to it. The key itself is fine.{more}"
                ),
            )
            for more in _WITHOUT_PROJECT
        ),
        looks='401, 403 or 404: "No such project", or a project that "has been archived".',
        confirm=(
            "Leave the project header out; if the call still fails, the key's project is the "
            "problem. An owner can see its status with GET "
            "/v1/organization/projects?include_archived=true."
        ),
        prevent="Before you archive a project, list its keys (admin API) and move their users first.",
        fixes=(
            Fix(
                text=(
                    "Leave the project {project_named} out: a project key already carries its "
                    "project."
                ),
                who="you",
                command="unset OPENAI_PROJECT_ID",
                apply=Change(kind="unset-project"),
            ),
            Fix(text="Use a key from an active project.", who="you", url=links.API_KEYS),
            Fix(
                text="Ask an organization owner for access, or for a key from an active project.",
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
                    "The project may exist but belong to another key; try the call without the "
                    "header."
                ),
            ),
        ),
        links=(links.PROJECTS,),
    ),
    Cause(
        id="resource-elsewhere",
        family="organization-and-project",
        title="That resource belongs to another account or project",
        meaning=(
            "The file, response, assistant, vector store, batch or fine-tuned model was created "
            "in another organization or project, or was deleted. A project only sees its own "
            "resources."
        ),
        finding=(
            "{model_wanted} is a fine-tuned model from a different organization than this key's "
            "({organization_seen})."
        ),
        looks=(
            '404 or 400: "No … found with id", "Item with id … not found", "organization_id did '
            'not match"; a fine-tuned model (ft:…) of another organization returns 404.'
        ),
        confirm="Request the same object with a key from the project that created it.",
        prevent=(
            "Store object IDs together with the project and key that created them, and don't "
            "share them between test and production."
        ),
        fixes=(
            Fix(
                text=(
                    "Create the object again with this key, or use a key from the project that "
                    "created it."
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
                text="Remove IDs and encrypted reasoning of another account from the request.",
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
                    "An organization with zero data retention stores no responses, so they can't "
                    "be found later; the error message shows which case it is."
                ),
            ),
            Alternative(
                cause="model-not-found", why="The name may have a typo; check the model list."
            ),
        ),
    ),
)
