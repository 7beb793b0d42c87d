"""Processes that apply a function to values: in order, and none is left behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.cli_runner import environment

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks on Linux only")


def run(name: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of tests.system.forked_run until no process has its output any more."""
    return subprocess.run(
        [sys.executable, "-m", "tests.system.forked_run", name],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "out", "code"),
    [
        ("order", "[0, 2, 4, 6, 8, 10, 12, 14, 16, 18] False\n", 0),
        ("death", "[0, 2, 4, 6, 8, 10, 12, 14]\n[4, 6]\n", 0),
        ("failure", "0\n1\ncannot work on 2\n", 0),
        ("refused", "True\n", 0),
        ("killed", "", -9),
    ],
)
def test_program(name: str, out: str, code: int, tmp_path: Path) -> None:
    done = run(name, tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (out, "", code)
