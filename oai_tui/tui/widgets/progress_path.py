"""The path of a check: every stage with its mark and finding, and below it its tests.

A column on a wide terminal, one line of marks on a narrow one.
"""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from oai_tui.tui.formatting import MARKS, STYLES, display_safe
from oai_tui.tui.walk_progress import PathLine

_COLUMN_STYLES = {"running": "bold $primary", "waiting": "$text-muted", "failed": "bold"}
_LINE_STYLES = {"running": "bold $primary", "waiting": "$text-muted", "failed": "bold $error"}
"""Styles of titles by state, in the two forms."""
_MORE = "↓ more"
"""Says that the pane below has more rows than are visible."""


def render_column(lines: Sequence[PathLine], width: int) -> Content:
    """Return the path as a column of `width` cells: mark and title, and what was found.

    The finding is at the right of the title, or below it where both do not fit. A blank line
    follows each stage, after the lines nested below it.
    """
    rows: list[Content] = []
    for index, line in enumerate(lines):
        rows += _column_rows(line, width)
        following = lines[index + 1] if index + 1 < len(lines) else line
        if not following.nested:
            rows.append(Content(""))
    return Content("\n").join(rows)


def _column_rows(line: PathLine, width: int) -> list[Content]:
    state_style = STYLES[line.state]
    mark = "⟳" if line.experiment else MARKS[line.state]
    lead = Content.styled(f"   {mark} " if line.nested else f" {mark} ", state_style)
    note_style = state_style if line.experiment or line.state == "failed" else "$text-muted"
    outcome = f" {MARKS[line.state]}" if line.experiment and line.note else ""
    note = Content.styled(display_safe(f"{line.note}{outcome}"), note_style)
    title_style = "$text-muted" if line.nested else _COLUMN_STYLES.get(line.state, "")
    title = Content.assemble(
        (display_safe(line.title), title_style),
        (" ◂" if line.expected else "", "$primary"),
    )
    gap = width - lead.cell_length - title.cell_length - note.cell_length
    if not note.plain or gap >= 1:
        title = title.truncate(max(1, width - lead.cell_length), ellipsis=True)
        return [Content.assemble(lead, title, " " * max(0, gap), note)]
    indent = lead.cell_length
    available = max(1, width - indent)
    return [
        Content.assemble(lead, title.truncate(available, ellipsis=True)),
        Content.assemble(" " * indent, note.truncate(available, ellipsis=True)),
    ]


def render_line(lines: Sequence[PathLine], width: int, *, more: bool = False) -> Content:
    """Return the path as one line: marks with titles, as far as they fit into `width` cells.

    Where they do not fit, only the current or failed stage has its title. `more`: say at the right
    that the pane below has more rows, if there is room.
    """
    if more and (rest := width - len(_MORE) - 1) >= 2 * len(lines):
        path = _path_in(lines, rest)
        blanks = " " * (width - len(_MORE) - path.cell_length)
        return Content.assemble(path, blanks, (_MORE, "$text-muted"))
    return _path_in(lines, width)


def _path_in(lines: Sequence[PathLine], width: int) -> Content:
    stages = [line for line in lines if not line.nested]
    titled = [
        Content.assemble(
            (f"{MARKS[line.state]} ", STYLES[line.state]),
            (display_safe(line.title), _LINE_STYLES.get(line.state, "")),
        )
        for line in stages
    ]
    for gap in ("  ", " "):
        full = Content(gap).join(titled)
        if full.cell_length <= width:
            return full
    here = _first_with_state(stages, "running") or _first_with_state(stages, "failed")
    marks = [
        Content.assemble(
            (MARKS[line.state], STYLES[line.state]),
            (f" {display_safe(line.title)}" if line is here else "", "bold"),
        )
        for line in stages
    ]
    done = sum(line.state != "waiting" for line in stages)
    long = Content.assemble(
        Content("  ").join(marks), (f"   {done} of {len(stages)}", "$text-muted")
    )
    short = Content(" ").join(marks)
    fitting = (each for each in (long, short) if each.cell_length <= width)
    return next(fitting, short.truncate(max(1, width), ellipsis=True))


def _first_with_state(stages: Sequence[PathLine], state: str) -> PathLine | None:
    return next((line for line in stages if line.state == state), None)


class PathView(Static):
    """Draws a path, as a column or as one line if it is one line high."""

    DEFAULT_CSS = """
    PathView { width: 38; height: 100%; padding: 1 1; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[PathLine, ...] = ()
        self._more = False

    def show(self, lines: Sequence[PathLine]) -> None:
        """Draw these lines, unless they are drawn already."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.refresh()

    def show_more(self, more: bool) -> None:
        """Say in the line, or no longer say, that the pane below has more rows."""
        if more != self._more:
            self._more = more
            self.refresh()

    def render(self) -> Content:
        size = self.content_size
        if size.height <= 1:
            return render_line(self._lines, size.width, more=self._more)
        return render_column(self._lines, size.width)
