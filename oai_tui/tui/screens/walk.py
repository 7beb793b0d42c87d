"""The walk: the path, the current step, and the verdict with its fixes.

One worker drives the engine. Each run has a number, so that nothing of a cancelled run is shown.
"""

import contextlib
from collections.abc import Mapping, Sequence
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
from oai_tui.tui.exit_record import exit_record
from oai_tui.tui.formatting import last4, origin_label
from oai_tui.tui.next_actions import next_actions
from oai_tui.tui.recheck_plan import recheck_plan
from oai_tui.tui.screens.result_screen import RESULT_ACTIONS, RESULT_BINDINGS, ResultScreen
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.session import CheckSession
from oai_tui.tui.shown_result import ShownResult, result_of_check
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as texts
from oai_tui.tui.widgets.action_bar import ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView
from oai_tui.tui.widgets.progress_path import PathView
from oai_tui.tui.widgets.recheck_line import RecheckLine
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation


_MIN_WIDTH_OF_BARS = 100
"""Columns from which on the waterfall has its bars."""
_OUTCOME_ACTIONS = RESULT_ACTIONS | {"undo", "wait"}
STILL_REFUSED = "The change was made, and something is still refused."


class WalkScreen(ResultScreen[None]):
    """Drives the walk of one session to a verdict, as often as the user likes."""

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
            "detail('evidence')",
            "evidence",
            id="walk.evidence",
            tooltip="Everything that was sent and came back",
        ),
        Binding(
            "a",
            "detail('considered')",
            "causes",
            id="walk.considered",
            tooltip="Every cause that was considered",
        ),
        Binding(
            "z",
            "undo",
            "undo",
            id="walk.undo",
            tooltip="Undo the last fix of this check, and check again",
            show=False,
        ),
        Binding(
            "w",
            "wait",
            "countdown",
            id="walk.wait",
            tooltip="Stop or start the automatic check",
            show=False,
        ),
        Binding(
            "p",
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
            show=False,
        ),
        *RESULT_BINDINGS,
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

    def __init__(self, session: CheckSession) -> None:
        super().__init__()
        self.session = session
        self.progress: WalkProgress = session.begin()
        self.number = 0
        """Number of the current run."""
        self.detail = ""
        """The pane shown in place of the verdict: "evidence", "considered", or "" for none."""
        self._completed_run = 0
        """Number of the last run whose end was handled."""
        self._fix_applied = False
        self._enabled_keys: tuple[bool, ...] = ()

    def compose(self) -> ComposeResult:
        target = self.session.target
        yield TitleBar(f"{self._key_label()}  →  {target.host or target.base_url}", self.app.badge)
        with Container(id="walk"):
            yield PathView()
            with ScrollArea(id="middle"):
                yield ParagraphView(id="verdict")
                yield ParagraphView(id="phases")
                yield ParagraphView(id="exchange")
                yield Static(Content("What to do"), id="fixes-title")
                yield ParagraphView(id="fixes")
                yield ParagraphView(id="changes")
                yield ParagraphView(id="detail")
        yield RecheckLine(self.app.now, self._may_check_by_itself)
        yield ActionBar()
        yield KeyFooter()

    def _key_label(self) -> str:
        credential = self.session.credential
        if credential is None:
            return "no key"
        origin = origin_label(credential.origin)
        return f"{origin} {credential.kind.label} {last4(credential.secret.masked)}"

    def on_mount(self) -> None:
        self.start_run(None)

    def start_run(self, start: str | None) -> None:
        """Walk from a step, None for the whole walk. Cancels a run that is still going on."""
        self.number += 1
        self.progress = self.session.begin(start, self.progress)
        self.detail = ""
        self._fix_applied = False
        self.query_one(RecheckLine).check_started()
        self._drive(self.number, self.progress, start)

    @work(exclusive=True, group="walk")
    async def _drive(self, number: int, progress: WalkProgress, start: str | None) -> None:
        async def ask(question: Question, facts: Mapping[str, Fact]) -> Answer:
            return await self.app.put_question(question, facts, self.session, progress)

        self.post_message(self.ProgressChanged(number))
        async with contextlib.aclosing(
            self.session.walk(ask, progress, start, tuple(progress.records))
        ) as events:
            async for event in events:
                progress.apply(event)
                self.post_message(self.ProgressChanged(number))

    @on(ProgressChanged)
    async def _show_progress(self, event: ProgressChanged) -> None:
        if event.number != self.number:
            return
        diagnosis = self.progress.diagnosis
        works = diagnosis is not None and diagnosis.verdict.outcome == "working"
        if diagnosis is not None and self._fix_applied and not works:
            self.session.notice = STILL_REFUSED
        await self._draw()
        if diagnosis is not None and self._completed_run != event.number:
            self._completed_run = event.number
            self.session.target = diagnosis.target
            self.app.exit_record = exit_record(self.session, self.progress, self.app.now())
            self.query_one(RecheckLine).offer(
                recheck_plan(diagnosis.verdict, self.progress.failed_stage()),
                diagnosis.verdict.cause,
            )
            if works and "saved_as" in diagnosis.facts:
                self.app.open_saved(self.session, self.progress)

    async def _draw(self) -> None:
        progress = self.progress
        verdict = progress.diagnosis.verdict if progress.diagnosis else None
        self.query_one(PathView).show(tuple(progress.lines()))
        self.query_one("#verdict").set_classes(f"-{verdict.outcome}" if verdict else "")
        self._show("verdict", [*self._verdict_lines(), *with_walk(self.session, progress)])
        cells = CELLS if self.size.width >= _MIN_WIDTH_OF_BARS else 0
        self._show_or_hide("phases", texts.phase_lines(progress.phases, cells))
        self._show_or_hide("exchange", texts.exchange(progress.evidence, progress.experiments))
        fixes = texts.fixes(verdict.fixes if verdict else ())
        self._show_or_hide("fixes", fixes)
        self.query_one("#fixes-title").set_class(not fixes, "-gone")
        self._show_or_hide(
            "changes", texts.changes(self.session.changes, self.session.notice, undo=True)
        )
        self._draw_detail()
        await self.query_one(ActionBar).show(next_actions(progress))
        self._refresh_keys()

    def _verdict_lines(self) -> list[Paragraph]:
        """Return the verdict; while the walk is running, the current question."""
        progress = self.progress
        if progress.diagnosis is None:
            return texts.question_text(progress.current)
        with_request = [
            record for record in progress.experiments if record.observation.request is not None
        ]
        return texts.verdict_text(progress.diagnosis.verdict, with_request)

    def _show(self, name: str, paragraphs: Sequence[Paragraph]) -> None:
        self.query_one(f"#{name}", ParagraphView).show(paragraphs)

    def _show_or_hide(self, name: str, paragraphs: Sequence[Paragraph]) -> None:
        """Show paragraphs in the view of that id; hide it if there are none."""
        self._show(name, paragraphs)
        self.query_one(f"#{name}").set_class(not paragraphs, "-gone")

    def _refresh_keys(self) -> None:
        """Redraw the footer if a key became available or unavailable."""
        enabled = (
            self.check_action("primary", ()) is True,
            self.check_action("skip", ()) is True,
            self.check_action("curl", ()) is True,
            self.check_action("detail", ("evidence",)) is True,
            self.check_action("detail", ("considered",)) is True,
        )
        if enabled != self._enabled_keys:
            self._enabled_keys = enabled
            self.refresh_bindings()

    def _draw_detail(self) -> None:
        """Show the evidence or the causes considered in place of the verdict, if asked for."""
        self.query_one("#middle").set_class(bool(self.detail), "-detail")
        diagnosis = self.progress.diagnosis
        if self.detail == "evidence":
            self._show("detail", texts.evidence(self.progress.records))
        elif self.detail and diagnosis is not None:
            catalogue = self.session.services.catalogue
            self._show("detail", texts.considered_causes(diagnosis.verdict, catalogue))

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out (None) a key that does nothing now."""
        if action in _OUTCOME_ACTIONS:
            return True if self._can_use_result(action) else None
        return True if self._can(action, parameters) else None

    def _can_use_result(self, action: str) -> bool:
        match action:
            case "undo":
                return self.session.can_undo
            case "wait":
                return self.query_one(RecheckLine).state not in {"none", "checking"}
            case _:
                return self.progress.diagnosis is not None

    def _can(self, action: str, parameters: tuple[object, ...]) -> bool:
        has_ended = self.progress.diagnosis is not None
        match action:
            case "primary" | "again" | "apply":
                return has_ended
            case "skip":
                return bool(self.progress.skip_to())
            case "curl":
                evidence = self.progress.evidence
                return evidence is not None and evidence.request is not None
            case "detail" if parameters == ("considered",):
                return has_ended
            case "detail":
                return bool(self.progress.records)
            case _:
                return True

    def action_primary(self) -> None:
        """Do the first action of the bar."""
        self.query_one(ActionBar).choose_primary()

    def action_apply(self, index: int) -> None:
        """Apply the fix of that index, and walk again from the step it concerns."""
        diagnosis = self.progress.diagnosis
        if diagnosis is not None:
            self.start_run(self.session.apply(diagnosis.verdict.fixes[index], self.progress))
            self._fix_applied = True

    def action_again(self) -> None:
        """Check again, with what the user has fixed outside."""
        self.start_run(self.session.recheck(self.progress))

    def action_undo(self) -> None:
        """Undo the last fix of this check, and check again."""
        if (step := self.session.undo()) is not None:
            self.start_run(step)

    def action_wait(self) -> None:
        """Stop the countdown to the next check, or start it."""
        self.query_one(RecheckLine).toggle()

    def _may_check_by_itself(self) -> bool:
        """Return False while something is open that an automatic check would replace."""
        return self.app.screen is self and not self.detail

    @on(RecheckLine.Due)
    def _check_when_due(self, event: RecheckLine.Due) -> None:
        event.stop()
        if self.progress.diagnosis is not None:
            self.action_again()

    def shown_result(self) -> ShownResult | None:
        """Return the verdict; None while the check is running."""
        if self.progress.diagnosis is None:
            return None
        return result_of_check(self.session, self.progress, self.app.now())

    def action_save(self) -> None:
        """Ask again under which name to save the verified profile."""
        self.start_run(self.session.services.tree.first_of("save"))

    def action_quit(self) -> None:
        """Leave the program."""
        self.app.exit(return_code=0)

    def action_skip(self) -> None:
        """Continue with the step after the current one."""
        if target := self.progress.skip_to():
            self.start_run(target)

    def action_back(self) -> None:
        """Hide the detail pane if it is shown; else stop and go back.

        Back means to the explanation of a pasted text, if there is one, or to the choice of keys.
        """
        if self.detail:
            self.action_detail(self.detail)
            return
        self.number += 1
        if self.session.pasted is not None:
            self.app.pop_screen()
        else:
            self.app.back_to_start()

    def action_detail(self, name: str) -> None:
        """Show or hide the evidence or the causes considered in place of the verdict."""
        self.detail = "" if self.detail == name else name
        self._draw_detail()
        self.query_one("#middle", ScrollArea).scroll_home(animate=False)

    def action_status(self) -> None:
        """Query OpenAI's status page."""
        self.app.show_status(self.session.target)

    def action_curl(self) -> None:
        """Copy the request that is shown as a curl command."""
        evidence = self.progress.evidence
        if evidence is not None and evidence.request is not None:
            command = curl_of(evidence.request)
            self.app.copy_to_clipboard(command)
            self.app.show_note("Copied as curl", command, verbatim=True)

    @work(exclusive=True, group="entry")
    async def action_enter_key(self) -> None:
        """Ask for another key, and walk from the beginning with it."""
        credential = await self.app.ask_for_key()
        if credential is not None:
            self.session.use_key(credential)
            self.start_run(None)
