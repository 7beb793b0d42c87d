"""The house keeps its shape: who imports whom, who may see a key, what is loaded when, and how large things may be."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "oai_tui"
SOURCES = sorted(PACKAGE.rglob("*.py"))
MAY_REVEAL = {"oai_tui/probes/http_client.py", "oai_tui/credentials/store/vault.py"}
MAY_IMPORT_HTTPX = {"oai_tui/probes/http_client.py", "oai_tui/simulator/transport.py"}
KEY = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_\-]{20,}|eyJ[\w-]{20,}|(?:gsk_|xai-|hf_|nvapi-|pplx-)[A-Za-z0-9]{20,}|AIza[\w-]{30,})"
)
SHOWN = {".svg", ".json", ".ambr", ".txt", ".md", ".raw", ".toml"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_reveal_is_called_in_two_files_only() -> None:
    callers = {_name(path) for path in SOURCES if re.search(r"\.reveal\(", path.read_text("utf-8"))}
    assert callers <= MAY_REVEAL


def test_nobody_reaches_into_a_secret() -> None:
    assert [_name(path) for path in SOURCES if "_Secret__text" in path.read_text("utf-8")] == []


def test_httpx_is_imported_in_two_files_only() -> None:
    importers = {
        _name(path)
        for path in SOURCES
        for module in _imports(path)
        if module.split(".")[0] in {"httpx", "httpcore"}
    }
    assert importers <= MAY_IMPORT_HTTPX


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], {"textual", "rich", "httpx", "keyring", "asyncio"}),
        (["tree"], {"textual", "rich", "httpx", "keyring"}),
        (["causes"], {"textual", "rich", "httpx", "keyring"}),
        (
            ["explain", str(ROOT / "README.md")],
            {"textual", "rich", "httpx", "keyring", "asyncio", "ssl"},
        ),
        (["check"], {"textual", "keyring"}),
        (
            ["check", "--base-url", "http://127.0.0.1:9", "--source", "env", "--timeout", "5"],
            {"textual", "keyring"},
        ),
    ],
    ids=lambda value: " ".join(sorted(value) if isinstance(value, set) else value),
)
def test_command_loads_nothing_heavy(
    arguments: list[str], unwanted: set[str], tmp_path: Path
) -> None:
    code = f"import sys\nfrom oai_tui.cli import main\ntry:\n    main({arguments!r})\nfinally:\n    sys.stderr.write('LOADED ' + ' '.join(sys.modules))"
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "OPENAI_API_KEY": "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 74,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    loaded = {module.split(".")[0] for module in done.stderr.partition("LOADED ")[2].split()}
    assert loaded, done.stderr
    assert not loaded & unwanted


def test_no_key_is_written_down_anywhere() -> None:
    files = [
        path
        for path in ROOT.rglob("*")
        if path.suffix in SHOWN | {".py"} and path.is_file() and not _is_made(path)
    ]
    assert len(files) > len(SOURCES)
    assert [_name(path) for path in files if KEY.search(path.read_text("utf-8", "replace"))] == []


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_module_says_what_it_promises(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager"])
def test_no_module_without_a_subject(name: str) -> None:
    assert [_name(path) for path in SOURCES if path.stem == name or path.parent.name == name] == []


def test_nothing_is_left_undone() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [_name(path) for path in SOURCES if marks.search(path.read_text("utf-8"))] == []


def _is_made(path: Path) -> bool:
    """Whether a tool made it: environments, caches, builds."""
    return any(
        part.startswith(".")
        or part in {"build", "dist", "__pycache__"}
        or part.endswith(".egg-info")
        for part in path.relative_to(ROOT).parts
    )


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
