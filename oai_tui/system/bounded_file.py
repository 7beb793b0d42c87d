"""Small text files, read with bounds and without surprises: regular files alone, never written to, never waited for."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from oai_tui.system.paths import error_reason

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
    if isinstance(error, OSError):
        return error_reason(error)
    return "its path is unusable" if "\0" in str(error) else str(error)
