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
from markdown_it import MarkdownIt

from oai_tui.diagnosis.walk_costs import STATUSES
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.tree import TREE
from oai_tui.simulator.scenarios import DEMOS
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
    for title in ("What it is", "How it looks", "How to fix it", "How to confirm it"):
        assert title in out


@pytest.mark.parametrize(
    "cause", ["regional-host-wrong", "organization-mismatch", "model-not-found"]
)
def test_no_brace_of_a_template_is_shown(cause: str, tmp_path: Path) -> None:
    assert "{" not in run_cli(["causes", cause], tmp_path).out


SHOWN_BY_THE_KEY_ITSELF = {"key-admin-on-inference", "key-chatgpt-token", "key-ephemeral"}
"""Causes whose status does not matter, because the text of the key shows them."""


@pytest.mark.parametrize("status", STATUSES)
def test_causes_of_a_status_are_those_of_its_demos(status: int, tmp_path: Path) -> None:
    entries = json.loads(run_cli(["causes", "--status", str(status), "--json"], tmp_path).out)
    shown = {
        demo.cause
        for demo in DEMOS.values()
        if demo.status == status and demo.cause not in SHOWN_BY_THE_KEY_ITSELF
    }
    assert shown - {entry["id"] for entry in entries} == set()
    assert len(entries) < len(CATALOGUE)


def test_causes_of_a_status_as_text(tmp_path: Path) -> None:
    done = run_cli(["causes", "--status", "503"], tmp_path)
    assert (done.code, "  service-overloaded " in done.out, "key-" in done.out) == (0, True, False)


def test_status_without_a_cause_is_said(tmp_path: Path) -> None:
    done = run_cli(["causes", "--status", "418"], tmp_path)
    assert (done.code, done.out) == (0, "No cause is known for the status 418.\n")


@pytest.mark.parametrize("cause", CATALOGUE)
def test_cause_as_markdown(cause: str, tmp_path: Path) -> None:
    out = run_cli(["causes", cause, "--format", "markdown"], tmp_path).out
    page = MarkdownIt().parse(out)
    headings = [
        page[number + 1].content for number, each in enumerate(page) if each.type == "heading_open"
    ]
    assert headings[1:3] == ["What it is", "How it looks"] or cause == "unknown"
    assert out.count(f"`{cause}`") >= 1
    assert "{" not in out.replace("%{http_code}", "")


def test_list_of_causes_as_markdown(tmp_path: Path) -> None:
    out = run_cli(["causes", "--format", "markdown"], tmp_path).out
    html = MarkdownIt().enable("table").render(out)
    assert html.count("<tr>") == len(CATALOGUE) + 1


def test_requests_of_each_status_are_printed(tmp_path: Path) -> None:
    out = run_cli(["tree", "--costs"], tmp_path).out
    assert [int(line[:3]) for line in out.splitlines() if line[3:4] == ":"] == list(STATUSES)
    assert "No check sends more than 10 requests." in " ".join(out.split())
    (line,) = [
        line
        for line in run_cli(["tree", "--status", "429"], tmp_path).out.splitlines()
        if "quota-exhausted" in line
    ]
    assert line.split() == ["quota-exhausted", "-", "2", "3-4", "3-5", "$"]


def test_requests_of_a_status_as_json_and_markdown(tmp_path: Path) -> None:
    arguments = ["tree", "--status", "429", "--status", "401", "--format"]
    document = run_cli([*arguments, "json"], tmp_path).document
    assert [each["status"] for each in document["statuses"]] == [429, 401]
    rows = {each["cause"]: each for each in document["statuses"][0]["causes"]}
    assert rows["quota-exhausted"]["steps"][-1] == {
        "step": "inference",
        "requests": {"fewest": 3, "most": 5},
        "billed": True,
    }
    html = MarkdownIt().enable("table").render(run_cli([*arguments, "markdown"], tmp_path).out)
    assert html.count("<table>") == 2
    assert "<td><code>quota-exhausted</code></td>" in html


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["causes", "unknown", "--status", "401"], "mutually exclusive"),
        (["causes", "--status", "7"], "400<=x<=599"),
        (["causes", "--format", "html"], "'text', 'json', 'markdown'"),
        (["tree", "--status", "401", "--costs"], "mutually exclusive"),
        (["tree", "--status", "401", "--format", "mermaid"], "shows the tree only"),
        (["tree", "--format", "markdown"], "needs --status or --costs"),
    ],
)
def test_usage_errors(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = run_cli(arguments, tmp_path)
    assert (done.code, done.out, says in done.err) == (2, "", True)


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
