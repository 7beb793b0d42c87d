"""The main job with the installed program, a real terminal, port, keyring and the official SDK."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.cli_runner import TERMINATE_S
from tests.e2e.conftest import simulated
from tests.e2e.terminal import terminal
from tests.secret_service import SecretService

SDK = """
import os, sys
from openai import OpenAI
client = OpenAI(api_key=sys.stdin.read(), base_url=os.environ["BASE_URL"], max_retries=0)
answer = client.responses.create(model=os.environ["MODEL"], input="ping", max_output_tokens=16)
print(answer.status, answer.usage.total_tokens > 0)
"""


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["120x40", "80x24"])
def test_from_a_foreign_organization_to_a_profile_that_works_everywhere(
    program: str, secret_service: SecretService, tmp_path: Path, size: tuple[int, int]
) -> None:
    """OPENAI_ORG_ID names a foreign organization: 401 mismatched_organization.

    The wizard finds the key, runs the experiment, applies the fix, checks again and saves "work".
    """
    with simulated(program, "organization-mismatch") as client:
        key = client["OPENAI_API_KEY"]
        with terminal(
            program, env={**secret_service.env, **client}, size=size, folder=tmp_path
        ) as screen:
            screen.wait_for("Check this key", "OPENAI_API_KEY", key[-4:])
            screen.press("Enter")
            screen.wait_for(
                "Retry without",
                "organization-mismatch",
                "doesn't match this key's organization",
            )
            screen.press("Enter")
            screen.wait_for("billed request?")
            screen.answer("y", "Send one billed request?")
            screen.wait_for("Save profile", "is left out for this run", "unset OPENAI_ORG_ID")
            screen.press("C-s")
            screen.wait_for("Saved as work")
            screen.press("q")
            screen.wait_for("exit code 0")
            assert screen.mode("alternate_on") == "0"
            assert key[20:40] not in screen.tmux("capture-pane", "-p", "-S", "-", "-t", "t")

        stored = secret_service.run("python", "-m", "keyring", "get", "oai-tui", "work").stdout
        assert stored.strip() == key

        checked = secret_service.run(program, "check", "--profile", "work", "--json")
        report = json.loads(checked.stdout)
        assert checked.returncode == report["exit_code"] == 0
        assert report["verdict"]["outcome"] == "working"
        assert report["target"] == {
            "base_url": client["OPENAI_BASE_URL"],
            "kind": "gateway",
            "server": None,
            "organization": None,
            "project": None,
            "model": None,
        }
        assert key[20:40] not in checked.stdout + checked.stderr

        shown = json.loads(secret_service.run(program, "profiles", "show", "work", "--json").stdout)
        assert _call_sdk(secret_service, key, shown) == "incomplete True"


def _call_sdk(service: SecretService, key: str, profile: dict[str, Any]) -> str:
    """Call the API with the official SDK and what the profile holds; return what it printed."""
    env = {**service.env, "BASE_URL": profile["target"]["base_url"], "MODEL": profile["model"]}
    done = subprocess.run(
        [sys.executable, "-c", SDK],
        input=key,
        env=env,
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        check=False,
    )
    return done.stdout.strip() or done.stderr


def test_a_paste_with_a_leading_newline_still_enters(
    program: str, no_secret_service: dict[str, str], tmp_path: Path
) -> None:
    with simulated(program, "all-good") as client:
        key = client.pop("OPENAI_API_KEY")
        with terminal(program, env={**no_secret_service, **client}, folder=tmp_path) as screen:
            screen.wait_for("Enter a key")
            screen.press("n")
            screen.wait_for("kept in memory only", "sk-…")
            screen.paste(f"\n{key}\n")
            screen.wait_for(lambda text: "164" in text or "•" in text)
            screen.press("Enter")
            screen.wait_for("billed request?")
            assert key[20:40] not in screen.screen
            screen.press("C-c")
            screen.wait_for("exit code 130")


@pytest.mark.parametrize(("signal_name", "code"), [("TERM", 143), ("HUP", 129)])
def test_a_signal_leaves_a_clean_terminal(
    program: str, no_secret_service: dict[str, str], tmp_path: Path, signal_name: str, code: int
) -> None:
    with terminal(program, "--demo", "all-good", env=no_secret_service, folder=tmp_path) as screen:
        screen.wait_for("Check this key")
        assert screen.mode("alternate_on") == "1"
        pane = screen.mode("pane_pid")
        subprocess.run(
            ["pkill", f"-{signal_name}", "-P", pane, "-f", "oai-tui"],
            check=True,
            timeout=TERMINATE_S,
        )
        screen.wait_for(f"exit code {code}")
        assert screen.mode("alternate_on") == "0"
        assert screen.mode("mouse_any_flag") == "0"


def test_a_hanging_server_never_holds_up_leaving(
    program: str, no_secret_service: dict[str, str], tmp_path: Path
) -> None:
    with (
        simulated(program, "response-timeout") as client,
        terminal(program, env={**no_secret_service, **client}, folder=tmp_path) as screen,
    ):
        screen.wait_for("Check this key")
        screen.press("Enter")
        screen.wait_for("Stop")
        screen.press("C-c")
        screen.wait_for("exit code 130")


def test_the_smallest_window_survives(
    program: str, no_secret_service: dict[str, str], tmp_path: Path
) -> None:
    with terminal(
        program,
        "--demo",
        "organization-mismatch",
        env=no_secret_service,
        size=(20, 5),
        folder=tmp_path,
    ) as screen:
        screen.wait_for(lambda text: "▶" in text or "key" in text.lower())
        screen.press("C-q")
        screen.wait_for("exit code 0")
