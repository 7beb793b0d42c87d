"""The walk: the path, the step at hand, the verdict with its fixes. One worker drives the engine; each run has a number, so that nothing from a cancelled run is shown."""

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from oai_tui.domain.decision_tree import Question
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.reports.waterfall import CELLS
from oai_tui.tui.clipboard import curl_of
from oai_tui.tui.confirmation_text import with_walk
from oai_tui.tui.formatting import last4, origin_label
from oai_tui.tui.next_actions import next_actions
from oai_tui.tui.screens.scroll_screen import ScrollArea, ScrollScreen
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as report
from oai_tui.tui.widgets.action_bar import ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import ParagraphView
from oai_tui.tui.widgets.progress_path import PathView
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation


_WIDE = 100
"""Columns from which the waterfall has its bars."""
STILL_REFUSED = "The change was made, and something is still refused."


class WalkScreen(ScrollScreen[None]):
    """Drives one sitting from its first step to a verdict, as often as the person likes."""

    CSS_PATH = "walk.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "primary",
            "do it",
            id="walk.primary",
            key_display="enter",
            tooltip="Do the highlighted action at the bottom left",
        ),
        Binding(
            "b,escape",
            "back",
            "back",
            id="walk.back",
            tooltip="Back to the choice of keys",
            key_display="b",
        ),
        Binding(
            "r",
            "again",
            "again",
            id="walk.again",
            tooltip="Check again from the step that was refused",
        ),
        Binding(
            "k",
            "skip",
            "skip",
            id="walk.skip",
            tooltip="Go on without this step, where that is safe",
        ),
        Binding(
            "e",
            "aside('evidence')",
            "evidence",
            id="walk.evidence",
            tooltip="Everything that was sent and came back",
        ),
        Binding(
            "a",
            "aside('considered')",
            "causes",
            id="walk.considered",
            tooltip="Every cause that was considered",
        ),
        Binding(
            "o",
            "status",
            "status page",
            id="walk.status",
            tooltip="Ask OpenAI's status page, without the key",
            show=False,
        ),
        Binding(
            "u",
            "curl",
            "curl",
            id="walk.curl",
            tooltip="Copy the request as a curl command, the key as $OPENAI_API_KEY",
        ),
    ]

    app: "Navigation"

    class ProgressChanged(Message):
        """The run `number` has something new to show."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

        def can_replace(self, message: Message) -> bool:
            """Let a later message of this or a newer run supersede this one in the queue.

            One redraw then shows the result of several events.
            """
            return isinstance(message, WalkScreen.ProgressChanged) and message.number >= self.number

    def __init__(self, sitting: CheckSession) -> None:
        super().__init__()
        self.sitting = sitting
        self.progress: WalkProgress = sitting.begin()
        self.number = self._told = 0
        self.aside, self._applied = "", False
        self._enabled_keys: tuple[bool, ...] = ()

    def compose(self) -> ComposeResult:
        credential = self.sitting.credential
        key = (
            f"{origin_label(credential.origin)} {credential.kind.label} {last4(credential.secret.masked)}"
            if credential
            else "no key"
        )
        yield TitleBar(
            f"{key}  →  {self.sitting.target.host or self.sitting.target.base_url}", self.app.badge
        )
        with Container(id="walk"):
            yield PathView()
            with ScrollArea(id="middle"):
                yield ParagraphView(id="verdict")
                yield ParagraphView(id="way")
                yield ParagraphView(id="exchange")
                yield Static(Content("What to do"), id="fixes-title")
                yield ParagraphView(id="fixes")
                yield ParagraphView(id="changes")
                yield ParagraphView(id="aside")
        yield ActionBar()
        yield KeyFooter()

    def on_mount(self) -> None:
        self.start_run(None)

    def start_run(self, start: str | None) -> None:
        """Begin a walk at a step (None: at the first); any run before it no longer counts."""
        self.number += 1
        self.progress = self.sitting.begin(start, self.progress)
        self.aside, self._applied = "", False
        self._drive(self.number, self.progress, start)

    @work(exclusive=True, group="walk")
    async def _drive(self, number: int, progress: WalkProgress, start: str | None) -> None:
        async def ask(question: Question, facts: Mapping[str, Fact]) -> Answer:
            return await self.app.put_question(question, facts, self.sitting, progress)

        self.post_message(self.ProgressChanged(number))
        async with contextlib.aclosing(
            self.sitting.walk(ask, progress, start, tuple(progress.records))
        ) as events:  # type: ignore[type-var]
            async for event in events:
                progress.apply(event)
                self.post_message(self.ProgressChanged(number))

    @on(ProgressChanged)
    async def _moved(self, event: ProgressChanged) -> None:
        if event.number != self.number:
            return
        ended = self.progress.diagnosis
        if ended is not None and ended.verdict.outcome != "working" and self._applied:
            self.sitting.notice = STILL_REFUSED
        await self._draw()
        if ended is not None and self._told != event.number:
            self._told = event.number
            self.sitting.target = ended.target
            if ended.verdict.outcome == "working" and "saved_as" in ended.facts:
                self.app.open_saved(self.sitting, self.progress)

    async def _draw(self) -> None:
        progress, ended = self.progress, self.progress.diagnosis
        self.query_one(PathView).show(tuple(progress.lines()))
        box = self.query_one("#verdict", ParagraphView)
        box.set_classes(f"-{ended.verdict.outcome}" if ended else "")
        asked = [
            record for record in progress.experiments if record.observation.request is not None
        ]
        box.show(
            [
                *(
                    report.verdict(ended.verdict, asked)
                    if ended
                    else report.question_text(progress.current)
                ),
                *with_walk(self.sitting, progress),
            ]
        )
        way = report.phase_lines(progress.phases, CELLS if self.size.width >= _WIDE else 0)
        self.query_one("#way", ParagraphView).show(way)
        self.query_one("#way").set_class(not way, "-gone")
        exchange = report.exchange(progress.evidence, progress.experiments)
        self.query_one("#exchange", ParagraphView).show(exchange)
        self.query_one("#exchange").set_class(not exchange, "-gone")
        fixes = ended.verdict.fixes if ended else ()
        self.query_one("#fixes-title").set_class(not fixes, "-gone")
        self.query_one("#fixes", ParagraphView).show(report.fixes(fixes))
        self.query_one("#fixes").set_class(not fixes, "-gone")
        changes = self.query_one("#changes", ParagraphView)
        changes.set_class(not (self.sitting.changes or self.sitting.notice), "-gone")
        changes.show(report.changes(self.sitting.changes, self.sitting.notice))
        self._draw_aside()
        await self.query_one(ActionBar).show(next_actions(self.progress))
        self._refresh_keys()

    def _refresh_keys(self) -> None:
        """Redraw the footer if a key became available or unavailable."""
        enabled = (
            self.check_action("primary", ()) is True,
            self.check_action("skip", ()) is True,
            self.check_action("curl", ()) is True,
            self.check_action("aside", ("evidence",)) is True,
            self.check_action("aside", ("considered",)) is True,
        )
        if enabled != self._enabled_keys:
            self._enabled_keys = enabled
            self.refresh_bindings()

    def _draw_aside(self) -> None:
        self.query_one("#middle").set_class(bool(self.aside), "-aside")
        if self.aside == "evidence":
            self.query_one("#aside", ParagraphView).show(report.evidence(self.progress.records))
        elif self.aside and self.progress.diagnosis is not None:
            self.query_one("#aside", ParagraphView).show(
                report.considered_causes(
                    self.progress.diagnosis.verdict, self.sitting.services.catalogue
                )
            )

    @on(ActionBar.Chosen)
    async def _chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Greyed out (None) where an action makes no sense now."""
        ended = self.progress.diagnosis
        match action:
            case "primary" | "again" | "apply":
                return True if ended is not None else None
            case "skip":
                return True if self.progress.skip_to() else None
            case "curl":
                return (
                    True
                    if self.progress.evidence is not None
                    and self.progress.evidence.request is not None
                    else None
                )
            case "aside":
                ready = (
                    ended is not None
                    if parameters == ("considered",)
                    else bool(self.progress.records)
                )
                return True if ready else None
            case _:
                return True

    def action_primary(self) -> None:
        """Do the first action of the bar."""
        self.query_one(ActionBar).choose_primary()

    def action_apply(self, index: int) -> None:
        """Apply a fix and walk again from the step it concerns."""
        ended = self.progress.diagnosis
        if ended is not None:
            self.start_run(self.sitting.apply(ended.verdict.fixes[index], self.progress))
            self._applied = True

    def action_again(self) -> None:
        """Check again, with whatever was mended outside."""
        self.start_run(self.sitting.recheck(self.progress))

    def action_save(self) -> None:
        """Ask once more under which name to save what was proved."""
        self.start_run(self.sitting.services.tree.first_of("save"))

    def action_quit(self) -> None:
        """Leave the program."""
        self.app.exit(return_code=0)

    def action_skip(self) -> None:
        """Go on at the step after this one."""
        if target := self.progress.skip_to():
            self.start_run(target)

    def action_back(self) -> None:
        """Stop, and go back to the choice of keys, or to the text that was to be confirmed."""
        if self.aside:
            self.action_aside(self.aside)
            return
        self.number += 1
        if self.sitting.pasted is not None:
            self.app.pop_screen()
        else:
            self.app.back_to_start()

    def action_aside(self, what: str) -> None:
        """Show or hide the evidence or the causes considered in place of the verdict."""
        self.aside = "" if self.aside == what else what
        self._draw_aside()
        self.query_one("#middle", ScrollArea).scroll_home(animate=False)

    def action_status(self) -> None:
        """Ask OpenAI's status page."""
        self.app.show_status(self.sitting.target)

    def action_curl(self) -> None:
        """Copy the shown request as a curl command."""
        seen = self.progress.evidence
        if seen is not None and seen.request is not None:
            command = curl_of(seen.request)
            self.app.copy_to_clipboard(command)
            self.app.show_note("Copied as curl", command, verbatim=True)

    @work(exclusive=True, group="entry")
    async def action_enter_key(self) -> None:
        """Ask for another key and begin again with it."""
        credential = await self.app.ask_for_key()
        if credential is not None:
            self.sitting.use_key(credential)
            self.start_run(None)
