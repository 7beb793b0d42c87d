"""Folders of this program and of the user, and the wording of paths and failed system calls.

The environment is always passed in, so that tests and the demo need no monkeypatching.
"""

import os
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

APP = "oai-tui"


def home_folder(env: Mapping[str, str]) -> Path | None:
    """Return the home folder that an environment names, or None."""
    name = env.get("HOME") or env.get("USERPROFILE")
    return Path(name) if name and os.path.isabs(name) else None


def files_in(folder: Path, pattern: str) -> list[Path]:
    """Return the paths in a folder that match a pattern, sorted; none if it cannot be read."""
    try:
        return sorted(folder.glob(pattern))
    except OSError:  # a name that is longer than the system allows, too few file descriptors
        return []


def config_folder(env: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """Return the folder of this program's settings, or None if the environment names no home.

    It is below XDG_CONFIG_HOME (by default `~/.config`, on macOS `~/Library/Application Support`),
    on Windows below APPDATA.
    """
    home = env.get("HOME", "")
    match platform:
        case "win32":
            base, below_home = env.get("APPDATA", ""), ""
        case "darwin":
            base = env.get("XDG_CONFIG_HOME", "")
            below_home = os.path.join("Library", "Application Support")
        case _:
            base, below_home = env.get("XDG_CONFIG_HOME", ""), ".config"
    if not base and home and below_home:
        base = os.path.join(home, below_home)
    return Path(base) / APP if os.path.isabs(base) else None


def data_folder(env: Mapping[str, str], platform: str) -> Path | None:
    """Return the folder of this program's data on a platform (a `sys.platform`).

    None if neither the environment nor the system names a home folder. Relative folders in the
    environment are ignored, as the XDG base directory specification demands.
    """
    home = env.get("HOME", "")
    if not os.path.isabs(home):
        home = os.path.expanduser("~")  # gives "~" back for a user without an entry in passwd
    match platform:
        case "win32":
            base, below_home = env.get("LOCALAPPDATA", ""), os.path.join("AppData", "Local")
        case "darwin":
            base, below_home = "", os.path.join("Library", "Application Support")
        case _:
            base, below_home = env.get("XDG_DATA_HOME", ""), os.path.join(".local", "share")
    if not os.path.isabs(base):
        base = os.path.join(home, below_home)
    return Path(base) / APP if os.path.isabs(base) else None


def folder_and_parents(folder: Path, limit: int) -> tuple[Path, ...]:
    """Return the folder and those above it as absolute paths, at most `limit`.

    Empty if the folder is relative and the working folder has been deleted.
    """
    try:
        start = Path(os.path.abspath(folder))
    except FileNotFoundError:
        return ()
    return (start, *start.parents)[:limit]


def lock_folder() -> Path:
    """Return a folder that only this user can write to; OSError if none can be created."""
    if (runtime := os.environ.get("XDG_RUNTIME_DIR")) and _is_private(Path(runtime)):
        return Path(runtime)
    import tempfile  # imports shutil and random

    if sys.platform == "win32":
        return Path(tempfile.gettempdir())
    folder = Path(tempfile.gettempdir()) / f"{APP}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not _is_private(folder):
        raise PermissionError(f"{folder} belongs to another user")
    return folder


def _is_private(folder: Path) -> bool:
    """Return True if the folder is this user's, is no link, and nobody else can write to it."""
    with suppress(OSError):
        info = folder.lstat()
        return stat.S_ISDIR(info.st_mode) and (
            sys.platform == "win32" or (info.st_uid == os.getuid() and not info.st_mode & 0o022)
        )
    return False


def display_path(path: Path, home: Path | None) -> str:
    """Return a path as people write it, with `~` for their home folder. Not made safe to print."""
    if home is not None and path.is_relative_to(home) and path != home:
        return f"~/{path.relative_to(home).as_posix()}"
    return path.as_posix()


def error_reason(error: OSError) -> str:
    """Return the system's words for a failed call ("permission denied"), without any path."""
    return (error.strerror or "the system denied access").lower()
