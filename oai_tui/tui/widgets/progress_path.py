"""The path: every stage with its mark, experiments below theirs. A column on a wide terminal, one line of marks on a narrow one."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from oai_tui.tui.formatting import MARKS, STYLES, display_safe
from oai_tui.tui.walk_progress import PathLine


def render_column(lines: Sequence[PathLine], width: int) -> Content:
    """The path as a column of `width` cells: mark, title, and the note at the right."""
    rows = []
    for line in lines:
        mark = Content.assemble(
            ("   ⟳ " if line.experiment else f" {MARKS[line.state]} ", STYLES[line.state])
        )
        title_style = {"running": "bold $primary", "waiting": "$text-muted", "failed": "bold"}.get(
            line.state, ""
        )
        end = f"{line.note} {MARKS[line.state]}" if line.experiment else line.note
        note = Content.styled(
            display_safe(end), STYLES[line.state] if line.experiment else "$text-muted"
        )
        room = max(4, width - mark.cell_length - note.cell_length - 1)
        title = Content.assemble(
            (display_safe(line.title), "$text-muted" if line.nested else title_style),
            (" ◂" if line.sought else "", "$primary"),
        ).truncate(room, ellipsis=True)
        gap = max(1, width - mark.cell_length - title.cell_length - note.cell_length)
        rows.append(Content.assemble(mark, title, " " * gap, note))
        if not line.nested:
            rows.append(Content(""))
    return Content("\n").join(_closed_up(rows))


def render_line(lines: Sequence[PathLine], width: int) -> Content:
    """The path in one line: marks with titles, or with the current title alone where all do not fit."""
    stages = [line for line in lines if not line.nested]
    retried = " ⟳" if any(line.nested for line in lines) else ""
    named = [
        Content.assemble(
            (f"{MARKS[line.state]} ", STYLES[line.state]),
            (display_safe(line.title), _title_style(line)),
        )
        for line in stages
    ]
    for gap in ("  ", " "):
        full = Content.assemble(Content(gap).join(named), (retried, "$text-muted"))
        if full.cell_length <= width:
            return full
    here = next((line for line in stages if line.state == "running"), None) or next(
        (line for line in stages if line.state == "failed"), None
    )
    parts = []
    for line in stages:
        parts.append(
            Content.assemble(
                (MARKS[line.state], STYLES[line.state]),
                (f" {display_safe(line.title)}" if line is here else "", "bold"),
            )
        )
    done = sum(line.state != "waiting" for line in stages)
    short = Content.assemble(
        Content("  ").join(parts), (f"{retried}   {done} of {len(stages)}", "$text-muted")
    )
    return short if short.cell_length <= width else Content(" ").join(parts)


def _title_style(line: PathLine) -> str:
    return {"running": "bold $primary", "failed": "bold $error", "waiting": "$text-muted"}.get(
        line.state, ""
    )


def _closed_up(rows: Sequence[Content]) -> list[Content]:
    """Rows without the blank line between a stage and what is nested below it, and with one after the last nested."""
    out: list[Content] = []
    for index, row in enumerate(rows):
        following = rows[index + 1] if index + 1 < len(rows) else Content("")
        if not row.plain and following.plain.startswith("   ⟳"):
            continue
        if (
            out
            and out[-1].plain.startswith("   ⟳")
            and row.plain
            and not row.plain.startswith("   ⟳")
        ):
            out.append(Content(""))
        out.append(row)
    return out


class PathView(Static):
    """Draws whatever path it is given, in the form that fits its own size."""

    DEFAULT_CSS = """
    PathView { width: 38; height: 100%; padding: 1 1; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[PathLine, ...] = ()

    def show(self, lines: Sequence[PathLine]) -> None:
        """Draw these lines; nothing if they are drawn already."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.refresh()

    def render(self) -> Content:
        size = self.content_size
        return (
            render_line(self._lines, size.width)
            if size.height <= 1
            else render_column(self._lines, size.width)
        )
