"""Open an address in the browser of the desktop, if there is one; never blocks for long."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

_OPENERS: Mapping[str, str] = {"darwin": "open", "linux": "xdg-open"}
"""Platform -> the program that opens an address."""
_START_S = 3.0
"""Seconds in which an opener that fails has ended; one that runs longer has a browser open."""

Run = Callable[[Sequence[str]], bool]


def can_open_browser(env: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return True if a browser opened now would show up in front of this user.

    Not over SSH, whose browser would be on the other machine, and not without a display.
    """
    if any(env.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")):
        return False
    if platform in {"win32", "darwin"}:
        return True
    return bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def open_in_browser(
    url: str,
    env: Mapping[str, str],
    platform: str = sys.platform,
    run: "Run | None" = None,
) -> bool:
    """Open an http or https address. Return False if that is not possible.

    Takes up to three seconds, so call it in a thread. The opener gets no terminal: nothing that it
    prints reaches the screen. `run` is for tests.
    """
    if not url.startswith(("https://", "http://")) or not can_open_browser(env, platform):
        return False
    if platform == "win32" and run is None:
        return _start_file(url)
    opener = _OPENERS.get(platform, "xdg-open")
    if run is None:
        if shutil.which(opener) is None:
            return False
        run = _run
    return run([opener, url])


def _run(command: Sequence[str]) -> bool:
    """Start a program. Return False if it fails within its first seconds."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return process.wait(_START_S) == 0
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False


def _start_file(url: str) -> bool:
    try:
        os.startfile(url)  # type: ignore[attr-defined,unused-ignore]  # on Windows only
    except OSError:
        return False
    return True
