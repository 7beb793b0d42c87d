"""The verdict and its advice name the place that set the organization or the project."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from oai_tui.domain.target import Origin
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.tree import TREE
from oai_tui.reports.key_identity import permanent_choice
from oai_tui.reports.step_finding import TEST_SUBJECTS
from oai_tui.services.build import demo_services
from oai_tui.tui.formatting import CHANGE_DONE, CHANGE_LABELS
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario

HEADERS = "OPENAI_CUSTOM_HEADERS"
VARIABLES = {"organization": "OPENAI_ORG_ID", "project": "OPENAI_PROJECT_ID"}
HEADER = {"organization": "OpenAI-Organization", "project": "OpenAI-Project"}
CHECK = "{} of the check 'chat'"

Named = Callable[[str], str]
ORIGINS: dict[str, tuple[Callable[[str], Origin], Named, Callable[[str], tuple[str, str]]]] = {
    "variable": (
        lambda field: Origin(kind="environment", name=VARIABLES[field]),
        lambda field: VARIABLES[field],
        lambda field: (f"unset {VARIABLES[field]}", ""),
    ),
    "custom headers": (
        lambda field: Origin(kind="environment", name=HEADERS),
        lambda field: HEADERS,
        lambda field: ("", f"Remove {HEADER[field]} from {HEADERS}."),
    ),
    "custom headers in a file": (
        lambda field: Origin(kind="dotenv", name=HEADERS, place=".env:4"),
        lambda field: HEADERS,
        lambda field: ("", f"Remove {HEADER[field]} from {HEADERS} in line 4 of .env."),
    ),
    "file": (
        lambda field: Origin(kind="dotenv", name=VARIABLES[field], place=".env:3"),
        lambda field: VARIABLES[field],
        lambda field: ("", f"Delete line 3 of .env ({VARIABLES[field]})."),
    ),
    "option": (
        lambda field: Origin(kind="flag", name=f"--{field}"),
        lambda field: f"--{field}",
        lambda field: ("", f"Remove --{field}."),
    ),
    "profile": (
        lambda field: Origin(kind="keyring", name="work"),
        lambda field: "the profile work",
        lambda field: ("", f"Save the profile work again, without the {field}."),
    ),
    "file of checks": (
        lambda field: Origin(kind="flag", name=CHECK.format(field)),
        CHECK.format,
        lambda field: ("", f"Remove {CHECK.format(field)}."),
    ),
}
"""Place -> its origin, the name in the title, the command and the end of the first advice."""


@pytest.mark.parametrize("place", ORIGINS)
@pytest.mark.parametrize("field", VARIABLES)
async def test_the_verdict_names_the_place(field: str, place: str) -> None:
    origin_of, name_of, advice_of = ORIGINS[place]
    services = demo_services(f"{field}-mismatch")
    target, key = first_key(services)
    target = replace(target, origins={**target.origins, field: origin_of(field)})
    diagnosis = await run_scenario(services, target, key, ScriptedAnswers())
    verdict, first = diagnosis.verdict, diagnosis.verdict.fixes[0]
    name = name_of(field)
    assert verdict.title == f"{name[0].upper()}{name[1:]} doesn't match this key's {field}"
    command, end = advice_of(field)
    assert (first.command, first.text.endswith(end)) == (command, True)
    said = [verdict.title, verdict.explanation, *(record.title for record in diagnosis.trail)]
    said += [word for fix in verdict.fixes for word in (fix.text, fix.command)]
    if VARIABLES[field] not in {name_of(field), origin_of(field).name}:
        assert [each for each in said if VARIABLES[field] in each] == []


@pytest.mark.parametrize(
    ("origin", "key", "line"),
    [
        (None, "environment", "export OPENAI_ORG_ID=org-b"),
        (None, "keyring", "Save the profile work again, with the organization org-b."),
        (
            Origin(kind="environment", name=HEADERS),
            "environment",
            f"Change OpenAI-Organization in {HEADERS} to org-b.",
        ),
        (Origin(kind="flag", name="--organization"), "keyring", "Change --organization to org-b."),
    ],
)
def test_another_organization_is_chosen_where_the_first_one_was_set(
    origin: Origin | None, key: str, line: str
) -> None:
    target, _ = first_key(demo_services("all-good"))
    target = replace(target, origins={"organization": origin} if origin else {})
    of_key = Origin(kind=key, name="work")  # type: ignore[arg-type]
    assert permanent_choice("org-b", target, of_key) == line


def test_no_text_takes_one_variable_for_granted() -> None:
    """Only a command may: `with_fixes_at_origin` replaces it by the place."""
    texts = [
        *(step.title for step in TREE.steps.values()),
        *TEST_SUBJECTS.values(),
        *CHANGE_LABELS.values(),
        *CHANGE_DONE.values(),
    ]
    for cause in CATALOGUE.values():
        texts += [cause.title, cause.case_title, cause.meaning, cause.finding, cause.confirm]
        texts += [cause.prevent, *(finding.text for finding in cause.findings)]
        texts += [fix.text for fix in cause.fixes]
        texts += [alternative.why for alternative in cause.alternatives]
    assert [each for each in texts if any(name in each for name in VARIABLES.values())] == []
