"""The private names of Textual on which this program depends, each with its reason.

No other module of the package uses or overrides one. A private name can go with any release, so
`tests/tui/test_textual_private.py` checks that each still exists in the installed version.
"""

import sys
from collections.abc import Iterable, Mapping

from textual.app import App
from textual.css.query import NoMatches
from textual.dom import DOMNode, NoScreen
from textual.events import Event
from textual.message import Message
from textual.worker import WorkerFailed

from oai_tui.tui.unbracketed_paste import PasteMarker

PRIVATE_NAMES: Mapping[str, str] = {
    "_fatal_error": "called once for every unhandled exception; overridden below",
    "_handle_exception": "called for every unhandled exception; overridden below",
    "_exception": "the first unhandled exception, which `_fatal_error` is about",
}
"""Attributes of `textual.app.App`, with what they are used for."""


PARSER = "XTermParser"
"""The class in `textual.drivers.linux_driver` that turns terminal input into events."""
LIST_PAGE = "OptionList._move_page"
"""The method of Textual that raises KeyError for page up in a list that is not laid out."""


def mark_unbracketed_pastes() -> None:
    """Have the terminal's driver treat a paste without brackets as a paste.

    Textual has no hook between reading the terminal and parsing. Windows has another driver.
    """
    if sys.platform == "win32":
        return
    from textual._xterm_parser import XTermParser
    from textual.drivers import linux_driver

    class PasteParser(XTermParser):
        """A parser that gets the marks of a paste which the terminal left out."""

        def __init__(self, debug: bool = False) -> None:
            super().__init__(debug)
            self.marker = PasteMarker()

        def feed(self, data: str) -> Iterable[Message]:
            """Return the events of what was read."""
            return super().feed(self.marker.mark(data) if data else data)

        def tick(self) -> Iterable[Message]:
            """Return events that were waiting: called every tenth of a second and after input."""
            if end := self.marker.end_when_quiet():
                yield from super().feed(end)
            yield from super().tick()

    setattr(linux_driver, PARSER, PasteParser)


def _is_raised_in(error: BaseException, method: str) -> bool:
    """Return True if the exception was raised in the method of that qualified name."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_qualname == method


class CrashText(App[None]):
    """An application that ends with a text of its own after an unhandled exception.

    Textual prints a traceback with the values of all local variables instead, a key among them.
    It has no public hook for this.
    """

    _has_crashed = False

    def crash_text(self, error: BaseException | None) -> str:
        """Return what to print for an unhandled exception, None if it is not known."""
        raise NotImplementedError

    async def on_event(self, event: Event) -> None:
        """Go on after a harmless exception of an action: it would end the application's loop."""
        try:
            await super().on_event(event)
        except Exception as error:
            if not self._is_harmless(error):
                raise

    def _handle_exception(self, error: Exception) -> None:
        """Ignore a harmless exception of a widget, a screen or a worker."""
        if not self._is_harmless(error):
            super()._handle_exception(error)

    def _is_harmless(self, error: Exception) -> bool:
        """Return True if a screen which is closed has lost its widgets, or a list has no lines yet.

        A key, a worker or a resize may reach the handlers of a screen at the moment in which
        another key closes it. Nothing is left to be shown then.
        """
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, NoMatches):
            return self._is_about_closed_screen(cause)
        return isinstance(cause, KeyError) and _is_raised_in(cause, LIST_PAGE)

    def _is_about_closed_screen(self, error: BaseException) -> bool:
        """Return True if the query that failed was made on a screen without its widgets.

        It is no longer open, or so new that its widgets have not been made yet.
        """
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        node = trace.tb_frame.f_locals.get("self") if trace is not None else None
        if not isinstance(node, DOMNode):
            return False
        try:
            return node.screen not in self.screen_stack or not node.screen.children
        except NoScreen:
            return True

    def _fatal_error(self) -> None:
        """Print the text for the first exception; any other follows from that one."""
        from rich.text import Text

        if self._has_crashed:
            return
        self._has_crashed = True
        self.panic(Text(self.crash_text(self._exception)))
