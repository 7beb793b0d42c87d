"""Source: the .env file, read as python-dotenv's `load_dotenv` reads it, with line numbers.

Only the nearest .env counts, that of the folder or else of its parents, as for `find_dotenv`;
those farther up and .env.local do not. The process environment is not changed. A file that cannot
be read is reported in a sentence, never by an exception, and no sentence quotes the file.
"""

import io
import os
import re
import stat
from collections import ChainMap
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote

from oai_tui.credentials.sources import env_names
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin
from oai_tui.system.paths import error_reason

_MAX_BYTES = 1_000_000
_MAX_FOLDERS = 40
"""Folders that are searched: the working folder and its parents."""
_MAX_FARTHER = 10
"""Files that are read besides the nearest .env."""
_LOCAL = ".env.local"
"""Web frameworks read it before .env; python-dotenv never reads it."""
_MAX_REFERENCES = 10_000_000
"""References in a value times its characters: python-dotenv looks for the end of each of them."""
_BLANKS = re.compile(r"[^\S\r\n]{500}")
"""A run of blanks for which python-dotenv takes quadratic time; no ordinary file has one."""
_TO_UTF8 = "iconv -f UTF-16 -t UTF-8 {0} > {0}.utf8 && mv {0}.utf8 {0}"
_WITHOUT_BYTE_ORDER_MARK = r"perl -pi -e 's/^\xEF\xBB\xBF//' {0}"
_NAMES = frozenset((*env_names.KEYS, *env_names.SHOWN, *env_names.IGNORED))


def read(env: Mapping[str, str], folder: Path) -> SourceResult:
    """Return the known variables of the nearest .env in `folder` or above, later lines first.

    `env` gives the values for `${NAME}`, before those of the file itself, as in `load_dotenv`.
    """
    problems: list[str] = []
    for path in _candidates(folder):
        shown = _relative_path(path, folder)
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            problems.append(f"{shown} cannot be read: {_reason(error)}")
            continue
        if stat.S_ISREG(mode):
            return _read_file(path, shown, env, problems)
        what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        problems.append(f"{shown} is {what}, so it was not read")
    return SourceResult(problems=tuple(problems))


def read_farther(env: Mapping[str, str], folder: Path) -> SourceResult:
    """Return the known variables of the files that `load_dotenv` does not read.

    These are every .env above the nearest, and every .env.local. A file that cannot be read is
    not reported.
    """
    files = [path for path in _candidates(folder) if path.is_file()]
    local = [path for parent in _folders(folder) if (path := parent / _LOCAL).is_file()]
    settings: list[VariableSetting] = []
    for path in (*local, *files[1:])[:_MAX_FARTHER]:
        settings += _read_file(path, _relative_path(path, folder), env, []).settings
    return SourceResult(settings=tuple(settings))


def reading_of(text: str, env: Mapping[str, str], shown: str = ".env") -> SourceResult:
    """Return the known variables in the text of a .env file. `shown`: its name, for display."""
    return _parse(text, shown, env, [])


def _candidates(folder: Path) -> Iterator[Path]:
    return (parent / ".env" for parent in _folders(folder))


def _folders(folder: Path) -> tuple[Path, ...]:
    start = Path(os.path.abspath(folder))
    return (start, *start.parents)[:_MAX_FOLDERS]


def _relative_path(path: Path, folder: Path) -> str:
    """The path relative to `folder`, for display."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.as_posix()


def _read_file(path: Path, shown: str, env: Mapping[str, str], problems: list[str]) -> SourceResult:
    """Read one file. `problems`: those reported before, which become part of the result."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
            changed_at = os.fstat(file.fileno()).st_mtime
        text = "" if _is_utf16(raw) else raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"{shown} is not UTF-8 text (line {line}), so it was not read"
        return SourceResult(problems=(*problems, problem))
    except OSError as error:
        return SourceResult(problems=(*problems, f"{shown} cannot be read: {_reason(error)}"))
    if problem := _problem_with(raw, text, shown):
        return SourceResult(problems=(*problems, problem))
    if text.startswith("\ufeff"):
        fix = _WITHOUT_BYTE_ORDER_MARK.format(quote(shown))
        problems.append(
            f"{shown} begins with a byte-order mark, which shells, docker and some readers of .env "
            f"files take for part of the first name: {fix}"
        )
    return _parse(text, shown, env, problems, changed_at)


def _is_utf16(raw: bytes) -> bool:
    return raw[:2] in {b"\xff\xfe", b"\xfe\xff"}


def _problem_with(raw: bytes, text: str, shown: str) -> str:
    """The reason why the contents of a file are not parsed, in a sentence, or ""."""
    if _is_utf16(raw):
        return (
            f"{shown} is UTF-16, as Windows PowerShell writes it, so nothing in it counts: "
            f"{_TO_UTF8.format(quote(shown))}"
        )
    if len(raw) > _MAX_BYTES:
        return f"{shown} is larger than 1 MB, so it was not read"
    if _BLANKS.search(text):
        return f"{shown} holds 500 blanks in a row, so it was not read"
    return ""


def _parse(
    text: str,
    shown: str,
    env: Mapping[str, str],
    problems: list[str],
    changed_at: float | None = None,
) -> SourceResult:
    """Parse a file's text. `problems`: those reported before. `changed_at`: as in the settings."""
    from dotenv.parser import parse_stream
    from dotenv.variables import parse_variables

    settings: list[VariableSetting] = []
    notes: list[str] = []
    values: dict[str, str | None] = {}
    known = ChainMap(dict[str, str | None](env), values)
    for entry in parse_stream(io.StringIO(text, newline=None)):
        place = f"{shown}:{_line(entry.original.string, entry.original.line)}"
        if entry.error:
            problems.append(f"{place} cannot be understood as NAME=value, so it does not count")
        if entry.key is None:
            continue
        value = None
        if entry.value is not None:
            if entry.value.count("${") * len(entry.value) > _MAX_REFERENCES:
                problems.append(f"{place} holds too many references (${{…}}), so it does not count")
                continue
            atoms = parse_variables(entry.value)
            value = "".join(atom.resolve(known) for atom in atoms)
        values[entry.key] = value
        if entry.key not in _NAMES:
            continue
        if value is None:
            settings = [setting for setting in settings if setting.name != entry.key]
            notes.append(
                f"{entry.key} in {place} has no value, so neither it nor an earlier line counts"
            )
        else:
            settings.append(
                VariableSetting(
                    name=entry.key,
                    value=value,
                    origin=Origin(kind="dotenv", name=entry.key, place=place),
                    changed_at=changed_at,
                )
            )
    return SourceResult(
        settings=tuple(reversed(settings)), notes=tuple(notes), problems=tuple(problems)
    )


def _line(statement: str, first: int) -> int:
    """The line on which a statement begins.

    To the parser, the empty lines before it are part of the statement. `first`: their line.
    """
    blanks = statement[: len(statement) - len(statement.lstrip())]
    return first + blanks.count("\n")


def _reason(error: OSError | ValueError) -> str:
    return error_reason(error) if isinstance(error, OSError) else "its path is unusable"
