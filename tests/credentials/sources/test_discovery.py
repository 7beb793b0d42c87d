"""Keys and settings in the environment and .env files: overridden, odd or unreadable ones."""

import contextlib
import io
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oai_tui.credentials.sources.discovery import discover
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import DEFAULT_BASE_URL, Origin
from tests.credentials.profile_factory import KINDS, key

ENVIRONMENT = Origin(kind="environment", name="OPENAI_API_KEY")


def dotenv(place: str) -> Origin:
    return Origin(kind="dotenv", name="OPENAI_API_KEY", place=place)


def seen(folder: Path, text: str | None = None, **env: str) -> DiscoveryResult:
    if text is not None:
        (folder / ".env").write_text(text, "utf-8")
    return discover(env, folder, KINDS)


def test_nothing_at_all(tmp_path: Path) -> None:
    assert seen(tmp_path) == discover({"PATH": "/bin"}, tmp_path, KINDS)
    assert (seen(tmp_path).credentials, seen(tmp_path).target.base_url, seen(tmp_path).notes) == (
        (),
        DEFAULT_BASE_URL,
        (),
    )


def test_key_of_the_environment(tmp_path: Path) -> None:
    (found,) = seen(tmp_path, OPENAI_API_KEY=key("a")).credentials
    assert (found.secret, found.origin, found.kind.id, found.shadowed_by) == (
        Secret(key("a")),
        ENVIRONMENT,
        "project",
        None,
    )


def test_key_is_kept_unchanged(tmp_path: Path) -> None:
    (found,) = seen(tmp_path, OPENAI_API_KEY=key("a") + "\n").credentials
    assert [defect.id for defect in found.defects] == ["newline"]


def test_environment_wins_over_dotenv(tmp_path: Path) -> None:
    first, second = seen(
        tmp_path, f"OPENAI_API_KEY={key('b')}\n", OPENAI_API_KEY=key("a")
    ).credentials
    assert (first.origin, first.shadows, second.origin, second.shadowed_by) == (
        ENVIRONMENT,
        (dotenv(".env:1"),),
        dotenv(".env:1"),
        ENVIRONMENT,
    )


def test_dotenv_alone(tmp_path: Path) -> None:
    (found,) = seen(tmp_path, f"OPENAI_API_KEY={key('b')}\n").credentials
    assert (found.origin, found.shadowed_by) == (dotenv(".env:1"), None)


def test_dotenv_alone_counts_only_when_loaded(tmp_path: Path) -> None:
    assert seen(tmp_path, f"OPENAI_API_KEY={key('b')}\n").notes == (
        "OPENAI_API_KEY is only in .env:1: it only applies to programs that load that file",
    )


def test_later_line_counts(tmp_path: Path) -> None:
    first, second = seen(
        tmp_path, f"OPENAI_API_KEY={key('a')}\nOPENAI_API_KEY={key('b')}\n"
    ).credentials
    assert (first.secret, first.shadows, second.shadowed_by) == (
        Secret(key("b")),
        (dotenv(".env:1"),),
        dotenv(".env:2"),
    )


def test_admin_key_comes_after(tmp_path: Path) -> None:
    found = seen(
        tmp_path, OPENAI_ADMIN_KEY="sk-admin-" + "a" * 40, OPENAI_API_KEY=key("a")
    ).credentials
    assert [credential.kind.id for credential in found] == ["project", "admin"]


LINES: dict[str, tuple[str, str]] = {
    "plain": (f"OPENAI_API_KEY={key('a')}", ".env:1"),
    "export": (f"export OPENAI_API_KEY={key('a')}", ".env:1"),
    "single quotes": (f"OPENAI_API_KEY='{key('a')}'", ".env:1"),
    "double quotes": (f'OPENAI_API_KEY="{key("a")}"', ".env:1"),
    "blanks around": (f"OPENAI_API_KEY = {key('a')}  # mine", ".env:1"),
    "after comments and empty lines": (f"# one\n\n\nX=1\n\nOPENAI_API_KEY={key('a')}", ".env:6"),
    "after a value of several lines": (f'X="1\n2\n3"\nOPENAI_API_KEY={key("a")}', ".env:4"),
    "carriage returns": (f"X=1\r\n\r\nOPENAI_API_KEY={key('a')}\r\n", ".env:3"),
    "put together": (f"A={key('a')[:20]}\nOPENAI_API_KEY=${{A}}{key('a')[20:]}", ".env:2"),
    "from the environment": ("OPENAI_API_KEY=${MINE}", ".env:1"),
    "with a default": (f"OPENAI_API_KEY=${{NOBODY:-{key('a')}}}", ".env:1"),
}


