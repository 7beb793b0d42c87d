"""What `check` does besides its verdict: streams, progress, warnings, number of requests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from oai_tui.simulator.server import running
from tests.commands.cli_runner import (
    GOOD_KEY,
    TERMINATE_S,
    canned_server,
    client_environment,
    environment,
    run_cli,
)
from tests.commands.pty_runner import run_on_terminal
from tests.commands.test_replies import MODEL, api


def _on_a_terminal(arguments: list[str], home: Path, variables: dict[str, str]) -> str:
    """Return all that a terminal of 80 columns receives from the program."""
    env = environment(home, {"COLUMNS": "80", **variables})
    return run_on_terminal(arguments, env, home)[1]


def test_terminal_sees_progress_and_a_coloured_report(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        screen = _on_a_terminal(
            ["check"], tmp_path, {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        )
    assert "\r\x1b[K… Does the API accept the key?" in screen
    assert screen.rpartition("\x1b[K")[2].startswith("Checked http://127.0.0.1")
    assert "\x1b[32m✓\x1b[0m" in screen


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_terminal_without_colours(variables: dict[str, str], tmp_path: Path) -> None:
    assert re.search(r"\x1b\[\d*m", _on_a_terminal(["check"], tmp_path, variables)) is None


def test_report_fits_the_terminal(tmp_path: Path) -> None:
    screen = _on_a_terminal(
        ["check", "--color", "never"], tmp_path, {"TERM": "dumb", "COLUMNS": "40"}
    )
    long = [line for line in screen.splitlines() if len(line) > 40]
    assert [line for line in long if not line.startswith("      ")] == []


def test_pipe_gets_no_progress(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check"], tmp_path, {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        )
    assert (done.err, "\x1b" in done.out) == ("", False)


def test_variable_that_the_sdks_ignore_is_warned_about(tmp_path: Path) -> None:
    done = run_cli(["check", "--json"], tmp_path, {"OPENAI_ORGANIZATION": "org-fake"})
    warnings = done.document["verdict"]["warnings"]
    assert any(warning.startswith("OPENAI_ORGANIZATION ") for warning in warnings)


def test_every_required_model_is_looked_at(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check", "--json", "--require-model", MODEL, "--require-model", "gpt-none"],
            tmp_path,
            {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url},
        )
    outcomes = [step["outcome"] for step in done.document["steps"] if step["id"] == "model"]
    assert (done.code, done.cause) == (5, "model-not-found")
    assert outcomes == ["passed", "failed"]


def test_only_a_step_and_what_it_needs(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check", "--json", "--only", "key"],
            tmp_path,
            {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url},
        )
    stages = {step["stage"] for step in done.document["steps"]}
    assert (done.code, stages) == (0, {"credential", "reach", "key"})


@pytest.mark.parametrize("arguments", [[], ["--inference"]], ids=["free", "billed"])
def test_no_more_requests_than_steps_that_ask(arguments: list[str], tmp_path: Path) -> None:
    with running("all-good") as simulated:
        done = run_cli(["check", "--json", *arguments], tmp_path, client_environment(simulated))
        received = list(simulated.simulator.received)
    answered = [step for step in done.document["steps"] if step["status"] is not None]
    assert len(received) == len(answered)


def test_nothing_billed_is_sent_without_permission(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        run_cli(["check"], tmp_path, client_environment(simulated))
        assert [
            request.path for request in simulated.simulator.received if request.method != "GET"
        ] == []


def test_the_first_request_carries_no_key(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        run_cli(["check"], tmp_path, client_environment(simulated))
        assert [request.key_sent for request in simulated.simulator.received][:2] == [False, True]


@pytest.mark.parametrize(("closed", "code"), [(">&-", 3), ("2>&-", 3), ("<&-", 3)])
def test_closed_stream_is_no_crash(closed: str, code: int, tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m oai_tui check --json {closed}', sys.executable],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


def test_full_disk_is_a_clear_error(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "oai_tui", "check"],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=TERMINATE_S,
            check=False,
        )
    assert done.returncode == 10
    assert done.stderr.startswith("oai-tui: cannot write to standard output")
