"""The encrypted file as a store; its passphrase from a command, a descriptor or the terminal."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oai_tui.credentials.store.encrypted_file import FileEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.keys.secret import Secret
from tests.commands.cli_runner import TERMINATE_S, environment, run_cli
from tests.commands.pty_runner import run_on_terminal
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
        timeout=TERMINATE_S,
        check=False,
    )
    os.close(out)
    assert (done.returncode, "work" in done.stdout.split()) == (0, True)


MISTAKES = {
    "a wrong passphrase": (
        {**COMMAND, "OAI_TUI_PASSPHRASE_COMMAND": "echo wrong"},
        "wrong passphrase",
    ),
    "a command that fails": (
        {**COMMAND, "OAI_TUI_PASSPHRASE_COMMAND": "false"},
        "failed with exit code 1",
    ),
    "a closed descriptor": (
        {"OAI_TUI_STORE": "file", "OAI_TUI_PASSPHRASE_FD": "777"},
        "is not a readable file descriptor",
    ),
    "a descriptor that is no number": (
        {"OAI_TUI_STORE": "file", "OAI_TUI_PASSPHRASE_FD": PHRASE},
        "is not a readable file descriptor",
    ),
    "an unknown store": (
        {"OAI_TUI_STORE": "disk"},
        'OAI_TUI_STORE is "disk"',
    ),
    "no home folder": ({**COMMAND, "HOME": "~"}, "no home folder"),
    "no home folder for a path": (
        {"OAI_TUI_STORE": "file:~nobody-of-this-name/own.enc"},
        "no home folder",
    ),
}


@pytest.mark.parametrize(("variables", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_named_without_the_passphrase(
    home: Path, variables: dict[str, str], message: str
) -> None:
    done = run_cli(["profiles", "list"], home, variables)
    assert done.code == 10
    assert message in done.err
    assert PHRASE not in done.err
    assert not (home / "~").exists()


def test_a_bad_setting_is_the_next_step(home: Path) -> None:
    done = run_cli(["profiles", "list"], home, {"OAI_TUI_STORE": "disk"})
    assert "export OAI_TUI_STORE=file" in done.err
    assert "keyring" not in done.err.replace("keyring, file or file:PATH", "")


def test_the_advice_about_a_damaged_file_names_that_file(home: Path, tmp_path: Path) -> None:
    (tmp_path / "own.enc").write_text("garbage")
    done = run_cli(
        ["profiles", "list"], home, {**COMMAND, "OAI_TUI_STORE": f"file:{tmp_path / 'own.enc'}"}
    )
    assert f"mv {tmp_path / 'own.enc'} {tmp_path / 'own.enc'}.damaged" in done.err


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space")
def test_too_little_memory_is_named(home: Path) -> None:
    """The limit is below the 128 MB of a new file's parameters and above the program's own need."""
    (home / "own.enc").unlink(missing_ok=True)
    code = (
        "import resource, sys; from pathlib import Path; "
        "from oai_tui.credentials.store.encrypted_file import FileEntries; "
        "from oai_tui.domain.errors import KeyringError; "
        "from oai_tui.domain.keys.secret import Secret; "
        "import cryptography.hazmat.primitives.ciphers.aead; "
        "used = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize(); "
        "resource.setrlimit(resource.RLIMIT_AS, (used + 60 * 2**20,) * 2); "
        "entries = FileEntries(Path('own.enc'), lambda: Secret('correct horse'))\n"
        "try: entries.put('oai-tui', 'work', 'x')\n"
        "except KeyringError as error: print(error.state, error.detail)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=home,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        check=False,
    )
    assert done.stdout.startswith("memory ")
    assert "128 MB" in done.stdout


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


def test_a_check_of_a_profile_that_is_not_saved_says_so_in_its_verdict(home: Path) -> None:
    done = run_cli(["check", "--profile", "nosuch", "--json"], home, COMMAND)
    verdict = done.document["verdict"]
    assert (done.code, done.cause) == (3, "key-missing")
    assert verdict["explanation"] == (
        "No profile 'nosuch' is saved here, so there was no key to check."
    )
    assert verdict["fixes"][0]["command"] == "oai-tui profiles list"


def test_without_a_keyring_the_file_is_offered_and_not_made(tmp_path: Path) -> None:
    done = run_cli(
        ["profiles", "list"], tmp_path, {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    )
    assert done.code == 10
    assert "OAI_TUI_STORE=file oai-tui" in done.err
    assert "unset PYTHON_KEYRING_BACKEND" in done.err
    assert not (tmp_path / ".local").exists()


def test_the_terminal_is_asked_without_an_echo_and_a_wrong_one_again(home: Path) -> None:
    _, screen = run_on_terminal(
        ["profiles", "list"],
        environment(home, {"OAI_TUI_STORE": "file"}),
        home,
        answers=[
            ("profiles.enc: ", b"wrong\n"),
            ("profiles.enc: ", PHRASE.encode() + b"\n"),
        ],
    )
    assert screen.count("Passphrase for the encrypted file") == 2
    assert "wrong passphrase" in screen
    assert "work" in screen
    assert PHRASE not in screen
