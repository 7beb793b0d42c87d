"""The list of demos: the tour of common cases, then every demo grouped by what a program shows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.simulator.find_demos import TOUR, Story, grouped, matching
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.row_list import RowList
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation

_CASE_WIDTHS = ((140, 41), (100, 28), (80, 23), (60, 19), (0, 12))
"""Columns of the terminal from which on -> cells of the column with status and error code."""
_TOUR_ID = "tour-"
"""Start of the ids of the tour's rows; the number of the demo follows, from 1."""


class FilterInput(Input):
    """Filters the list; Enter starts the highlighted demo."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "submit",
            "start",
            id="demos.enter",
            key_display="enter",
            tooltip="Start the highlighted demo",
        ),
        # The base class has these keys too, and hides them in the footer.
        Binding(
            "down",
            "screen.move(1)",
            "choose",
            id="demos.filter-next",
            tooltip="Highlight the next demo",
            key_display="↑↓",
        ),
        Binding(
            "up",
            "screen.move(-1)",
            "previous",
            id="demos.filter-previous",
            tooltip="Highlight the previous demo",
            show=False,
        ),
        Binding(
            "pagedown",
            "screen.move(10)",
            "down",
            id="demos.filter-down",
            tooltip="Ten demos down",
            show=False,
        ),
        Binding(
            "pageup",
            "screen.move(-10)",
            "up",
            id="demos.filter-up",
            tooltip="Ten demos up",
            show=False,
        ),
    ]


class DemoList(RowList):
    """The demos. A click highlights a demo, a second click on it starts it, as Enter does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "start",
            id="demos.list-enter",
            key_display="enter",
            tooltip="Start the highlighted demo",
        ),
        Binding(
            "down",
            "cursor_down",
            "choose",
            id="demos.list-next",
            tooltip="Highlight the next demo",
            key_display="↑↓",
        ),
    ]

    _clicked: str | None = None
    """The id of the row that was clicked last."""

    def on_click(self, event: events.Click) -> None:
        """Highlight what is clicked; select what was clicked before."""
        event.stop()
        event.prevent_default()  # the base class selects at once
        index = event.style.meta.get("option")
        if not isinstance(index, int):
            return
        option = self.get_option_at_index(index)
        if option.disabled or option.id is None:
            return
        self.highlighted = index
        if self._clicked == option.id:
            self.action_select()
        self._clicked = option.id


