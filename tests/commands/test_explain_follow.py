"""`explain --follow` as users run it: pipes, files, signals, and readers that go away."""

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
import pytest

from oai_tui.commands.explain import command
from oai_tui.headless import followed_input
from tests.commands.cli_runner import GOOD_KEY, TERMINATE_S, environment, run_cli
from tests.commands.pty_runner import run_on_terminal
from tests.diagnosis.text.test_log_explain import FINE, MISMATCH, QUOTA, log

FOLLOW = [sys.executable, "-m", "oai_tui", "explain", "--follow"]
JSON_LINES = ["--format", "json-lines"]


@contextmanager
def followed(home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start `explain --follow`; whatever happens, the process has ended afterwards."""
    with subprocess.Popen(
        [*FOLLOW, *arguments],
        cwd=home,
        env=environment(home, {"OPENAI_API_KEY": GOOD_KEY}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def write(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.flush()


def next_cause(process: subprocess.Popen[str]) -> str:
    """Wait for the next line of JSON and return its cause."""
    assert process.stdout is not None
    cause: str = json.loads(process.stdout.readline())["verdict"]["cause"]
    return cause


def test_each_failure_of_a_pipe_is_one_json_line_at_once(tmp_path: Path) -> None:
    with followed(tmp_path, "-", *JSON_LINES) as process:
        write(process, log(FINE, f"ERROR app: {QUOTA}"))
        assert next_cause(process) == "quota-exhausted"
        write(process, log(f"ERROR app: {MISMATCH}"))
        assert next_cause(process) == "organization-mismatch"
        out, err = process.communicate(timeout=TERMINATE_S)
    assert (process.returncode, out) == (4, "")
    assert "2 failures of 2 kinds: 1 × quota-exhausted" in err


def test_a_rotated_file_is_followed_until_ctrl_c(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(log(f"ERROR app: {QUOTA}"))
    with followed(tmp_path, "app.log", *JSON_LINES) as process:
        assert next_cause(process) == "quota-exhausted"
        path.rename(tmp_path / "app.log.1")
        path.write_text(log(f"ERROR app: {MISMATCH}"))
        assert next_cause(process) == "organization-mismatch"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TERMINATE_S)
    assert (process.returncode, out) == (4, "")
    assert "2 failures of 2 kinds" in err


def test_termination_ends_with_the_report(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(log(f"ERROR app: {QUOTA}"))
    with followed(tmp_path, "app.log") as process:
        assert process.stdout is not None
        assert "quota-exhausted (certain): No API credit left" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=TERMINATE_S)
    assert (process.returncode, err) == (6, "")
    assert "1 failure of 1 kind, most frequent first" in out


def test_a_signal_interrupts_the_wait_for_the_writer_of_a_named_pipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handlers = []

    def open_followed(name: str) -> NoReturn:
        handlers.append(signal.getsignal(signal.SIGTERM))
        raise click.UsageError("enough")

    monkeypatch.setattr(followed_input, "open_followed", open_followed)
    with pytest.raises(click.UsageError):
        command.main(["--follow", "app.log"], standalone_mode=False)
    assert handlers == [signal.getsignal(signal.SIGTERM)]


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*FOLLOW, "-", *JSON_LINES],
        cwd=tmp_path,
        env=environment(tmp_path),
        input=log(f"ERROR app: {QUOTA}", FINE).encode(),
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=TERMINATE_S,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (6, b"")


def test_a_reader_that_goes_away_ends_it_though_nothing_more_is_written(tmp_path: Path) -> None:
    with followed(tmp_path, "-", *JSON_LINES) as process:
        write(process, log(f"ERROR app: {QUOTA}"))
        assert next_cause(process) == "quota-exhausted"
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=TERMINATE_S) == 6


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
@pytest.mark.parametrize(
    ("format", "message"),
    [("text", f"ERROR app: {QUOTA}"), ("json-lines", f"ERROR app: {QUOTA}"), ("text", FINE)],
)
def test_a_full_disk_is_named(format: str, message: str, tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*FOLLOW, "-", "--format", format],
            cwd=tmp_path,
            env=environment(tmp_path, {"OPENAI_API_KEY": GOOD_KEY}),
            input=log(message).encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=TERMINATE_S,
            check=False,
        )
    assert done.returncode == 10
    assert b"cannot write to standard output: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_log_without_failures_is_undecided(tmp_path: Path) -> None:
    with followed(tmp_path, "-", *JSON_LINES) as process:
        out, err = process.communicate(log(FINE), timeout=TERMINATE_S)
    assert (process.returncode, out) == (11, "")
    assert "no failed API call" in err


def test_each_failure_shows_its_own_request_id(tmp_path: Path) -> None:
    ids = [f"req_4f1d9c0b7a6e4d3c8b2a1f0e9d8c7b6{digit}" for digit in "12"]
    failures = [f"ERROR app: {QUOTA} x-request-id: {request_id}" for request_id in ids]
    with followed(tmp_path, "-", *JSON_LINES) as process:
        out, _ = process.communicate(log(*failures), timeout=TERMINATE_S)
    shown = [json.loads(line)["evidence"]["request_id"] for line in out.splitlines()]
    assert shown == ids


@pytest.mark.parametrize("arguments", [[], JSON_LINES])
def test_no_key_is_shown(arguments: list[str], tmp_path: Path) -> None:
    with followed(tmp_path, "-", *arguments) as process:
        out, err = process.communicate(
            log(f"ERROR {QUOTA} key {GOOD_KEY[8:]} {GOOD_KEY}"), timeout=TERMINATE_S
        )
    assert "quota-exhausted" in out
    assert GOOD_KEY[20:32] not in out + err


def test_a_terminal_gets_a_page_and_then_the_report(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(log(f"ERROR app: {QUOTA}"))
    env = environment(tmp_path, {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"})
    code, screen = run_on_terminal(
        ["explain", "--follow", "app.log"],
        env,
        tmp_path,
        answers=[("1 failure of 1 kind", b"\x03")],
    )
    page, _, report = screen.partition("1 failure of 1 kind, most frequent first")
    assert code == 6
    assert "app.log: no failed API call so far" in page
    assert "1 × quota-exhausted" in page
    assert "No API credit left" in report


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.log"], "no such file"),
        (["app.log.gz"], "zcat app.log.gz"),
        (["app.log", "--json"], "--follow has no format json"),
        (["app.log", "--output", "x"], "use >> FILE"),
        (["."], "is a directory"),
    ],
)
def test_what_cannot_be_followed_is_a_usage_error(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    (tmp_path / "app.log").write_text(FINE)
    (tmp_path / "app.log.gz").write_bytes(gzip.compress(FINE.encode()))
    done = run_cli(["explain", "--follow", *arguments], tmp_path)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
