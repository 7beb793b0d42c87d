"""The line at the top of every screen: the program's name, what this screen is about, and whether it is the demo."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from oai_tui.tui.formatting import display_safe


class TitleBar(Horizontal):
    """`about` is what the screen is about; `badge` stands at the right."""

    DEFAULT_CSS = """
    TitleBar { height: 1; dock: top; background: $surface; padding: 0 1; }
    TitleBar > #title-about { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    TitleBar > #title-badge { width: auto; max-width: 45%; margin: 0 0 0 2; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, about: str, badge: str = "") -> None:
        super().__init__()
        self._about, self._badge = about, badge

    def compose(self) -> ComposeResult:
        yield Static(
            Content.assemble(
                ("oai-tui", "bold $primary"), ("   " + display_safe(self._about), "$text")
            ),
            id="title-about",
        )
        yield Static(Content(display_safe(self._badge)), id="title-badge")

    def on_mount(self) -> None:
        """Lay the screen out for the terminal's size from its first frame on: Textual does so after that frame, and a narrow screen would flicker."""
        for cells, breakpoints in zip(
            self.app.size,
            (self.app.HORIZONTAL_BREAKPOINTS, self.app.VERTICAL_BREAKPOINTS),
            strict=True,
        ):
            fitting = [name for least, name in sorted(breakpoints or []) if cells >= least]
            for _, name in breakpoints or []:
                self.screen.set_class(name == fitting[-1], name)
