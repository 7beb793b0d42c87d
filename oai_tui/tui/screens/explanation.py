"""The diagnosis of a pasted text: its causes, the fixes, and whether a check can confirm it."""

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
from oai_tui.tui.clipboard import advice_of
from oai_tui.tui.confirmation_text import before_walk
from oai_tui.tui.formatting import display_safe, outcome_text
from oai_tui.tui.screens.result_screen import RESULT_BINDINGS, ResultScreen
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.shown_result import ShownResult, result_of_text
from oai_tui.tui.widgets import verdict_text as texts
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView
from oai_tui.tui.widgets.row_list import RowList
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.services.services import Services
    from oai_tui.tui.navigation import Navigation


class FailureList(RowList):
    """The failures in one text; Enter does the first action for the highlighted one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "select",
            id="found.enter",
            key_display="enter",
            tooltip="Do the highlighted action at the bottom left, for this failure",
        )
    ]


class ExplanationScreen(ResultScreen[bool]):
    """Shows the failures in a text, one at a time. Returns True if the user has another text.

    `confirm` starts a check that confirms a failure.
    """

    TITLE = "Result"
    CSS_PATH = "explanation.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "primary",
            "select",
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
            "n",
            "another",
            "another text",
            id="diagnosis.another",
            tooltip="Clear this text and paste another one",
        ),
        Binding(
            "e",
            "evidence",
            "evidence",
            id="diagnosis.evidence",
            tooltip="Everything that was read from the text",
        ),
        *RESULT_BINDINGS,
    ]

    app: "Navigation"

    def __init__(
        self,
        services: "Services",
        reports: Sequence[FailureReport],
        confirm: Callable[[FailureReport], None],
    ) -> None:
        super().__init__()
        self.services = services
        self.reports = tuple(reports)
        self.index = 0
        """Index of the failure that is shown."""
        self._confirm = confirm

    @property
    def report(self) -> FailureReport:
        """The failure that is shown."""
        return self.reports[self.index]

    def compose(self) -> ComposeResult:
        several = len(self.reports) > 1
        yield TitleBar(_title(self.reports), self.app.badge)
        with ScrollArea(id="explanation"):
            if several:
                yield FailureList(
                    *(
                        Option(_row(report), id=f"failure-{number}")
                        for number, report in enumerate(self.reports)
                    ),
                    id="failures",
                    compact=True,
                    markup=False,
                )
            yield ParagraphView(id="cause")
            yield Static(Content("What to do"), classes="part", id="advice-title")
            yield ParagraphView(id="advice")
            yield ParagraphView(id="confirmation")
            yield Static(Content("Other possible causes"), classes="part", id="others-title")
            yield ParagraphView(id="others")
            yield Static(Content("From the text"), classes="part", id="text-verdict-title")
            yield ParagraphView(id="text-verdict")
            yield ParagraphView(id="evidence")
        yield ActionBar(self._actions(), grab_focus=not several)
        yield KeyFooter()

    async def on_mount(self) -> None:
        if len(self.reports) > 1:
            failures = self.query_one("#failures", OptionList)
            failures.highlighted = 0
            failures.focus()
        await self._draw()

    def _confirming_stages(self) -> tuple[Stage, ...]:
        return stages_that_can_confirm(
            self.services.tree, self.report.verdict, self.services.catalogue
        )

    def _actions(self) -> tuple[Action, ...]:
        """Return the check first if it can say something about the text; else the advice."""
        copy = Action(id="copy", label="Copy the advice")
        others = (Action(id="another", label="Another text"), Action(id="back", label="Back"))
        if is_left_open(self.report.verdict):
            tooltip = "Check your key step by step, and find the cause"
            return (Action(id="confirm", label="Check live", tooltip=tooltip), copy, *others)
        if self._confirming_stages():
            tooltip = "Check your key up to the step that can confirm this cause"
            return (Action(id="confirm", label="Confirm live", tooltip=tooltip), copy, *others)
        return (copy, Action(id="confirm", label="Check live anyway"), *others)

    async def _draw(self) -> None:
        report = self.report
        verdict = report.verdict
        catalogue = self.services.catalogue
        self.query_one("#cause").set_class(verdict.outcome == "undecided", "-undecided")
        self.query_one("#cause", ParagraphView).show(texts.verdict_text(_with_heading(verdict)))
        self._show_or_hide("text-verdict", texts.text_verdict(report))
        self._show_or_hide("advice", texts.fixes(verdict.fixes))
        self._show_or_hide("others", texts.alternatives(verdict, catalogue))
        self._show_or_hide(
            "confirmation",
            before_walk(verdict, self._confirming_stages(), catalogue.get(verdict.cause or "")),
        )
        self._show_or_hide("evidence", texts.parsed_as(report))
        await self.query_one(ActionBar).show(self._actions())

    def _show_or_hide(self, name: str, paragraphs: Sequence[Paragraph]) -> None:
        """Show paragraphs in the view of that id; hide it and its title if there are none."""
        self.query_one(f"#{name}", ParagraphView).show(paragraphs)
        for widget in self.query(f"#{name}, #{name}-title"):
            widget.set_class(not paragraphs, "-gone")

    @on(OptionList.OptionHighlighted, "#failures")
    async def _highlight_changed(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.index = event.option_index
        await self._draw()

    @on(OptionList.OptionSelected, "#failures")
    def _failure_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_primary()

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_primary(self) -> None:
        """Do the first action of the bar."""
        self.query_one(ActionBar).choose_primary()

    def action_confirm(self) -> None:
        """Start a check to confirm the failure that is shown."""
        self._confirm(self.report)

    def action_another(self) -> None:
        """Go back to an empty text box."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Hide the evidence if it is shown; else go back to the text."""
        if self.query_one("#explanation").has_class("-evidence"):
            self.action_evidence()
        else:
            self.dismiss(False)

    def action_evidence(self) -> None:
        """Show or hide everything that was read from the text."""
        self.query_one("#explanation").toggle_class("-evidence")
        self.query_one(ScrollArea).scroll_home(animate=False)

    def shown_result(self) -> ShownResult:
        """Return the failure that is shown; the report is about all of them."""
        return result_of_text(self.services, self.reports, self.index, self.app.now())

    def action_copy(self) -> None:
        """Copy the advice, and show what was copied."""
        advice = self.services.redactor()(advice_of(self.report.verdict))
        self.app.copy_to_clipboard(advice)
        self.app.show_note("Copied", advice, verbatim=True)


def _with_heading(verdict: Verdict) -> Verdict:
    """Return the verdict; if the text says too little for one cause, with a title that says so."""
    if verdict.outcome == "undecided" and verdict.alternatives:
        return replace(verdict, title="Not enough detail to name one cause")
    return verdict


def _title(reports: Sequence[FailureReport]) -> str:
    """Return the title: the number of failures, and of their kinds if there are several."""
    if len(reports) == 1:
        return "Diagnosis of the pasted error"
    return f"{sum(report.count for report in reports)} failures of {len(reports)} kinds"


def _row(report: FailureReport) -> Content:
    """Return a failure in one line: how often it was seen, its title, its status and code."""
    return Content.assemble(
        (f"{report.count:>4}× ", "$primary"),
        (display_safe(_with_heading(report.verdict).title), "bold"),
        (f"   {outcome_text(report.observation)}", "$text-muted"),
    )
