"""Services: fixes for this run, lines that make them permanent, the demo, kinds of keys."""

import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import Change, ChangeKind, Origin, Target
from oai_tui.knowledge.tree import TREE
from oai_tui.services.build import demo_services
from oai_tui.services.explain_text import explain_text
from oai_tui.services.fixes import RESTART_STEP, permanent_fixes, with_fixes_at_origin
from oai_tui.services.services import Services
from oai_tui.simulator.scenarios import SCENARIOS
from tests.domain.keys.fake_keys import PROJECT_KEY, SPELLINGS, leaks
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario
from tests.services.make_services import make_services

DOTENV = Origin(kind="dotenv", name="OPENAI_ORG_ID", place="/home/a b/.env:3")
ENVIRONMENT = Origin(kind="environment", name="OPENAI_ORG_ID")
PROFILE = Origin(kind="keyring", name="work")
NAMED = Change(kind="use-base-url", fact="named_host_url")
NEAR = Change(kind="use-model", fact="model_near")


@pytest.fixture
def services() -> Services:
    return demo_services("all-good")


def _credential(services: Services, text: str, origin: Origin = ENVIRONMENT) -> Credential:
    return services.credential(Secret(text), origin)


def test_a_key_gets_its_kind(services: Services) -> None:
    assert _credential(services, PROJECT_KEY).kind.id == "project"


@pytest.mark.parametrize(
    ("change", "facts", "expected"),
    [
        (
            Change(kind="unset-organization"),
            {},
            ("https://api.openai.com/v1", None, "proj_fake1", None),
        ),
        (Change(kind="unset-project"), {}, ("https://api.openai.com/v1", "org-fake1", None, None)),
        (
            NAMED,
            {"named_host_url": "https://eu.api.openai.com/v1"},
            ("https://eu.api.openai.com/v1", "org-fake1", "proj_fake1", None),
        ),
        (
            NEAR,
            {"model_near": "gpt-6-luna"},
            ("https://api.openai.com/v1", "org-fake1", "proj_fake1", "gpt-6-luna"),
        ),
    ],
)
def test_a_fix_is_applied_to_the_target(
    services: Services, change: Change, facts: dict[str, str], expected: tuple[object, ...]
) -> None:
    key = _credential(services, PROJECT_KEY)
    done = services.apply_fix(
        change, Target(organization="org-fake1", project="proj_fake1"), key, facts
    )
    assert (
        done.target.base_url,
        done.target.organization,
        done.target.project,
        done.target.model,
    ) == expected
    assert done.credential is key
    assert done.restart == RESTART_STEP[change.kind]


def test_a_cleaned_key_is_applied_to_the_key(services: Services) -> None:
    target = Target(organization="org-fake1")
    done = services.apply_fix(
        Change(kind="use-cleaned-key"), target, _credential(services, PROJECT_KEY + "\n"), {}
    )
    assert done.credential is not None
    assert (done.credential.secret == Secret(PROJECT_KEY), done.credential.origin, done.target) == (
        True,
        ENVIRONMENT,
        target,
    )


def test_a_walk_begins_again_at_a_step_of_the_tree() -> None:
    assert set(RESTART_STEP.values()) <= set(TREE.steps)


def test_a_file_that_set_it_is_named_with_its_line_and_no_other_place() -> None:
    lines = permanent_fixes(
        Change(kind="unset-organization"),
        Target(organization="x", origins={"organization": DOTENV}),
        None,
        {},
    )
    assert [(line.where, line.text) for line in lines] == [
        ("dotenv", "Delete line 3 of '/home/a b/.env' (OPENAI_ORG_ID).")
    ]


def test_a_variable_that_set_it_is_the_only_place() -> None:
    lines = permanent_fixes(
        Change(kind="unset-organization"),
        Target(organization="x", origins={"organization": ENVIRONMENT}),
        None,
        {},
    )
    assert [(line.where, line.text) for line in lines] == [("shell", "unset OPENAI_ORG_ID")]


