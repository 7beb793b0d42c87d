"""OAI_TUI_STORE on the command line: the encrypted file, its passphrase from a command, a descriptor or the terminal, and what is said where there is none."""

import asyncio
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oai_tui.credentials.store.encrypted_file import FileEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.keys.secret import Secret
from tests.commands.cli_runner import environment, run_cli
from tests.credentials.profile_factory import key, verified

PHRASE = "correct horse battery staple"
COMMAND = {"OAI_TUI_STORE": "file", "OAI_TUI_PASSPHRASE_COMMAND": f"echo {PHRASE}"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder whose encrypted file holds the profile "work"."""
    entries = FileEntries(
        tmp_path / ".local/share/oai-tui/profiles.enc", lambda: Secret(PHRASE), cost=2**10
    )
    asyncio.run(KeyringVault(entries, deadline_s=30).save(verified("work", key("a"))))
    return tmp_path


def test_profiles_are_listed_with_the_passphrase_of_a_command(home: Path) -> None:
    done = run_cli(["profiles", "list", "--json"], home, COMMAND)
    assert [profile["name"] for profile in done.document] == ["work"]


def test_the_first_line_of_what_the_command_prints_is_the_passphrase(home: Path) -> None:
    (home / "entry").write_text(f"{PHRASE}\nuser: me\nnotes\n")
    done = run_cli(
        ["profiles", "list", "--json"], home, {**COMMAND, "OAI_TUI_PASSPHRASE_COMMAND": "cat entry"}
    )
    assert [profile["name"] for profile in done.document] == ["work"]


def test_the_file_may_be_anywhere(home: Path, tmp_path: Path) -> None:
    (home / ".local/share/oai-tui/profiles.enc").rename(tmp_path / "mine.enc")
    done = run_cli(
        ["profiles", "list", "--json"],
        home,
        {**COMMAND, "OAI_TUI_STORE": f"file:{tmp_path / 'mine.enc'}"},
    )
    assert [profile["name"] for profile in done.document] == ["work"]


def test_a_profile_is_deleted(home: Path) -> None:
    assert run_cli(["profiles", "delete", "work", "--yes"], home, COMMAND).code == 0
    assert run_cli(["profiles", "list", "--json"], home, COMMAND).document == []


def test_the_passphrase_may_come_through_a_descriptor(home: Path) -> None:
    out, into = os.pipe()
    os.write(into, f"{PHRASE}\n".encode())
    os.close(into)
    env = environment(home, {"OAI_TUI_STORE": "file", "OAI_TUI_PASSPHRASE_FD": str(out)})
    done = subprocess.run(
        [sys.executable, "-m", "oai_tui", "profiles", "list"],
        cwd=home,
        env=env,
        pass_fds=(out,),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    os.close(out)
    assert (done.returncode, "work" in done.stdout.split()) == (0, True)


WAYS = {
    "a wrong passphrase": (
        {**COMMAND, "OAI_TUI_PASSPHRASE_COMMAND": "echo wrong"},
        "this is not the passphrase",
    ),
    "a command that fails": (
        {**COMMAND, "OAI_TUI_PASSPHRASE_COMMAND": "false"},
        "failed with exit code 1",
    ),
    "a descriptor that is none": (
        {"OAI_TUI_STORE": "file", "OAI_TUI_PASSPHRASE_FD": "77"},
        "names no descriptor",
    ),
    "a descriptor that is no number": (
        {"OAI_TUI_STORE": "file", "OAI_TUI_PASSPHRASE_FD": PHRASE},
        "names no descriptor",
    ),
    "a store that is none": ({"OAI_TUI_STORE": "disk"}, 'OAI_TUI_STORE is "disk"'),
}


@pytest.mark.parametrize(("variables", "said"), WAYS.values(), ids=WAYS)
def test_what_goes_wrong_is_told_and_shows_no_passphrase(
    home: Path, variables: dict[str, str], said: str
) -> None:
    done = run_cli(["profiles", "list"], home, variables)
    assert (done.code, said in done.err, PHRASE in done.err) == (10, True, False)


def test_a_check_that_needs_no_profile_needs_no_passphrase(home: Path) -> None:
    done = run_cli(["check", "--only", "credential", "--json"], home, {"OAI_TUI_STORE": "file"})
    assert done.code == 3


def test_a_check_of_a_locked_profile_is_a_verdict_with_its_next_step(home: Path) -> None:
    done = run_cli(
        ["check", "--profile", "work", "--json"],
        home,
        {**COMMAND, "OAI_TUI_PASSPHRASE_COMMAND": "echo wrong"},
    )
    assert (done.code, done.cause) == (10, "keyring-locked")
    assert "OAI_TUI_PASSPHRASE_COMMAND" in (done.document["verdict"]["fixes"][0]["command"] or "")


def test_without_a_keyring_the_file_is_offered_and_not_made(tmp_path: Path) -> None:
    done = run_cli(
        ["profiles", "list"], tmp_path, {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    )
    assert done.code == 10
    assert "OAI_TUI_STORE=file oai-tui" in done.err
    assert "unset PYTHON_KEYRING_BACKEND" in done.err
    assert not (tmp_path / ".local").exists()


def test_the_terminal_is_asked_without_an_echo_and_a_wrong_one_again(home: Path) -> None:
    shown = _on_a_terminal(["profiles", "list"], home, ["wrong", PHRASE])
    assert (
        shown.count("Passphrase of the encrypted file"),
        "this is not the passphrase" in shown,
        "work" in shown,
        PHRASE in shown,
    ) == (2, True, True, False)


def _on_a_terminal(arguments: list[str], home: Path, answers: list[str]) -> str:
    """Run the program on a terminal of its own and answer each question; what the terminal showed."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(home)
        os.execve(
            sys.executable,
            [sys.executable, "-m", "oai_tui", *arguments],
            environment(home, {"OAI_TUI_STORE": "file", "TERM": "xterm"}),
        )
    shown, answered, until = "", 0, time.monotonic() + 60
    while (
        time.monotonic() < until
        and select.select([terminal], [], [], max(0.0, until - time.monotonic()))[0]
    ):
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece.decode("utf-8", "replace")
        if shown.count("profiles.enc: ") > answered < len(answers):
            os.write(terminal, f"{answers[answered]}\n".encode())
            answered += 1
    os.close(terminal)
    os.waitpid(process, 0)
    return shown
