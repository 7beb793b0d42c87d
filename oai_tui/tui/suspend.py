"""Suspends the wizard for the shell's job control (ctrl+z, then `fg`). Imports no Textual."""

import os
import signal
import subprocess
import sys

_LIMIT_S = 2.0


def can_suspend() -> bool:
    """Return True if a shell with job control started this program and can continue it.

    A program that is stopped without one (in a container, as the command of a terminal or of a
    script) could never be continued.
    """
    if sys.platform == "win32":
        return False
    group = os.getpgrp()
    # A starter such as `uv run` leads the group; the shell is then the parent of the starter.
    parent = os.getppid() if group == os.getpid() else _parent_of(group)
    try:
        return parent > 0 and os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != group
    except OSError:
        return False


def suspend() -> None:
    """Stop the whole group, as the terminal does on ctrl+z; Textual restores the terminal first."""
    if sys.platform != "win32":
        os.killpg(os.getpgrp(), signal.SIGTSTP)


def _parent_of(process: int) -> int:
    """Return the parent of a process, or 0 if it is not known."""
    try:
        shown = subprocess.run(
            ["ps", "-o", "ppid=", "-p", str(process)],
            capture_output=True,
            text=True,
            check=True,
            timeout=_LIMIT_S,
            stdin=subprocess.DEVNULL,
        )
        return int(shown.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0
