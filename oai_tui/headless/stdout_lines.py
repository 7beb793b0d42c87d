"""Print lines on stdout at once, for commands that go on until nobody reads them any more."""

import select
import sys

from oai_tui.headless.console import OutputError
from oai_tui.system.failed_stream import discard_unwritten, silence


class OutputClosed(Exception):  # noqa: N818  names a condition, not a mistake
    """Nobody reads stdout any more."""


def print_lines(text: str) -> None:
    """Write to stdout and flush.

    OutputClosed if its reader is gone, OutputError if the disk is full or the write fails.
    """
    if sys.stdout is None:
        raise OutputClosed
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        raise OutputClosed from None
    except OSError as error:
        discard_unwritten(sys.stdout)
        raise OutputError(f"cannot write to standard output: {error.strerror}") from None


def check_reader() -> None:
    """Raise OutputClosed if stdout is a pipe whose reader is gone, before anything is written.

    Where the system cannot say so (Windows), the next line that is written shows it.
    """
    if sys.stdout is None or not hasattr(select, "poll"):
        return
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    if any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0)):
        silence(sys.stdout)
        raise OutputClosed
