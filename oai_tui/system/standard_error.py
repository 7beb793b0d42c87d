"""Write to standard error without ever failing: a note must not cost the result of a command."""

import os
import sys
from contextlib import suppress


def write_stderr(text: str) -> None:
    """Write and flush. Does nothing without a standard error.

    If it cannot be written to (a full disk, a reader that is gone), nothing more is written to it
    until the process ends.
    """
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):  # ValueError: closed
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
