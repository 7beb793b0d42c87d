"""Jump mode: a letter over everything that can be pressed or focused on the screen below."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList, Static

from oai_tui.tui.closable import ClosableDialog
from oai_tui.tui.widgets.action_bar import ActionButton

LETTERS = "asdfghjklqwertyuiopzxcvbnm"


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpTarget:
    """A widget, or one row of a list, and the cell of the screen at which its letter is drawn."""

    widget: Widget
    offset: Offset
    row: int | None = None


class JumpScreen(ClosableDialog[JumpTarget | None]):
    """Returns the target whose letter is pressed; None after escape or a click."""

    CSS_PATH = "jump.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+o", "close", "close", id="jump.close", tooltip="Leave jump mode")
    ]

    def __init__(self, targets: Mapping[str, JumpTarget]) -> None:
        super().__init__()
        self._targets = dict(targets)

    def compose(self) -> ComposeResult:
        for letter, target in self._targets.items():
            label = Static(Content(letter), classes="jump-letter")
            label.absolute_offset = target.offset
            yield label
        yield Static(Content("Press a letter. Esc closes."), id="jump-hint")

    def on_key(self, event: events.Key) -> None:
        """Return the target of a letter."""
        target = self._targets.get(event.character or "")
        if target is not None:
            event.stop()
            self.dismiss(target)

    def on_resize(self) -> None:
        """Close: the letters would be in the wrong places."""
        if self.is_current and self.app.size != self._size_at_start:
            self.dismiss(None)

    def on_mount(self) -> None:
        self._size_at_start = self.app.size

    def on_click(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_close(self) -> None:
        """Leave jump mode."""
        self.dismiss(None)


def jump_targets(screen: Screen[Any]) -> dict[str, JumpTarget]:
    """Return the targets that are in sight, by letter, from top to bottom."""
    targets = sorted(_targets(screen), key=lambda target: (target.offset.y, target.offset.x))
    return dict(zip(LETTERS, targets, strict=False))


def _targets(screen: Screen[Any]) -> Iterator[JumpTarget]:
    for widget in screen.focus_chain:
        if not widget.is_on_screen or widget.region.area == 0:
            continue
        rows = list(_rows(widget)) if isinstance(widget, OptionList) else []
        yield from rows or [JumpTarget(widget=widget, offset=widget.region.offset)]


def _rows(options: OptionList) -> Iterator[JumpTarget]:
    """Yield the enabled rows of a list that are in sight."""
    content = options.scrollable_content_region
    y = content.y - options.scroll_offset.y
    for index, option in enumerate(options.options):
        if content.y <= y < content.bottom and not option.disabled:
            yield JumpTarget(widget=options, offset=Offset(max(content.x - 1, 0), y), row=index)
        y += str(option.prompt).count("\n") + 1


def activate(target: JumpTarget, *, focus_only: bool) -> None:
    """Press a button, choose a row, or give the focus to anything else.

    focus_only: never press or choose; for questions, which an answer needs an enter of its own.
    """
    widget = target.widget
    if not widget.is_attached:
        return
    widget.focus()
    if isinstance(widget, ActionButton) and not focus_only:
        widget.press()
    elif isinstance(widget, OptionList) and target.row is not None:
        widget.highlighted = target.row
        if not focus_only:
            widget.action_select()