def test_a_custom_header_that_set_it_is_the_only_place() -> None:
    origin = Origin(kind="environment", name="OPENAI_CUSTOM_HEADERS")
    target = Target(organization="x", origins={"organization": origin})
    change = Change(kind="unset-organization")
    lines = permanent_fixes(change, target, None, {})
    advice = "Remove OpenAI-Organization from OPENAI_CUSTOM_HEADERS."
    assert [(line.where, line.text) for line in lines] == [("shell", advice)]


def test_the_file_that_set_a_variable_is_named() -> None:
    origin = Origin(kind="environment", name="OPENAI_ORG_ID", set_at="~/.zshrc:7")
    lines = permanent_fixes(
        Change(kind="unset-organization"),
        Target(organization="x", origins={"organization": origin}),
        None,
        {},
    )
    assert [(line.where, line.text) for line in lines] == [
        ("shell", "unset OPENAI_ORG_ID"),
        ("startup", "Delete the line that sets OPENAI_ORG_ID: ~/.zshrc:7"),
    ]


def test_every_place_is_offered_for_a_value_of_unknown_origin() -> None:
    lines = permanent_fixes(Change(kind="unset-organization"), Target(organization="x"), None, {})
    assert [line.where for line in lines] == ["shell", "dotenv", "code"]


def _diagnosis(origin: Origin) -> Diagnosis:
    fix = Fix(
        text="Leave it out.",
        who="you",
        command="unset OPENAI_ORG_ID",
        apply=Change(kind="unset-organization"),
    )
    return Diagnosis(
        verdict=Verdict(outcome="problem", fixes=(fix,)),
        trail=(),
        target=Target(organization="x", origins={"organization": origin}),
        credential=None,
        started_at=datetime(2026, 11, 27, tzinfo=UTC),
        elapsed_ms=1,
        version="0",
    )


@pytest.mark.parametrize(
    ("origin", "text", "command"),
    [
        (ENVIRONMENT, "Leave it out.", "unset OPENAI_ORG_ID"),
        (Origin(kind="typed"), "Leave it out.", "unset OPENAI_ORG_ID"),
        (DOTENV, "Leave it out. Delete line 3 of '/home/a b/.env' (OPENAI_ORG_ID).", ""),
        (
            Origin(kind="flag", name="--organization"),
            "Leave it out. Remove --organization.",
            "",
        ),
    ],
)
def test_advice_names_the_place_that_set_the_value(origin: Origin, text: str, command: str) -> None:
    (fix,) = with_fixes_at_origin(_diagnosis(origin), None).verdict.fixes
    assert (fix.text, fix.command) == (text, command)


@pytest.mark.parametrize(
    ("origin", "text", "command"),
    [
        (Origin(kind="environment"), "Unset the base URL.", "unset OPENAI_BASE_URL"),
        (
            Origin(kind="flag", name="--base-url"),
            "Unset the base URL. Remove --base-url.",
            "",
        ),
        (PROFILE, "Unset the base URL. Save the profile work again, without the base URL.", ""),
    ],
)
def test_advice_to_unset_the_base_url_names_what_set_it(
    origin: Origin, text: str, command: str
) -> None:
    diagnosis = _diagnosis(ENVIRONMENT)
    fix = Fix(text="Unset the base URL.", who="you", command="unset OPENAI_BASE_URL")
    diagnosis = replace(
        diagnosis,
        target=Target(base_url="http://127.0.0.1:9/v1", origins={"base_url": origin}),
        verdict=replace(diagnosis.verdict, fixes=(fix,)),
    )
    (fix,) = with_fixes_at_origin(diagnosis, None).verdict.fixes
    assert (fix.text, fix.command) == (text, command)


