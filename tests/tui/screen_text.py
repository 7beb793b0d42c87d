"""What a person would read: the text of the screen as it is drawn, and waiting until a walk has something to say."""

import html
import re
from typing import Any

from textual.app import App
from textual.pilot import Pilot

_PIECE = re.compile(r'<text class="[^"]*" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>')
_CELL = 12.2
_BRIEF = frozenset({"keyring", "names", "load", "explain"})
"""Workers that end by themselves; the others wait for the person."""


def screen_lines(app: App[Any]) -> str:
    """The screen as lines of text."""
    rows: dict[float, dict[int, str]] = {}
    for x, y, text in _PIECE.findall(app.export_screenshot()):
        rows.setdefault(float(y), {})[round(float(x) / _CELL)] = html.unescape(text).replace(
            "\xa0", " "
        )
    lines = []
    for _, pieces in sorted(rows.items()):
        line = ""
        for column, text in sorted(pieces.items()):
            line = line.ljust(column) + text
        lines.append(line.rstrip())
    return "\n".join(lines)


def screen_words(app: App[Any]) -> str:
    """The same as one run of words, so that wrapping does not matter."""
    return " ".join(screen_lines(app).split())


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, each after the screen has come to rest."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until nothing more is on its way."""
    busy = [worker for worker in pilot.app.workers if worker.group in _BRIEF]
    if busy:
        await pilot.app.workers.wait_for_complete(busy)
    for _ in range(6):
        await pilot.pause()
