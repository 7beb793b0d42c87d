"""Leaving the wizard while a server never answers: by ctrl+c and by signals."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.terminal import terminal
from tests.tui.fakes import KEY


@pytest.fixture
def silent_server() -> Iterator[str]:
    """A base URL whose server takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


@pytest.mark.parametrize(
    ("signal_name", "code"), [("", 130), ("INT", 130), ("TERM", 143), ("HUP", 129)]
)
def test_a_server_that_never_answers_does_not_keep_the_program(
    program: str,
    no_secret_service: dict[str, str],
    silent_server: str,
    tmp_path: Path,
    signal_name: str,
    code: int,
) -> None:
    env = {
        **no_secret_service,
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": silent_server,
    }
    with terminal(program, env=env, folder=tmp_path) as screen:
        screen.wait_for("Check this key")
        screen.press("Enter")
        screen.wait_for("Stop")
        if signal_name:
            shell = screen.mode("pane_pid")
            children = subprocess.run(
                ["pgrep", "-P", shell], check=True, capture_output=True, text=True
            ).stdout.split()
            subprocess.run(["kill", f"-{signal_name}", *children], check=True)
        else:
            screen.press("C-c")
        screen.wait_for(f"exit code {code}")
        assert screen.mode("alternate_on") == "0"
        assert screen.mode("mouse_any_flag") == "0"
