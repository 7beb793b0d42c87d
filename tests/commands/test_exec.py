"""`exec`: the child gets exactly the profile, its end is the end, and the key is in no argument list at any moment."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from oai_tui.commands.exec import environment
from oai_tui.simulator.server import running
from tests.commands.saved_profiles import PROGRAM, import_profile, leaks, whole_environment
from tests.secret_service import ROOT, SecretService

SHOW = "import json, os; print(json.dumps({name: value for name, value in os.environ.items() if name.startswith('OPENAI_')}))"
FOREIGN = {
    "OPENAI_ADMIN_KEY": "sk-admin-x",
    "OPENAI_ORG_ID": "org-foreign",
    "OPENAI_PROJECT_ID": "proj_foreign",
    "OPENAI_ORGANIZATION": "org-foreign",
    "OPENAI_API_BASE": "https://foreign.example.com",
    "OPENAI_API_KEY": "sk-foreign",
    "OPENAI_LOG": "info",
    "OPENAI_CUSTOM_HEADERS": "X-Team: a\nAuthorization: Bearer x",
}


@pytest.fixture
def keyring(secret_service: SecretService) -> SecretService:
    """A keyring with the profile work."""
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
    return secret_service


def run(
    service: SecretService, *words: str, folder: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    env = whole_environment(service, **variables)
    return subprocess.run(
        [sys.executable, "-m", "oai_tui", "exec", *words],
        env=env,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_child_sees_the_profile_and_no_other_identity(keyring: SecretService) -> None:
    seen = json.loads(run(keyring, "work", "--", sys.executable, "-c", SHOW, **FOREIGN).stdout)
    assert set(seen) == {"OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_LOG", "OPENAI_CUSTOM_HEADERS"}
    assert (
        seen["OPENAI_API_KEY"][-4:],
        seen["OPENAI_BASE_URL"].startswith("http://127.0.0.1:"),
        seen["OPENAI_CUSTOM_HEADERS"],
    ) == ("bbbA", True, "X-Team: a")


def test_nothing_else_of_the_environment_changes(keyring: SecretService) -> None:
    shown = json.loads(
        run(
            keyring,
            "work",
            "--",
            sys.executable,
            "-c",
            "import json, os; print(json.dumps(dict(os.environ)))",
            ODD="a\nb 'c' ü",
        ).stdout
    )
    sent = whole_environment(keyring, ODD="a\nb 'c' ü")
    assert {name: shown.get(name) for name in sent} == sent
    assert set(shown) - set(sent) <= {"OPENAI_API_KEY", "OPENAI_BASE_URL", "LC_CTYPE"}


def test_arguments_arrive_as_they_are(keyring: SecretService) -> None:
    words = ["--help", "--", "a b", "*", "$HOME", "'", ""]
    assert (
        json.loads(
            run(
                keyring,
                "work",
                "--",
                sys.executable,
                "-c",
                "import json, sys; print(json.dumps(sys.argv[1:]))",
                *words,
            ).stdout
        )
        == words
    )


def test_nothing_of_ours_is_written(keyring: SecretService) -> None:
    done = run(keyring, "work", "--", "echo", "only this")
    assert (done.stdout, done.stderr) == (b"only this\n", b"")


@pytest.mark.parametrize("code", [0, 3, 255])
def test_exit_code_is_the_childs(code: int, keyring: SecretService) -> None:
    assert run(keyring, "work", "--", "sh", "-c", f"exit {code}").returncode == code


@pytest.mark.parametrize("name", ["TERM", "KILL", "PIPE"])
def test_death_by_a_signal_is_the_childs(name: str, keyring: SecretService) -> None:
    assert run(keyring, "work", "--", "sh", "-c", f"kill -{name} $$").returncode == -getattr(
        signal, f"SIG{name}"
    )


def test_broken_pipe_kills_the_child_as_it_does_anywhere(keyring: SecretService) -> None:
    env = whole_environment(keyring)
    script = f'"{sys.executable}" -m oai_tui exec work -- sh -c "yes; exit 7" | head -n 1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", script],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines() in (["y", "141"], ["y", "7"])
    assert "Broken pipe" not in done.stderr


def test_ignored_hangup_stays_ignored(keyring: SecretService) -> None:
    script = f'trap "" HUP; exec "{sys.executable}" -m oai_tui exec work -- sh -c "kill -HUP \\$\\$; echo lives"'
    assert (
        subprocess.run(
            ["sh", "-c", script],
            env=whole_environment(keyring),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        ).stdout
        == "lives\n"
    )


def test_command_that_is_not_there(keyring: SecretService) -> None:
    done = run(keyring, "work", "--", "no-such-command")
    assert (done.returncode, done.stderr) == (127, b"oai-tui: no-such-command: command not found\n")


@pytest.mark.parametrize("kind", ["a folder", "no right to run it"])
def test_command_that_cannot_be_run(kind: str, keyring: SecretService, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.mkdir() if kind == "a folder" else path.write_text("#!/bin/sh\n")
    assert run(keyring, "work", "--", str(path)).returncode == 126


def test_script_without_its_first_line_runs_as_in_a_shell(
    keyring: SecretService, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    path.write_text('echo "$1"\n')
    path.chmod(0o755)
    assert run(keyring, "work", "--", str(path), "here").stdout == b"here\n"


def test_default_profile_needs_no_name(keyring: SecretService) -> None:
    keyring.run(*PROGRAM, "profiles", "use", "work")
    assert run(keyring, "--", "printenv", "OPENAI_API_KEY").stdout.strip()[-4:] == b"bbbA"


@pytest.mark.parametrize(
    "words",
    [[], ["work"], ["work", "ls"], ["--", "ls"], ["work", "--"], ["a", "b", "--", "ls"]],
    ids=" ".join,
)
def test_what_is_no_call_of_exec(words: list[str], keyring: SecretService) -> None:
    done = run(keyring, *words)
    assert (done.returncode, done.stdout) == (2, b"")


def test_profile_that_is_not_there_runs_nothing(keyring: SecretService) -> None:
    done = run(keyring, "wrok", "--", "echo", "ran")
    assert (done.returncode, done.stdout, b"Saved are: work" in done.stderr) == (2, b"", True)


def test_locked_keyring_runs_nothing(locked_secret_service: SecretService) -> None:
    done = run(locked_secret_service, "work", "--", "echo", "ran")
    assert (done.returncode, done.stdout) == (10, b"")


@contextmanager
def sampled() -> Iterator[list[bytes]]:
    """Every argument list of every process of the machine, read over and over while the block runs."""
    seen: set[bytes] = set()
    rounds, over = [0], threading.Event()

    def sample() -> None:
        while not over.is_set():
            rounds[0] += 1
            for process in os.listdir("/proc"):
                if process.isdigit():
                    try:
                        with open(f"/proc/{process}/cmdline", "rb") as file:
                            seen.add(file.read())
                    except OSError:
                        continue

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    found: list[bytes] = []
    try:
        yield found
    finally:
        over.set()
        thread.join(30)
        assert rounds[0] > 3
        found.extend(seen)


def test_key_is_in_no_argument_list(secret_service: SecretService) -> None:
    with running("all-good") as simulated, sampled() as lines:
        key = import_profile(secret_service, simulated)
        for words in (
            ["exec", "work", "--", "sh", "-c", "read line; env > /dev/null"],
            ["env", "work"],
            ["profiles", "verify", "work"],
            ["whoami", "work"],
            ["check", "--profile", "work"],
        ):
            secret_service.run(*PROGRAM, *words)
    assert any(b"exec\0work" in line for line in lines)
    assert leaks(key, *(line.decode("utf-8", "replace") for line in lines)) == []


def test_environment_is_the_old_one_with_the_changes() -> None:
    assert environment(
        {"A": "1", "B": "2", "C": "3"}, {"B": None, "C": "4", "D": "5", "E": None}
    ) == {"A": "1", "C": "4", "D": "5"}
