"""Finds variables that are set in the start files of shells: a reader of single lines, not a shell. Nothing is run.

A value that a shell would have to work out (`$(…)`, `$NAME`) is told as computed, without the value. Lines inside `if` count as any other.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_WORD = r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s;&|<>()'"\\])*"""
_PIECE = re.compile(
    r"""'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|\\(?P<escaped>.)|(?P<bare>[^'"\\]+)"""
)
_SH = re.compile(
    rf"(?:^|(?<=[\s;&]))(?P<export>(?:(?:export|declare|typeset)\s+(?:-\w+\s+)*)?)(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>{_WORD})"
)
_EXPORT = re.compile(r"(?:^|[\s;&])export\s+((?:[A-Za-z_][A-Za-z0-9_]*(?:\s+|$))+)(?!=)")
_ALL = re.compile(r"(?:^|[\s;&])set\s+(?:-a\b|-o\s+allexport\b)")
_FISH = re.compile(
    rf"(?:^|[\s;&])set\s+(?P<flags>(?:-\S+\s+)*)(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s+(?P<value>{_WORD})"
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
_LINE_LIMIT = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One variable set on a line. `value` is None for a computed one."""

    name: str
    line: int
    value: str | None = field(repr=False)
    exported: bool = True


Match = tuple[str, str | None, bool]
"""Name, value, exported."""


def variables_in(text: str, dialect: str) -> Iterator[Found]:
    """The variables that a file of that dialect (a key of DIALECTS) sets, in order."""
    read = DIALECTS[dialect]
    exported = (
        {name for found in _EXPORT.finditer(text) for name in found[1].split()}
        if dialect == "sh"
        else set()
    )
    everything = dialect == "sh" and bool(_ALL.search(text))
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) <= _LINE_LIMIT and not line.lstrip().startswith("#"):
            for name, value, direct in read(line.rstrip("\r")):
                yield Found(
                    name=name,
                    line=number,
                    value=value,
                    exported=direct or everything or name in exported,
                )


def sourced(text: str) -> Iterator[str]:
    """The files that a start file reads, as it writes them (`~/.secrets`, `$HOME/x`), where a name needs nothing else worked out."""
    for line in text.split("\n"):
        if (
            len(line) <= _LINE_LIMIT
            and not line.lstrip().startswith("#")
            and ("source" in line or "." in line)
        ):
            for match in _SOURCE.finditer(line):
                path = re.sub(r"\$\{?HOME\}?", "~", match["path"].strip("\"'"))
                if path and "$" not in path and "`" not in path:
                    yield path


def _sh(line: str) -> Iterator[Match]:
    for match in _SH.finditer(line):
        yield (
            match["name"],
            _unquoted(match["value"]),
            bool(match["export"])
            and ("x" in match["export"] or match["export"].startswith("export")),
        )


def _fish(line: str) -> Iterator[Match]:
    for match in _FISH.finditer(line):
        flags = match["flags"].split()
        if not any(flag in {"-e", "--erase"} for flag in flags):
            yield (
                match["name"],
                _unquoted(match["value"]),
                any(flag == "--export" or (flag[1:2] != "-" and "x" in flag) for flag in flags),
            )


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
        known = value[:1] == "'" or (value[:1] == '"' and "$" not in value)
        yield match["name"].upper(), value[1:-1] if known else None, True


def _plain(line: str) -> Iterator[Match]:
    """A line of /etc/environment or of systemd's environment.d."""
    if match := _PLAIN.match(line):
        value = match["value"].strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        yield (
            match["name"],
            None if "$" in value and value[:1] != "'" else value[1:-1] if quoted else value,
            True,
        )


def _unquoted(word: str) -> str | None:
    """A word of a shell without its quotes; None when a shell would have to work it out."""
    out = []
    for piece in _PIECE.finditer(word):
        match piece.lastgroup:
            case "single" | "escaped":
                out.append(piece[0][1:-1] if piece.lastgroup == "single" else piece["escaped"])
            case _:
                inner = piece["double"] if piece.lastgroup == "double" else piece["bare"]
                if re.search(r"(?<!\\)[$`]", inner):
                    return None
                out.append(
                    re.sub(r'\\([$`"\\])', r"\1", inner) if piece.lastgroup == "double" else inner
                )
    return "".join(out)


DIALECTS: dict[str, Callable[[str], Iterator[Match]]] = {
    "sh": _sh,
    "fish": _fish,
    "fish-universal": _universal,
    "csh": _csh,
    "powershell": _powershell,
    "plain": _plain,
}
"""How lines are read, by the kind of file."""
