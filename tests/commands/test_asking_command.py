"""A command that prints the key may ask its own question on the terminal."""

import sys
from pathlib import Path

import pytest

from tests.commands.cli_runner import GOOD_KEY, environment
from tests.commands.pty_runner import run_on_terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
FAILED_CONNECTION = 8
ASKING = f"""#!/bin/sh
printf 'Secret word: ' > /dev/tty
read -r word < /dev/tty
[ "$word" = open ] && echo {GOOD_KEY}
"""


@pytest.fixture
def ask(tmp_path: Path) -> Path:
    """A program that asks for a word on the terminal, and prints the key if it is right."""
    path = tmp_path / "ask.sh"
    path.write_text(ASKING)
    path.chmod(0o700)
    return path


@pytest.mark.parametrize("kind", ["command", "command-shell"])
def test_what_a_command_asks_is_answered_on_the_terminal(
    ask: Path, tmp_path: Path, kind: str
) -> None:
    code, screen = run_on_terminal(
        ["check", "--json", "--source", f"{kind}:{ask}", "--base-url", "http://127.0.0.1:9/v1"],
        environment(tmp_path),
        tmp_path,
        answers=[("Secret word: ", b"open\n")],
    )
    assert "Secret word: " in screen
    assert '"kind": "project"' in screen
    assert code == FAILED_CONNECTION
    assert GOOD_KEY[20:40] not in screen


def test_ctrl_c_at_the_question_ends_the_program(ask: Path, tmp_path: Path) -> None:
    code, screen = run_on_terminal(
        ["check", "--json", "--source", f"command:{ask}"],
        environment(tmp_path),
        tmp_path,
        answers=[("Secret word: ", b"\x03")],
    )
    assert code == 130
    assert "interrupted" in screen
