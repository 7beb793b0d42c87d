"""The row of actions at the bottom of a screen.

The first is the primary one: it is always in the same place, has the focus, and enter does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Button

from oai_tui.tui.formatting import display_safe


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something the user can do. `id` is an action of the screen, such as "apply(0)"."""

    id: str
    label: str
    tooltip: str = ""
    enabled: bool = True


class ActionButton(Button):
    """A button, one line high or, on a tall terminal, three."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "press",
            "do it",
            id="action.press",
            key_display="enter",
            tooltip="Do the highlighted action at the bottom",
        )
    ]

    def __init__(self, action: Action, *, primary: bool) -> None:
        super().__init__(
            Content(("▶ " if primary else "") + display_safe(action.label)),
            compact=True,
            disabled=not action.enabled,
            tooltip=action.tooltip or None,
            classes="-main" if primary else "",
        )
        self.action_id = action.id
        # Textual ignores enter for 0.2 s after a press otherwise, which loses keys typed quickly.
        self.active_effect_duration = 0


class ActionBar(Horizontal):
    """Shows actions and posts `Chosen` with the id of the one that was pressed.

    With `grab_focus`, the primary action gets the focus whenever the actions change.
    """

    DEFAULT_CSS = """
    ActionBar {
        height: auto; dock: bottom; padding: 0 1; margin: 0 0 1 0; background: $background;
    }
    ActionBar ActionButton {
        height: 1; min-width: 0; margin: 0 1 0 0;
        background: $panel; color: $text; text-style: none;
        &:hover { background: $secondary; color: $text; }
        &:focus {
            background: $secondary; color: $text; text-style: bold; background-tint: transparent;
        }
        &.-main { background: $primary; color: $background; text-style: bold; }
        &.-main:hover { background: $primary; color: $background; }
        &.-main:focus { background: $primary; color: $background; text-style: bold; }
        &.-main:disabled { background: $panel; color: $text-muted; text-style: none; }
        &:disabled { background: $surface; color: $text-muted; text-opacity: 1; }
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
    def actions(self) -> tuple[Action, ...]:
        """The actions that are shown, the primary one first."""
        return self._actions

    def compose(self) -> ComposeResult:
        for index, action in enumerate(self._actions):
            yield ActionButton(action, primary=index == 0)

    def on_mount(self) -> None:
        if self._grab_focus:
            self.focus_primary()

    async def show(self, actions: Sequence[Action]) -> bool:
        """Show these actions. Return False, and draw nothing, if they are shown already."""
        if tuple(actions) == self._actions:
            return False
        self._actions = tuple(actions)
        await self.recompose()
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

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if isinstance(event.button, ActionButton):
            self.post_message(self.Chosen(event.button.action_id))
