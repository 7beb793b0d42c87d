"""`env`: what it writes makes a shell, a .env reader and a GitHub job use the profile; a terminal is not shown the key."""

import io
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values

from oai_tui.simulator.server import running
from tests.commands.saved_profiles import PROGRAM, import_profile, leaks, whole_environment
from tests.secret_service import ROOT, SecretService
from tests.shells import need

ASK = 'printf "%s|%s|%s|%s" "$OPENAI_API_KEY" "$OPENAI_BASE_URL" "${OPENAI_ORG_ID-unset}" "${OPENAI_API_BASE-unset}"'
ASK_FISH = 'printf "%s|%s|%s|%s" $OPENAI_API_KEY $OPENAI_BASE_URL (set -q OPENAI_ORG_ID; and echo $OPENAI_ORG_ID; or echo unset) (set -q OPENAI_API_BASE; and echo set; or echo unset)'
TAKEN_IN = {
    "bash": ["--noprofile", "--norc", "-c", f'eval "$({{program}} env work)"; {ASK}'],
    "zsh": ["-f", "-c", f'eval "$({{program}} env work --shell zsh)"; {ASK}'],
    "fish": ["--no-config", "-c", f"{{program}} env work --shell fish | source; {ASK_FISH}"],
}


@pytest.fixture
def keyring(secret_service: SecretService) -> Iterator[tuple[SecretService, str, str]]:
    """A keyring with the profile work, its key and its base URL."""
    with running("all-good") as simulated:
        yield secret_service, import_profile(secret_service, simulated), simulated.base_url


@pytest.mark.parametrize("shell", TAKEN_IN)
def test_shell_takes_it_in(shell: str, keyring: tuple[SecretService, str, str]) -> None:
    service, key, base_url = keyring
    words = [word.replace("{program}", f"{sys.executable} -m oai_tui") for word in TAKEN_IN[shell]]
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
        timeout=60,
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
    assert (
        keyring[0]
        .run(*PROGRAM, "env", "work", SHELL=shell)
        .stdout.startswith(f"{first}OPENAI_API_KEY")
    )


def test_dotenv_is_read_back(keyring: tuple[SecretService, str, str]) -> None:
    service, key, base_url = keyring
    text = service.run(*PROGRAM, "env", "work", "--shell", "dotenv").stdout
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
    done = service.run(
        *PROGRAM,
        "env",
        "work",
        "--shell",
        "github",
        GITHUB_ACTIONS="true",
        GITHUB_ENV=str(file),
        OPENAI_ORG_ID="org-foreign",
    )
    assert done.stdout == f"::add-mask::{key}\n"
    assert _job(file.read_text()) == {
        "BEFORE": "1",
        "OPENAI_API_KEY": key,
        "OPENAI_BASE_URL": base_url,
    }
    assert "OPENAI_ORG_ID is set in this job" in done.stderr
    assert leaks(key, done.stderr) == []


def _job(text: str) -> dict[str, str]:
    """The variables that GitHub's runner would set, by its documented form."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        if "<<" in line:
            name, _, end = line.partition("<<")
            value = []
            for part in lines:
                if part == end:
                    break
                value.append(part)
            found[name] = "\n".join(value)
        else:
            name, _, found[name] = line.partition("=")
    return {name: value for name, value in found.items() if name}


def test_github_form_elsewhere_would_show_the_key(keyring: tuple[SecretService, str, str]) -> None:
    done = keyring[0].run(*PROGRAM, "env", "work", "--shell", "github")
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(("more", "code"), [([], 2), (["--force"], 0)], ids=["unasked", "--force"])
def test_terminal_is_not_shown_the_key_unasked(
    more: list[str], code: int, keyring: tuple[SecretService, str, str]
) -> None:
    service, key, _ = keyring
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "oai_tui", "env", "work", *more],
        env=service.env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    assert process.wait(30) == code
    assert bool(leaks(key, seen.decode())) is bool(more)
    assert more or 'eval "$(oai-tui env work)"' in seen.decode()


def test_cmd_form(keyring: tuple[SecretService, str, str]) -> None:
    service, key, base_url = keyring
    lines = service.run(*PROGRAM, "env", "work", "--shell", "cmd").stdout.splitlines()
    assert lines[:3] == [
        f'set "OPENAI_API_KEY={key}"',
        f'set "OPENAI_BASE_URL={base_url}"',
        'set "OPENAI_ORG_ID="',
    ]


def test_what_a_form_cannot_carry_is_said_without_the_value(secret_service: SecretService) -> None:
    subprocess.run(
        [sys.executable, "-m", "keyring", "set", "oai-tui", "odd"],
        env=secret_service.env,
        input="sk-odd%key%with-signs",
        text=True,
        check=True,
        timeout=30,
    )
    done = secret_service.run(*PROGRAM, "env", "odd", "--shell", "cmd")
    assert (
        done.returncode,
        done.stdout,
        "OPENAI_API_KEY holds" in done.stderr,
        "odd%key" in done.stderr,
    ) == (2, "", True, False)


def test_no_profile_meant(secret_service: SecretService) -> None:
    done = secret_service.run(*PROGRAM, "env")
    assert (done.returncode, "profiles use NAME" in done.stderr) == (2, True)
