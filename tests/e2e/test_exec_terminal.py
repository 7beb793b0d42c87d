"""`exec` in a real terminal: the child has the terminal itself, with colours, keys, job control, window size and its own end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.saved_profiles import import_profile
from tests.e2e.terminal import Terminal, terminal
from tests.secret_service import SecretService


@contextmanager
def shell(program: str, service: SecretService, folder: Path) -> Iterator[Terminal]:
    """An interactive bash with job control, in which `run` runs a command as the profile work. It keeps no history, which it would write while its home is being cleared away."""
    from oai_tui.simulator.server import running

    with running("all-good") as simulated:
        import_profile(service, simulated)
    (folder / "rc").write_text(
        f"PS1='ok> '; unset PROMPT_COMMAND HISTFILE; run() {{ {program} exec work -- \"$@\"; }}\n"
    )
    with terminal(
        "bash", "--noprofile", "--rcfile", str(folder / "rc"), "-i", env=service.env, folder=folder
    ) as screen:
        screen.wait_for("ok>")
        yield screen


def say(screen: Terminal, line: str, *wanted: str) -> str:
    """Type a line and wait for what it shows."""
    screen.type(line)
    screen.press("Enter")
    return screen.wait_for(*wanted)


def test_child_has_the_terminal_itself(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        say(
            screen,
            "run python3 -c 'import sys, os; print([s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr)], tuple(os.get_terminal_size()))'",
            "[True, True, True] (100, 30)",
        )


def test_colours_are_the_childs(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        say(screen, "echo colourful | run grep --color=auto colour && echo do''ne", "done")
        assert "\x1b[01m\x1b[31mcolour" in screen._tmux(
            "capture-pane", "-e", "-p", "-t", "t"
        ) or "\x1b[1m\x1b[31mcolour" in screen._tmux("capture-pane", "-e", "-p", "-t", "t")


CAT = "run sh -c 'echo rea''dy; exec cat'"
"""A child that says that it is there and then echoes: keys pressed before that would meet the shell's own line editor."""


def echoes(screen: Terminal, word: str) -> None:
    """The child reads a line and gives it back."""
    screen.type(word)
    screen.press("Enter")
    screen.wait_for(lambda text: text.count(word) == 2)


def test_interrupt_ends_the_child_as_it_does_anywhere(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        say(screen, CAT, "ready")
        echoes(screen, "before")
        screen.press("C-c")
        screen.wait_for("^C")
        say(screen, "echo co''de $?", "code 130")


def test_child_may_catch_the_interrupt(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    code = "import signal; signal.signal(signal.SIGINT, lambda *_: print(chr(99) + 'aught', flush=True)); print(chr(114) + 'eady', flush=True); input(); print(chr(101) + 'nd')"
    with shell(program, secret_service, tmp_path) as screen:
        say(screen, f'run python3 -c "{code}"', "ready")
        screen.press("C-c")
        screen.wait_for("caught")
        screen.press("Enter")
        screen.wait_for(lambda text: text.rstrip().endswith("end\nok>"))


def test_job_control(program: str, secret_service: SecretService, tmp_path: Path) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        say(screen, CAT, "ready")
        echoes(screen, "before")
        screen.press("C-z")
        screen.wait_for("Stopped")
        say(screen, "echo fir''st $?", "first 148")
        screen.type("fg")
        screen.press("Enter")
        screen.wait_for(lambda text: text.rstrip().endswith('exec work -- "$@"'))
        echoes(screen, "behind")
        screen.press("C-d")
        screen.wait_for(lambda text: text.rstrip().endswith("ok>"))
        say(screen, "echo sec''ond $?", "second 0")


def test_window_size_changes_reach_the_child(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    code = "import os, signal; signal.signal(signal.SIGWINCH, lambda *_: print(tuple(os.get_terminal_size()), flush=True)); print(chr(114) + 'eady', flush=True); input()"
    with shell(program, secret_service, tmp_path) as screen:
        say(screen, f'run python3 -c "{code}"', "ready")
        screen._tmux("resize-window", "-t", "t", "-x", "91", "-y", "23")
        screen.wait_for("(91, 23)")


@pytest.mark.parametrize(
    ("command", "code"),
    [("true", 0), ("sh -c 'exit 3'", 3), ("sh -c 'kill -TERM $$'", 143), ("no-such-command", 127)],
)
def test_shell_sees_the_childs_end(
    command: str, code: int, program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        say(screen, f"run {command}; echo co''de $?", f"code {code}")


def test_full_screen_program_draws_and_leaves_a_clean_terminal(
    program: str, secret_service: SecretService, tmp_path: Path
) -> None:
    with shell(program, secret_service, tmp_path) as screen:
        say(screen, f"run {program} --demo all-good; echo co''de $?", "Check this key")
        assert screen.mode("alternate_on") == "1"
        screen.press("q")
        screen.wait_for("code 0")
        assert screen.mode("alternate_on") == "0"
