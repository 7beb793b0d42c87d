"""The text of lock files and lists of requirements, bounded, with reasons for what is damaged."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.packages import OddEntry
from oai_tui.system.bounded_file import read_small

LIMIT = 16_000_000
"""Bytes of a lock file. Those of large projects have some millions."""
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
_VERSION = re.compile(r"[0-9vV][\w.+!-]{0,63}", re.ASCII)
_CONSTRAINT = re.compile(r"[\w .,*<>=!~^|+-]{0,200}", re.ASCII)
_SHOWN = 40
_SEPARATORS = re.compile(r"[-_.]+")


class DamagedFileError(ValueError):
    """A file does not have the form that its name promises; the message says why."""


def read_text(path: Path, limit: int = LIMIT) -> str | None:
    """Return the text of a file without a byte order mark, or None if it does not exist.

    UTF-16 is read too: PowerShell writes it for `pip freeze > requirements.txt`. Raises OSError or
    ValueError with a plain reason.
    """
    file = read_small(path, limit)
    if file is None:
        return None
    raw = file.text.encode("utf-8", "surrogateescape")
    encoding = "utf-8"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise DamagedFileError("it is not UTF-8 text") from None
    if "\0" in text:
        raise DamagedFileError("it is not a text file")
    if _CONFLICT.search(text):
        raise DamagedFileError("it has merge conflict markers")
    return text


def line_of(text: str, pattern: str, start: int = 0) -> int | None:
    """Return the number of the first line that begins with the pattern after blanks, from 1."""
    found = re.compile(rf"^[ \t]*(?:{pattern})", re.MULTILINE).search(text, start)
    return None if found is None else text.count("\n", 0, found.end()) + 1


def python_name(name: str) -> str:
    """Return the name of a package as PyPI compares it (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


def safe_version(value: object) -> str | None:
    """Return a version, or None for anything else: foreign text is not shown."""
    return value if isinstance(value, str) and _VERSION.fullmatch(value) else None


def odd_version(name: str, value: object, path: str, line: int | None) -> Iterator[OddEntry]:
    """Yield that the version of a package is none. It is quoted only where it can be no address."""
    if not isinstance(value, str):
        return
    shown = "" if re.search(r"[/@:]", value) else f": {visible(value[:_SHOWN])}"
    yield OddEntry(path=path, line=line, why=f"the version of {name} is not a number{shown}")


def safe_constraint(value: object) -> str:
    """Return a constraint, or "" for a URL or path, which may contain a password."""
    return value.strip() if isinstance(value, str) and _CONSTRAINT.fullmatch(value) else ""
