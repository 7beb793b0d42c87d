"""OPENAI_CUSTOM_HEADERS overrides the key, the organization and the project of the SDKs."""

from pathlib import Path

import pytest

from oai_tui.credentials.sources.discovery import discover
from oai_tui.domain.custom_headers import faults_of, headers_of
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.simulator.server import running
from tests.commands.cli_runner import client_environment, run_cli
from tests.credentials.profile_factory import key

HEADERS = "OPENAI_CUSTOM_HEADERS"


def found(folder: Path, **env: str) -> DiscoveryResult:
    return discover(env, folder, KEY_KINDS, sources=("environment",))


def test_the_effective_organization_and_project_are_those_of_the_headers(tmp_path: Path) -> None:
    target = found(
        tmp_path,
        OPENAI_ORG_ID="org-variable",
        OPENAI_PROJECT_ID="proj_variable",
        **{HEADERS: "OpenAI-Organization: org-header\nX-Team: a\nopenai-project:proj_header"},
    ).target
    assert (target.organization, target.project) == ("org-header", "proj_header")
    assert target.origin("organization").name == HEADERS
    assert target.origin("project").description == f"the environment variable {HEADERS}"


def test_the_key_of_the_header_is_used_and_overrides_the_variable(tmp_path: Path) -> None:
    credentials = found(
        tmp_path, OPENAI_API_KEY=key("a"), **{HEADERS: f"Authorization: Bearer {key('b')}"}
    ).credentials
    first, second = credentials
    assert (first.origin.name, first.secret.masked) == (HEADERS, "sk-proj-…bbbb")
    assert [origin.name for origin in first.shadows] == ["OPENAI_API_KEY"]
    assert second.shadowed_by is not None
    assert second.shadowed_by.name == HEADERS


@pytest.mark.parametrize("value", ["Basic abc", "Bearer ", "", "abc"])
def test_a_header_without_a_bearer_token_leaves_the_key(tmp_path: Path, value: str) -> None:
    credentials = found(
        tmp_path, OPENAI_API_KEY=key("a"), **{HEADERS: f"Authorization: {value}"}
    ).credentials
    assert [credential.origin.name for credential in credentials] == ["OPENAI_API_KEY"]


def test_the_notes_say_what_is_used_and_show_no_value(tmp_path: Path) -> None:
    notes = "\n".join(
        found(
            tmp_path,
            OPENAI_API_KEY=key("a"),
            OPENAI_ORG_ID="org-variable",
            **{HEADERS: f"Authorization: Bearer {key('b')}\nOpenAI-Organization: org-header"},
        ).notes
    )
    assert "sets Authorization, which overrides the key in OPENAI_API_KEY: this check uses" in notes
    assert "sets OpenAI-Organization, which overrides OPENAI_ORG_ID" in notes
    assert "org-header" not in notes
    assert "bbbb" not in notes
    assert "later line" not in notes


def test_a_later_line_wins() -> None:
    assert headers_of("a: 1\nnothing\nA: 2") == {"a": "2"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (": value", "line 1 has no header name before the colon"),
        ("X-Team: a\n  :value", "line 2 has no header name before the colon"),
        ("X Team: a", "line 1 has the name “X Team”, which no header can have"),
        ("X-Team: a\nX-Ä: b", "line 2 has the name “X-Ä”, which no header can have"),
    ],
)
def test_a_line_that_no_sdk_can_send_is_named(tmp_path: Path, text: str, fault: str) -> None:
    assert faults_of(text) == (fault,)
    notes = found(tmp_path, OPENAI_API_KEY=key("a"), **{HEADERS: text}).notes
    assert any(f"{HEADERS} (environment): {fault}." in note for note in notes), notes
    assert "" not in headers_of(text)


def test_what_the_sdks_send_or_ignore_is_no_fault() -> None:
    assert faults_of("X-Team: a\nno colon\n\nx_y.z~: \n") == ()


def test_the_value_of_a_faulty_line_is_not_shown(tmp_path: Path) -> None:
    text = f": Bearer {key('b')}"
    discovered = found(tmp_path, OPENAI_API_KEY=key("a"), **{HEADERS: text})
    assert key("b") not in repr((discovered.notes, discovered.settings, faults_of(text)))


def test_a_check_warns_of_it(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        done = run_cli(
            ["check", "--json"], tmp_path, {**client_environment(simulated), HEADERS: ": value"}
        )
    assert done.code == 0
    _, warning = [each for each in done.document["verdict"]["warnings"] if HEADERS in each]
    assert warning.startswith(f"{HEADERS} (environment): line 1 has no header name")
