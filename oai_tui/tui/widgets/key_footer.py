"""The keys of a screen, in one line at its bottom."""

from textual.binding import Binding
from textual.widgets import Footer


class KeyFooter(Footer):
    """Textual's footer, mounted anew only when the keys in it have changed.

    Textual mounts its widgets anew at every change of the focus, several times for one key.
    """

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self._keys: tuple[tuple[Binding, bool, str], ...] = ()

    async def recompose(self) -> None:
        """Mount the keys that are shown now, unless they are mounted already."""
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
