"""The choice of demos: the scenarios of the built-in simulator, grouped by family."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.tui.formatting import display_safe
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation


class Story(Protocol):
    """The part of a scenario that this screen shows."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def story(self) -> str: ...


class FilterInput(Input):
    """Filters the list; enter begins the highlighted demo."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "submit",
            "begin",
            id="demos.enter",
            key_display="enter",
            tooltip="Begin the highlighted demo",
        )
    ]


class DemosScreen(Screen[None]):
    """Lets the user filter the demos by typing, choose with the arrows, and begin with enter."""

    TITLE = "Demos"
    CSS_PATH = "demos.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "begin",
            "begin",
            id="demos.begin",
            key_display="enter",
            tooltip="Begin the highlighted demo",
        ),
        Binding(
            "down", "move(1)", "choose", id="demos.next", tooltip="The next demo", key_display="↑↓"
        ),
        Binding(
            "up", "move(-1)", "previous", id="demos.previous", tooltip="The demo before", show=False
        ),
        Binding("escape", "back", "back", id="demos.back", tooltip="Clear the filter, or go back"),
    ]

    app: "Navigation"

    def __init__(self, stories: Sequence[Story]) -> None:
        super().__init__()
        families = list(dict.fromkeys(story.family for story in stories))
        self.stories = sorted(stories, key=lambda story: families.index(story.family))

    def compose(self) -> ComposeResult:
        yield TitleBar("Choose a demo", "no key, no network")
        with Vertical(id="demos"):
            yield FilterInput(
                placeholder="type to narrow, arrows to choose", id="demo-filter", compact=True
            )
            with Container(id="demo-body"):
                yield OptionList(id="demo-list", compact=True, markup=False)
                yield Static(id="demo-story")
        yield ActionBar(
            [Action(id="begin", label="Begin this demo"), Action(id="back", label="Back")],
            grab_focus=False,
        )
        yield KeyFooter()

    def on_mount(self) -> None:
        self._show_matching("")
        self.query_one("#demo-filter", Input).focus()

    def _show_matching(self, filter_text: str) -> None:
        """List the demos that contain every word of a text, and highlight the first."""
        demo_list = self.query_one("#demo-list", OptionList)
        words = filter_text.lower().split()
        matching = [
            story
            for story in self.stories
            if all(
                word in f"{story.id} {story.title} {story.family} {story.story}".lower()
                for word in words
            )
        ]
        options: list[Option] = []
        for family, members in groupby(matching, key=lambda story: story.family):
            options.append(
                Option(Content.styled(family.replace("-", " "), "bold $primary"), disabled=True)
            )
            options += [
                Option(Content.assemble("  ", display_safe(story.title)), id=story.id)
                for story in members
            ]
        demo_list.clear_options()
        demo_list.add_options(
            options or [Option(Content("Nothing fits. Escape clears the filter."), disabled=True)]
        )
        demo_list.highlighted = next(
            (index for index, option in enumerate(options) if option.id), None
        )
        self._show_story(matching[0].id if matching else None)

    @on(Input.Changed, "#demo-filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self._show_matching(event.value)

    @on(Input.Submitted, "#demo-filter")
    @on(OptionList.OptionSelected, "#demo-list")
    def _begin_chosen(self) -> None:
        self.action_begin()

    @on(OptionList.OptionHighlighted, "#demo-list")
    def _highlight_changed(self, event: OptionList.OptionHighlighted) -> None:
        self._show_story(event.option_id)

    def _show_story(self, scenario: str | None) -> None:
        """Show the story of a scenario, by its id; nothing for None."""
        story = next((each for each in self.stories if each.id == scenario), None)
        text = (
            Content.assemble(
                (display_safe(story.title), "bold"),
                "\n",
                display_safe(story.story),
                (f"\n\n{story.id}", "$text-muted"),
            )
            if story
            else Content("")
        )
        self.query_one("#demo-story", Static).update(text)

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_begin(self) -> None:
        """Begin the highlighted demo."""
        option = self.query_one("#demo-list", OptionList).highlighted_option
        if option is not None and option.id:
            self.app.start_demo(option.id)

    def action_move(self, by: int) -> None:
        """Move the highlight down, up if `by` is negative, while the filter keeps the focus."""
        demo_list = self.query_one("#demo-list", OptionList)
        if by > 0:
            demo_list.action_cursor_down()
        else:
            demo_list.action_cursor_up()

    def action_back(self) -> None:
        """Clear the filter; if it is empty, leave this screen."""
        filter_input = self.query_one("#demo-filter", Input)
        if filter_input.value:
            filter_input.value = ""
        else:
            self.app.close_demos()
