"""Write to standard error without ever failing: a note must not cost the result of a command."""

import sys
from contextlib import suppress

from oai_tui.system.failed_stream import silence


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
            silence(sys.stderr)
