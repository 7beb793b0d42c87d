"""The installed program, and a simulator in a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.cli_runner import TERMINATE_S


@pytest.fixture(scope="session")
def program() -> str:
    """The path of the installed `oai-tui`."""
    found = shutil.which(
        "oai-tui", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    )
    assert found, "oai-tui is not installed"
    return found


@pytest.fixture(scope="session", autouse=True)
def _terminal_tools() -> None:
    if shutil.which("tmux") is None:
        reason = "a real terminal needs the package tmux"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@contextmanager
def simulated(program: str, scenario: str) -> Iterator[dict[str, str]]:
    """Run `oai-tui simulate SCENARIO` as a process; yields the simulated client's variables."""
    server = subprocess.Popen(
        [program, "simulate", scenario, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout is not None
        variables: dict[str, str] = {}
        for line in server.stdout:
            name, _, value = line.strip().removeprefix("export ").partition("=")
            if line.startswith("export "):
                variables[name] = value.strip("'")
            if name == "OPENAI_BASE_URL":
                break
        assert "OPENAI_BASE_URL" in variables, server.stderr.read() if server.stderr else ""
        yield variables
    finally:
        server.terminate()
        server.communicate(timeout=TERMINATE_S)
