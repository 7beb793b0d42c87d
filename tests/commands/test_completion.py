"""Completion in the real shells, names of profiles included; quick, silent and without a question when the keyring is locked or gone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oai_tui.cli import COMMANDS
from oai_tui.simulator.server import running
from tests.commands.saved_profiles import import_profile, whole_environment
from tests.secret_service import ROOT, SecretService
from tests.shells import need


@pytest.fixture
def keyring(secret_service: SecretService) -> SecretService:
    """A keyring with the profiles work and wiki."""
    with running("all-good") as simulated:
        import_profile(secret_service, simulated, "work")
        import_profile(secret_service, simulated, "wiki")
    return secret_service


def _env(service: SecretService, folder: Path, **more: str) -> dict[str, str]:
    """With `oai-tui` on the PATH."""
    return whole_environment(
        service,
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        HOME=str(folder),
        PYTHONPATH=str(ROOT),
        **more,
    )


def bash(service: SecretService, folder: Path, line: str) -> list[str]:
    """What bash offers after Tab: the completion function is called as bash calls it."""
    words = line.split(" ")
    script = (
        'eval "$(oai-tui completion bash)"; COMP_WORDS=('
        + " ".join(f"'{word}'" for word in words)
        + f"); COMP_CWORD={len(words) - 1}; "
        'function=$(complete -p oai-tui); function=${function##*-F }; function=${function%% *}; $function oai-tui; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        [need("bash", "bash"), "--noprofile", "--norc", "-c", script],
        env=_env(service, folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("oai-tui exec w", ["wiki", "work"]),
        ("oai-tui exec wo", ["work"]),
        ("oai-tui env ", ["wiki", "work"]),
        ("oai-tui whoami wi", ["wiki"]),
        ("oai-tui profiles rotate wo", ["work"]),
        ("oai-tui profiles verify work w", ["wiki", "work"]),
        ("oai-tui check --profile wi", ["wiki"]),
        ("oai-tui profiles ren", ["rename"]),
        ("oai-tui env work --sh", ["--shell"]),
        ("oai-tui env work --shell power", ["powershell"]),
        ("oai-tui comp", ["completion"]),
    ],
)
def test_bash(line: str, offered: list[str], keyring: SecretService, tmp_path: Path) -> None:
    assert bash(keyring, tmp_path, line) == offered


def test_every_command_is_offered(keyring: SecretService, tmp_path: Path) -> None:
    assert set(bash(keyring, tmp_path, "oai-tui ")) == set(COMMANDS)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("oai-tui exec w", {"wiki", "work"}),
        ("oai-tui profiles rotate wi", {"wiki"}),
        ("oai-tui who", {"whoami"}),
    ],
)
def test_fish(line: str, offered: set[str], keyring: SecretService, tmp_path: Path) -> None:
    script = f"oai-tui completion fish | source; complete -C '{line}'"
    done = subprocess.run(
        [need("fish", "fish"), "--no-config", "-c", script],
        env=_env(keyring, tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert {row.split("\t")[0] for row in done.stdout.splitlines()} == offered


def test_zsh_takes_it_in_and_offers_names(keyring: SecretService, tmp_path: Path) -> None:
    """zsh completes only in its line editor, so what its function collects is looked at in place of the menu."""
    script = (
        'autoload -U compinit; compinit -D -u; eval "$(oai-tui completion zsh)"; compadd() { :; }; _describe() { print -l -- ${(P)@[-1]}; }; '
        "compadd() { local -a all; all=(${(P)@[-1]}); print -l -- $all; }; words=(oai-tui exec w); CURRENT=3; "
        "(( $+_comps[oai-tui] )) && print -r -- registered; $_comps[oai-tui]"
    )
    done = subprocess.run(
        [need("zsh", "zsh"), "-f", "-c", script],
        env=_env(keyring, tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "registered" in done.stdout.split()
    assert {"wiki", "work"} <= set(done.stdout.split())


def test_powershell_asks_and_is_answered(keyring: SecretService, tmp_path: Path) -> None:
    """The protocol alone: the script's own words are in PowerShell's language."""
    env = _env(
        keyring,
        tmp_path,
        _OAI_TUI_COMPLETE="powershell_complete",
        OAI_TUI_WORDS="oai-tui\nexec",
        OAI_TUI_WORD="w",
    )
    done = subprocess.run(
        ["oai-tui"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.splitlines(), done.stderr) == (["wiki", "work"], "")


def test_powershell_script(keyring: SecretService, tmp_path: Path) -> None:
    done = subprocess.run(
        ["oai-tui", "completion", "powershell"],
        env=_env(keyring, tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Register-ArgumentCompleter -Native -CommandName oai-tui" in done.stdout
    assert "$env:_OAI_TUI_COMPLETE = 'powershell_complete'" in done.stdout


def _asked(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["oai-tui"],
        env={
            **env,
            "_OAI_TUI_COMPLETE": "bash_complete",
            "COMP_WORDS": "oai-tui exec w",
            "COMP_CWORD": "2",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("display", ["", ":99"], ids=["without a display", "with a display"])
def test_locked_keyring_is_not_asked_for_its_password(
    display: str, locked_secret_service: SecretService, tmp_path: Path
) -> None:
    start = time.monotonic()
    done = _asked(
        _env(locked_secret_service, tmp_path, **({"DISPLAY": display} if display else {}))
    )
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("", "", 0)
    assert time.monotonic() - start < 8


def test_silent_keyring_is_given_up(keyring: SecretService, tmp_path: Path) -> None:
    import signal

    keyring.daemon.send_signal(signal.SIGSTOP)
    start = time.monotonic()
    try:
        done = _asked(_env(keyring, tmp_path))
    finally:
        keyring.daemon.send_signal(signal.SIGCONT)
    assert (done.stdout.strip(), done.stderr) == ("", "")
    assert time.monotonic() - start < 8


def test_no_keyring_at_all(no_secret_service: dict[str, str], tmp_path: Path) -> None:
    done = _asked(
        {
            **no_secret_service,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path),
        }
    )
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("", "", 0)
