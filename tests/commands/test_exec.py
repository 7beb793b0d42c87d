"""`exec` gives the child exactly the profile, ends as it ends, and shows its key nowhere."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from oai_tui.commands.exec import environment
from oai_tui.domain.target import Target
from oai_tui.simulator.server import running
from tests.commands.cli_runner import GOOD_KEY, TERMINATE_S
from tests.commands.saved_profiles import PROGRAM, import_profile, leaks, save_profile
from tests.secret_service import SecretService

PRINT_OPENAI = (
    "import json, os;"
    " print(json.dumps({name: os.environ[name] for name in os.environ if name[:7] == 'OPENAI_'}))"
)
PRINT_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"
PRINT_ARGUMENTS = "import json, sys; print(json.dumps(sys.argv[1:]))"
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
    save_profile(secret_service, "work", GOOD_KEY, Target(base_url="http://127.0.0.1:9/v1"))
    return secret_service


def run(service: SecretService, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `oai-tui exec` as a process of its own, which the command replaces."""
    return service.run(*PROGRAM, "exec", *words, timeout_s=TERMINATE_S, **variables)


def run_shell(service: SecretService, script: str) -> subprocess.CompletedProcess[str]:
    """Run a bash script in which $EXEC is `oai-tui exec`."""
    return service.run("bash", "-c", script, EXEC=f"{sys.executable} -m oai_tui exec")


def test_child_sees_the_profile_and_no_other_identity(keyring: SecretService) -> None:
    done = run(keyring, "work", "--", sys.executable, "-c", PRINT_OPENAI, **FOREIGN)
    assert json.loads(done.stdout) == {
        "OPENAI_API_KEY": GOOD_KEY,
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "OPENAI_LOG": "info",
        "OPENAI_CUSTOM_HEADERS": "X-Team: a",
    }


def test_nothing_else_of_the_environment_changes(keyring: SecretService) -> None:
    odd = "a\nb 'c' ü"
    done = run(keyring, "work", "--", sys.executable, "-c", PRINT_ENVIRONMENT, ODD=odd)
    seen = json.loads(done.stdout)
    sent = {**keyring.env, "ODD": odd}
    assert {name: seen.get(name) for name in sent} == sent
    assert set(seen) - set(sent) <= {"OPENAI_API_KEY", "OPENAI_BASE_URL", "LC_CTYPE"}


def test_arguments_arrive_as_they_are(keyring: SecretService) -> None:
    words = ["--help", "--", "a b", "*", "$HOME", "'", ""]
    done = run(keyring, "work", "--", sys.executable, "-c", PRINT_ARGUMENTS, *words)
    assert json.loads(done.stdout) == words


def test_nothing_of_ours_is_written(keyring: SecretService) -> None:
    done = run(keyring, "work", "--", "echo", "only this")
    assert (done.stdout, done.stderr) == ("only this\n", "")


@pytest.mark.parametrize("code", [0, 3, 255])
def test_exit_code_is_the_childs(code: int, keyring: SecretService) -> None:
    assert run(keyring, "work", "--", "sh", "-c", f"exit {code}").returncode == code


@pytest.mark.parametrize("name", ["TERM", "KILL", "PIPE"])
def test_death_by_a_signal_is_the_childs(name: str, keyring: SecretService) -> None:
    assert run(keyring, "work", "--", "sh", "-c", f"kill -{name} $$").returncode == -getattr(
        signal, f"SIG{name}"
    )


def test_broken_pipe_kills_the_child_as_it_does_anywhere(keyring: SecretService) -> None:
    script = '$EXEC work -- sh -c "yes; exit 7" | head -n 1; echo "${PIPESTATUS[0]}"'
    done = run_shell(keyring, script)
    assert done.stdout.splitlines() in (["y", "141"], ["y", "7"])
    assert "Broken pipe" not in done.stderr


def test_ignored_hangup_stays_ignored(keyring: SecretService) -> None:
    script = "trap '' HUP; exec $EXEC work -- sh -c 'kill -HUP $$; echo lives'"
    assert run_shell(keyring, script).stdout == "lives\n"


def test_command_that_is_not_there(keyring: SecretService) -> None:
    done = run(keyring, "work", "--", "no-such-command")
    assert (done.returncode, done.stderr) == (127, "oai-tui: no-such-command: command not found\n")


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
    assert run(keyring, "work", "--", str(path), "here").stdout == "here\n"


def test_default_profile_needs_no_name(keyring: SecretService) -> None:
    keyring.run_cli("profiles", "use", "work")
    done = keyring.run(*PROGRAM, "exec", "--", "printenv", "OPENAI_API_KEY")
    assert done.stdout == f"{GOOD_KEY}\n"


@pytest.mark.parametrize(
    "words",
    [[], ["work"], ["work", "ls"], ["--", "ls"], ["work", "--"], ["a", "b", "--", "ls"]],
    ids=" ".join,
)
def test_usage_errors_run_nothing(words: list[str], keyring: SecretService) -> None:
    done = keyring.run_cli("exec", *words)
    assert (done.code, done.out) == (2, "")


def test_profile_that_is_not_there_runs_nothing(keyring: SecretService) -> None:
    done = run(keyring, "wrok", "--", "echo", "ran")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Saved profiles: work" in done.stderr


def test_locked_keyring_runs_nothing(locked_secret_service: SecretService) -> None:
    done = run(locked_secret_service, "work", "--", "echo", "ran")
    assert (done.returncode, done.stdout) == (10, "")


@contextmanager
def argument_lists() -> Iterator[set[bytes]]:
    """Collect the argument lists of all processes with our test variable while the block runs."""
    lists: set[bytes] = set()
    looked_at: set[tuple[Path, bytes]] = set()
    rounds = 0
    over = threading.Event()

    def sample() -> None:
        nonlocal rounds
        while not over.wait(0.003):
            rounds += 1
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):
                    arguments = (process / "cmdline").read_bytes()
                    if (process, arguments) in looked_at:
                        continue
                    if b"OAI_TUI_TEST_ARGUMENT_LISTS" in (process / "environ").read_bytes():
                        lists.add(arguments)
                    looked_at.add((process, arguments))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield lists
    finally:
        over.set()
        thread.join(30)
        assert rounds > 3


def test_key_is_in_no_argument_list(secret_service: SecretService) -> None:
    with running("all-good") as simulated, argument_lists() as lists:
        key = import_profile(secret_service, simulated)
        for words in (
            ["exec", "work", "--", "sh", "-c", "read line; env > /dev/null"],
            ["env", "work"],
            ["profiles", "verify", "work"],
            ["whoami", "work"],
            ["check", "--profile", "work"],
        ):
            secret_service.run(*PROGRAM, *words, OAI_TUI_TEST_ARGUMENT_LISTS="1")
    assert any(b"exec\0work" in each for each in lists)
    assert leaks(key, *(each.decode("utf-8", "replace") for each in lists)) == []


def test_environment_is_the_old_one_with_the_changes() -> None:
    assert environment(
        {"A": "1", "B": "2", "C": "3"}, {"B": None, "C": "4", "D": "5", "E": None}
    ) == {"A": "1", "C": "4", "D": "5"}
