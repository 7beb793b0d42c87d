"""The README shows no command that does not work: every line of its shell blocks is taken apart, and every call of oai-tui is run, against the simulator."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from oai_tui.simulator.server import running
from tests.commands.cli_runner import environment

ROOT = Path(__file__).parent.parent
WORKFLOW = re.compile(r"^```ya?ml\s*\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(
    r"^```(?:console|sh|shell|bash|shell-session)\s*\n(.*?)^```", re.MULTILINE | re.DOTALL
)
RUN = re.compile(r"^\s*(?:- )?run:\s*(.+)$", re.MULTILINE)
"""A step of a workflow, in a YAML block."""
OTHERS = {
    "pip",
    "pipx",
    "uv",
    "uvx",
    "python",
    "python3",
    "keyring",
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
}
"""Programs that the README may name beside our own; these are not run."""
LOG = "2026-11-23 07:00:00 ERROR openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota', 'code': 'insufficient_quota'}}\n"
"""What stands in the log that the README speaks of."""
SEPARATORS = {"|", "||", "&&", ";", "&"}


def shell_lines(text: str) -> Iterator[str]:
    """The command lines of every shell block and of a workflow's steps; of a block with prompts, the lines with prompts alone. Lines continued by a backslash are one."""
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
    """The simple commands of a line: its words without variable assignments, redirections and comments."""
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
    assert call[0] in OTHERS


@pytest.mark.parametrize(
    "arguments", OURS, ids=lambda arguments: " ".join(arguments) or "the wizard"
)
def test_command_works(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(LOG, encoding="utf-8")
    with running("all-good") as simulated:
        env = environment(tmp_path, simulated.client.environment)
        if arguments[:1] == ["simulate"] and "--list" not in arguments:
            code, err = _served(arguments, env, tmp_path)
        else:
            done = subprocess.run(
                [sys.executable, "-m", "oai_tui", *arguments],
                cwd=tmp_path,
                env=env,
                input=simulated.client.environment["OPENAI_API_KEY"],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            code, err = done.returncode, done.stderr
    if not arguments or arguments[0] == "--demo":
        assert (code, "needs a terminal" in err) == (2, True)
    else:
        assert code not in {1, 2}, err


def _served(arguments: list[str], env: dict[str, str], home: Path) -> tuple[int, str]:
    """Starts the simulator, waits until it says where it is, and ends it."""
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
    _, err = process.communicate(timeout=30)
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
def test_line_is_taken_apart(line: str, found: list[list[str]]) -> None:
    assert list(calls(line)) == found


def test_only_prompted_lines_of_a_session_count() -> None:
    assert list(
        shell_lines(
            "```console\n$ oai-tui check \\\n    --json\n{ ... }\n```\n\n```json\n$ no\n```\n"
        )
    ) == ["oai-tui check      --json"]
