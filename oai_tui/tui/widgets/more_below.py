"""The line below a pane that says whether more of it is below the last visible row."""

from textual.content import Content
from textual.widgets import Static

MORE_BELOW = "↓ more below: press ↓ or PgDn"


class MoreBelow(Static):
    """One line, blank when the end of the pane is visible."""

    DEFAULT_CSS = """
    MoreBelow { height: 1; padding: 0 3; color: $text-muted; text-wrap: nowrap; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_shown = False

    def show(self, more: bool) -> None:
        """Say that there is more, or no longer say so."""
        if more != self.is_shown:
            self.is_shown = more
            self.update(Content(MORE_BELOW if more else ""), layout=False)
