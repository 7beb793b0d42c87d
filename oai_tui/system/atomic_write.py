"""Write a file whole or not at all, even if the writer is killed at any moment."""

import os
from contextlib import suppress
from pathlib import Path

_SUFFIX = ".new"
_MAX_NAME = 60
"""Characters of the file's name that go into the temporary one, which must stay below 255 bytes."""


def atomic_write(path: Path, data: bytes, *, mode: int = 0o600, keep_owner: bool = False) -> None:
    """Replace the file, or create it, with `data`, and sync file and folder to disk.

    A symbolic link stays one: the file that it points to is replaced. `mode`: permissions of the
    new file. `keep_owner`: give it the owner and group of the old one, where the system allows it.
    Raises OSError if it cannot be written; the old file is then untouched.
    """
    import tempfile  # imports shutil and random, and most commands write no file

    target = Path(os.path.realpath(path))
    old = target.stat() if keep_owner else None
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=_prefix(target), suffix=_SUFFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode != 0o600:  # which mkstemp has set
            os.chmod(name, mode)
        if old is not None and hasattr(os, "chown"):
            with suppress(OSError):
                os.chown(name, old.st_uid, old.st_gid)
        os.replace(name, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    _sync_folder(target.parent)


def replace_or_overwrite(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Replace the file as `atomic_write` does; where only that is impossible, overwrite it.

    A file that is mounted by itself cannot be replaced, nor one in a folder that is not writable.
    Overwriting is not atomic. Raises OSError if the file cannot be written at all.
    """
    try:
        atomic_write(path, data, mode=mode)
    except OSError:
        if not path.is_file() or not os.access(path, os.W_OK):
            raise
        with path.open("r+b") as file:
            file.write(data)
            file.truncate()


def remove_leftovers(path: Path) -> None:
    """Delete temporary files of writers of `path` that were killed.

    Call it only while holding a lock that all writers share: it would delete the file of a writer
    that is at work.
    """
    target = Path(os.path.realpath(path))
    for old in target.parent.glob(f"{_prefix(target)}*{_SUFFIX}"):
        with suppress(OSError):
            old.unlink()


def _prefix(path: Path) -> str:
    return f".{path.name[:_MAX_NAME]}."


def _sync_folder(folder: Path) -> None:
    """Make the new name last. Where folders cannot be opened (Windows) the system does that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
