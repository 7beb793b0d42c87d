"""Recognises pasted text that a terminal sends as if it were typed, and marks it as a paste.

Terminals mark a paste since xterm's bracketed paste mode (`\\x1b[200~` to `\\x1b[201~`). Serial
consoles, some web terminals and `tmux send-keys` do not: each character would be a key of its own,
which is slow, and on a screen without a text box the letters would start actions.
"""

import time
from collections.abc import Callable

PASTE_START = "\x1b[200~"
PASTE_END = "\x1b[201~"
_MIN_CHARS = 24
"""Characters that arrive at once and are a paste; people type fewer while the program is busy."""
_MIN_DISTINCT = 8
"""Different characters among them: a held key repeats one or two."""
_QUIET_S = 0.05
"""Seconds without input after which a paste has ended. Terminals send it in several pieces."""


class PasteMarker:
    """Adds the marks of a bracketed paste to input that lacks them. `now` returns seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._quiet_at = 0.0
        self._is_open = False
        self._is_bracketed = False
        self._tail = ""

    def mark(self, data: str) -> str:
        """Return what was read at once, with a start mark before a paste that has none.

        The end mark follows when the paste is over: here, or in `end_when_quiet`.
        """
        self._quiet_at = self._now() + _QUIET_S
        if self._is_open and "\x1b" not in data:
            return data
        if self._is_open:
            self._is_open = False
            return PASTE_END + self._watch_brackets(data)
        if not self._is_bracketed and not self._has_half_a_mark() and _is_paste(data):
            self._is_open = True
            return PASTE_START + data
        return self._watch_brackets(data)

    def end_when_quiet(self) -> str:
        """Return the end mark of a paste after which nothing came, else an empty string."""
        if self._now() < self._quiet_at:
            return ""
        self._tail = ""
        if not self._is_open:
            return ""
        self._is_open = False
        return PASTE_END

    def _watch_brackets(self, data: str) -> str:
        """Note whether the terminal's own paste is still open."""
        seen = self._tail + data
        start, end = seen.rfind(PASTE_START), seen.rfind(PASTE_END)
        if start != end:
            self._is_bracketed = start > end
        self._tail = seen[-len(PASTE_START) + 1 :]
        return data

    def _has_half_a_mark(self) -> bool:
        """Return True if the last piece ended within the mark of a paste."""
        lengths = range(1, len(PASTE_START))
        return any(self._tail.endswith(PASTE_START[:length]) for length in lengths)


def _is_paste(data: str) -> bool:
    return len(data) >= _MIN_CHARS and "\x1b" not in data and len(set(data)) >= _MIN_DISTINCT
