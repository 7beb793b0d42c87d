"""OPENAI_CUSTOM_HEADERS overrides the key, the organization and the project of the SDKs."""

from pathlib import Path

import pytest

from oai_tui.credentials.sources.custom_headers import headers_of
from oai_tui.credentials.sources.discovery import discover
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.knowledge.key_shapes import KEY_KINDS
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
