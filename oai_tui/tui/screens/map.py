"""The map: the decision tree as a list, with the path of the current check lit.

Enter opens a step, then one of its results, then the page of a cause; escape goes back up.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.domain.cause import Catalogue
from oai_tui.domain.decision_tree import Tree
from oai_tui.domain.diagnosis import StepRecord
from oai_tui.tui.closable import ClosableScreen
from oai_tui.tui.formatting import MARKS, STYLES, display_safe
from oai_tui.tui.tree_map import (
    THIS_CHECK,
    MapRow,
    branch_rows,
    branch_text,
    groups_of,
    overview,
    search,
    target_rows,
)
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.row_list import RowList
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation

_FRAME = 6
"""Cells to the left and right of a row, the scroll bar included."""
_MIN_NOTE = 10
"""Cells from which on a note is shown; with fewer it is left out."""


class MapList(RowList):
    """The rows; enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,right",
            "select",
            "open",
            id="map.open",
            key_display="enter",
            tooltip="Open this step, result or cause",
        )
    ]


class SearchInput(Input):
    """The search; enter opens the highlighted row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "submit",
            "open",
            id="map.open-found",
            key_display="enter",
            tooltip="Open the highlighted step or cause",
        )
    ]


class MapScreen(ClosableScreen[None]):
    """Shows stages and steps. `current_check` returns the progress whose path is lit, or None."""

    TITLE = "Map"
    CSS_PATH = "map.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "search",
            "search",
            id="map.search",
            key_display="/",
            tooltip="Find a step or a cause: 401, proxy, quota …",
        ),
        Binding(
            "b,escape,left",
            "back",
            "back",
            id="map.back",
            tooltip="One level up; from the top, back to the screen before",
            key_display="esc",
        ),
        Binding("down", "move(1)", "down", id="map.down", tooltip="The next row", show=False),
        Binding("up", "move(-1)", "up", id="map.up", tooltip="The row before", show=False),
    ]

    app: "Navigation"

    def __init__(
        self,
        current_check: Callable[[], WalkProgress | None],
        tree: Tree,
        catalogue: Catalogue,
    ) -> None:
        super().__init__()
        self._current_check = current_check
        self._tree = tree
        self._catalogue = catalogue
        self._opened: list[str] = []
        """The ids of the rows that were opened to get here, the first one first."""
        self._highlights: list[int | None] = []
        """The index that was highlighted on each level above; None for the search."""
        self._rows: tuple[MapRow, ...] = ()

    def compose(self) -> ComposeResult:
        yield TitleBar("Map", self.app.badge)
        with Vertical(id="map"):
            yield SearchInput(
                placeholder="Find a step or a cause: 401, proxy, quota …",
                id="map-search",
                compact=True,
            )
            yield Static(id="map-about")
            yield MapList(id="map-list", compact=True, markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        self._input.display = False
        self._list.focus()

    def on_screen_resume(self) -> None:
        """Draw the map again: the check may have gone on."""
        self._show(self._list.highlighted)

    def on_resize(self) -> None:
        """Draw the rows again, as long as the list is wide."""
        self.call_after_refresh(lambda: self._show(self._list.highlighted))

    @property
    def _list(self) -> OptionList:
        return self.query_one("#map-list", OptionList)

    @property
    def _input(self) -> Input:
        return self.query_one("#map-search", Input)

    # -- what is shown

    def _record(self, step: str) -> StepRecord | None:
        """Return the last record of a step in the current check."""
        check = self._current_check()
        records = [record for record in check.records if record.step == step] if check else []
        return records[-1] if records else None

    def _level(self) -> tuple[str, str, Iterable[MapRow]]:
        """Return the title, what there is to know, and the rows of this level."""
        tree, catalogue = self._tree, self._catalogue
        if self._input.display:
            return "Map › Search", "", search(self._input.value, tree, catalogue)
        if not self._opened:
            return "Map", self._about_check(), self._overview()
        kind, step_id, *number = self._opened[-1].split()
        step = tree.steps[step_id]
        record = self._record(step_id)
        if kind == "step":
            about = ("Test: " if step.experiment else "") + step.why
            return f"Map › {step.title}", about, branch_rows(step, tree, catalogue, record)
        group = groups_of(step)[int(number[0])]
        is_taken = record is not None and record.branch == group.label
        matched = record.matched_cause if record is not None and is_taken else ""
        return (
            f"Map › {step.title}",
            f"Result: {branch_text(group.label)}. Possible causes, most specific first:",
            target_rows(group, tree, catalogue, matched),
        )

    def _overview(self) -> Iterable[MapRow]:
        check = self._current_check()
        if check is None:
            return overview(self._tree, ())
        return overview(self._tree, check.records, check.current.id if check.current else "")

    def _about_check(self) -> str:
        if self._current_check() is None:
            return "Every step of a check, top to bottom. Enter shows where its results lead."
        return "The steps of this check are bright. Enter shows where a result leads."

    def _show(self, highlighted: int | None) -> None:
        """Draw this level; highlight a row by its index, None for the first one that can be."""
        title, about, rows = self._level()
        self.query_one(TitleBar).show(title)
        about_view = self.query_one("#map-about", Static)
        about_view.update(Content(display_safe(about)))
        about_view.display = bool(about)
        self._rows = tuple(rows)
        options = self._list
        width = options.scrollable_content_region.width or max(1, self.size.width - _FRAME)
        options.clear_options()
        options.add_options(
            [
                Option(_draw(row, width), id=str(index), disabled=row.is_heading)
                for index, row in enumerate(self._rows)
            ]
            or [Option(Content("Nothing found. Esc closes the search."), disabled=True)]
        )
        usable = [index for index, row in enumerate(self._rows) if not row.is_heading]
        lit = [index for index in usable if self._rows[index].lit]
        if highlighted is None or highlighted not in usable:
            highlighted = next(iter(lit[-1:] or usable[:1]), None)
        options.highlighted = highlighted
        self.refresh_bindings()

    # -- what can be done

    @on(OptionList.OptionSelected, "#map-list")
    def _open_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._open(event.option_index)

    @on(Input.Submitted, "#map-search")
    def _open_found(self, event: Input.Submitted) -> None:
        event.stop()
        if self._list.highlighted is not None:
            self._open(self._list.highlighted)

    @on(Input.Changed, "#map-search")
    def _search_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._input.display:
            self._show(None)

    def _open(self, index: int) -> None:
        """Open the step, the result or the cause of a row."""
        if index >= len(self._rows):
            return
        row_id = self._only_target(self._rows[index].id)
        kind, _, rest = row_id.partition(" ")
        if kind == "cause":
            self.app.open_cause(rest)
        elif kind in {"step", "branch"}:
            self._opened.append(row_id)
            self._highlights.append(None if self._input.display else index)
            if self._input.display:
                self._close_search()
            self._show(None)

    def _only_target(self, row_id: str) -> str:
        """Return the row to which a result leads, if there is only one; else the result's own."""
        kind, _, rest = row_id.partition(" ")
        if kind != "branch":
            return row_id
        step, number = rest.split()
        group = groups_of(self._tree.steps[step])[int(number)]
        targets = [
            *(f"cause {cause}" for cause in group.causes),
            *(f"step {step}" for step in group.steps),
        ]
        if not targets:
            return ""
        return targets[0] if len(targets) == 1 else row_id

    def action_search(self) -> None:
        """Open the search."""
        self._input.value = ""
        self._input.display = True
        self._input.focus()
        self._show(None)

    def _close_search(self) -> None:
        self._input.display = False
        self._list.focus()

    def action_move(self, by: int) -> None:
        """Move the highlight while the search has the focus."""
        if by > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def action_back(self) -> None:
        """Close the search, go one level up, or leave the map."""
        if self._input.display:
            self._close_search()
            self._show(None)
        elif self._opened:
            self._opened.pop()
            self._show(self._highlights.pop())
        else:
            self.dismiss(None)


def _draw(row: MapRow, width: int) -> Content:
    """Return a row in `width` cells: mark and title, and the note at the right."""
    if row.is_heading:
        gap = max(1, width - len(row.title) - len(row.note))
        return Content.assemble((row.title, "bold $primary"), " " * gap, (row.note, "$text-muted"))
    mark = f"{MARKS[row.state]} " if row.state else ""
    title_style = "bold" if row.lit else "" if row.state is None else "$text-muted"
    title = Content.assemble(
        "  " * row.indent,
        (mark, STYLES[row.state] if row.state else ""),
        ("⟳ " if row.is_test else "", "$text-muted"),
        (display_safe(row.title), title_style),
        (f"  ◂ {THIS_CHECK}" if row.lit and not row.indent else "", "$primary"),
    )
    room = width - title.cell_length - 2
    note = Content.styled(display_safe(row.note), "$text" if row.lit else "$text-muted")
    if room < min(_MIN_NOTE, note.cell_length):
        return title.truncate(width, ellipsis=True)
    note = note.truncate(room, ellipsis=True)
    gap = max(1, width - title.cell_length - note.cell_length)
    return Content.assemble(title, " " * gap, note)
