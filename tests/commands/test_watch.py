"""The command `oai-tui watch`: options, a real server, Ctrl+C on a terminal."""

import json
from pathlib import Path

import pytest

from oai_tui.simulator.server import running
from tests.commands.cli_runner import client_environment, environment, run_cli, run_in_process
from tests.commands.pty_runner import run_on_terminal


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "prometheus"], "needs --output FILE"),
        (["work", "--config", "x.toml"], "leave out NAME."),
        (["--config", "x.toml", "--timeout", "30"], "leave out --timeout."),
        (["--every", "0"], "--every"),
        (["--every", "nan"], "--every"),
        (["--count", "0"], "--count"),
        (["a b"], "profile name"),
        (["--output", "no/such/file"], "does not exist"),
    ],
)
def test_usage(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = run_cli(["watch", *arguments], tmp_path)
    assert (done.code, words in done.err) == (2, True)


def test_key_of_the_environment(tmp_path: Path) -> None:
    with running("key-invalid") as simulated:
        done = run_cli(
            ["watch", "--count", "1", "--format", "json-lines"],
            tmp_path,
            client_environment(simulated),
        )
    line = json.loads(done.out)
    assert (done.code, line["name"], line["verdict"]["cause"]) == (
        4, "OPENAI_API_KEY", "key-invalid",
    )  # fmt: skip


def test_billing_of_a_file_needs_a_flag(tmp_path: Path) -> None:
    with running("quota-exhausted") as simulated:
        env = client_environment(simulated)
        (tmp_path / "checks.toml").write_text(
            "[[check]]\nname = 'a'\nbilling = true\nmin_headroom = 0.5\n"
        )
        arguments = ["watch", "--config", "checks.toml", "--count", "1"]
        without = run_cli(arguments, tmp_path, env)
        allowed = run_cli([*arguments, "--inference"], tmp_path, env)
    assert (without.code, allowed.code) == (0, 6)
    assert "billing is not tested: add --inference" in without.err


def test_profile_that_does_not_exist_is_a_verdict(no_secret_service: dict[str, str]) -> None:
    done = run_in_process(["watch", "work", "--count", "1"], no_secret_service)
    assert done.code == 10
    assert "work" in done.out


def test_terminal_shows_a_table_and_ctrl_c_stops_it(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        env = environment(tmp_path, client_environment(simulated))
        code, screen = run_on_terminal(
            ["watch", "--every", "3600"], env, tmp_path, answers=[("works", b"\x03")]
        )
    assert code == 130
    assert "1 of 1 work" in screen
