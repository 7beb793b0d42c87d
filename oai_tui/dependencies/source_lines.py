"""Finds lines of a folder's own source files that use parts of an SDK which versions differ in.

Python is parsed, never run; JavaScript and TypeScript are read line by line.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from oai_tui.dependencies.file_text import read_text
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.packages import SourceUse, Usage

MAX_FILES = 200
"""Source files of a folder that are read."""
_LIMIT = 1_000_000
"""Bytes of one source file."""
_SCRIPTS = frozenset({".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx"})
_OLD_NAMES = frozenset({"ChatCompletion", "Completion", "Embedding", "Edit", "Moderation", "Model"})
"""Classes at the top of openai-python 0.x. 1.0 keeps the names as proxies that raise."""
_NEW_NAMES = frozenset({"OpenAI", "AsyncOpenAI", "AzureOpenAI", "AsyncAzureOpenAI"})
_RETIRED = frozenset({"assistants", "threads"})
_SCRIPT_LINES: tuple[tuple[Usage, re.Pattern[str]], ...] = (
    ("assistants-api", re.compile(r"\.beta\.(?:assistants|threads)\b")),
    ("node-3-code", re.compile(r"\bnew (?:openai\.)?(?:OpenAIApi|Configuration)\(")),
    ("node-4-code", re.compile(r"\bnew (?:Azure)?OpenAI\(")),
)
_SCRIPT_IMPORT = re.compile(r"""(?:from|require\(|import)\s*["']openai["']""")
_COMMENT = re.compile(r"^\s*(?://|\*|/\*)")


def source_uses(folder: Path) -> Iterator[SourceUse]:
    """Yield the first line of each kind in each source file of the folder, not of its subfolders.

    Files that cannot be read or parsed are left out: they prove nothing. Code for Azure is left
    out, because Azure retires its endpoints on days of its own.
    """
    try:
        entries = sorted(entry for entry in folder.iterdir() if _is_source(entry))
    except OSError:
        return
    for path in entries[:MAX_FILES]:
        try:
            text = read_text(path, _LIMIT) or ""
        except (OSError, ValueError):
            continue
        if "openai" not in text and "beta." not in text:
            continue
        found = _python_uses(text) if path.suffix == ".py" else _script_uses(text)
        is_azure = "azure" in text.lower()
        for usage, line in sorted(found.items(), key=lambda item: item[1]):
            if not (is_azure and usage == "assistants-api"):
                yield SourceUse(usage=usage, path=visible(path.name), line=line)


def _is_source(path: Path) -> bool:
    return path.suffix == ".py" or path.suffix in _SCRIPTS


def _python_uses(text: str) -> dict[Usage, int]:
    """Return the first line of each usage. Code for 0.x and for 1.0 in one file proves neither."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[Usage, int] = {}
    for usage, line in _python_lines(tree):
        found[usage] = min(line, found.get(usage, line))
    if {"openai-0-code", "openai-1-code"} <= found.keys():
        del found["openai-0-code"], found["openai-1-code"]
    if not _imports_openai(tree):
        found.pop("assistants-api", None)
    return found


def _imports_openai(tree: ast.Module) -> bool:
    return any(
        name.partition(".")[0] == "openai" for node in ast.walk(tree) for name in _imported(node)
    )


def _imported(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Import(names=names):
            return tuple(alias.name for alias in names)
        case ast.ImportFrom(module=str(module), level=0):
            return (module,)
    return ()


def _python_lines(tree: ast.Module) -> Iterator[tuple[Usage, int]]:
    imports_module = any("openai" in _imported(node) for node in ast.walk(tree))
    for node in ast.walk(tree):
        if "httpx" in _imported(node):
            yield "imports-httpx", getattr(node, "lineno", 1)
        match node:
            case ast.ImportFrom(module="openai", level=0, names=names):
                if _NEW_NAMES & {alias.name for alias in names}:
                    yield "openai-1-code", node.lineno
                if "ChatCompletion" in {alias.name for alias in names}:
                    yield "openai-0-code", node.lineno
            case ast.ImportFrom(module="openai.error", level=0):
                yield "openai-0-code", node.lineno
            case ast.Attribute(value=ast.Name(id="openai"), attr=name) if imports_module:
                if name in _NEW_NAMES:
                    yield "openai-1-code", node.lineno
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="openai"), attr=name)):
                if imports_module and name in _OLD_NAMES and node.attr in {"create", "acreate"}:
                    yield "openai-0-code", node.lineno
            case ast.Attribute(value=ast.Attribute(attr="beta"), attr=name) if name in _RETIRED:
                yield "assistants-api", node.lineno


def _script_uses(text: str) -> dict[Usage, int]:
    if not _SCRIPT_IMPORT.search(text):
        return {}
    found: dict[Usage, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if _COMMENT.match(line) or len(line) > 2_000:
            continue
        for usage, shape in _SCRIPT_LINES:
            if usage not in found and shape.search(line):
                found[usage] = number
    if {"node-3-code", "node-4-code"} <= found.keys():
        del found["node-3-code"], found["node-4-code"]
    return found
