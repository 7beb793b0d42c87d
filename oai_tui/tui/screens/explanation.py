"""What a pasted text says: its cause, why, what to do, what else it could be, and whether a walk can confirm it. Several failures in one text stand in a list."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.diagnosis.live_comparison import is_left_open, stages_that_can_confirm
from oai_tui.domain.decision_tree import Stage
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import FailureReport
from oai_tui.tui.advice import advice_of
from oai_tui.tui.confirmation_text import before_walk
from oai_tui.tui.formatting import display_safe, outcome
from oai_tui.tui.screens.scroll_screen import ScrollArea, ScrollScreen
from oai_tui.tui.widgets import verdict_text as report
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.services.build import Services
    from oai_tui.tui.navigation import Navigation


class FoundList(OptionList):
    """The failures of one text; enter does the first action for the highlighted one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "do it",
            id="found.enter",
            key_display="enter",
            tooltip="Do the highlighted action at the bottom left, for this failure",
        )
    ]


class ExplanationScreen(ScrollScreen[bool]):
    """Gives whether another text is wanted. `confirm`: walks to confirm what a text says."""

    CSS_PATH = "explanation.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "primary",
            "do it",
            id="diagnosis.primary",
            key_display="enter",
            tooltip="Do the highlighted action at the bottom left",
        ),
        Binding(
            "b,escape",
            "back",
            "back",
            id="diagnosis.back",
            tooltip="Back to the text",
            key_display="b",
        ),
        Binding(
            "t",
            "another",
            "another text",
            id="diagnosis.another",
            tooltip="Forget this text and paste another",
        ),
        Binding(
            "e",
            "evidence",
            "evidence",
            id="diagnosis.evidence",
            tooltip="Everything that was read out of the text",
        ),
        Binding(
            "c",
            "copy",
            "copy",
            id="diagnosis.copy",
            tooltip="Copy the cause and the advice; no evidence and no key",
        ),
    ]

    app: "Navigation"

    def __init__(
        self,
        services: "Services",
        found: Sequence[FailureReport],
        confirm: Callable[[FailureReport], None],
    ) -> None:
        super().__init__()
        self.services, self.found, self._confirm = services, tuple(found), confirm
        self.at = 0

    @property
    def chosen(self) -> FailureReport:
        """The failure that is shown."""
        return self.found[self.at]

    def compose(self) -> ComposeResult:
        several = len(self.found) > 1
        yield TitleBar(
            f"{len(self.found)} failures in this text" if several else "What the text says",
            self.app.badge,
        )
        with ScrollArea(id="diagnosis"):
            if several:
                yield FoundList(
                    *(
                        Option(_row(each), id=f"found-{number}")
                        for number, each in enumerate(self.found)
                    ),
                    id="found",
                    compact=True,
                    markup=False,
                )
            yield ParagraphView(id="cause")
            yield ParagraphView(id="said")
            yield Static(Content("What to do"), classes="part", id="advice-title")
            yield ParagraphView(id="advice")
            yield Static(Content("What else it could be"), classes="part", id="others-title")
            yield ParagraphView(id="others")
            yield ParagraphView(id="live")
            yield ParagraphView(id="read")
        yield ActionBar(self._actions(), grab_focus=not several)
        yield KeyFooter()

    async def on_mount(self) -> None:
        if len(self.found) > 1:
            listed = self.query_one("#found", OptionList)
            listed.highlighted = 0
            listed.focus()
        await self._draw()

    def _stages(self) -> tuple[Stage, ...]:
        return stages_that_can_confirm(
            self.services.tree, self.chosen.verdict, self.services.catalogue
        )

    def _actions(self) -> tuple[Action, ...]:
        """The walk first where it can say something about the text; else the advice."""
        copy, others = (
            Action(id="copy", label="Copy the advice"),
            (Action(id="another", label="Another text"), Action(id="back", label="Back")),
        )
        if is_left_open(self.chosen.verdict):
            return (
                Action(
                    id="confirm",
                    label="Find out live",
                    tooltip="Walk through every step with your key",
                ),
                copy,
                *others,
            )
        if self._stages():
            return (
                Action(
                    id="confirm",
                    label="Confirm it live",
                    tooltip="Walk with your key to the step that can meet this",
                ),
                copy,
                *others,
            )
        return (copy, Action(id="confirm", label="Check the key all the same"), *others)

    async def _draw(self) -> None:
        shown_now, services = self.chosen, self.services
        box = self.query_one("#cause", ParagraphView)
        box.set_class(shown_now.verdict.outcome == "undecided", "-undecided")
        box.show(report.verdict(_headed(shown_now.verdict)))
        self._fill("said", report.text_verdict(shown_now))
        self._fill("advice", report.fixes(shown_now.verdict.fixes))
        self._fill("others", report.alternatives(shown_now.verdict, services.catalogue))
        self._fill(
            "live",
            before_walk(
                shown_now.verdict,
                self._stages(),
                services.catalogue.get(shown_now.verdict.cause or ""),
            ),
        )
        self._fill("read", report.parsed_as(shown_now))
        await self.query_one(ActionBar).show(self._actions())

    def _fill(self, name: str, paragraphs: Sequence[Paragraph]) -> None:
        """Show paragraphs in their place; an empty place goes, with its title."""
        self.query_one(f"#{name}", ParagraphView).show(paragraphs)
        for place in self.query(f"#{name}, #{name}-title"):
            place.set_class(not paragraphs, "-gone")

    @on(OptionList.OptionHighlighted, "#found")
    async def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.at = event.option_index
        await self._draw()

    @on(OptionList.OptionSelected, "#found")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_primary()

    @on(ActionBar.Chosen)
    async def _chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_primary(self) -> None:
        """Do the first action of the bar."""
        self.query_one(ActionBar).choose_primary()

    def action_confirm(self) -> None:
        """Walk, to confirm what the text says."""
        self._confirm(self.chosen)

    def action_another(self) -> None:
        """Go back to an empty box."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Hide the evidence where it is shown, else go back to the text."""
        if self.query_one("#diagnosis").has_class("-aside"):
            self.action_evidence()
        else:
            self.dismiss(False)

    def action_evidence(self) -> None:
        """Show or hide all that was read out of the text."""
        self.query_one("#diagnosis").toggle_class("-aside")
        self.query_one(ScrollArea).scroll_home(animate=False)

    def action_copy(self) -> None:
        """Copy the advice, and show what was copied."""
        advice = self.services.redactor()(advice_of(self.chosen.verdict))
        self.app.copy_to_clipboard(advice)
        self.app.show_note("Copied", advice, verbatim=True)


def _headed(found: Verdict) -> Verdict:
    """The verdict with a heading that blames the text where the text is to blame."""
    return (
        replace(found, title="The text says too little to name one cause")
        if found.outcome == "undecided" and found.alternatives
        else found
    )


def _row(found: FailureReport) -> Content:
    """One failure of several: how often, its title, its status and code."""
    return Content.assemble(
        (f"{found.count:>4}× ", "$primary"),
        (display_safe(_headed(found.verdict).title), "bold"),
        (f"   {outcome(found.observation)}", "$text-muted"),
    )
