"""`env` makes a shell, a .env reader and a GitHub job use a profile; a terminal sees no key."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values

from oai_tui.simulator.server import running
from tests.commands.cli_runner import ROOT, TERMINATE_S
from tests.commands.pty_runner import run_on_terminal
from tests.commands.saved_profiles import import_profile, leaks, whole_environment
from tests.secret_service import SecretService
from tests.shells import need

PRINT = (
    'printf "%s|%s|%s|%s" "$OPENAI_API_KEY" "$OPENAI_BASE_URL"'
    ' "${OPENAI_ORG_ID-unset}" "${OPENAI_API_BASE-unset}"'
)
PRINT_FISH = (
    'printf "%s|%s|%s|%s" $OPENAI_API_KEY $OPENAI_BASE_URL'
    " (set -q OPENAI_ORG_ID; and echo $OPENAI_ORG_ID; or echo unset)"
    " (set -q OPENAI_API_BASE; and echo set; or echo unset)"
)
SHELL_ARGUMENTS = {
    "bash": ["--noprofile", "--norc", "-c", f'eval "$({{program}} env work)"; {PRINT}'],
    "zsh": ["-f", "-c", f'eval "$({{program}} env work --shell zsh)"; {PRINT}'],
    "fish": ["--no-config", "-c", f"{{program}} env work --shell fish | source; {PRINT_FISH}"],
}


@pytest.fixture
def keyring(secret_service: SecretService) -> Iterator[tuple[SecretService, str, str]]:
    """A keyring with the profile work, its key and its base URL."""
    with running("all-good") as simulated:
        yield secret_service, import_profile(secret_service, simulated), simulated.base_url


@pytest.mark.parametrize("shell", SHELL_ARGUMENTS)
def test_shell_uses_the_profile(shell: str, keyring: tuple[SecretService, str, str]) -> None:
    service, key, base_url = keyring
    words = [
        word.replace("{program}", f"{sys.executable} -m oai_tui") for word in SHELL_ARGUMENTS[shell]
    ]
    env = whole_environment(
        service,
        OPENAI_ORG_ID="org-foreign",
        OPENAI_API_BASE="https://foreign.example.com",
        PYTHONPATH=str(ROOT),
    )
    done = subprocess.run(
        [need(shell, shell), *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"{key}|{base_url}|unset|unset", "")


@pytest.mark.parametrize(
    ("shell", "first"),
    [
        ("/bin/bash", "export "),
        ("/usr/bin/zsh", "export "),
        ("/usr/bin/fish", "set -gx "),
        ("/bin/sh", "export "),
        ("", "export "),
    ],
)
def test_form_is_that_of_the_own_shell(
    shell: str, first: str, keyring: tuple[SecretService, str, str]
) -> None:
    assert keyring[0].run_cli("env", "work", SHELL=shell).out.startswith(f"{first}OPENAI_API_KEY")


def test_dotenv_is_read_back(keyring: tuple[SecretService, str, str]) -> None:
    service, key, base_url = keyring
    text = service.run_cli("env", "work", "--shell", "dotenv").out
    assert dotenv_values(stream=io.StringIO(text)) == {
        "OPENAI_API_KEY": key,
        "OPENAI_BASE_URL": base_url,
    }


def test_github_job_gets_it_masked_first(
    keyring: tuple[SecretService, str, str], tmp_path: Path
) -> None:
    service, key, base_url = keyring
    file = tmp_path / "github_env"
    file.write_text("BEFORE=1\n")
    done = service.run_cli(
        "env",
        "work",
        "--shell",
        "github",
        GITHUB_ACTIONS="true",
        GITHUB_ENV=str(file),
        OPENAI_ORG_ID="org-foreign",
    )
    assert done.out == f"::add-mask::{key}\n"
    assert _job_variables(file.read_text()) == {
        "BEFORE": "1",
        "OPENAI_API_KEY": key,
        "OPENAI_BASE_URL": base_url,
    }
    assert "OPENAI_ORG_ID is set in this job" in done.err
    assert leaks(key, done.err) == []


def _job_variables(text: str) -> dict[str, str]:
    """Return the variables that GitHub's runner sets from this text of GITHUB_ENV."""
    variables = {}
    lines = iter(text.splitlines())
    for line in lines:
        if "<<" in line:
            name, _, end = line.partition("<<")
            value = "\n".join(iter(lines.__next__, end))
        else:
            name, _, value = line.partition("=")
        variables[name] = value
    variables.pop("", None)
    return variables


def test_github_form_elsewhere_would_show_the_key(keyring: tuple[SecretService, str, str]) -> None:
    done = keyring[0].run_cli("env", "work", "--shell", "github")
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize(("more", "code"), [([], 2), (["--force"], 0)], ids=["unasked", "--force"])
def test_terminal_is_not_shown_the_key_unasked(
    more: list[str], code: int, keyring: tuple[SecretService, str, str], tmp_path: Path
) -> None:
    service, key, _ = keyring
    exit_code, screen = run_on_terminal(["env", "work", *more], service.env, tmp_path)
    assert exit_code == code
    assert bool(leaks(key, screen)) is bool(more)
    assert more or 'eval "$(oai-tui env work)"' in screen


def test_cmd_form(keyring: tuple[SecretService, str, str]) -> None:
    service, key, base_url = keyring
    lines = service.run_cli("env", "work", "--shell", "cmd").out.splitlines()
    assert lines[:3] == [
        f'set "OPENAI_API_KEY={key}"',
        f'set "OPENAI_BASE_URL={base_url}"',
        'set "OPENAI_ORG_ID="',
    ]


def test_what_a_form_cannot_carry_is_named_without_the_value(secret_service: SecretService) -> None:
    secret_service.put("oai-tui", "odd", "sk-odd%key%with-signs")
    done = secret_service.run_cli("env", "odd", "--shell", "cmd")
    assert (done.code, done.out) == (2, "")
    assert "OPENAI_API_KEY contains" in done.err
    assert "odd%key" not in done.err


def test_no_profile_meant(secret_service: SecretService) -> None:
    done = secret_service.run_cli("env")
    assert (done.code, "profiles use NAME" in done.err) == (2, True)
