"""The actions at the bottom of a screen, in one row or, where it is too narrow, in several.

The first is the primary one: it is always in the same place, has the focus, and enter does it. The
action that enter does is the brightest and has the mark ▶, which moves with the focus.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, DescendantBlur, DescendantFocus
from textual.geometry import Region, Size
from textual.layout import ArrangeResult, Layout
from textual.layouts.horizontal import HorizontalLayout
from textual.message import Message
from textual.widget import Widget

from oai_tui.tui.formatting import display_safe

_MARKED, _UNMARKED = "▶ ", "  "
"""What is before the label of the action that enter does, and of others; equally wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something the user can do. `id` is an action of the screen, such as "apply(0)"."""

    id: str
    label: str
    tooltip: str = ""
    enabled: bool = True


class ActionButton(Widget, can_focus=True):
    """A button, one line high or, on a tall terminal, three.

    Textual's own has variants, none of which is used here: their 57 CSS rules take longer to read
    than all sheets of the first screen.
    """

    DEFAULT_CSS = """
    ActionButton {
        width: auto; height: 1; padding: 0 1 0 0; margin: 0 1 0 0; line-pad: 1;
        text-align: center; content-align: center middle; pointer: pointer;
        background: $panel; color: $text;
        &:hover { background: $secondary; }
        &.-marked { background: $primary; color: $background; text-style: bold; }
        &:disabled { background: $surface; color: $text-muted; pointer: not-allowed; }
        &.-marked:disabled { background: $panel; text-style: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "press",
            "select",
            id="action.press",
            key_display="enter",
            tooltip="Do the highlighted action at the bottom",
        )
    ]

    class Pressed(Message):
        """A button was pressed."""

        def __init__(self, button: "ActionButton") -> None:
            super().__init__()
            self.button = button

    def __init__(self, action: Action) -> None:
        super().__init__(disabled=not action.enabled)
        self._text = display_safe(action.label)
        self.action_id = action.id
        if action.tooltip:
            self.tooltip = action.tooltip

    @property
    def label(self) -> Content:
        """The mark and the text of the action."""
        return Content(f"{_MARKED if self.has_class('-marked') else _UNMARKED}{self._text}")

    def mark(self, *, is_marked: bool) -> None:
        """Show whether enter does this action."""
        if self.has_class("-marked") != is_marked:
            self.set_class(is_marked, "-marked")
            self.refresh()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return self.label.cell_length + 2  # `line-pad` on both sides

    def render(self) -> Content:
        return self.label

    def on_click(self, event: Click) -> None:
        event.stop()
        self.press()

    def action_press(self) -> None:
        """Press the button, for its key."""
        self.press()

    def press(self) -> None:
        """Post `Pressed`, unless the action cannot be done now."""
        if not self.disabled and self.display:
            self.post_message(self.Pressed(self))


class WrappedRows(HorizontalLayout):
    """Places widgets from left to right, in as many rows as they need. Each is cut at one row."""

    name = "wrapped-rows"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Return the places of the widgets in an area of `size`, whose height does not matter."""
        x = y = row_height = 0
        rows: ArrangeResult = []
        for placed in super().arrange(parent, children, size, greedy):
            region = placed.region
            if x and x + region.width > size.width:
                x, y, row_height = 0, y + row_height, 0
            width = min(region.width, size.width)
            moved = Region(x, y + placed.margin.top, width, region.height)
            rows.append(placed._replace(region=moved))
            x += width + placed.margin.right
            row_height = max(row_height, region.height + placed.margin.height)
        return rows


_ROWS = WrappedRows()


class ActionBar(Widget):
    """Shows actions and posts `Chosen` with the id of the one that was pressed.

    With `grab_focus`, the primary action gets the focus whenever the actions change.
    """

    DEFAULT_CSS = """
    ActionBar {
        width: 1fr; height: auto; dock: bottom; padding: 0 1; margin: 0 0 1 0;
        background: $background;
    }
    """

    class Chosen(Message):
        """An action was chosen, by its id."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, actions: Sequence[Action] = (), *, grab_focus: bool = True) -> None:
        super().__init__()
        self._actions = tuple(actions)
        self._grab_focus = grab_focus

    @property
    def layout(self) -> Layout:
        """The layout of the buttons."""
        return _ROWS

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions that are shown, the primary one first."""
        return self._actions

    def compose(self) -> ComposeResult:
        for action in self._actions:
            yield ActionButton(action)

    def on_mount(self) -> None:
        self._mark_focused()
        if self._grab_focus:
            self.focus_primary()

    async def show(self, actions: Sequence[Action]) -> bool:
        """Show these actions. Return False, and draw nothing, if they are shown already."""
        if tuple(actions) == self._actions:
            return False
        self._actions = tuple(actions)
        await self.recompose()
        self._mark_focused()
        if self._grab_focus:
            self.focus_primary()
        return True

    def choose_primary(self) -> None:
        """Do the primary action, as enter does."""
        if self._actions and self._actions[0].enabled:
            self.post_message(self.Chosen(self._actions[0].id))

    def focus_primary(self) -> None:
        """Give the focus to the primary action, if it is enabled."""
        buttons = self.query(ActionButton)
        if buttons and not buttons.first().disabled:
            buttons.first().focus()

    def move_focus(self, steps: int) -> None:
        """Move the focus by so many enabled actions, round the ends."""
        buttons = [button for button in self.query(ActionButton) if not button.disabled]
        if not buttons:
            return
        focused = next((at for at, button in enumerate(buttons) if button.has_focus), 0)
        buttons[(focused + steps) % len(buttons)].focus()

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _mark_focused(self) -> None:
        """Mark the action that enter does: the focused one, else the primary one."""
        buttons = list(self.query(ActionButton))
        marked = next((button for button in buttons if button.has_focus), None)
        for index, button in enumerate(buttons):
            button.mark(is_marked=button is marked if marked else index == 0)

    def on_action_button_pressed(self, event: ActionButton.Pressed) -> None:
        event.stop()
        self.post_message(self.Chosen(event.button.action_id))
