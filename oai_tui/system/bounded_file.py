"""Read small text files safely: only regular files, up to a limit, without ever waiting."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from oai_tui.system.paths import error_reason

LIMIT = 1_000_000
"""Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallFile:
    """A file's text, with bytes that are not UTF-8 as lone surrogates.

    `changed_at`: when it was last changed, in seconds since 1970.
    """

    text: str = field(repr=False)
    changed_at: float


def read_small(path: Path, limit: int = LIMIT) -> SmallFile | None:
    """Return the file, or None if it does not exist. limit: bytes, whole millions.

    Raises OSError or ValueError, with a plain reason, if it cannot be read, is not a regular file,
    or is larger than the limit.
    """
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC"):  # not on every system
        flags |= getattr(os, name, 0)
    try:
        handle = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with os.fdopen(handle, "rb") as file:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise ValueError("it is not a regular file")
        raw = file.read(limit + 1)
    if len(raw) > limit:
        raise ValueError(f"it is larger than {limit // 1_000_000} MB")
    return SmallFile(text=raw.decode("utf-8", "surrogateescape"), changed_at=info.st_mtime)


def reason(error: OSError | ValueError) -> str:
    """Return why a file could not be read, without anything from the file."""
    if isinstance(error, OSError):
        return error_reason(error)
    return "its path is invalid" if "\0" in str(error) else str(error)