@pytest.mark.parametrize(
    ("origin", "text", "command"),
    [
        (
            Origin(kind="environment", name="OPENAI_API_KEY"),
            "Replace it.",
            "export OPENAI_API_KEY=…",
        ),
        (Origin(kind="environment", name="KEY_PROD"), "Replace it.", "export KEY_PROD=…"),
        (
            Origin(kind="environment", name="OPENAI_CUSTOM_HEADERS"),
            "Replace it. Correct Authorization in OPENAI_CUSTOM_HEADERS.",
            "",
        ),
        (PROFILE, "Replace it. Replace the key of the profile: oai-tui profiles rotate work", ""),
    ],
)
def test_advice_about_the_key_names_its_place(
    services: Services, origin: Origin, text: str, command: str
) -> None:
    diagnosis = _diagnosis(ENVIRONMENT)
    fix = Fix(text="Replace it.", who="you", command="export OPENAI_API_KEY=…")
    diagnosis = replace(diagnosis, verdict=replace(diagnosis.verdict, fixes=(fix,)))
    key = _credential(services, PROJECT_KEY, origin)
    (fix,) = with_fixes_at_origin(diagnosis, key).verdict.fixes
    assert (fix.text, fix.command) == (text, command)


def test_a_profile_that_set_it_is_named() -> None:
    lines = permanent_fixes(
        Change(kind="unset-project"), Target(project="x", origins={"project": PROFILE}), None, {}
    )
    assert lines[0].where == "profile"
    assert "work" in lines[0].text


def test_no_place_is_offered_twice() -> None:
    for kind in RESTART_STEP:
        for origin in (DOTENV, ENVIRONMENT, PROFILE, Origin(kind="flag", name="--organization")):
            places = [
                line.where
                for line in permanent_fixes(
                    _change(kind),
                    Target(
                        origins=dict.fromkeys(
                            ("organization", "project", "base_url", "model"), origin
                        )
                    ),
                    None,
                    {"value": "x"},
                )
            ]
            assert len(places) == len(set(places))


def _change(kind: ChangeKind) -> Change:
    return Change(kind=kind, fact="value" if kind in {"use-base-url", "use-model"} else "")


@pytest.mark.parametrize("change", [NAMED, NEAR])
def test_a_line_whose_value_is_not_known_is_left_out(change: Change) -> None:
    assert permanent_fixes(change, Target(), None, {}) == ()


@pytest.mark.parametrize("place", ["", ".env"])
def test_a_line_whose_place_is_not_known_is_left_out(place: str) -> None:
    origin = Origin(kind="dotenv", name="OPENAI_ORG_ID", place=place)
    lines = permanent_fixes(
        Change(kind="unset-organization"),
        Target(organization="x", origins={"organization": origin}),
        None,
        {},
    )
    assert not [line.text for line in lines if "Delete line " in line.text]


HOSTILE = 'x"; import os; os.system("id") #$(id)`id`\''


def test_a_hostile_value_stays_one_word_of_a_shell_and_one_string_of_code() -> None:
    lines = {
        line.where: line.text
        for line in permanent_fixes(NAMED, Target(), None, {"named_host_url": HOSTILE})
    }
    assert shlex.split(lines["shell"]) == ["export", f"OPENAI_BASE_URL={HOSTILE}"]
    assert json.dumps(HOSTILE) in lines["code"]


def test_the_key_is_in_no_line(services: Services) -> None:
    for origin in (DOTENV, ENVIRONMENT, PROFILE):
        lines = permanent_fixes(
            Change(kind="use-cleaned-key"),
            Target(),
            _credential(services, PROJECT_KEY + "\n", origin),
            {},
        )
        assert not [line.text for line in lines if PROJECT_KEY[:20] in line.text]
        assert lines


FIXABLE = [
    one.id
    for one in SCENARIOS.values()
    if (one.is_fixed_outside or one.fixed_client is not None) and not one.takes_effect_after
]


@pytest.mark.parametrize("scenario", FIXABLE)
def test_the_demo_can_be_fixed(scenario: str) -> None:
    assert demo_services(scenario).demo_fix_outside() is True


def test_there_is_nothing_to_fix_where_all_is_good(services: Services) -> None:
    assert services.demo_fix_outside() is False


