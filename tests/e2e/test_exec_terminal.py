"""`exec` in a real terminal: the child has its colours, keys, job control and window size."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.saved_profiles import save_profile
from tests.e2e.terminal import Terminal, terminal
from tests.secret_service import SecretService

CAT = "run sh -c 'echo rea''dy; exec cat'"
"""A child that prints "ready" and then echoes.

Keys that are pressed earlier would reach the shell's line editor.
"""
CATCH_INTERRUPT = "; ".join(
    [
        "import os, signal",
        "caught = lambda *_: os.write(1, (chr(99) + 'aught').encode())",
        "signal.signal(signal.SIGINT, caught)",
        "print(chr(114) + 'eady', flush=True)",
        "input()",
        "print(chr(101) + 'nd')",
    ]
)
PRINT_SIZES = "; ".join(
    [
        "import os, signal",
        "size = lambda *_: os.write(1, str(tuple(os.get_terminal_size())).encode())",
        "signal.signal(signal.SIGWINCH, size)",
        "print(chr(114) + 'eady', flush=True)",
        "input()",
    ]
)
"""Python programs. Their handlers use no `print`, because they may interrupt one."""


@contextmanager
def shell(program: str, service: SecretService, folder: Path) -> Iterator[Terminal]:
    """An interactive bash with job control, in which `run` runs a command as the profile work.

    It keeps no history, which it would write while its home is being deleted.
    """
    save_profile(service)
    (folder / "rc").write_text(
        f"PS1='ok> '; unset PROMPT_COMMAND HISTFILE; run() {{ {program} exec work -- \"$@\"; }}\n"
    )
    with terminal(
        "bash", "--noprofile", "--rcfile", str(folder / "rc"), "-i", env=service.env, folder=folder
    ) as screen:
        screen.wait_for("ok>")
        yield screen


def enter(screen: Terminal, line: str, *wanted: str) -> str:
    """Type a line and wait for what it shows."""
    screen.type(line)
    screen.press("Enter")
    return screen.wait_for(*wanted)


def expect_echo(screen: Terminal, word: str) -> None:
    """Type a word, which the child has to print again."""
    screen.type(word)
    screen.press("Enter")
    screen.wait_for(lambda text: text.count(word) == 2)


def test_child_has_the_terminal_itself(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    code = "import os; print([os.isatty(n) for n in range(3)], tuple(os.get_terminal_size()))"
    with shell(program, secret_service, tmp_path) as screen:
        enter(screen, f"run python3 -c '{code}'", "[True, True, True] (100, 30)")


def test_colours_are_the_childs(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        enter(screen, "echo colourful | run grep --color=auto colour && echo do''ne", "done")
        shown = screen.tmux("capture-pane", "-e", "-p", "-t", "t")
    assert re.search(r"\x1b\[0?1m\x1b\[31mcolour", shown)


def test_interrupt_ends_the_child_as_it_does_anywhere(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        enter(screen, CAT, "ready")
        expect_echo(screen, "before")
        screen.press("C-c")
        screen.wait_for("^C")
        enter(screen, "echo co''de $?", "code 130")


def test_child_may_catch_the_interrupt(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        enter(screen, f'run python3 -c "{CATCH_INTERRUPT}"', "ready")
        screen.press("C-c")
        screen.wait_for("caught")
        screen.press("Enter")
        screen.wait_for(lambda text: text.rstrip().endswith("end\nok>"))


def test_job_control(program: str, secret_service: SecretService, tmp_path: Path) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        enter(screen, CAT, "ready")
        expect_echo(screen, "before")
        screen.press("C-z")
        screen.wait_for("Stopped")
        enter(screen, "echo fir''st $?", "first 148")
        screen.type("fg")
        screen.press("Enter")
        screen.wait_for(lambda text: text.rstrip().endswith('exec work -- "$@"'))
        expect_echo(screen, "behind")
        screen.press("C-d")
        screen.wait_for(lambda text: text.rstrip().endswith("ok>"))
        enter(screen, "echo sec''ond $?", "second 0")


def test_window_size_changes_reach_the_child(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        enter(screen, f'run python3 -c "{PRINT_SIZES}"', "ready")
        screen.tmux("resize-window", "-t", "t", "-x", "91", "-y", "23")
        screen.wait_for("(91, 23)")


@pytest.mark.parametrize(
    ("command", "code"),
    [("true", 0), ("sh -c 'exit 3'", 3), ("sh -c 'kill -TERM $$'", 143), ("no-such-command", 127)],
)
def test_shell_sees_the_childs_end(
    command: str, code: int, program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        enter(screen, f"run {command}; echo co''de $?", f"code {code}")


def test_full_screen_program_draws_and_leaves_a_clean_terminal(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        enter(screen, f"run {program} --demo all-good; echo co''de $?", "Check this key")
        assert screen.mode("alternate_on") == "1"
        screen.press("q")
        screen.wait_for("code 0")
        assert screen.mode("alternate_on") == "0"
