"""Print lines on stdout at once, for commands that go on until nobody reads them any more."""

import os
import sys


class OutputClosed(Exception):  # noqa: N818  names a condition, not a mistake
    """Nobody reads stdout any more."""


def print_lines(text: str) -> None:
    """Write to stdout and flush; OutputClosed if its reader is gone."""
    if sys.stdout is None:
        raise OutputClosed
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputClosed from None
