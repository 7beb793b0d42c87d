"""The page of one cause: what it is, how it looks, how to fix it, what looks alike."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from oai_tui.domain.cause import Catalogue, Cause, Fix
from oai_tui.reports.cause_page import (
    ALIKE_HEADING,
    FIXES_HEADING,
    parts_after_fixes,
    parts_before_fixes,
    retry_sentence,
    with_placeholders,
)
from oai_tui.reports.labels import WHO_LABELS
from oai_tui.reports.text_blocks import FAMILIES
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.screens.scroll_screen import ScrollArea, ScrollScreen
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation


class CauseScreen(ScrollScreen[None]):
    """Shows a cause. `demo`: the id of the demo that shows it, "" if there is none."""

    TITLE = "Cause"
    CSS_PATH = "cause.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "b,escape",
            "back",
            "back",
            id="cause.back",
            tooltip="Back to the screen before",
            key_display="b",
        ),
        Binding(
            "d",
            "demo",
            "try the demo",
            id="cause.demo",
            tooltip="Start the demo of this cause; a check that is open stays in the history",
        ),
    ]

    app: "Navigation"

    def __init__(self, cause: Cause, catalogue: Catalogue, demo: str = "") -> None:
        super().__init__()
        self.cause = cause
        self.demo = demo
        self._catalogue = catalogue

    def compose(self) -> ComposeResult:
        yield TitleBar("Cause", self.app.badge)
        with ScrollArea(id="cause-page"):
            yield ParagraphView(list(self._lines()), id="cause-text")
        back = Action(id="back", label="Back")
        demo = Action(id="demo", label="Try the demo")
        yield ActionBar([back, demo] if self.demo else [back])
        yield KeyFooter()

    def _lines(self) -> Iterator[Paragraph]:
        cause = self.cause
        yield paragraph("", (display_safe(cause.title), "bold"))
        yield paragraph("", (f"{cause.id} · {FAMILIES[cause.family]}", "$text-muted"))
        for title, text in parts_before_fixes(cause).items():
            yield from _part(title, text)
        if cause.fixes:
            yield paragraph("")
            yield _heading(FIXES_HEADING)
            for number, fix in enumerate(cause.fixes, 1):
                yield from _fix_lines(number, fix)
        for title, text in parts_after_fixes(cause).items():
            yield from _part(title, text)
        if cause.alternatives:
            yield paragraph("")
            yield _heading(ALIKE_HEADING)
            for other in cause.alternatives:
                known = self._catalogue.get(other.cause)
                name = known.title if known else other.cause
                yield paragraph("  ", (display_safe(name), "bold"), f": {display_safe(other.why)}")
        yield paragraph("")
        yield paragraph("", (retry_sentence(cause), "$text-muted"))
        for link in cause.links:
            yield paragraph(("See ", "$text-muted"), link)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the key of the demo where there is none."""
        return action != "demo" or bool(self.demo)

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_demo(self) -> None:
        """Start the demo that shows this cause."""
        self.app.start_demo(self.demo)

    def action_back(self) -> None:
        """Go back to the screen before."""
        self.dismiss(None)


def _part(title: str, text: str) -> Iterator[Paragraph]:
    yield paragraph("")
    yield _heading(title)
    yield paragraph("  ", display_safe(text))


def _fix_lines(number: int, fix: Fix) -> Iterator[Paragraph]:
    who = f"   ({WHO_LABELS[fix.who].screen})" if fix.who != "you" else ""
    text = display_safe(with_placeholders(fix.text))
    yield paragraph((f"  {number} ", "$primary"), text, (who, "$text-muted"))
    for line in (*with_placeholders(fix.command).splitlines(), with_placeholders(fix.url)):
        if line:
            yield paragraph("    ", (display_safe(line), "bold"))


def _heading(text: str) -> Paragraph:
    return paragraph("", (text, "bold $primary"))
