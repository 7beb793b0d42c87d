"""The path of a walk: every stage with its mark, and below it its experiments.

A column on a wide terminal, one line of marks on a narrow one.
"""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from oai_tui.tui.formatting import MARKS, STYLES, display_safe
from oai_tui.tui.walk_progress import PathLine

_MIN_TITLE = 4
"""Cells that a title keeps in a column, however long its note is."""
_COLUMN_STYLES = {"running": "bold $primary", "waiting": "$text-muted", "failed": "bold"}
_LINE_STYLES = {"running": "bold $primary", "waiting": "$text-muted", "failed": "bold $error"}
"""Styles of titles by state, in the two forms."""


def render_column(lines: Sequence[PathLine], width: int) -> Content:
    """Return the path as a column of `width` cells: mark, title, and the note at the right.

    A blank line follows each stage, after the lines nested below it.
    """
    rows: list[Content] = []
    for index, line in enumerate(lines):
        rows.append(_column_row(line, width))
        following = lines[index + 1] if index + 1 < len(lines) else line
        if not following.nested:
            rows.append(Content(""))
    return Content("\n").join(rows)


def _column_row(line: PathLine, width: int) -> Content:
    state_style = STYLES[line.state]
    if line.experiment:
        mark = Content.styled("   ⟳ ", state_style)
        note = Content.styled(display_safe(f"{line.note} {MARKS[line.state]}"), state_style)
    else:
        mark = Content.styled(f" {MARKS[line.state]} ", state_style)
        note = Content.styled(display_safe(line.note), "$text-muted")
    title_style = "$text-muted" if line.nested else _COLUMN_STYLES.get(line.state, "")
    available = max(_MIN_TITLE, width - mark.cell_length - note.cell_length - 1)
    title = Content.assemble(
        (display_safe(line.title), title_style),
        (" ◂" if line.expected else "", "$primary"),
    ).truncate(available, ellipsis=True)
    gap = max(1, width - mark.cell_length - title.cell_length - note.cell_length)
    return Content.assemble(mark, title, " " * gap, note)


def render_line(lines: Sequence[PathLine], width: int) -> Content:
    """Return the path as one line: marks with titles, as far as they fit into `width` cells.

    Where they do not fit, only the current or failed stage has its title.
    """
    stages = [line for line in lines if not line.nested]
    experiment_mark = " ⟳" if len(stages) < len(lines) else ""
    titled = [
        Content.assemble(
            (f"{MARKS[line.state]} ", STYLES[line.state]),
            (display_safe(line.title), _LINE_STYLES.get(line.state, "")),
        )
        for line in stages
    ]
    for gap in ("  ", " "):
        full = Content.assemble(Content(gap).join(titled), (experiment_mark, "$text-muted"))
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
    short = Content.assemble(
        Content("  ").join(marks), (f"{experiment_mark}   {done} of {len(stages)}", "$text-muted")
    )
    return short if short.cell_length <= width else Content(" ").join(marks)


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

    def show(self, lines: Sequence[PathLine]) -> None:
        """Draw these lines, unless they are drawn already."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.refresh()

    def render(self) -> Content:
        size = self.content_size
        if size.height <= 1:
            return render_line(self._lines, size.width)
        return render_column(self._lines, size.width)
