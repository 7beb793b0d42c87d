"""The line at the top of a screen: the program's name, the screen's title, and a badge."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from oai_tui.tui.formatting import display_safe


class TitleBar(Horizontal):
    """Shows `title`, and at the right `badge`: whether this is the demo, or a key to know."""

    DEFAULT_CSS = """
    TitleBar { height: 1; dock: top; background: $surface; padding: 0 1; }
    TitleBar > #title-about { width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    TitleBar > #title-badge {
        width: auto; max-width: 45%; margin: 0 0 0 2;
        color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, title: str, badge: str = "") -> None:
        super().__init__()
        self._title = title
        self._badge = badge

    def compose(self) -> ComposeResult:
        yield Static(self._about(), id="title-about")
        yield Static(Content(display_safe(self._badge)), id="title-badge")

    def _about(self) -> Content:
        title = display_safe(self._title)
        return Content.assemble(("oai-tui", "bold $primary"), (f"   {title}", "$text"))

    def show(self, title: str) -> None:
        """Show this title, unless it is shown already."""
        if title != self._title:
            self._title = title
            self.query_one("#title-about", Static).update(self._about(), layout=False)

    def on_mount(self) -> None:
        """Give the screen the classes of the terminal's size before its first frame.

        Textual does so after that frame, and a narrow screen would flicker.
        """
        width, height = self.app.size
        screen = self.screen
        for cells, breakpoints in (
            (width, screen.HORIZONTAL_BREAKPOINTS or self.app.HORIZONTAL_BREAKPOINTS or ()),
            (height, screen.VERTICAL_BREAKPOINTS or self.app.VERTICAL_BREAKPOINTS or ()),
        ):
            screen.remove_class(*(name for _, name in breakpoints), update=False)
            screen.add_class(*_classes_at(cells, breakpoints), update=False)
        screen.update_node_styles()


def _classes_at(cells: int, breakpoints: Sequence[tuple[int, str]]) -> list[str]:
    """The class of the largest breakpoint that `cells` reaches; none below all of them."""
    reached = [name for minimum, name in sorted(breakpoints) if cells >= minimum]
    return reached[-1:]
