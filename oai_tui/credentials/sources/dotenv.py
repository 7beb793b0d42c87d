"""The .env file as a source of variables, read as python-dotenv's `load_dotenv` reads it, with the line of every binding.

The nearest .env counts: the folder's own, else its parents', as `find_dotenv` walks; those farther up, and .env.local, do not. Nothing is put into the process environment. A file that cannot be
read is a problem in words, never an exception, and no problem quotes what the file holds.
"""

import io
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote

from oai_tui.credentials.sources import env_names as variables
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin
from oai_tui.system.paths import error_reason

_LIMIT = 1_000_000
_UP = 40
_FARTHER = 10
_LOCAL = ".env.local"
"""What web frameworks read before .env, and python-dotenv never."""
_BLANKS = re.compile(r"[^\S\r\n]{500}")
"""python-dotenv's time grows with the square of a run of blanks; no honest file has runs like this."""
_TO_UTF8 = "iconv -f UTF-16 -t UTF-8 {0} > {0}.utf8 && mv {0}.utf8 {0}"
_NO_MARK = r"perl -pi -e 's/^\xEF\xBB\xBF//' {0}"
_NAMES = frozenset((*variables.KEYS, *variables.SHOWN, *variables.IGNORED))


def read(env: Mapping[str, str], folder: Path) -> SourceResult:
    """The known variables of the nearest .env at or above `folder`, the later line of two first. `env` fills in `${NAME}` and wins over the file there, as in `load_dotenv`."""
    problems: list[str] = []
    for path in _candidates(folder):
        shown = _shown(path, folder)
        try:
            kind = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            problems.append(f"{shown} cannot be read: {_reason(error)}")
            continue
        if stat.S_ISREG(kind):
            return _read_file(path, shown, env, problems)
        problems.append(
            f"{shown} is {'a folder' if stat.S_ISDIR(kind) else 'not a regular file'}, so it was not read"
        )
    return SourceResult(problems=tuple(problems))


def read_farther(env: Mapping[str, str], folder: Path) -> SourceResult:
    """The known variables of the .env files that `load_dotenv` passes by: those above the nearest, and .env.local beside each. Files that cannot be read are passed by as well."""
    files = [path for path in _candidates(folder) if path.is_file()]
    local = [path for parent in _folders(folder) if (path := parent / _LOCAL).is_file()]
    found: list[VariableSetting] = []
    for path in (*local, *files[1:])[:_FARTHER]:
        found += _read_file(path, _shown(path, folder), env, []).settings
    return SourceResult(settings=tuple(found))


def reading_of(text: str, env: Mapping[str, str], shown: str = ".env") -> SourceResult:
    """The same of a file's text. `shown`: the name under which people see it."""
    return _parse(text, shown, env, [])


def _candidates(folder: Path) -> Iterator[Path]:
    return (parent / ".env" for parent in _folders(folder))


def _folders(folder: Path) -> tuple[Path, ...]:
    start = Path(os.path.abspath(folder))
    return (start, *start.parents)[:_UP]


def _shown(path: Path, folder: Path) -> str:
    """The path as a person in `folder` would write it."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.as_posix()


def _read_file(path: Path, shown: str, env: Mapping[str, str], problems: list[str]) -> SourceResult:
    try:
        with path.open("rb") as file:
            raw = file.read(_LIMIT + 1)
            changed_at = os.fstat(file.fileno()).st_mtime
        if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return SourceResult(
                problems=(
                    *problems,
                    f"{shown} is UTF-16, as Windows PowerShell writes it, so nothing in it counts: {_TO_UTF8.format(quote(shown))}",
                )
            )
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raw_line = error.object.count(b"\n", 0, error.start) + 1
        return SourceResult(
            problems=(*problems, f"{shown} is not UTF-8 text (line {raw_line}), so it was not read")
        )
    except OSError as error:
        return SourceResult(problems=(*problems, f"{shown} cannot be read: {_reason(error)}"))
    if len(raw) > _LIMIT:
        return SourceResult(
            problems=(*problems, f"{shown} is larger than 1 MB, so it was not read")
        )
    if _BLANKS.search(text):
        return SourceResult(
            problems=(*problems, f"{shown} holds 500 blanks in a row, so it was not read")
        )
    if text.startswith("\ufeff"):
        problems.append(
            f"{shown} begins with a byte-order mark, which shells, docker and some readers of .env files take for part of the first name: {_NO_MARK.format(quote(shown))}"
        )
    return _parse(text, shown, env, problems, changed_at)


def _parse(
    text: str,
    shown: str,
    env: Mapping[str, str],
    problems: list[str],
    changed_at: float | None = None,
) -> SourceResult:
    from dotenv.parser import parse_stream
    from dotenv.variables import parse_variables

    found: list[VariableSetting] = []
    notes: list[str] = []
    values: dict[str, str | None] = {}
    for entry in parse_stream(io.StringIO(text, newline=None)):
        place = f"{shown}:{_line(entry.original.string, entry.original.line)}"
        if entry.error:
            problems.append(f"{place} cannot be understood as NAME=value, so it does not count")
        if entry.key is None:
            continue
        value = (
            None
            if entry.value is None
            else "".join(atom.resolve({**values, **env}) for atom in parse_variables(entry.value))
        )
        values[entry.key] = value
        if entry.key not in _NAMES:
            continue
        if value is None:
            found = [binding for binding in found if binding.name != entry.key]
            notes.append(
                f"{entry.key} in {place} has no value, so neither it nor an earlier line counts"
            )
        else:
            found.append(
                VariableSetting(
                    name=entry.key,
                    value=value,
                    origin=Origin(kind="dotenv", name=entry.key, place=place),
                    changed_at=changed_at,
                )
            )
    return SourceResult(
        settings=tuple(reversed(found)), notes=tuple(notes), problems=tuple(problems)
    )


def _line(statement: str, first: int) -> int:
    """The line on which a statement begins; the parser counts the empty lines before it as part of it."""
    blanks = statement[: len(statement) - len(statement.lstrip())]
    return first + blanks.count("\n")


def _reason(error: OSError | ValueError) -> str:
    return error_reason(error) if isinstance(error, OSError) else "its path is unusable"
