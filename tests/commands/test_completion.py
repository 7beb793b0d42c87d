"""Completion in the real shells, with the names of profiles.

It prints nothing and asks nothing when the keyring is locked or gone.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from oai_tui.cli import COMMANDS
from tests.commands.cli_runner import ROOT, TERMINATE_S, run_in_process
from tests.commands.saved_profiles import save_profile, whole_environment
from tests.secret_service import SecretService
from tests.shells import need


@pytest.fixture
def keyring(secret_service: SecretService) -> SecretService:
    """A keyring with the profiles work and wiki."""
    save_profile(secret_service, "work")
    save_profile(secret_service, "wiki")
    return secret_service


def _env(service: SecretService, folder: Path, **more: str) -> dict[str, str]:
    """An environment with `oai-tui` on the PATH."""
    return whole_environment(
        service,
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        HOME=str(folder),
        PYTHONPATH=str(ROOT),
        **more,
    )


def _bash_variables(line: str) -> dict[str, str]:
    """What bash's completion function sets for a line whose last word is being completed."""
    return {
        "_OAI_TUI_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
    }


def _run(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=TERMINATE_S, check=False
    )


def _words(command: list[str], env: dict[str, str]) -> list[str]:
    """Return the words that a shell prints.

    Where names of profiles are to be offered, the program gives up on the keyring after a second,
    which a busy machine may need to import what it takes: no words means to try again.
    """
    for _ in range(10):
        done = _run(command, env)
        assert done.stderr == ""
        if done.stdout.strip():
            break
    return done.stdout.split()


def bash(service: SecretService, folder: Path, line: str) -> list[str]:
    """Return what bash offers after Tab: the completion function is called as bash calls it."""
    words = line.split(" ")
    script = "; ".join(
        [
            'eval "$(oai-tui completion bash)"',
            "COMP_WORDS=(" + " ".join(f"'{word}'" for word in words) + ")",
            f"COMP_CWORD={len(words) - 1}",
            "function=$(complete -p oai-tui)",
            "function=${function##*-F }",
            "function=${function%% *}",
            "$function oai-tui",
            'printf "%s\\n" "${COMPREPLY[@]}"',
        ]
    )
    command = [need("bash", "bash"), "--noprofile", "--norc", "-c", script]
    return _words(command, _env(service, folder))


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("oai-tui exec wo", ["work"]),
        ("oai-tui profiles ren", ["rename"]),
        ("oai-tui env work --shell power", ["powershell"]),
    ],
)
def test_bash(line: str, offered: list[str], keyring: SecretService, tmp_path: Path) -> None:
    assert bash(keyring, tmp_path, line) == offered


def test_every_command_is_offered(keyring: SecretService, tmp_path: Path) -> None:
    assert set(bash(keyring, tmp_path, "oai-tui ")) == set(COMMANDS)


OFFERED = {
    "oai-tui exec w": ["wiki", "work"],
    "oai-tui exec wo": ["work"],
    "oai-tui env ": ["wiki", "work"],
    "oai-tui whoami wi": ["wiki"],
    "oai-tui profiles rotate wo": ["work"],
    "oai-tui profiles verify work w": ["wiki", "work"],
    "oai-tui check --profile wi": ["wiki"],
    "oai-tui profiles ren": ["rename"],
    "oai-tui env work --sh": ["--shell"],
    "oai-tui env work --shell power": ["powershell"],
    "oai-tui comp": ["completion"],
    "oai-tui simulate organization-mi": ["organization-mismatch"],
    "oai-tui --demo organization-mi": ["organization-mismatch"],
    "oai-tui causes quota-ex": ["quota-exhausted"],
    "oai-tui check --only mod": ["model"],
    "oai-tui check --source do": ["dotenv"],
}


def test_the_shell_completes_the_file_to_explain(keyring: SecretService) -> None:
    done = keyring.run_cli(**_bash_variables("oai-tui explain app"))
    assert done.out == "file,app\n"


def test_words_offered_for_a_line(keyring: SecretService) -> None:
    offered = {}
    for line in OFFERED:
        done = keyring.run_cli(**_bash_variables(line))
        assert done.err == ""
        offered[line] = [row.partition(",")[2] for row in done.out.splitlines()]
    assert offered == OFFERED


@pytest.mark.parametrize(
    ("line", "offered"),
    [("oai-tui profiles ren", {"rename"}), ("oai-tui who", {"whoami"})],
)
def test_fish(line: str, offered: set[str], keyring: SecretService, tmp_path: Path) -> None:
    script = f"oai-tui completion fish | source; complete -C '{line}' | cut -f 1"
    command = [need("fish", "fish"), "--no-config", "-c", script]
    assert set(_words(command, _env(keyring, tmp_path))) == offered


def test_zsh_registers_a_function_that_offers_words(keyring: SecretService, tmp_path: Path) -> None:
    """Prints what the function collects: zsh completes only in its line editor."""
    script = "; ".join(
        [
            "autoload -U compinit",
            "compinit -D -u",
            'eval "$(oai-tui completion zsh)"',
            "_describe() { print -l -- ${(P)@[3]} }",
            "compadd() { local -a all; all=(${(P)@[-1]}); print -l -- $all }",
            "words=(oai-tui profiles re)",
            "CURRENT=3",
            "$_comps[oai-tui]",
        ]
    )
    command = [need("zsh", "zsh"), "-f", "-c", script]
    words = _words(command, _env(keyring, tmp_path))
    assert "rename" in {word.partition(":")[0] for word in words}


def test_powershell_asks_and_is_answered(keyring: SecretService) -> None:
    """Tests the protocol alone: the script itself is in PowerShell's language."""
    done = keyring.run_cli(
        _OAI_TUI_COMPLETE="powershell_complete", OAI_TUI_WORDS="oai-tui\nexec", OAI_TUI_WORD="w"
    )
    assert (done.out.splitlines(), done.err) == (["wiki", "work"], "")


def test_powershell_script(keyring: SecretService) -> None:
    script = keyring.run_cli("completion", "powershell").out
    assert "Register-ArgumentCompleter -Native -CommandName oai-tui" in script
    assert "$env:_OAI_TUI_COMPLETE = 'powershell_complete'" in script


def _complete_a_profile(env: dict[str, str]) -> tuple[str, str, int]:
    """Complete `oai-tui exec w` in a process of its own, which has to end within TERMINATE_S."""
    done = _run(["oai-tui"], {**env, **_bash_variables("oai-tui exec w")})
    return done.stdout.strip(), done.stderr, done.returncode


@pytest.mark.parametrize("display", [None, ":99"], ids=["without a display", "with a display"])
def test_locked_keyring_is_not_asked_for_its_password(
    display: str | None, locked_secret_service: SecretService, tmp_path: Path
) -> None:
    variables = {"DISPLAY": display} if display else {}
    assert _complete_a_profile(_env(locked_secret_service, tmp_path, **variables)) == ("", "", 0)


def test_silent_keyring_is_given_up(own_secret_service: SecretService, tmp_path: Path) -> None:
    save_profile(own_secret_service)
    own_secret_service.daemon.send_signal(signal.SIGSTOP)
    out, err, _ = _complete_a_profile(_env(own_secret_service, tmp_path))
    assert (out, err) == ("", "")


def test_no_keyring_at_all(no_secret_service: dict[str, str]) -> None:
    done = run_in_process([], {**no_secret_service, **_bash_variables("oai-tui exec w")})
    assert (done.out.strip(), done.err, done.code) == ("", "", 0)
