"""Rules of the code: imports, access to keys, modules that a command loads, words, timing."""

import ast
import io
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.cli_runner import ROOT, TERMINATE_S
from tests.strings import shown_texts

PACKAGE = ROOT / "oai_tui"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAY_REVEAL = {"oai_tui/probes/http_client.py", "oai_tui/credentials/store/vault.py"}
MAY_IMPORT_HTTPX = {"oai_tui/probes/http_client.py", "oai_tui/simulator/transport.py"}
KEY = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_\-]{20,}|eyJ[\w-]{20,}"
    r"|(?:gsk_|xai-|hf_|nvapi-|pplx-)[A-Za-z0-9]{20,}|AIza[\w-]{30,})"
)
MAY_HOLD_A_KEY = {".py", ".svg", ".json", ".ambr", ".txt", ".md", ".raw", ".toml"}
LIST_MODULES = """
import sys
from oai_tui.cli import main
try:
    main(sys.argv[1:])
finally:
    sys.stderr.write("LOADED " + " ".join(sys.modules))
"""
VAGUE_MODULE_NAMES = {"utils", "helpers", "common", "manager"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
BANNED_WORDS = re.compile(
    "rungs?|ladders?|sittings?|apart|beside|told|whom|houses?|patients?|accused?|confess"
    "|farewell|anew|nouns?|manners?"
)
"""Words of a private dialect: a search for the usual term does not find them."""
BANNED_IDENTIFIER_WORDS = re.compile(f"{BANNED_WORDS.pattern}|grounds?")
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
"""A word of an identifier or of a sentence."""
BANNED_PHRASES = (
    r"stands? (?:in|at|between|before|after|below|beside|there|for itself)",
    r"beside(?! the point)",
    r"(?:is|are|was|not|were) told|tells? (?:of|apart|none|most)|\w+ tells?\.",
    r"whom|anew|begins? again|somebody|nobody|may live",
    r"sound (?:certificate|key|text)|is sound",
    r"(?:is|are) meant|(?:key|server|one) is meant|meant for",
    r"com(?:es|e|ing) about|the way (?:here|out|to OpenAI|spoils)",
    r"(?:key|it) is good",
    r"(?:does|not|would|will) take the key|takes (?:the|a) key|is taken",
    r"is (?:no|none) (?:key|longer a key|member|part|API key|whole number|file|folder|text)",
    r"no part in it|at fault\?|of its own|not the key's|the key's own",
    r"in the manner|'s manner|spoils?|on whose behalf|given back|gave (?:back|nothing)",
    r"(?:is|was) ended|ended (?:by|on)",
    r"wins over|who wins|the one that wins",
    r"does no harm|stays silent|works it out|for good measure",
    r"in the same words|of the same words|words of the answer",
    r"held against|lean(?:s|ing) on|asked for all the same|all the same",
    r"(?:the|its) (?:experiment|walk)s?\b|an experiment",
)
"""Phrases that are archaic, metaphors, or translated: regular expressions between word limits."""
QUOTED_TEXTS = ("oai_tui/diagnosis/text/", "oai_tui/knowledge/responders.py")
"""Files with texts of servers and of other programs."""
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "time", "time_ns"}
MEASURED_TIME = re.compile(r"elapsed(_\w+)?|took|seconds|duration(_\w+)?")
"""Names of real times in tests."""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_reveal_is_called_in_two_files_only() -> None:
    callers = {_name(path) for path in SOURCES if re.search(r"\.reveal\(", path.read_text("utf-8"))}
    assert callers <= MAY_REVEAL


def test_nobody_reaches_into_a_secret() -> None:
    assert [_name(path) for path in SOURCES if "_Secret__text" in path.read_text("utf-8")] == []


def test_no_screen_closes_whatever_is_on_top() -> None:
    screens = ROOT / "oai_tui/tui/screens"
    careless = [_name(path) for path in screens.glob("*.py") if "pop_screen" in path.read_text()]
    assert careless == [], "use close_screen"


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
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "OPENAI_API_KEY": "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 74,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *arguments],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        check=False,
    )
    loaded = {module.split(".")[0] for module in done.stderr.partition("LOADED ")[2].split()}
    assert loaded, done.stderr
    assert not loaded & unwanted


