"""The keys of a screen, in one line at its bottom."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Footer

_MARGIN, _MARGIN_WIDE = 1, 2
"""Cells to the right of a key; see app.tcss."""
_ALWAYS = ("quit", "help")
"""Actions whose keys are the last to be left out, the most important one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedKey:
    """A key of the footer: its action, the cells it takes, and whether it does something now."""

    action: str
    cells: int
    enabled: bool = True


def keys_that_fit(keys: Sequence[FittedKey], width: int) -> list[bool]:
    """Return for each key whether it is shown in a footer of `width` cells.

    Quit and help come first, then the first key, then the others from left to right; a key that
    does nothing now comes after all others.
    """
    rank = {action: number for number, action in enumerate(_ALWAYS)}
    order = sorted(
        range(len(keys)),
        key=lambda index: (
            rank.get(keys[index].action.rpartition(".")[2], len(rank)),
            not keys[index].enabled,
            index,
        ),
    )
    shown = [False] * len(keys)
    left = width
    for index in order:
        if keys[index].cells <= left:
            shown[index] = True
            left -= keys[index].cells
    return shown


class KeyFooter(Footer):
    """Textual's footer, which replaces its keys only when they have changed.

    Textual replaces them at every change of the focus, several times for one key press. Keys that
    do not fit are left out, so that none is cut off.
    """

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self._keys: tuple[tuple[Binding, bool, str], ...] = ()

    async def recompose(self) -> None:
        """Replace the keys, unless they are shown already."""
        if not self.is_attached:
            return
        keys = tuple(
            (active.binding, active.enabled, active.tooltip)
            for active in self.screen.active_bindings.values()
            if active.binding.show
        )
        if keys != self._keys:
            self._keys = keys
            await super().recompose()

    def compose(self) -> ComposeResult:
        widgets = list(super().compose())
        self._leave_out_what_does_not_fit(widgets)
        yield from widgets

    def on_resize(self, event: events.Resize) -> None:
        self._leave_out_what_does_not_fit(self.children)

    def _leave_out_what_does_not_fit(self, widgets: Sequence[Widget]) -> None:
        """Hide keys that do not fit. Textual draws one widget for each action, in order."""
        first: dict[str, tuple[Binding, bool]] = {}
        for binding, enabled, _ in self._keys:
            first.setdefault(binding.action, (binding, enabled))
        if len(widgets) != len(first) or not self.content_size.width:
            return
        margin = _MARGIN_WIDE if self.screen.has_class("-wide") else _MARGIN
        keys = [
            FittedKey(
                action=action,
                cells=Content(
                    f"{self.app.get_key_display(binding)} {binding.description}"
                ).cell_length
                + margin,
                enabled=enabled,
            )
            for action, (binding, enabled) in first.items()
        ]
        fitting = keys_that_fit(keys, self.content_size.width + margin)
        for widget, is_shown in zip(widgets, fitting, strict=True):
            widget.display = is_shown
