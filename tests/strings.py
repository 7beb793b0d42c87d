"""Print every text that the program can show: `python -m tests.strings [PATH…]`.

One line for each: the file, the line and the text. A PATH is a file or a folder; oai_tui/ by
default. Placeholders of f-strings appear as they are in the source.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATTERN_FUNCTIONS = {"pattern", "any_of", "compile", "lazy_pattern", "LazyPattern"}
"""Functions whose arguments are regular expressions and samples of other programs' texts."""
SHOWN_ARGUMENTS = {"label", "title", "text", "tooltip", "description", "placeholder", "help"}
"""Arguments that are shown even if they are one word."""
_NOT_PROSE = re.compile(r"\(\?[:=!<ims-]|\\[bsdwWAZ]|\[\^|\)\*|^[\s\W\d]*$")
"""Regular expressions, and texts without a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    """A text of the program. `path`: relative to the repository; `line`: where it begins."""

    path: str
    line: int
    text: str


def shown_texts(paths: Iterable[Path]) -> Iterator[ShownText]:
    """Yield the texts of Python files, and of all Python files in folders, in their order."""
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            tree = ast.parse(file.read_text("utf-8"))
            name = file.resolve().relative_to(ROOT).as_posix()
            for node in _text_nodes(tree, shown=False):
                yield ShownText(path=name, line=node.lineno, text=text_of(node))


def text_of(node: ast.Constant | ast.JoinedStr) -> str:
    """Return the text of a string; an f-string keeps its placeholders in braces."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(
        f"{{{ast.unparse(part.value)}}}" if isinstance(part, ast.FormattedValue) else text_of(part)
        for part in node.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )


def _text_nodes(node: ast.AST, *, shown: bool) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Yield the strings below a node. `shown`: it is an argument that is shown in any case."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            if _is_text(node, shown=shown):
                yield node
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        case ast.Call() if _takes_patterns(node):
            return
        case ast.keyword(arg=name, value=value):
            yield from _text_nodes(value, shown=name in SHOWN_ARGUMENTS)
            return
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _text_nodes(child, shown=False)


def _is_text(node: ast.Constant | ast.JoinedStr, *, shown: bool) -> bool:
    if isinstance(node, ast.Constant):
        fixed = str(node.value)
        return (shown or " " in fixed.strip()) and not _NOT_PROSE.search(fixed)
    return " " in text_of(node).strip() and not _NOT_PROSE.search(_fixed_part(node))


def _fixed_part(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))


def _takes_patterns(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id=name):
            return name in PATTERN_FUNCTIONS
        case ast.Attribute(value=ast.Name(id="re")):
            return True
        case ast.Attribute(attr=name):
            return name == "compile"
    return False


if __name__ == "__main__":
    named = [Path(argument) for argument in sys.argv[1:]] or [ROOT / "oai_tui"]
    for shown in shown_texts(named):
        print(f"{shown.path}:{shown.line}: {' '.join(shown.text.split())}")
