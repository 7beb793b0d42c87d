"""Read a named pipe, such as the .env that 1Password mounts, without waiting forever."""

import os
import select
import time
from pathlib import Path

_PAUSE_S = 0.02
"""Between two reads of a pipe that seems to be at its end before anything was written."""


def read_pipe(path: Path, *, limit: int, wait_s: float) -> bytes:
    """Return what a writer puts into the pipe, up to `limit` bytes; b"" if nothing comes in time.

    A pipe gives each text once, so a second call waits for another writer. OSError if it cannot be
    opened or read.

    wait_s: seconds for all of it.
    """
    ends_at = time.monotonic() + wait_s
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    raw = b""
    try:
        while len(raw) < limit and (left := ends_at - time.monotonic()) > 0:
            if not select.select([handle], [], [], left)[0]:
                break
            try:
                piece = os.read(handle, limit - len(raw))
            except BlockingIOError:
                continue
            if not piece and raw:
                break
            if not piece:  # some systems report the end of a pipe that has had no writer yet
                time.sleep(min(_PAUSE_S, left))
            raw += piece
    finally:
        os.close(handle)
    return raw