class DemosScreen(Screen[None]):
    """Lets the user find a demo by typing, choose it with the arrows, and start it with Enter."""

    TITLE = "Demos"
    CSS_PATH = "demos.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+t",
            "tour",
            "tour",
            id="demos.tour",
            tooltip="Start the tour of the eight common cases",
        ),
        Binding("escape", "back", "back", id="demos.back", tooltip="Clear the filter, or go back"),
        # The key of the app has priority too, and is not in the footer.
        Binding(
            "f1",
            "app.help",
            "help",
            id="demos.help",
            tooltip="The keys of this screen",
            priority=True,
        ),
    ]

    app: "Navigation"

    def __init__(self, stories: Sequence[Story]) -> None:
        super().__init__()
        self.stories = tuple(stories)
        by_id = {story.id: story for story in stories}
        self.tour = tuple(by_id[each] for each in TOUR if each in by_id)
        """The demos of the tour."""
        if len(self.tour) < len(TOUR):  # the numbers of its rows would be wrong
            self.tour = ()

    def compose(self) -> ComposeResult:
        yield TitleBar("Demos", "no key, no network")
        with Vertical(id="demos"):
            yield FilterInput(
                placeholder="Search: 401, 429, insufficient_quota, proxy, organization …",
                id="demo-filter",
                compact=True,
            )
            with Container(id="demo-body"):
                yield DemoList(id="demo-list", compact=True, markup=False)
                yield Static(id="demo-story")
        yield ActionBar(self._actions(), grab_focus=False)
        yield KeyFooter()

    def _actions(self) -> list[Action]:
        is_last = len(self.app.screen_stack) <= 1
        return [
            Action(id="begin", label="Start this demo"),
            *([Action(id="tour", label="Start the tour")] if self.tour else []),
            Action(id="back", label="Quit" if is_last else "Back"),
        ]

    def on_mount(self) -> None:
        self._show_matching("")
        self.query_one("#demo-filter", Input).focus()

    def on_resize(self) -> None:
        """Draw the rows again: the width of a column depends on the width of the screen."""
        demo_list = self.query_one("#demo-list", OptionList)
        highlighted = demo_list.highlighted
        self._show_matching(self.query_one("#demo-filter", Input).value)
        if highlighted is not None:
            demo_list.highlighted = highlighted

    def _show_matching(self, filter_text: str) -> None:
        """List the demos that a text finds, and highlight the first. A blank text finds all."""
        demo_list = self.query_one("#demo-list", OptionList)
        options = self._options(filter_text)
        found = [option for option in options if option.id]
        if not found:
            shown = display_safe(filter_text.strip())
            options = [
                Option(Content(f"No demo matches “{shown}”."), disabled=True),
                Option(Content("Press Esc to clear the search."), disabled=True),
            ]
        demo_list.clear_options()
        demo_list.add_options(options)
        demo_list.highlighted = options.index(found[0]) if found else None
        demo_list.scroll_home(animate=False)
        self._show_story(found[0].id if found else None)

    def _options(self, filter_text: str) -> list[Option]:
        """Return headings and rows. The tour is left out of a search, which finds its demos."""
        width = next(cells for least, cells in _CASE_WIDTHS if self.app.size.width >= least)
        options: list[Option] = []
        if self.tour and not filter_text.strip():
            options.append(_heading(f"Tour: {len(self.tour)} common cases"))
            options += [
                Option(_row(story, width, f"{number} "), id=f"{_TOUR_ID}{number}")
                for number, story in enumerate(self.tour, 1)
            ]
        for group, members in grouped(matching(self.stories, filter_text)).items():
            options.append(_heading(group))
            options += [Option(_row(story, width), id=story.id) for story in members]
        return options

    @on(Input.Changed, "#demo-filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_matching(event.value)

    @on(Input.Submitted, "#demo-filter")
    @on(OptionList.OptionSelected, "#demo-list")
    def _begin_chosen(self) -> None:
        self.action_begin()

    @on(OptionList.OptionHighlighted, "#demo-list")
    def _highlight_changed(self, event: OptionList.OptionHighlighted) -> None:
        self._show_story(event.option_id)

    def _story_of(self, row: str | None) -> Story | None:
        """Return the demo of a row, by the row's id; None if there is none."""
        if row and row.startswith(_TOUR_ID):
            return self.tour[int(row.removeprefix(_TOUR_ID)) - 1]
        return next((story for story in self.stories if story.id == row), None)

    def _show_story(self, row: str | None) -> None:
        """Show the story of a row, by its id; nothing for None."""
        story = self._story_of(row)
        self.query_one("#demo-story", Static).update(_story_text(story) if story else Content(""))

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_begin(self) -> None:
        """Start the highlighted demo; from a row of the tour, the tour."""
        option = self.query_one("#demo-list", OptionList).highlighted_option
        if option is None or not option.id:
            return
        if option.id.startswith(_TOUR_ID):
            self.app.start_tour(int(option.id.removeprefix(_TOUR_ID)))
        else:
            self.app.start_demo(option.id)

    def action_tour(self) -> None:
        """Start the tour with its first demo."""
        if self.tour:
            self.app.start_tour()

    def action_move(self, by: int) -> None:
        """Move the highlight down, up if `by` is negative, while the filter keeps the focus."""
        demo_list = self.query_one("#demo-list", OptionList)
        for _ in range(abs(by)):
            if by > 0:
                demo_list.action_cursor_down()
            else:
                demo_list.action_cursor_up()

    def action_back(self) -> None:
        """Clear the filter; if it is empty, go to the screen below, or out of the program."""
        filter_input = self.query_one("#demo-filter", Input)
        if filter_input.value:
            filter_input.value = ""
            filter_input.focus()
        elif not self.app.close_screen(self) and self.app.screen_stack == [self]:
            self.app.exit(return_code=0)


def _heading(text: str) -> Option:
    return Option(Content.styled(text, "bold $primary"), disabled=True)


def _row(story: Story, width: int, number: str = "") -> Content:
    """Return status, error code and title in one line; the code is cut off at `width` cells."""
    shows = Content(display_safe(story.shows)).truncate(width, ellipsis=True, pad=True)
    return Content.assemble(f"  {number}", shows, f" {display_safe(story.title)}")


def _story_text(story: Story) -> Content:
    """Return everything about a demo: its title, story, hint, status and id."""
    parts: list[Content | str | tuple[str, str]] = [
        (display_safe(story.title), "bold"),
        f"\n{display_safe(story.story)}",
    ]
    if story.needs_billed_request:
        parts.append(("\nAnswer y to the billed request to see it; nothing is billed.", "$warning"))
    if story.text:
        parts.append(("\nThe demo explains an error text; a check can't show it.", "$warning"))
    parts.append((f"\n\n{display_safe(story.shows)}\noai-tui --demo {story.id}", "$text-muted"))
    return Content.assemble(*parts)
