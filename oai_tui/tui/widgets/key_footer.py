"""The keys of a screen, in one line at its bottom."""

from textual.binding import Binding
from textual.widgets import Footer


class KeyFooter(Footer):
    """Textual's footer, which replaces its keys only when they have changed.

    Textual replaces them at every change of the focus, several times for one key press.
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
