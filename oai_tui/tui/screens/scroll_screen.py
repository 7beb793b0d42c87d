"""A screen whose middle scrolls with the arrow keys, whichever widget has the focus."""

from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from oai_tui.tui.closable import ClosableScreen

Result = TypeVar("Result")


class ScrollArea(VerticalScroll, can_focus=False):
    """The middle of a `ScrollScreen`."""


class ScrollScreen(ClosableScreen[Result], Generic[Result]):
    """Scrolls its `ScrollArea` with the arrow and page keys that no widget uses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_area(-1)", "up", id="pane.up", show=False),
        Binding("down", "scroll_area(1)", "down", id="pane.down", show=False),
        Binding("pageup", "scroll_area(-12)", "page up", id="pane.page-up", show=False),
        Binding("pagedown", "scroll_area(12)", "page down", id="pane.page-down", show=False),
    ]

    def action_scroll_area(self, lines: int) -> None:
        """Scroll down by so many lines, up if negative."""
        self.query_one(ScrollArea).scroll_relative(y=lines, animate=False)