def test_the_real_world_is_not_fixed(tmp_path: Path) -> None:
    real = make_services({})
    assert real.demo_fix_outside() is False
    assert real.scenario is None
    assert real.discover(tmp_path).credentials == ()


async def test_applying_a_fix_turns_red_to_green_from_the_step_it_concerns() -> None:
    demo = demo_services("organization-mismatch")
    red = await run_scenario(demo, *first_key(demo), ScriptedAnswers())
    change = next(fix.apply for fix in red.verdict.fixes if fix.apply)
    target, key = first_key(demo)
    done = demo.apply_fix(change, target, key, red.facts)
    before = tuple(record for record in red.trail if record.stage in {"credential", "reach"})
    green = await run_scenario(
        demo,
        done.target,
        done.credential,
        ScriptedAnswers(),
        start=done.restart,
        before=before,
        facts=red.facts,
    )
    assert (red.verdict.cause, green.verdict.outcome, green.is_healthy) == (
        "organization-mismatch",
        "working",
        True,
    )


async def test_a_placeholder_key_is_enough_for_a_local_server() -> None:
    """A local model server needs no key, so its users set any text."""
    from tests.fault_server import answering, json_answer, serving
    from tests.probes.http_probe import walked

    with serving(
        answering(
            json_answer(
                "200 OK",
                b'{"object": "list", "data": [{"id": "llama-4"}], "choices": []}',
                b"Connection: close",
            )
        )
    ) as server:
        diagnosis = await walked(server.url(), OPENAI_API_KEY="ollama")
    assert diagnosis.verdict.outcome == "working", diagnosis.verdict


@pytest.mark.parametrize("only", ["identity", "inference", "limits", "model", "save"])
async def test_asking_for_one_stage_proves_the_key_first(services: Services, only: str) -> None:
    done = await run_scenario(
        services, *first_key(services), ScriptedAnswers(), only=frozenset({only})
    )
    assert only in {record.stage for record in done.trail}
    assert "key" not in done.verdict.untested


async def test_a_saved_profile_is_loaded_with_its_settings(services: Services) -> None:
    await run_scenario(services, *first_key(services), ScriptedAnswers())
    target, key = await services.load_profile("work")
    assert (key.origin, target.base_url) == (
        Origin(kind="keyring", name="work"),
        "https://api.openai.com/v1",
    )
    assert [profile.name for profile in await services.saved_profiles()] == ["work"]


async def test_a_profile_that_is_not_there(services: Services) -> None:
    with pytest.raises(KeyError):
        await services.load_profile("nobody")


def test_a_pasted_text_is_explained_without_its_secrets() -> None:
    """Redaction comes first: verdict and observation hold nothing of the key in the text."""
    key = PROJECT_KEY
    body = {"error": {"message": f"Incorrect API key provided: {key}.", "code": "invalid_api_key"}}
    text = f"openai.AuthenticationError: Error code: 401 - {body}"
    diagnoses = explain_text(text, now=1_790_000_000.0)
    assert [one.verdict.cause for one in diagnoses] == ["key-invalid"]
    assert key[12:40] not in repr(diagnoses)
    assert explain_text(" \n ", now=1_790_000_000.0) == ()


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_the_key_of_the_environment_is_scrubbed_from_any_text_in_any_encoding(
    services: Services, spell: Callable[[str], str]
) -> None:
    key = services.env["OPENAI_API_KEY"]
    assert not leaks(key, services.redactor()(f"before {spell(key)} after"))


def test_any_other_key_is_scrubbed_even_if_it_is_escaped(
    services: Services,
) -> None:
    assert not leaks(PROJECT_KEY, services.redactor()(PROJECT_KEY.replace("-", "\\u002d")))


def test_the_sample_is_the_demos_alone(services: Services) -> None:
    assert services.sample_output()
    assert make_services({}).sample_output() == ""


def test_a_text_is_explained_by_the_services_as_by_the_function(services: Services) -> None:
    text = services.sample_output()
    assert [each.verdict for each in services.explain(text)] == [
        each.verdict for each in explain_text(text, now=services.clock.now().timestamp())
    ]
