"""Opens the input of `explain`, a file, a pipe or a paste at the terminal, and shows progress."""

import os
import select
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from shlex import quote
from typing import IO

import click

from oai_tui.headless.console import ProgressLine
from oai_tui.system.standard_error import write_stderr

END = b"\x04"
"""The byte that Ctrl+D sends."""
_SIGNAL_S = 0.2
"""Seconds after which a signal that arrived at the wrong moment is handled."""
_PROMPT = "Paste the error{hidden}, then press {key}.\n"
_UNPACKABLE = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "lzma"),
    (b"BZh", "bz2"),
    (b"\x28\xb5\x2f\xfd", "compression.zstd"),
)
"""How compressed files begin, and the modules that unpack them.

compression.zstd is in Python since 3.14 (docs.python.org/3/library/compression.zstd, 2026-11)."""
_MAX_MARK = 6
"""Bytes of the longest of these beginnings."""
_MAX_UNPACKED = 4_000_000_000
"""Bytes; a small file can unpack to any size."""
_COMPRESSED = (
    (b"\x1f\x8b", "gzip", "zcat", "zcat"),
    (b"\xfd7zXZ\x00", "xz", "xzcat", "xzcat"),
    (b"\x28\xb5\x2f\xfd", "zstd", "zstdcat", "zstdcat"),
    (b"BZh", "bzip2", "bzcat", "bzcat"),
    (b"PK\x03\x04", "zip", "unzip -p", "funzip"),
)
"""The beginnings of all compressed files, their names, and what unpacks a file and a pipe."""
_REDRAW_S = 0.1
"""Seconds between two drawings of the progress."""
_FIRST_DRAW_S = 0.3
"""Seconds after which the progress is drawn first; most inputs are read before."""


class ReadProgress:
    """A stream that draws its progress on stderr, in percent if its size is known."""

    def __init__(
        self, stream: "IO[bytes] | UnpackedFile | BeganStream", size: int | None, name: str = ""
    ) -> None:
        self._stream = stream
        self._size = size
        self._name = name
        self._read = 0
        self._last_drawn = 0.0
        self._started = time.monotonic()
        self._line = ProgressLine()

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, as the stream does."""
        data = self._stream.read(size)
        if self._read == 0:
            refuse_compressed(data, self._name)
        self._read += len(data)
        now = time.monotonic()
        if now - self._last_drawn >= _REDRAW_S and now - self._started >= _FIRST_DRAW_S:
            self._last_drawn = now
            self._line.draw(self._progress_text())
        return data

    def clear(self) -> None:
        """Erase the progress, if any was drawn."""
        self._line.clear()

    def _progress_text(self) -> str:
        done = f"{self._read / 1e6:,.0f} MB"
        if not self._size:
            return f"… {done} read"
        part = min(1.0, self._read / self._size)
        bar = f"[{'#' * int(30 * part):<30}]"
        return f"{bar} {100 * part:3.0f} %  {done} of {self._size / 1e6:,.0f} MB"


@contextmanager
def open_input(name: str | None) -> Iterator[ReadProgress]:
    """Open the file of this name, or standard input for "-" and None.

    UsageError if there is no standard input, BadParameter for a file that cannot be read.
    """
    if name not in {None, "-"}:
        with open_file(str(name)) as stream:
            refuse_device(stream, str(name))
            unpacked = _unpacked_file(stream, str(name))
            size = _size(stream) if unpacked is None else None
            yield ReadProgress(unpacked or stream, size, str(name))
        return
    if sys.stdin is None:
        raise click.UsageError(
            "no standard input. Name a file, for example: oai-tui explain app.log"
        )
    if sys.stdin.isatty():
        yield ReadProgress(BytesIO(read_terminal_paste(sys.stdin.fileno())), None)
        return
    refuse_device(sys.stdin.buffer, "standard input")
    beginning = _beginning_of(sys.stdin.buffer)
    began = BeganStream(beginning, sys.stdin.buffer)
    unpacked = _unpacked(beginning, began, "standard input")
    yield ReadProgress(unpacked or began, None if unpacked else _size(sys.stdin.buffer))


class BeganStream:
    """A stream of which the first bytes were read already."""

    def __init__(self, beginning: bytes, stream: IO[bytes]) -> None:
        self._beginning = beginning
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, all for -1."""
        if not self._beginning:
            return self._stream.read(size)
        if size < 0:
            size = len(self._beginning)
        part, self._beginning = self._beginning[:size], self._beginning[size:]
        return part


def _beginning_of(stream: IO[bytes]) -> bytes:
    """Read the bytes in which a compression shows; fewer at the end of the stream."""
    beginning = b""
    while len(beginning) < _MAX_MARK and (part := stream.read(_MAX_MARK - len(beginning))):
        beginning += part
    return beginning


def refuse_device(stream: IO[bytes], name: str) -> None:
    """Raise a usage error for a device that gives bytes without end, such as /dev/zero."""
    try:
        status = os.fstat(stream.fileno())
        is_device = stat.S_ISCHR(status.st_mode) and not os.isatty(stream.fileno())
        if is_device and not os.path.samestat(status, os.stat(os.devnull)):
            raise click.UsageError(
                f"{name} is a device, not a text file. Name a file, or pipe the text in"
            )
    except (OSError, ValueError):  # no descriptor, as in tests
        return


