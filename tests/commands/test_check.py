"""What `check` does beside the verdict: streams, progress, warnings, models, and how much it asks of the server."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from oai_tui.simulator.server import running
from tests.commands.cli_runner import GOOD_KEY, canned_server, environment, run_cli
from tests.commands.test_replies import MODEL, api


def _on_a_terminal(arguments: list[str], home: Path, variables: dict[str, str]) -> str:
    """All that a terminal of 80 columns receives from the program."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "oai_tui", *arguments],
        cwd=home,
        env=environment(home, {"TERM": "xterm", "COLUMNS": "80", **variables}),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    process.wait(30)
    os.close(ours)
    return seen.decode("utf-8")


def test_terminal_sees_progress_and_a_coloured_report(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        seen = _on_a_terminal(
            ["check"], tmp_path, {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        )
    assert "\r\x1b[K… Does the API take the key?" in seen
    assert seen.rpartition("\x1b[K")[2].startswith("Checked http://127.0.0.1")
    assert "\x1b[32m✓\x1b[0m" in seen


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_terminal_without_colours(variables: dict[str, str], tmp_path: Path) -> None:
    assert re.search(r"\x1b\[\d*m", _on_a_terminal(["check"], tmp_path, variables)) is None


def test_report_fits_the_terminal(tmp_path: Path) -> None:
    seen = _on_a_terminal(
        ["check", "--color", "never"], tmp_path, {"TERM": "dumb", "COLUMNS": "40"}
    )
    assert [
        line for line in seen.splitlines() if len(line) > 40 and not line.startswith("      ")
    ] == []


def test_pipe_gets_no_progress(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check"], tmp_path, {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        )
    assert (done.err, "\x1b" in done.out) == ("", False)


def test_variable_that_the_sdks_ignore_is_warned_about(tmp_path: Path) -> None:
    done = run_cli(["check", "--json"], tmp_path, {"OPENAI_ORGANIZATION": "org-fake"})
    assert [
        warning
        for warning in done.document["verdict"]["warnings"]
        if warning.startswith("OPENAI_ORGANIZATION ")
    ] != []


def test_every_required_model_is_looked_at(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check", "--json", "--require-model", MODEL, "--require-model", "gpt-none"],
            tmp_path,
            {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url},
        )
    assert (
        done.code,
        done.cause,
        [step["outcome"] for step in done.document["steps"] if step["id"] == "model"],
    ) == (5, "model-not-found", ["passed", "failed"])


def test_only_a_step_and_what_it_needs(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check", "--json", "--only", "key"],
            tmp_path,
            {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url},
        )
    assert (done.code, {step["stage"] for step in done.document["steps"]}) == (
        0,
        {"credential", "reach", "key"},
    )


@pytest.mark.parametrize("arguments", [[], ["--inference"]], ids=["free", "billed"])
def test_no_more_requests_than_steps_that_ask(arguments: list[str], tmp_path: Path) -> None:
    with running("all-good") as simulated:
        done = run_cli(["check", "--json", *arguments], tmp_path, simulated.client.environment)
        received = list(simulated.simulator.received)
    assert len(received) == len(
        [step for step in done.document["steps"] if step["status"] is not None]
    )


def test_nothing_billed_is_sent_without_permission(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        run_cli(["check"], tmp_path, simulated.client.environment)
        assert [asked.path for asked in simulated.simulator.received if asked.method != "GET"] == []


def test_the_first_request_carries_no_key(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        run_cli(["check"], tmp_path, simulated.client.environment)
        assert [asked.key_sent for asked in simulated.simulator.received][:2] == [False, True]


@pytest.mark.parametrize(("closed", "code"), [(">&-", 3), ("2>&-", 3), ("<&-", 3)])
def test_closed_stream_is_no_crash(closed: str, code: int, tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m oai_tui check --json {closed}', sys.executable],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


def test_full_disk_is_said_clearly(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "oai_tui", "check"],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("oai-tui: standard output cannot be written to")
