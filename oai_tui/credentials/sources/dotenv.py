"""Source: the .env file, read as python-dotenv's `load_dotenv` reads it, with line numbers.

Only the nearest .env counts, that of the folder or else of its parents, as for `find_dotenv`;
those farther up and .env.local do not. The process environment is not changed. A file that cannot
be read is reported in a sentence, never by an exception, and no sentence quotes the file.

A named pipe is read too, as python-dotenv does since 1.2.1: 1Password mounts one.
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
from oai_tui.system.named_pipe import read_pipe
from oai_tui.system.paths import error_reason, folder_and_parents

_MAX_BYTES = 1_000_000
_PIPE_WAIT_S = 2.0
"""Seconds for the writer of a named pipe."""
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
_PIPES: dict[tuple[str, int, int], bytes] = {}
"""Path, device and inode of a named pipe -> what it gave."""
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
            problems.append(f"{shown} can't be read: {_reason(error)}")
            continue
        if stat.S_ISREG(mode) or stat.S_ISFIFO(mode):
            return _read_file(path, shown, env, problems)
        what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        problems.append(f"{shown} is {what}, so it was not read")
    return SourceResult(problems=tuple(problems))


def read_farther(env: Mapping[str, str], folder: Path) -> SourceResult:
    """Return the known variables of the files that `load_dotenv` does not read.

    These are every .env above the nearest, and every .env.local. A file that cannot be read is
    not reported.
    """
    candidates = [path for path in _candidates(folder) if path.is_file() or path.is_fifo()]
    farther = [path for path in candidates[1:] if path.is_file()]
    local = [path for parent in _folders(folder) if (path := parent / _LOCAL).is_file()]
    settings: list[VariableSetting] = []
    for path in (*local, *farther)[:_MAX_FARTHER]:
        settings += _read_file(path, _relative_path(path, folder), env, []).settings
    return SourceResult(settings=tuple(settings))


def reading_of(text: str, env: Mapping[str, str], shown: str = ".env") -> SourceResult:
    """Return the known variables in the text of a .env file. `shown`: its name, for display."""
    return _parse(text, shown, env, [])


def _candidates(folder: Path) -> Iterator[Path]:
    return (parent / ".env" for parent in _folders(folder))


def _folders(folder: Path) -> tuple[Path, ...]:
    return folder_and_parents(folder, _MAX_FOLDERS)


def _relative_path(path: Path, folder: Path) -> str:
    """The path relative to `folder`, for display."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.as_posix()


def _read_file(path: Path, shown: str, env: Mapping[str, str], problems: list[str]) -> SourceResult:
    """Read one file. `problems`: those reported before, which become part of the result."""
    try:
        raw, changed_at = _bytes_of(path)
        text = "" if _is_utf16(raw) else raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"{shown} is not UTF-8 text (line {line}), so it was not read"
        return SourceResult(problems=(*problems, problem))
    except OSError as error:
        problem = f"{shown} can't be read: {_reason(error)}"
        return SourceResult(problems=(*problems, problem), unread=(shown,))
    if not raw and changed_at is None:
        problem = (
            f"{shown} is a named pipe, and no program wrote to it within {_PIPE_WAIT_S:g} "
            "seconds, so it was not read"
        )
        return SourceResult(problems=(*problems, problem), unread=(shown,))
    if problem := _problem_with(raw, text, shown):
        unread = () if _is_utf16(raw) else (shown,)
        return SourceResult(problems=(*problems, problem), unread=unread)
    if text.startswith("\ufeff"):
        fix = _WITHOUT_BYTE_ORDER_MARK.format(quote(shown))
        problems.append(
            f"{shown} starts with a byte-order mark, which shells, docker and some .env "
            f"readers treat as part of the first name: {fix}"
        )
    return _parse(text, shown, env, problems, changed_at)


def _bytes_of(path: Path) -> tuple[bytes, float | None]:
    """The bytes of a file, up to one more than allowed, and when it was changed.

    The second is None for a named pipe. What a pipe gave is kept for this process: it gives each
    text once, and its writer may ask the person before every text.
    """
    info = path.stat()
    if not stat.S_ISFIFO(info.st_mode):
        with path.open("rb") as file:
            return file.read(_MAX_BYTES + 1), os.fstat(file.fileno()).st_mtime
    identity = (str(path), info.st_dev, info.st_ino)
    if identity not in _PIPES:
        raw = read_pipe(path, limit=_MAX_BYTES + 1, wait_s=_PIPE_WAIT_S)
        if not raw:
            return b"", None
        _PIPES[identity] = raw
    return _PIPES[identity], None


def _is_utf16(raw: bytes) -> bool:
    return raw[:2] in {b"\xff\xfe", b"\xfe\xff"}


def _problem_with(raw: bytes, text: str, shown: str) -> str:
    """The reason why the contents of a file are not parsed, in a sentence, or ""."""
    if _is_utf16(raw):
        return (
            f"{shown} is UTF-16, as written by Windows PowerShell, so nothing in it is used: "
            f"{_TO_UTF8.format(quote(shown))}"
        )
    if len(raw) > _MAX_BYTES:
        return f"{shown} is larger than 1 MB, so it was not read"
    if _BLANKS.search(text):
        return f"{shown} contains 500 spaces in a row, so it was not read"
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
            problems.append(f"{place} is not NAME=value, so it is ignored")
        if entry.key is None:
            continue
        value = None
        if entry.value is not None:
            if entry.value.count("${") * len(entry.value) > _MAX_REFERENCES:
                problems.append(f"{place} contains too many references (${{…}}), so it is ignored")
                continue
            atoms = parse_variables(entry.value)
            value = "".join(atom.resolve(known) for atom in atoms)
        values[entry.key] = value
        if entry.key not in _NAMES:
            continue
        if value is None:
            settings = [setting for setting in settings if setting.name != entry.key]
            notes.append(
                f"{entry.key} in {place} has no value, so it and any earlier line are ignored"
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
    return error_reason(error) if isinstance(error, OSError) else "its path is invalid"
