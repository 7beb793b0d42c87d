"""Locks that let one process of a user write at a time.

A keyring daemon may lose entries, or hang, under several writers (gnome-keyring 42.1 with four).
If no lock file can be created, nothing is locked: the lock is a precaution and must not prevent
saving.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from oai_tui.system.paths import lock_folder

_POLL_S = 0.02
"""Seconds between two attempts."""
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


@asynccontextmanager
async def writer_lock(wait_s: float, folder: Path | None = None) -> AsyncIterator[None]:
    """Hold the lock of all writers to the keyring during the block.

    TimeoutError if another writer holds it for longer than `wait_s` seconds.
    `folder`: where the lock file is; by default the user's runtime folder.
    """
    handle = _open(folder)
    if handle is None:
        yield
        return
    try:
        async with asyncio.timeout(wait_s):
            while not _try_lock(handle):  # noqa: ASYNC110  no other process can set an event here
                await asyncio.sleep(_POLL_S)
        yield
    finally:
        os.close(handle)


@contextmanager
def locked_file(path: Path, wait_s: float) -> Iterator[None]:
    """Hold the lock of the file `path`, which is created if necessary. Blocks.

    TimeoutError after `wait_s` seconds; OSError if the file cannot be created.
    """
    handle = os.open(path, _FLAGS, 0o600)
    until = time.monotonic() + wait_s
    try:
        while not _try_lock(handle):
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(_POLL_S)
        yield
    finally:
        os.close(handle)


def _open(folder: Path | None) -> int | None:
    """Return the handle of the lock file, or None if it cannot be created."""
    with suppress(OSError):
        path = (folder or lock_folder()) / "oai-tui.lock"
        return os.open(path, _FLAGS, 0o600)
    return None


def _try_lock(handle: int) -> bool:
    """Return True if this process holds the lock now, or if the file system cannot lock."""
    if sys.platform == "win32":
        import msvcrt

        with suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            return True
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