@pytest.mark.parametrize(("text", "place"), LINES.values(), ids=LINES)
def test_line_is_read_as_load_dotenv_reads_it(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / ".env").write_bytes(text.encode())
    (found,) = seen(tmp_path, MINE=key("a")).credentials
    assert (found.secret, found.origin.place) == (Secret(key("a")), place)


def test_variable_of_the_environment_fills_in_before_the_files_own(tmp_path: Path) -> None:
    (found,) = seen(
        tmp_path, f"MINE={key('b')}\nOPENAI_API_KEY=${{MINE}}\n", MINE=key("a")
    ).credentials
    assert found.secret == Secret(key("a"))


def test_nearest_file_above_counts(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={key('a')}\n")
    folder = tmp_path / "one" / "two"
    folder.mkdir(parents=True)
    assert [credential.origin.place for credential in seen(folder).credentials] == ["../../.env:1"]


def test_file_in_the_folder_hides_those_above(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={key('a')}\n")
    (tmp_path / "one").mkdir()
    assert seen(tmp_path / "one", "X=1\n").credentials == ()


def test_sources_can_be_chosen(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={key('b')}\nOPENAI_ORG_ID=org-fake\n")
    found = discover({"OPENAI_API_KEY": key("a")}, tmp_path, KINDS, sources=("environment",))
    assert ([credential.origin for credential in found.credentials], found.target.organization) == (
        [ENVIRONMENT],
        None,
    )


def test_settings_of_the_environment(tmp_path: Path) -> None:
    target = seen(
        tmp_path,
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        OPENAI_ORG_ID="org-fake",
        OPENAI_PROJECT_ID="proj_fake",
    ).target
    assert (target.base_url, target.organization, target.project) == (
        "http://127.0.0.1:9/v1",
        "org-fake",
        "proj_fake",
    )
    assert {field: str(origin) for field, origin in target.origins.items()} == {
        "base_url": "environment:OPENAI_BASE_URL",
        "organization": "environment:OPENAI_ORG_ID",
        "project": "environment:OPENAI_PROJECT_ID",
    }


def test_setting_of_the_environment_wins(tmp_path: Path) -> None:
    target = seen(
        tmp_path, "OPENAI_ORG_ID=org-file\nOPENAI_PROJECT_ID=proj_file\n", OPENAI_ORG_ID="org-fake"
    ).target
    assert (target.organization, target.project, str(target.origin("project"))) == (
        "org-fake",
        "proj_file",
        "dotenv:.env:2",
    )


SHOWN = {
    "organization": ("OPENAI_ORG_ID", "org-fake", "org-fake"),
    "base URL with a password": (
        "OPENAI_BASE_URL",
        "https://me:p@ss@gw.example.com/v1",
        "https://…@gw.example.com/v1",
    ),
    "proxy with a password": (
        "https_proxy",
        "http://me:p/ss@proxy.example.com:3128",
        "http://…@proxy.example.com:3128",
    ),
    "proxy without a scheme": (
        "HTTPS_PROXY",
        "me:pass@proxy.example.com:3128",
        "…@proxy.example.com:3128",
    ),
    "no proxy": ("NO_PROXY", "localhost,.example.com", "localhost,.example.com"),
    "custom headers": (
        "OPENAI_CUSTOM_HEADERS",
        "X-One: secret\nX-Two: other",
        "X-One: …, X-Two: …",
    ),
    "custom headers that are none": ("OPENAI_CUSTOM_HEADERS", "secret", "…"),
    "a key in the wrong place": ("OPENAI_ORG_ID", "sk-proj-" + "z" * 40, "sk-proj-…"),
    "escape sequences": ("OPENAI_ORG_ID", "org\x1b[31m", "org␛[31m"),
    "certificates": ("SSL_CERT_FILE", "/etc/ca.pem", "/etc/ca.pem"),
}


@pytest.mark.parametrize(("name", "value", "shown"), SHOWN.values(), ids=SHOWN)
def test_setting_is_shown_without_secrets(
    tmp_path: Path, name: str, value: str, shown: str
) -> None:
    assert [
        (setting.name, setting.value) for setting in seen(tmp_path, **{name: value}).settings
    ] == [(name, shown)]


NOTES = {
    "OPENAI_ORGANIZATION": ("OPENAI_ORGANIZATION", "org-fake", "OPENAI_ORG_ID"),
    "OPENAI_API_BASE": ("OPENAI_API_BASE", "https://x.example.com", "OPENAI_BASE_URL"),
    "OPENAI_PROJECT": ("OPENAI_PROJECT", "proj_fake", "OPENAI_PROJECT_ID"),
    "OPENAI_KEY": ("OPENAI_KEY", key("a"), "OPENAI_API_KEY"),
    "REQUESTS_CA_BUNDLE": ("REQUESTS_CA_BUNDLE", "/ca.pem", "SSL_CERT_FILE"),
    "empty key": ("OPENAI_API_KEY", "", "OPENAI_API_KEY is set but empty (environment)"),
    "empty organization": ("OPENAI_ORG_ID", "", "sends an empty OpenAI-Organization header"),
    "empty base URL": ("OPENAI_BASE_URL", "", "is set but empty"),
    "blank in the organization": ("OPENAI_ORG_ID", "org-fake ", "invalid character"),
    "headers override the key": (
        "OPENAI_CUSTOM_HEADERS",
        "authorization: Bearer x",
        "overrides the key",
    ),
}


@pytest.mark.parametrize(("name", "value", "words"), NOTES.values(), ids=NOTES)
def test_what_is_odd_is_noted(tmp_path: Path, name: str, value: str, words: str) -> None:
    found = seen(tmp_path, **{name: value})
    notes = " | ".join((*found.notes, *found.certificate_notes))
    assert words in notes
    assert "a" * 12 not in notes


def test_note_about_certificates_bears_on_a_certificate_that_is_refused_alone(
    tmp_path: Path,
) -> None:
    found = seen(tmp_path, REQUESTS_CA_BUNDLE="/ca.pem")
    assert found.notes == ()
    assert found.notes_bearing_on("tls-untrusted") == found.certificate_notes != ()
    assert found.notes_bearing_on("key-invalid") == ()


def test_empty_variable_is_no_credential(tmp_path: Path) -> None:
    assert seen(tmp_path, OPENAI_API_KEY="").credentials == ()


def test_empty_variable_keeps_the_file_from_counting(tmp_path: Path) -> None:
    found = seen(tmp_path, f"OPENAI_API_KEY={key('b')}\n", OPENAI_API_KEY="")
    assert found.credentials[0].shadowed_by == ENVIRONMENT
    assert (
        "Because of the empty OPENAI_API_KEY, load_dotenv ignores the value in .env:1: unset it"
        in found.notes
    )


def test_name_without_a_value_is_noted(tmp_path: Path) -> None:
    assert seen(tmp_path, "OPENAI_API_KEY\n").notes == (
        "OPENAI_API_KEY in .env:1 has no value, so it and any earlier line are ignored",
    )


def test_line_that_cannot_be_understood_is_named_and_not_quoted(tmp_path: Path) -> None:
    assert seen(tmp_path, f"X=1\n\n{key('a')} {key('b')}\n").problems == (
        ".env:3 is not NAME=value, so it is ignored",
    )


def test_lines_after_a_bad_one_count(tmp_path: Path) -> None:
    assert len(seen(tmp_path, f"what is this\nOPENAI_API_KEY={key('a')}\n").credentials) == 1


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as unix, contextlib.chdir(path.parent):
        unix.bind(path.name)


def _loop(path: Path) -> None:
    path.symlink_to(path)


UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (Path.mkdir, "is a folder"),
    "a socket": (_socket, "not a regular file"),
    "a link to itself": (_loop, "can't be read"),
    "an error while reading": (lambda path: path.symlink_to("/proc/self/mem"), "can't be read: "),
    "not UTF-8": (
        lambda path: path.write_bytes(b"X=1\nOPENAI_API_KEY=\xff\xfe"),
        "not UTF-8 text (line 2)",
    ),
    "UTF-16": (
        lambda path: path.write_text(f"OPENAI_API_KEY={key('a')}", "utf-16"),
        "is UTF-16, as written by Windows PowerShell",
    ),
    "too large": (lambda path: path.write_text("X=1\n" * 300_000), "larger than 1 MB"),
    "endless blanks": (
        lambda path: path.write_text("X=a" + " " * 900_000 + "b"),
        "spaces in a row",
    ),
}


@pytest.mark.parametrize(("make", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_file_that_cannot_be_read_is_a_problem_in_words(
    tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    make(tmp_path / ".env")
    found = seen(tmp_path, OPENAI_API_KEY=key("b"))
    assert [words in problem and problem.startswith(".env ") for problem in found.problems] == [
        True
    ]
    assert len(found.credentials) == 1


def test_named_pipe_is_read_once_and_hides_the_files_above(tmp_path: Path) -> None:
    """As python-dotenv reads the pipe that 1Password mounts; each text can be read once only."""
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={key('b')}\n")
    os.mkfifo(folder / ".env")
    writer = threading.Thread(
        target=(folder / ".env").write_text, args=(f"OPENAI_API_KEY={key('a')}\n",)
    )
    writer.start()
    first = seen(folder)
    writer.join()
    assert [(each.secret, each.origin) for each in first.credentials] == [
        (Secret(key("a")), dotenv(".env:1"))
    ]
    assert seen(folder).credentials == first.credentials


def test_file_that_may_hold_a_key_and_is_not_read_is_named(tmp_path: Path) -> None:
    assert seen(tmp_path, "X=1\n" * 300_000).unread == (".env",)


def test_later_empty_line_of_the_file_overrides_the_key(tmp_path: Path) -> None:
    text = f"OPENAI_API_KEY={key('b')}\nOPENAI_API_KEY=\n"
    places = [
        found.credentials[-1].shadowed_by
        for found in (seen(tmp_path, text), seen(tmp_path, text, OPENAI_API_KEY=key("a")))
    ]
    assert places == [dotenv(".env:2"), dotenv(".env:2")]


def test_folder_that_is_gone(tmp_path: Path) -> None:
    assert seen(tmp_path / "gone").credentials == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
)
def test_no_file_breaks_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    discover({}, tmp_path, KINDS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    env=st.dictionaries(
        st.sampled_from(
            [
                "OPENAI_API_KEY",
                "OPENAI_BASE_URL",
                "OPENAI_ORG_ID",
                "HTTPS_PROXY",
                "OPENAI_CUSTOM_HEADERS",
                "OPENAI_KEY",
            ]
        ),
        st.text(max_size=80),
    )
)
def test_no_environment_breaks_it(tmp_path: Path, env: dict[str, str]) -> None:
    discover(env, tmp_path, KINDS)


pieces = st.sampled_from(
    [
        *"ab \t\n\r\"'`#=$\\",
        "\n\n",
        "\r\n",
        "export ",
        "OPENAI_API_KEY",
        "OPENAI_API_KEY=",
        "OPENAI_API_KEY='",
        "${A1}",
        "${A1:-x}",
        "A1=",
        "\u00e9",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(pieces, max_size=25).map("".join))
def test_file_is_read_as_python_dotenv_reads_it(tmp_path: Path, text: str) -> None:
    (tmp_path / ".env").write_bytes(text.encode())
    expected = dotenv_values(stream=io.StringIO(text, newline=None)).get("OPENAI_API_KEY")
    found = [
        credential.secret
        for credential in discover({}, tmp_path, KINDS).credentials
        if credential.shadowed_by is None
    ]
    assert found == ([Secret(expected)] if expected else [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(pieces, max_size=25).map("".join))
def test_place_is_the_line_that_names_the_variable(tmp_path: Path, text: str) -> None:
    (tmp_path / ".env").write_bytes(text.encode())
    lines = io.StringIO(text, newline=None).read().split("\n")
    places = [
        int(credential.origin.place.rpartition(":")[2])
        for credential in discover({}, tmp_path, KINDS).credentials
    ]
    assert all("OPENAI_API_KEY" in lines[place - 1] for place in places)