class UnpackedFile:
    """The contents of a compressed file, up to a limit."""

    def __init__(self, unpacked: IO[bytes], name: str, limit: int = _MAX_UNPACKED) -> None:
        self._unpacked = unpacked
        self._name = name
        self._limit = limit
        self._read = 0

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; BadParameter if the file is damaged or too large."""
        import lzma
        import zlib

        try:
            data = self._unpacked.read(size)
        except (EOFError, OSError, ValueError, lzma.LZMAError, zlib.error, _zstd_error()):
            raise click.BadParameter(
                f"{self._name!r} cannot be decompressed: it is damaged or truncated",
                param_hint="FILE",
            ) from None
        self._read += len(data)
        if self._read > self._limit:
            raise click.BadParameter(
                f"{self._name!r} is larger than {self._limit / 1e9:g} GB uncompressed",
                param_hint="FILE",
            )
        return data


def _zstd_error() -> type[Exception]:
    """Return the error of compression.zstd if it is in use, else one that it never raises."""
    error: type[Exception] = getattr(sys.modules.get("compression.zstd"), "ZstdError", UnicodeError)
    return error


def _unpacked_file(stream: IO[bytes], name: str) -> UnpackedFile | None:
    """Return the contents of a compressed file; None for a file that is not, or not known here."""
    if not stream.seekable():
        return None
    try:
        beginning = stream.read(_MAX_MARK)
        stream.seek(0)
    except OSError:  # which the reader of the whole file reports
        return None
    return _unpacked(beginning, stream, name)


def _unpacked(
    beginning: bytes, stream: "IO[bytes] | BeganStream", name: str
) -> UnpackedFile | None:
    """Return the contents of a compressed stream; None for one that is not, or not known here."""
    module = next((each for mark, each in _UNPACKABLE if beginning.startswith(mark)), None)
    if module is None:
        return None
    try:
        unpack = import_module(module).open
    except ImportError:  # zstd in an older Python
        return None
    return UnpackedFile(unpack(stream, "rb"), name)


def refuse_compressed(data: bytes, name: str) -> None:
    """Raise a usage error with the command that unpacks the data, if it is compressed."""
    for beginning, kind, for_file, for_pipe in _COMPRESSED:
        if data.startswith(beginning):
            program = f"{for_file} {quote(name)}" if name else for_pipe
            raise click.UsageError(
                f"this file is {kind}-compressed. Decompress it first: {program} | oai-tui explain"
            )


def open_file(name: str) -> IO[bytes]:
    try:
        if os.path.isdir(name):
            raise click.BadParameter(f"{name} is a directory. Name a file", param_hint="FILE")
        return open(name, "rb")
    except FileNotFoundError:
        hint = ""
        if any(mark in name for mark in " :{"):  # an error message, not a file name
            hint = " To explain text, pipe it in, or run `oai-tui explain` and paste it."
        raise click.BadParameter(f"no such file: {name!r}.{hint}", param_hint="FILE") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise click.BadParameter(f"cannot read {name!r}: {reason}", param_hint="FILE") from None


def _size(stream: IO[bytes]) -> int | None:
    """Return the size of a regular file in bytes, or None for any other stream."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def read_terminal_paste(terminal: int) -> bytes:
    """Return what is pasted into the terminal of this file descriptor, until Ctrl+D.

    The text is not echoed, because it may contain a key; the number of characters is shown. In its
    usual mode a terminal passes on whole lines of at most 4,095 bytes, which a JSON answer easily
    exceeds, so that mode is switched off while reading; on Windows the text is read and echoed as
    usual.
    """
    try:
        import termios
    except ImportError:  # Windows
        write_stderr(_PROMPT.format(hidden="", key="Ctrl+Z and Enter"))
        return sys.stdin.buffer.read()
    before = termios.tcgetattr(terminal)
    mode = termios.tcgetattr(terminal)
    mode[3] &= ~(termios.ICANON | termios.ECHO)
    mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
    termios.tcsetattr(terminal, termios.TCSADRAIN, mode)
    try:
        write_stderr(_PROMPT.format(hidden=" (it will not be shown)", key="Ctrl+D"))
        return _read_until_end(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        write_stderr("\n")


def _read_until_end(terminal: int) -> bytes:
    """Read until Ctrl+D or the end of the input."""
    parts: list[bytes] = []
    count = 0
    line = ProgressLine()
    while (part := _read_when_ready(terminal)) and END not in part:
        parts.append(part)
        count += len(part)
        line.draw(f"… {count:,} characters")
    return b"".join([*parts, part.partition(END)[0]])


def _read_when_ready(terminal: int) -> bytes:
    """Read what is typed, at most 64 KiB. Ctrl+C raises KeyboardInterrupt at any time.

    A signal that arrives just before `os.read` blocks is handled only when that returns, and the
    terminal has discarded what was typed before Ctrl+C. So no wait is longer than `_SIGNAL_S`.
    """
    while not select.select([terminal], [], [], _SIGNAL_S)[0]:
        pass
    return os.read(terminal, 65_536)
