"""One writer at a time, among all the processes of one user.

A keyring daemon may lose entries, or hang, under several writers at once (gnome-keyring 42.1 with four). Where no lock file can be made the lock is no lock:
it is a precaution, and must not keep anybody from saving.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from oai_tui.system.paths import lock_folder

_PAUSE_S = 0.02
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


@asynccontextmanager
async def writer_lock(wait_s: float, folder: Path | None = None) -> AsyncIterator[None]:
    """Hold the lock for the block. TimeoutError when another writer keeps it for longer than `wait_s` seconds. `folder`: where the file lies, the user's own runtime folder when None."""
    handle = _open(folder)
    if handle is None:
        yield
        return
    try:
        async with asyncio.timeout(wait_s):
            while not _try_lock(handle):  # noqa: ASYNC110  no other process can set an event here
                await asyncio.sleep(_PAUSE_S)
        yield
    finally:
        os.close(handle)


@contextmanager
def locked_file(place: Path, wait_s: float) -> Iterator[None]:
    """Hold the lock of the file `place`, which is made when it is not there. Blocking. TimeoutError after `wait_s` seconds; OSError when the file cannot be made."""
    handle = os.open(place, _FLAGS, 0o600)
    until = time.monotonic() + wait_s
    try:
        while not _try_lock(handle):
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(_PAUSE_S)
        yield
    finally:
        os.close(handle)


def _open(folder: Path | None) -> int | None:
    """The lock file, opened; None where there can be none."""
    with suppress(OSError):
        place = (folder or lock_folder()) / "oai-tui.lock"
        return os.open(place, _FLAGS, 0o600)
    return None


def _try_lock(handle: int) -> bool:
    """Whether the lock is ours now. A file system that cannot lock counts as a yes."""
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
