"""Small text files, read with bounds and without surprises: regular files alone, never written to, never waited for."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LIMIT = 1_000_000
"""Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallFile:
    """A file's text, with bytes that are no UTF-8 as lone surrogates, and when it was last changed, in seconds since 1970."""

    text: str = field(repr=False)
    changed_at: float


def read_small(path: Path) -> SmallFile | None:
    """The file, None when there is none. OSError or ValueError with a plain reason when it cannot be read, is no regular file, or is larger than LIMIT."""
    try:
        handle = os.open(
            path,
            os.O_RDONLY
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_NOCTTY", 0)
            | getattr(os, "O_CLOEXEC", 0),
        )
    except (FileNotFoundError, NotADirectoryError):
        return None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("it is not a regular file")
        raw = file.read(LIMIT + 1)
    if len(raw) > LIMIT:
        raise ValueError("it is larger than 1 MB")
    return SmallFile(text=raw.decode("utf-8", "surrogateescape"), changed_at=found.st_mtime)


def reason(error: OSError | ValueError) -> str:
    """Why it could not be read, without anything that the file holds."""
    return (
        (error.strerror or "the system refuses it").lower()
        if isinstance(error, OSError)
        else str(error)
        if "\0" not in str(error)
        else "its path is unusable"
    )


def home_of(env: Mapping[str, str]) -> Path | None:
    """The home folder that an environment names, None when it names none."""
    found = env.get("HOME") or env.get("USERPROFILE")
    return Path(found) if found and os.path.isabs(found) else None


def shown(path: Path, home: Path | None) -> str:
    """A path as people write it: below their home folder with a ~."""
    if home is not None and path.is_relative_to(home) and path != home:
        return f"~/{path.relative_to(home).as_posix()}"
    return path.as_posix()
