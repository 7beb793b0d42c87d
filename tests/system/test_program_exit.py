"""The end of a program in words."""

import subprocess
import sys

import pytest

from oai_tui.system.program_exit import exit_words

CASES = {
    1: "failed with exit code 1",
    126: "failed with exit code 126 (found, but not executable)",
    127: "failed with exit code 127 (not found)",
    -15: "was killed by signal 15 (SIGTERM)",
    -9: "was killed by signal 9 (SIGKILL)",
    -99: "was killed by signal 99",
}


@pytest.mark.parametrize("code", CASES)
def test_words(code: int) -> None:
    assert exit_words(code) == CASES[code]


def test_killed_program() -> None:
    code = "import os; os.kill(os.getpid(), 9)"
    ended = subprocess.run([sys.executable, "-c", code], check=False)
    assert exit_words(ended.returncode) == "was killed by signal 9 (SIGKILL)"