def test_no_key_is_written_down_anywhere() -> None:
    files = [
        path
        for path in ROOT.rglob("*")
        if path.suffix in MAY_HOLD_A_KEY and path.is_file() and not _is_generated(path)
    ]
    assert len(files) > len(SOURCES)
    assert [_name(path) for path in files if KEY.search(path.read_text("utf-8", "replace"))] == []


def test_every_module_has_a_docstring() -> None:
    assert [_name(path) for path in SOURCES if not ast.get_docstring(_tree(path))] == []


def test_no_module_has_a_vague_name() -> None:
    assert [_name(path) for path in SOURCES if VAGUE_MODULE_NAMES & set(path.parts)] == []
    assert [_name(path) for path in SOURCES if path.stem in VAGUE_MODULE_NAMES] == []


def test_nothing_is_left_unfinished() -> None:
    assert [_name(path) for path in SOURCES if UNFINISHED.search(path.read_text("utf-8"))] == []


def test_identifiers_comments_and_docstrings_use_the_usual_words() -> None:
    banned = [
        f"{_name(path)}:{line} {word}"
        for path in (*SOURCES, *TESTS)
        for line, word in (*_banned_in_tokens(path), *_banned_in_docstrings(path))
    ]
    assert banned == []


def test_shown_texts_use_plain_words() -> None:
    """`python -m tests.strings` prints them all."""
    banned = re.compile(rf"\b(?:{'|'.join(BANNED_PHRASES)})\b", re.IGNORECASE)
    assert [
        f"{shown.path}:{shown.line} “{found[0]}” in: {shown.text}"
        for shown in shown_texts([PACKAGE])
        if not shown.path.startswith(QUOTED_TEXTS)
        if (found := banned.search(shown.text))
    ] == []


def test_no_test_asserts_how_long_something_took() -> None:
    """A busy machine fails such a test; process time and clocks that the test sets are fine."""
    timed = [
        f"{_name(path)}:{node.lineno}"
        for path in TESTS
        for function in ast.walk(_tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in _timed_assertions(function)
    ]
    assert timed == []


def _is_generated(path: Path) -> bool:
    """Return True if a tool made it: environments, caches, builds."""
    return any(
        part.startswith(".")
        or part in {"build", "dist", "__pycache__"}
        or part.endswith(".egg-info")
        for part in path.relative_to(ROOT).parts
    )


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _banned_in_tokens(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines and words of identifiers and comments."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        if token.type == tokenize.NAME:
            pattern = BANNED_IDENTIFIER_WORDS
        elif token.type == tokenize.COMMENT:
            pattern = BANNED_WORDS
        else:
            continue
        for word in WORD.findall(token.string):
            if pattern.fullmatch(word.lower()):
                yield token.start[0], word


def _banned_in_docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines and words of every string that is a statement of its own."""
    for node in ast.walk(_tree(path)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                for word in WORD.findall(text):
                    if BANNED_WORDS.fullmatch(word.lower()):
                        yield node.lineno, word


def _timed_assertions(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Assert]:
    """Yield the assertions that read a clock, or put a measured time in order with something."""
    measured = {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and _reads_a_clock(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            comparisons = [part for part in ast.walk(node.test) if isinstance(part, ast.Compare)]
            if _reads_a_clock(node.test) or any(_orders(part, measured) for part in comparisons):
                yield node


def _reads_a_clock(node: ast.AST) -> bool:
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[]):
                if name in CLOCKS:
                    return True
    return False


def _orders(comparison: ast.Compare, measured: set[str]) -> bool:
    """Return True if it is <, <=, > or >= with a measured time on either side."""
    if not any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in comparison.ops):
        return False
    for side in (comparison.left, *comparison.comparators):
        match side:
            case ast.Name(id=name) if name in measured:
                return True
            case ast.Name(id=name) | ast.Attribute(attr=name):
                if MEASURED_TIME.fullmatch(name):
                    return True
            case ast.Subscript(slice=ast.Constant(value=str(name))):
                if MEASURED_TIME.fullmatch(name):
                    return True
    return False


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
