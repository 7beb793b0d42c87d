"""`tree` and `causes` print the tree and the catalogue; `simulate` serves the simulator."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.tree import TREE
from tests.commands.cli_runner import TERMINATE_S, environment, run_cli


@pytest.mark.parametrize(
    ("format", "beginning"), [("text", "1 Credential"), ("mermaid", "flowchart TD"), ("json", "{")]
)
def test_tree_is_drawn(format: str, beginning: str, tmp_path: Path) -> None:
    done = run_cli(["tree", "--format", format], tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(beginning)


def test_drawn_tree_names_every_step(tmp_path: Path) -> None:
    out = run_cli(["tree"], tmp_path).out
    assert [step for step in TREE.steps if f" {step}: " not in out] == []


def test_list_of_causes_names_every_one(tmp_path: Path) -> None:
    out = run_cli(["causes"], tmp_path).out
    assert [cause for cause in CATALOGUE if f"  {cause} " not in out] == []


def test_every_cause_is_explained(tmp_path: Path) -> None:
    entries = json.loads(run_cli(["causes", "--json"], tmp_path).out)
    assert [entry["id"] for entry in entries] == list(CATALOGUE)
    assert [entry["id"] for entry in entries if not entry["meaning"]] == []


def test_one_cause_in_full(tmp_path: Path) -> None:
    out = run_cli(["causes", "organization-mismatch"], tmp_path).out
    for title in ("Meaning", "Symptoms", "How to confirm it", "How to fix it"):
        assert title in out


@pytest.mark.parametrize(
    "cause", ["regional-host-wrong", "organization-mismatch", "model-not-found"]
)
def test_no_brace_of_a_template_is_shown(cause: str, tmp_path: Path) -> None:
    assert "{" not in run_cli(["causes", cause], tmp_path).out


def test_scenarios_are_listed(tmp_path: Path) -> None:
    done = run_cli(["simulate", "--list"], tmp_path)
    assert done.code == 0
    assert done.out.startswith("all-good ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_simulator_serves_until_a_signal_comes(number: signal.Signals, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "oai_tui", "simulate", "key-invalid"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    base_url = process.stdout.readline().removeprefix("# ").strip()
    lines = iter(process.stdout.readline, f"export OPENAI_BASE_URL={base_url}\n")
    assert all(line.startswith(("export ", "unset ")) for line in lines)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.HTTPError, match="401"):
        opener.open(f"{base_url}/models", timeout=TERMINATE_S)
    process.send_signal(number)
    process.communicate(timeout=TERMINATE_S)
    assert process.returncode == 0


def test_port_in_use_is_a_clear_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = run_cli(["simulate", "--port", str(listener.getsockname()[1])], tmp_path)
    assert done.code == 2
    assert "cannot be used" in done.err
