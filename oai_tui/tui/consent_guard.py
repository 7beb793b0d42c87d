"""Guards a question whose yes spends, discloses or deletes something against stray input.

A key that is held down, typed ahead or pasted as text was not meant as an answer. Only escape and
the keys that leave the program act before the question has been drawn and no key has arrived for a
moment.
"""

from typing import Generic, TypeVar

from textual import events
from textual.message import Message

from oai_tui.tui.closable import ClosableDialog

QUIET_S = 0.7
"""Seconds without any key after which an answer counts. A held key repeats faster."""
_BURST_S = 0.05
"""Keys that follow each other faster than this many seconds were not typed by hand."""
_ALWAYS = frozenset({"escape", "ctrl+c", "ctrl+q", "ctrl+z"})
"""Keys that agree to nothing."""

Result = TypeVar("Result")


class ConsentGuard:
    """Decides which input may answer a question. All times are seconds of one monotonic clock.

    With `quiet_s` 0 it admits whatever arrives after the question was drawn.
    """

    def __init__(self, quiet_s: float = QUIET_S) -> None:
        self._quiet_s = quiet_s
        self._burst_s = min(_BURST_S, quiet_s)
        self._drawn_at: float | None = None
        self._last_key_at: float | None = None
        self._is_open = False

    def drawn(self, at: float) -> None:
        """Start the quiet time: the question is on the screen. Later calls change nothing."""
        if self._drawn_at is None:
            self._drawn_at = at

    def admits_key(self, at: float) -> bool:
        """Return True if a key pressed at that time may act. Each other key restarts the pause."""
        last, self._last_key_at = self._last_key_at, at
        if self._drawn_at is None or at < self._drawn_at:
            return False
        pause = at - (self._drawn_at if last is None else max(last, self._drawn_at))
        self._is_open = pause >= (self._burst_s if self._is_open else self._quiet_s)
        return self._is_open

    def admits_click(self, at: float) -> bool:
        """Return True if a mouse event at that time may act: not the end of a double click."""
        return self._drawn_at is not None and at >= self._drawn_at + self._quiet_s


class GuardedScreen(ClosableDialog[Result], Generic[Result]):
    """A question that stray input cannot answer. The application asks `admits` for each event."""

    def __init__(self, *, quiet_s: float | None = None, classes: str | None = None) -> None:
        """`quiet_s` None means the quiet time of the application."""
        super().__init__(classes=classes)
        self._quiet_s = quiet_s
        self._guard: ConsentGuard | None = None
        self._judged: tuple[events.Key, bool] | None = None
        """The last key and whether it was admitted: a key comes by again when it bubbles up."""

    def on_mount(self) -> None:
        # The clock of events is Textual's own, so the time is taken from a message.
        self.call_after_refresh(lambda: self.guard.drawn(Message().time))

    @property
    def guard(self) -> ConsentGuard:
        """The guard of this question."""
        if self._guard is None:
            quiet_s = self._quiet_s
            if quiet_s is None:
                quiet_s = getattr(self.app, "quiet_s", QUIET_S)
            self._guard = ConsentGuard(quiet_s)
        return self._guard

    def admits(self, event: events.Event) -> bool:
        """Return True if the event may act now. Any but input always may."""
        match event:
            case events.Key():
                return event.key in _ALWAYS or self._admits_key(event)
            case events.MouseDown() | events.MouseUp():
                return self.guard.admits_click(event.time)
            case events.Paste():
                return False
            case _:
                return True

    def _admits_key(self, event: events.Key) -> bool:
        if self._judged is None or self._judged[0] is not event:
            self._judged = (event, self.guard.admits_key(event.time))
            self.show_ignored(is_ignored=not self._judged[1])
        return self._judged[1]

    def show_ignored(self, *, is_ignored: bool) -> None:
        """Say that a key was ignored, or remove what was said. Does nothing here."""
