"""The input of `explain --follow`: a log file that grows and is rotated, or a pipe."""

import errno
import os
import stat
import sys
import threading
import time
from collections.abc import Callable
from enum import Enum, auto
from queue import Empty, Queue
from typing import IO, Protocol

import click

from oai_tui.headless.input_stream import open_file, refuse_compressed, refuse_device

_READ_SIZE = 1 << 18
"""Bytes that are read at once."""
_TAIL = 64
"""Last bytes of a file that are compared, to notice that it was written over."""
_NO_WAIT = sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
"""Flags with which opening a named pipe doesn't wait for its writer; not on every system."""
_MAX_QUEUED = 8
"""Parts of a pipe that are read ahead."""


class LogEvent(Enum):
    """What a log can do other than give bytes."""

    NOTHING = auto()
    """Nothing was written for a moment."""
    NEW_FILE = auto()
    """The log goes on in a new file, or in the same file, written over."""
    END = auto()
    """Nothing more can come."""


class FollowedLog(Protocol):
    """A log that is read while it is written."""

    def poll(self, wait_s: float, /) -> bytes | LogEvent:
        """Return the next bytes or event. Waits at most so many seconds."""


def open_followed(name: str | None) -> tuple[FollowedLog, str]:
    """Open the log file of this name, or standard input for "-" and None; return its name too.

    UsageError or BadParameter for what cannot be followed.
    """
    if name not in {None, "-"}:
        file = open_file(str(name))
        refuse_device(file, str(name))
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return FollowedPipe(file.fileno(), keep=file), str(name)
        refuse_compressed(file.read(_TAIL), str(name))
        file.close()
        return FollowedFile(str(name)), str(name)
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError(
            "--follow needs a log. Name a file (oai-tui explain --follow app.log), or pipe the "
            "log in (kubectl logs -f POD | oai-tui explain --follow -)"
        )
    refuse_device(sys.stdin.buffer, "standard input")
    return FollowedPipe(sys.stdin.fileno()), "standard input"


class FollowedFile:
    """A log file, read from its beginning and followed by its name, as `tail -F` does.

    Followed are a file that is renamed and created again, one that is emptied in place
    (copytruncate), and one that is gone for a while. What is written to a file between the last
    reading and its being emptied is lost.

    wait: sleeps for some seconds.
    """

    def __init__(self, path: str, *, wait: Callable[[float], None] = time.sleep) -> None:
        self._path = path
        self._wait = wait
        self._file = _open_log(path)
        self._position = 0
        self._tail = b""

    def poll(self, wait_s: float, /) -> bytes | LogEvent:
        """Return the next bytes, NEW_FILE, or NOTHING after `wait_s` seconds."""
        event = self._read()
        if event != b"":
            return event
        if self._is_replaced():
            if event := self._read():  # written before the replacement
                return event
            if self._open_again():
                return LogEvent.NEW_FILE
        self._wait(wait_s)
        return LogEvent.NOTHING

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self) -> bytes | LogEvent:
        """Return the next bytes, b"" at the end of the file, NEW_FILE if it was written over."""
        try:
            self._file.seek(self._position - len(self._tail))
            data = self._file.read(len(self._tail) + _READ_SIZE)
        except OSError:  # such as a network file system that is away
            return b""
        if not data.startswith(self._tail):
            self._position, self._tail = 0, b""
            return LogEvent.NEW_FILE
        data = data[len(self._tail) :]
        self._position += len(data)
        self._tail = (self._tail + data)[-_TAIL:]
        return data

    def _is_replaced(self) -> bool:
        """Return True if another file has the name now. A missing file may come back."""
        try:
            now = os.stat(self._path)
        except OSError:
            return False
        return not os.path.samestat(now, os.fstat(self._file.fileno()))

    def _open_again(self) -> bool:
        try:
            file = _open_log(self._path)
        except OSError:  # gone again, not readable yet, or something else has the name
            return False
        self._file.close()
        self._file, self._position, self._tail = file, 0, b""
        return True


def _open_log(path: str) -> IO[bytes]:
    """Open a log file; OSError for anything else, such as a named pipe, which is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | _NO_WAIT)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb", buffering=0)
    os.close(descriptor)
    raise OSError(errno.EINVAL, "not a regular file", path)


class FollowedPipe:
    """A pipe, read in a thread so that no wait for it is longer than asked for.

    keep: an object that has to live as long as the descriptor.
    """

    def __init__(self, descriptor: int, *, keep: object = None) -> None:
        self._descriptor = descriptor
        self._keep = keep
        self._parts: Queue[bytes] = Queue(maxsize=_MAX_QUEUED)
        self._is_first = True
        threading.Thread(target=self._read_all, daemon=True).start()

    def poll(self, wait_s: float, /) -> bytes | LogEvent:
        """Return the next bytes, NOTHING after `wait_s` seconds, or END."""
        try:
            part = self._parts.get(timeout=wait_s)
        except Empty:
            return LogEvent.NOTHING
        if self._is_first:
            self._is_first = False
            refuse_compressed(part, "")
        return part or LogEvent.END

    def _read_all(self) -> None:
        part = b"more"
        while part:
            try:
                part = os.read(self._descriptor, _READ_SIZE)
            except OSError:
                part = b""
            self._parts.put(part)
