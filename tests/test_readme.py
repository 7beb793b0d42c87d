"""Every call of oai-tui in the README's shell blocks works, against the simulator."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from oai_tui.cli import cli
from oai_tui.simulator.server import running
from tests.commands.cli_runner import (
    ROOT,
    TERMINATE_S,
    client_environment,
    environment,
    run_cli,
    run_program,
)

WORKFLOW = re.compile(r"^```ya?ml\s*\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(
    r"^```(?:console|sh|shell|bash|shell-session)\s*\n(.*?)^```", re.MULTILINE | re.DOTALL
)
RUN = re.compile(r"^\s*(?:- )?run:\s*(.+)$", re.MULTILINE)
"""A step of a workflow, in a YAML block."""
OTHER_PROGRAMS = {
    "pip",
    "pipx",
    "uv",
    "uvx",
    "python",
    "python3",
    "keyring",
    "kubectl",
    "export",
    "unset",
    "eval",
    "source",
    "bash",
    "git",
    "cd",
    "echo",
    "printf",
    "cat",
    "pass",
    "op",
    "tmux",
    "jq",
    "curl",
    "sudo",
    "apt-get",
    "gnome-keyring-daemon",
    "dbus-run-session",
    "chmod",
    "docker",
    "deploy.sh",
}
"""Programs that the README may name besides our own; these are not run."""
LOG = (
    "2026-11-23 07:00:00 ERROR openai.RateLimitError: Error code: 429 - {'error': {'message':"
    " 'You exceeded your current quota', 'code': 'insufficient_quota'}}\n"
)
"""The content of the log that the README explains."""
SEPARATORS = {"|", "||", "&&", ";", "&"}


def shell_lines(text: str) -> Iterator[str]:
    """Yield the command lines of every shell block and of a workflow's steps.

    Of a block with prompts these are the lines with prompts. Lines that a backslash continues are
    joined.
    """
    for block in BLOCK.findall(text):
        lines = block.replace("\\\n", " ").splitlines()
        prompted = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        yield from (
            line.strip()
            for line in prompted or lines
            if line.strip() and not line.strip().startswith("#")
        )
    for block in WORKFLOW.findall(text):
        yield from RUN.findall(block)


def calls(line: str) -> Iterator[list[str]]:
    """Yield the simple commands of a line, without assignments, redirections and comments."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words: list[str] = []
    skip = False
    for word in [*lexer, ";"]:
        if word in SEPARATORS:
            if words:
                yield words
            words, skip = [], False
        elif set(word) <= set("<>&|"):
            skip = True
        elif skip:
            skip = False
        elif words or not re.match(r"[A-Za-z_][A-Za-z0-9_]*=", word):
            words.append(word)


README = ROOT / "README.md"
CALLS = [
    call
    for line in shell_lines(README.read_text("utf-8") if README.exists() else "")
    for call in calls(line)
]
CALLS = [[Path(call[0]).name, *call[1:]] for call in CALLS]
OURS = [call[1:] for call in CALLS if call[0] == "oai-tui"]


def test_readme_shows_how_to_install_and_start() -> None:
    assert [] in OURS or ["--demo"] in OURS
    assert any(call[0] in {"pip", "pipx", "uv", "uvx"} for call in CALLS)


@pytest.mark.parametrize("call", [call for call in CALLS if call[0] != "oai-tui"], ids=" ".join)
def test_other_program_is_a_known_one(call: list[str]) -> None:
    assert call[0] in OTHER_PROGRAMS


@pytest.mark.parametrize(
    "arguments", OURS, ids=lambda arguments: " ".join(arguments) or "the wizard"
)
def test_command_works(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LOG, encoding="utf-8")
    (tmp_path / "checks.toml").write_text('[[check]]\nname = "chat"\n', encoding="utf-8")
    if arguments[:1] == ["scan"]:
        subprocess.run(["git", "init", "--quiet", tmp_path], check=True, timeout=TERMINATE_S)
    with running("all-good") as simulated:
        variables = client_environment(simulated)
        serves = arguments[:1] == ["simulate"] and "--list" not in arguments
        if serves or arguments[:3] == ["explain", "--follow", "app.log"]:
            code, err = _serve(arguments, environment(tmp_path, variables), tmp_path)
        else:
            key = variables["OPENAI_API_KEY"].encode()
            run = run_program if arguments[:1] == ["exec"] else run_cli
            done = run(arguments, tmp_path, variables, typed=key)
            code, err = done.code, done.err
    if not arguments or arguments[0] == "--demo":
        assert (code, "needs a terminal" in err) == (2, True)
    else:
        assert code not in {1, 2}, err


def _serve(arguments: list[str], env: dict[str, str], home: Path) -> tuple[int, str]:
    """Start a command that does not end by itself, wait until it prints a line, and end it.

    The simulator gets a free port.
    """
    if "--port" in arguments:
        port = arguments.index("--port") + 1
        arguments = [*arguments[:port], "0", *arguments[port + 1 :]]
    process = subprocess.Popen(
        [sys.executable, "-m", "oai_tui", *arguments],
        cwd=home,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    _, err = process.communicate(timeout=TERMINATE_S)
    return process.returncode, err


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("oai-tui", [["oai-tui"]]),
        (
            "OPENAI_API_KEY=x oai-tui check --json | jq .verdict  # only this",
            [["oai-tui", "check", "--json"], ["jq", ".verdict"]],
        ),
        (
            "pass openai | oai-tui check --source stdin > report.json",
            [["pass", "openai"], ["oai-tui", "check", "--source", "stdin"]],
        ),
        ("oai-tui check && echo 'all good'", [["oai-tui", "check"], ["echo", "all good"]]),
    ],
)
def test_line_is_split_into_commands(line: str, found: list[list[str]]) -> None:
    assert list(calls(line)) == found


def test_only_prompted_lines_of_a_session_count() -> None:
    assert list(
        shell_lines(
            "```console\n$ oai-tui check \\\n    --json\n{ ... }\n```\n\n```json\n$ no\n```\n"
        )
    ) == ["oai-tui check      --json"]


TABLED = ["scan", "profiles due", "profiles calendar", "profiles push"]
"""Commands whose options and exit codes the README lists in a row of a table."""


@pytest.mark.parametrize("name", TABLED)
def test_row_of_a_command_has_its_options_and_exit_codes(name: str) -> None:
    command: click.Command = cli
    for word in name.split():
        found = command.get_command(click.Context(command), word)  # type: ignore[attr-defined]
        assert found is not None
        command = found
    text = README.read_text("utf-8")
    (row,) = re.findall(rf"^\| `{name}[ `].*$", text, re.MULTILINE)
    _, _, options, codes, _ = re.split(r"(?<!\\)\|", row)
    wanted = {option for each in command.params for option in each.opts if option[:2] == "--"}
    assert set(re.findall(r"--[a-z-]+", options)) == wanted - {"--help"}
    help_text = command.help or ""
    described = help_text[help_text.index("Exit codes:") :]
    number = r"(?<![\w.])\d+(?= )"
    assert re.findall(number, codes) == re.findall(number, described)
