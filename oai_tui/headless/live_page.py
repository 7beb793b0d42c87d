"""A page on a terminal that replaces itself in place; nothing above it is touched."""

import os
import re
import shutil
import sys
from collections.abc import Sequence

from oai_tui.headless.console import print_report

_RESERVED = 3
"""Lines of the terminal that a page leaves free: its head, the prompt, a line for Ctrl+C."""
_SEQUENCE = re.compile("\x1b\\[[0-9;]*m")


def can_redraw() -> bool:
    """Return True when stdout is a terminal that can move its cursor."""
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


class LivePage:
    """The page that was drawn last."""

    def __init__(self) -> None:
        self._widths: list[int] = []

    @property
    def rows(self) -> int:
        """Return how many rows fit below the head of the page."""
        return max(1, shutil.get_terminal_size().lines - _RESERVED)

    def draw(self, lines: Sequence[str]) -> None:
        """Replace the page. Lines that the terminal has wrapped since, being narrower, count."""
        columns = max(1, shutil.get_terminal_size().columns)
        up = sum(max(1, -(-width // columns)) for width in self._widths)
        start = f"\x1b[{up}A\r\x1b[J" if up else ""
        print_report(start + "".join(f"{line}\n" for line in lines))
        self._widths = [len(_SEQUENCE.sub("", line)) for line in lines]
