"""The line at the top of a screen: the program's name, the way to the screen, and a badge."""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from oai_tui.tui.formatting import display_safe

_NAME = "oai-tui"
_GAP = "   "
_MAX_BADGE = 0.45
"""Part of the width that the badge may take."""


class TitleBar(Widget):
    """Shows the screens below, the screen's `title`, and at the right `badge`: "Keys › Check".

    `badge`: whether this is the demo, or a key to know. Screens below are named by their TITLE;
    they are left out, the lowest first, where there is no room for them.
    """

    DEFAULT_CSS = "TitleBar { height: 1; dock: top; background: $surface; padding: 0 1; }"

    def __init__(self, title: str, badge: str = "") -> None:
        super().__init__()
        self._title = title
        self._badge = badge
        self._below: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The way to the screen and its title, as far as there is room."""
        return self.render().plain.strip()

    def show(self, title: str) -> None:
        """Show another title, unless it is shown already."""
        if title != self._title:
            self._title = title
            self.refresh()

    def on_mount(self) -> None:
        """Name the screens below, and give the screen the classes of the terminal's size.

        Textual does so after the first frame, and a narrow screen would flicker.
        """
        self._below = _titles_below(self)
        width, height = self.app.size
        screen = self.screen
        for cells, breakpoints in (
            (width, screen.HORIZONTAL_BREAKPOINTS or self.app.HORIZONTAL_BREAKPOINTS or ()),
            (height, screen.VERTICAL_BREAKPOINTS or self.app.VERTICAL_BREAKPOINTS or ()),
        ):
            screen.remove_class(*(name for _, name in breakpoints), update=False)
            screen.add_class(*_classes_at(cells, breakpoints), update=False)
        screen.update_node_styles()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render(self) -> Content:
        width = self.content_size.width
        badge = Content.styled(display_safe(self._badge), "$text-muted")
        badge = badge.truncate(int(width * _MAX_BADGE), ellipsis=True)
        left = width - badge.cell_length - (2 if badge.cell_length else 0)
        about = render_title(self._below, self._title, max(1, left))
        gap = max(0, width - about.cell_length - badge.cell_length)
        return Content.assemble(about, " " * gap, badge)


def render_title(below: Sequence[str], title: str, width: int) -> Content:
    """Return name and title in `width` cells, with as many of the screens below as fit."""
    name = Content.styled(_NAME, "bold $primary")
    for first in range(len(below) + 1):
        way = "".join(f"{each} › " for each in below[first:])
        if first and way:
            way = f"… › {way}"
        about = Content.assemble(name, _GAP, (way, "$text-muted"), (display_safe(title), "$text"))
        if about.cell_length <= width:
            return about
    if about.cell_length > width:
        about = Content.styled(display_safe(title), "$text")
    return about.truncate(width, ellipsis=True)


def _titles_below(widget: Widget) -> tuple[str, ...]:
    """Return the titles of the screens below the widget's own, the lowest first."""
    titles: list[str] = []
    for screen in widget.app.screen_stack:
        if screen is widget.screen:
            break
        if screen.TITLE:
            titles.append(screen.TITLE)
    return tuple(titles)


def _classes_at(cells: int, breakpoints: Sequence[tuple[int, str]]) -> list[str]:
    """The class of the largest breakpoint that `cells` reaches; none below all of them."""
    reached = [name for minimum, name in sorted(breakpoints) if cells >= minimum]
    return reached[-1:]
