"""A screen whose middle scrolls with the arrow keys, whatever has the focus."""

from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen

R = TypeVar("R")


class ScrollArea(VerticalScroll, can_focus=False):
    """The middle of a `ScrollScreen`."""


class ScrollScreen(Screen[R], Generic[R]):
    """Arrow and page keys that nobody else wants scroll the `ScrollArea`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_pane(-1)", "up", id="pane.up", show=False),
        Binding("down", "scroll_pane(1)", "down", id="pane.down", show=False),
        Binding("pageup", "scroll_pane(-12)", "page up", id="pane.page-up", show=False),
        Binding("pagedown", "scroll_pane(12)", "page down", id="pane.page-down", show=False),
    ]

    def action_scroll_pane(self, by: int) -> None:
        """Scroll by so many lines; up when negative."""
        self.query_one(ScrollArea).scroll_relative(y=by, animate=False)
