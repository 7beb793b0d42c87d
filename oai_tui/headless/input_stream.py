"""Where `explain` reads from: a file, a pipe, or a person who pastes; and how a terminal is told how far it is."""

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from shlex import quote
from typing import IO

import click

from oai_tui.headless.console import ProgressLine

END = b"\x04"
"""What Ctrl+D sends."""
_HOW = "Paste the error{hidden}, then press {key}.\n"
_COMPRESSED = (
    (b"\x1f\x8b", "gzip", "zcat"),
    (b"\xfd7zXZ\x00", "xz", "xzcat"),
    (b"\x28\xb5\x2f\xfd", "zstd", "zstdcat"),
    (b"BZh", "bzip2", "bzcat"),
    (b"PK\x03\x04", "zip", "unzip -p"),
)
"""How compressed files begin, what they are called, and the program that unpacks them."""
_EVERY_S = 0.1
"""Seconds between two pictures of the progress."""


class ReadProgress:
    """A stream whose progress a terminal sees: in percent when the size is known, in bytes when it is not. `read` takes and gives what the stream's does."""

    def __init__(self, stream: IO[bytes], size: int | None, name: str = "") -> None:
        self._stream = stream
        self._size = size
        self._name = name
        self._read = 0
        self._last_drawn = 0.0
        self._began = time.monotonic()
        self._line = ProgressLine()

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        if self._read == 0:
            _refuse_compressed(data, self._name)
        self._read += len(data)
        now = time.monotonic()
        if now - self._last_drawn >= _EVERY_S and now - self._began >= 3 * _EVERY_S:
            self._last_drawn = now
            self._line.draw(self._words())
        return data

    def clear(self) -> None:
        """Take the progress off the terminal, if any was drawn."""
        self._line.clear()

    def _words(self) -> str:
        done = f"{self._read / 1e6:,.0f} MB"
        if not self._size:
            return f"… {done} read"
        part = min(1.0, self._read / self._size)
        return f"[{'#' * int(30 * part):<30}] {100 * part:3.0f} %  {done} of {self._size / 1e6:,.0f} MB"


@contextmanager
def open_input(name: str | None) -> Iterator[ReadProgress]:
    """The input: the file of this name, or standard input for "-" and None. A usage error when there is nothing to read from."""
    if name not in {None, "-"}:
        with _file(str(name)) as stream:
            yield ReadProgress(stream, _size(stream), str(name))
        return
    if sys.stdin is None:
        raise click.UsageError(
            "There is no standard input; name a file, for example: oai-tui explain app.log"
        )
    if sys.stdin.isatty():
        yield ReadProgress(BytesIO(read_terminal_paste(sys.stdin.fileno())), None)
        return
    yield ReadProgress(sys.stdin.buffer, _size(sys.stdin.buffer))


def _refuse_compressed(data: bytes, name: str) -> None:
    """Raise a usage error with the command that unpacks the data, if it is compressed."""
    for beginning, kind, program in _COMPRESSED:
        if data.startswith(beginning):
            source = f" {quote(name)}" if name else ""
            raise click.UsageError(
                f"this is compressed with {kind}; unpack it first: {program}{source} | oai-tui explain"
            )


def _file(name: str) -> IO[bytes]:
    try:
        if os.path.isdir(name):
            raise click.BadParameter(f"{name} is a folder; name a file in it", param_hint="FILE")
        return open(name, "rb")
    except FileNotFoundError:
        hint = (
            " To explain a text, pipe it in or run `oai-tui explain` and paste it."
            if any(mark in name for mark in " :{")
            else ""
        )
        raise click.BadParameter(f"there is no file {name!r}.{hint}", param_hint="FILE") from None
    except (OSError, ValueError) as error:
        raise click.BadParameter(
            f"{name!r} cannot be read: {getattr(error, 'strerror', None) or error}",
            param_hint="FILE",
        ) from None


def _size(stream: IO[bytes]) -> int | None:
    """Bytes of a regular file, None for everything else."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def read_terminal_paste(terminal: int) -> bytes:
    """What a person pastes into the terminal of this file number, until Ctrl+D. It is not shown, because it may hold a key; how much has come is.

    A terminal hands its text over line by line and cuts each line at 4,095 bytes, which an answer in JSON easily exceeds; so it is read as it comes. Where the terminal cannot be set so, it is read and shown as the terminal likes.
    """
    try:
        import termios
    except ImportError:  # Windows
        _write_stderr(_HOW.format(hidden="", key="Ctrl+Z and Enter"))
        return sys.stdin.buffer.read()
    before = termios.tcgetattr(terminal)
    mode = termios.tcgetattr(terminal)
    mode[3] &= ~(termios.ICANON | termios.ECHO)
    mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
    termios.tcsetattr(terminal, termios.TCSADRAIN, mode)
    try:
        _write_stderr(_HOW.format(hidden=" (it will not be shown)", key="Ctrl+D"))
        return _until_end(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        _write_stderr("\n")


def _until_end(terminal: int) -> bytes:
    parts: list[bytes] = []
    count = 0
    line = ProgressLine()
    while (part := os.read(terminal, 65_536)) and END not in part:
        parts.append(part)
        count += len(part)
        line.draw(f"… {count:,} characters")
    return b"".join([*parts, part.partition(END)[0]])


def _write_stderr(text: str) -> None:
    """Write to stderr, where there is one."""
    if sys.stderr is not None:
        sys.stderr.write(text)
        sys.stderr.flush()
