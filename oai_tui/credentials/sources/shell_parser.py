"""Finds assignments of variables in shell startup files, line by line. Nothing is run.

This is not a shell: a value that a shell would compute (`$(…)`, `$NAME`) is reported as computed,
without the value, and lines inside `if` count like any other.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_WORD = r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s;&|<>()'"\\])*"""
_PIECE = re.compile(
    r"""'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|\\(?P<escaped>.)|(?P<bare>[^'"\\]+)"""
)
_SH = re.compile(
    r"(?:^|(?<=[\s;&]))(?P<export>(?:(?:export|declare|typeset)\s+(?:-\w+\s+)*)?)"
    rf"(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>{_WORD})"
)
_EXPORT = re.compile(r"(?:^|[\s;&])export\s+((?:[A-Za-z_][A-Za-z0-9_]*(?:\s+|$))+)(?!=)")
_EXPORT_ALL = re.compile(r"(?:^|[\s;&])set\s+(?:-a\b|-o\s+allexport\b)")
_FISH = re.compile(
    r"(?:^|[\s;&])set\s+(?P<flags>(?:-\S+\s+)*)(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s+"
    rf"(?P<value>{_WORD})"
)
_UNIVERSAL = re.compile(
    r"SETUVAR\s+(?P<flags>(?:--\w+\s+)*)(?P<name>[A-Za-z_][A-Za-z0-9_]*):(?P<value>.*)"
)
_CSH = re.compile(rf"(?:^|[\s;&])setenv\s+(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s+(?P<value>{_WORD})")
_POWERSHELL = re.compile(
    r"""\$env:(?P<name>\w+)\s*=\s*(?P<value>"[^"]*"|'[^']*'|\S+)""", re.IGNORECASE
)
_PLAIN = re.compile(r"""\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)""")
_SOURCE = re.compile(rf"(?:^|[\s;&])(?:source|\.)\s+(?P<path>{_WORD})")
_MAX_LINE = 8192
"""Characters of a line. Longer lines are skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One assignment. `line`: its number, from 1. `value`: None for a computed one."""

    name: str
    line: int
    value: str | None = field(repr=False)
    exported: bool = True


Match = tuple[str, str | None, bool]
"""Name, value (None if computed), whether it is exported on the same line."""


def assignments_in(text: str, dialect: str) -> Iterator[Assignment]:
    """Return the assignments in a file, in order. `dialect`: a key of DIALECTS."""
    parse_line = DIALECTS[dialect]
    exported: set[str] = set()
    exports_all = False
    if dialect == "sh":
        exported = {name for match in _EXPORT.finditer(text) for name in match[1].split()}
        exports_all = bool(_EXPORT_ALL.search(text))
    for number, line in _lines(text):
        for name, value, exported_here in parse_line(line.rstrip("\r")):
            yield Assignment(
                name=name,
                line=number,
                value=value,
                exported=exported_here or exports_all or name in exported,
            )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not comments, each after its number."""
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) <= _MAX_LINE and not line.lstrip().startswith("#"):
            yield number, line


def sourced_files(text: str) -> Iterator[str]:
    """Return the files that a startup file sources, with ~ for the home folder.

    A path that a shell would compute in another way is left out.
    """
    for _, line in _lines(text):
        if "source" not in line and "." not in line:
            continue
        for match in _SOURCE.finditer(line):
            path = re.sub(r"\$\{?HOME\}?", "~", match["path"].strip("\"'"))
            if path and "$" not in path and "`" not in path:
                yield path


def _sh(line: str) -> Iterator[Match]:
    for match in _SH.finditer(line):
        exported = "x" in match["export"]  # of export, declare -x or typeset -x
        yield match["name"], _unquoted(match["value"]), exported


def _fish(line: str) -> Iterator[Match]:
    for match in _FISH.finditer(line):
        flags = match["flags"].split()
        if not any(flag in {"-e", "--erase"} for flag in flags):
            exported = any(
                flag == "--export" or (flag[1:2] != "-" and "x" in flag) for flag in flags
            )
            yield match["name"], _unquoted(match["value"]), exported


def _universal(line: str) -> Iterator[Match]:
    if match := _UNIVERSAL.match(line):
        value = re.sub(r"\\x([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), match["value"])
        yield match["name"], value, "--export" in match["flags"]


def _csh(line: str) -> Iterator[Match]:
    for match in _CSH.finditer(line):
        yield match["name"], _unquoted(match["value"]), True


def _powershell(line: str) -> Iterator[Match]:
    for match in _POWERSHELL.finditer(line):
        value = match["value"]
        is_literal = value[:1] == "'" or (value[:1] == '"' and "$" not in value)
        yield match["name"].upper(), value[1:-1] if is_literal else None, True


def _plain(line: str) -> Iterator[Match]:
    """A line of /etc/environment or of systemd's environment.d."""
    if match := _PLAIN.match(line):
        value = match["value"].strip()
        is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        if "$" in value and value[:1] != "'":
            yield match["name"], None, True
        else:
            yield match["name"], value[1:-1] if is_quoted else value, True


def _unquoted(word: str) -> str | None:
    """A shell's word without its quotes; None if a shell would compute it."""
    parts = []
    for piece in _PIECE.finditer(word):
        kind = piece.lastgroup or ""
        part = piece[kind]
        if kind in {"double", "bare"} and re.search(r"(?<!\\)[$`]", part):
            return None
        if kind == "double":
            part = re.sub(r'\\([$`"\\])', r"\1", part)
        parts.append(part)
    return "".join(parts)


DIALECTS: dict[str, Callable[[str], Iterator[Match]]] = {
    "sh": _sh,
    "fish": _fish,
    "fish-universal": _universal,
    "csh": _csh,
    "powershell": _powershell,
    "plain": _plain,
}
"""Parses one line, by the dialect of the file."""
