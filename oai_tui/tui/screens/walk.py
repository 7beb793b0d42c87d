"""The check: the path, the current step, and the verdict with what to do about it.

What to do comes right after the verdict, so that it is on the first screenful; the evidence comes
after it, and on a very wide terminal to its right.

One worker drives the engine. Each run has a number, so that nothing of a cancelled run is shown.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
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
from oai_tui.tui.screens.about_key import CHOSEN_FIX, AboutKeyScreen
from oai_tui.tui.screens.about_page import AboutChoice, page_bindings
from oai_tui.tui.screens.result_screen import RESULT_ACTIONS, RESULT_BINDINGS
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.session import CheckSession
from oai_tui.tui.shown_result import ShownResult, result_of_check
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as texts
from oai_tui.tui.widgets.action_bar import ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.more_below import MoreBelow
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, wrap_paragraphs
from oai_tui.tui.widgets.progress_path import PathView
from oai_tui.tui.widgets.recheck_line import RecheckLine
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation


_WIDE = 120
"""Columns from which the path is a column."""
_BROAD = 170
"""Columns from which the evidence has a column."""
_SHORT = 9
"""Rows below which only the verdict, the actions and the keys are shown."""
_MIN_WIDTH_OF_BARS = 100
"""Columns from which on the waterfall has its bars."""
_OUTCOME_ACTIONS = RESULT_ACTIONS | {"undo", "wait", "about"}
_NO_RUN = -1
"""Stands for a run whose end has yet to be handled."""
STILL_REFUSED = "The change was made, but the check still fails."


class ResultPane(ScrollArea):
    """The part of the check that scrolls. Posts `Moved` when its visible part changes."""

    class Moved(Message):
        """The pane was scrolled or resized, or its content has another height."""

    def on_mount(self) -> None:
        self.watch(self, "scroll_y", self._moved, init=False)
        self.watch(self, "virtual_size", self._moved, init=False)

    def on_resize(self, event: events.Resize) -> None:
        self._moved()

    def _moved(self) -> None:
        self.post_message(self.Moved())

    @property
    def has_more_below(self) -> bool:
        """True if rows are below the last visible one."""
        return round(self.scroll_y) < self.max_scroll_y


def _rows(view: Widget, paragraphs: Sequence[Paragraph], width: int) -> int:
    """Return the rows that paragraphs take in a view, with its border, padding and margin."""
    styles = view.styles
    limit = styles.max_width
    cells = min(width, int(limit.value)) if limit is not None else width
    content = wrap_paragraphs(paragraphs, cells - view.gutter.width)
    return content.plain.count("\n") + 1 + view.gutter.height + styles.margin.height


class WalkScreen(AboutKeyScreen[None]):
    """Runs the check of one session to a verdict, as often as the user likes."""

    TITLE = "Check"
    CSS_PATH = "walk.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (_WIDE, "-wide"),
        (_BROAD, "-broad"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-tiny"),
        (_SHORT, "-short"),
        (18, "-middle"),
        (32, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "primary",
            "select",
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
            "check again",
            id="walk.again",
            tooltip="Check again from the step that failed",
        ),
        Binding(
            "k",
            "skip",
            "skip",
            id="walk.skip",
            tooltip="Skip this step, where that is safe",
        ),
        Binding(
            "e",
            "detail('evidence')",
            "evidence",
            id="walk.evidence",
            tooltip="Show every request and response",
        ),
        Binding(
            "a",
            "detail('considered')",
            "causes",
            id="walk.considered",
            tooltip="Show every cause that was considered",
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
            tooltip="Read OpenAI's status page (the key is not sent)",
            show=False,
        ),
        Binding(
            "u",
            "curl",
            "curl",
            id="walk.curl",
            tooltip="Copy the request as a curl command with $OPENAI_API_KEY",
            show=False,
        ),
        *RESULT_BINDINGS,
        *page_bindings("walk"),
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

    def __init__(self, session: CheckSession, shown: WalkProgress | None = None) -> None:
        """Show the result of an earlier check, `shown`, instead of starting one if it is given."""
        super().__init__()
        self.session = session
        self._is_reopened = shown is not None
        self.progress: WalkProgress = shown or session.begin()
        self.number = 0
        """Number of the current run."""
        self.detail = ""
        """The pane shown in place of the verdict: "evidence", "considered", or "" for none."""
        self._completed_run = 0
        """Number of the last run whose end was handled."""
        self._fix_applied = False
        self._enabled_keys: tuple[bool, ...] = ()
        self._drawn_size = Size(0, 0)
        """The size of the pane for which the verdict was split."""

    def compose(self) -> ComposeResult:
        yield TitleBar(self._title(), self.app.badge)
        with Container(id="walk"):
            yield PathView()
            with Vertical(id="pane"):
                with ResultPane(id="middle"):
                    with Vertical(id="main"):
                        yield ParagraphView(id="verdict")
                        yield Static(Content("What to do"), id="fixes-title", classes="-gone")
                        yield ParagraphView(id="fixes")
                        yield ParagraphView(id="changes")
                        yield ParagraphView(id="more-about")
                    with Vertical(id="side"):
                        yield ParagraphView(id="phases")
                        yield ParagraphView(id="exchange")
                        yield ParagraphView(id="steps")
                    yield ParagraphView(id="detail")
                yield MoreBelow()
        yield RecheckLine(self.app.now, self._may_check_by_itself)
        yield ActionBar()
        yield KeyFooter()

    def _title(self) -> str:
        """Return what is checked, and the pane that is shown: "Checking key …bbbA at HOST"."""
        target = self.session.target
        what = f"{self._key_label()} at {target.host or target.base_url}"
        if self.detail:
            return f"Check › {'Evidence' if self.detail == 'evidence' else 'Causes'}: {what}"
        return f"{'Checking' if self.progress.diagnosis is None else 'Checked'} {what}"

    def _key_label(self) -> str:
        credential = self.session.credential
        if credential is None:
            return "without a key"
        origin = origin_label(credential.origin)
        return f"{origin} key {last4(credential.secret.masked)}"

    def on_mount(self) -> None:
        if self._is_reopened:
            self.post_message(self.ProgressChanged(self.number))
        else:
            self.start_run(None)

    def start_run(self, start: str | None) -> None:
        """Walk from a step, None for the whole walk. Cancels a run that is still going on."""
        self.number += 1
        self.progress = self.session.begin(start, self.progress)
        self.detail = ""
        self._fix_applied = False
        self.app.record_check(self.session, self.progress)
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
        """Show the state of the run. Only widgets whose content has changed are laid out again."""
        progress = self.progress
        verdict = progress.diagnosis.verdict if progress.diagnosis else None
        with self.app.batch_update():
            self.query_one(TitleBar).show(self._title())
            self.query_one(PathView).show(tuple(progress.lines()))
            self.query_one("#verdict").set_classes(f"-{verdict.outcome}" if verdict else "")
            fixes = texts.fixes(verdict.fixes if verdict else ())
            self._show_or_hide("fixes", fixes)
            self.query_one("#fixes-title").set_class(not fixes, "-gone")
            self._draw_verdict()
            self._show_or_hide(
                "changes", texts.changes(self.session.changes, self.session.notice, undo=True)
            )
            cells = CELLS if self.size.width >= _MIN_WIDTH_OF_BARS else 0
            self._show_or_hide("phases", texts.phase_lines(progress.phases, cells))
            self._show_or_hide("exchange", texts.exchange(progress.evidence, progress.experiments))
            self._draw_steps()
            self._draw_detail()
        await self.query_one(ActionBar).show(self.app.with_next_demo(next_actions(progress)))
        self._refresh_keys()

    def _draw_verdict(self) -> None:
        """Show the verdict, or the running step. The rest of a long verdict is below the advice."""
        diagnosis = self.progress.diagnosis
        comparison = with_walk(self.session, self.progress)
        if diagnosis is None:
            self._show("verdict", [*texts.question_text(self.progress.current), *comparison])
            self._show_or_hide("more-about", [])
            return
        with_request = [
            record for record in self.progress.experiments if record.observation.request is not None
        ]
        evidence = self.progress.evidence
        responded = evidence is not None and evidence.status is not None
        shown_by = texts.BY_RESPONSE if responded else texts.BY_CHECK
        owner = self.session.owner
        if owner is not None and owner.diagnosis is diagnosis and owner.decides:
            shown_by = texts.BY_ADMIN_API
        parts = texts.verdict_parts(diagnosis.verdict, with_request, shown_by)
        above, below = texts.split_verdict(parts, comparison, self._fits_above_first_fix)
        self._show("verdict", above)
        self._show_or_hide("more-about", below)

    def _fits_above_first_fix(self, paragraphs: Sequence[Paragraph]) -> bool:
        """Return whether the first fix is visible below a verdict of these paragraphs."""
        diagnosis = self.progress.diagnosis
        middle = self.query_one("#middle")
        if diagnosis is None or not diagnosis.verdict.fixes or not middle.size.height:
            return True
        verdict, fixes = self.query_one("#verdict"), self.query_one("#fixes")
        width = self.query_one("#main").size.width or middle.size.width
        rows = sum(
            _rows(view, content, width)
            for view, content in (
                (verdict, paragraphs),
                (fixes, texts.fixes(diagnosis.verdict.fixes[:1])),
            )
        )
        title = self.query_one("#fixes-title")
        rows += 1 if title.styles.display != "none" else 0
        return rows - fixes.styles.margin.bottom <= middle.scrollable_content_region.height

    def _draw_steps(self) -> None:
        """Show every step with its exchange in a second column, where there is room for it."""
        is_shown = self.size.width >= _BROAD and self.progress.diagnosis is not None
        self._show_or_hide("steps", texts.evidence(self.progress.records) if is_shown else [])

    @on(ResultPane.Moved)
    def _show_more_below(self, event: ResultPane.Moved) -> None:
        """Say whether more is below. Split a verdict again for another size of the pane."""
        event.stop()
        middle = self.query_one("#middle", ResultPane)
        if middle.size != self._drawn_size:
            self._drawn_size = middle.size
            self._draw_verdict()
            self._draw_steps()
        more = middle.has_more_below
        self.query_one(MoreBelow).show(more)
        self.query_one(PathView).show_more(more and self.has_class("-short"))

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
        self.query_one(TitleBar).show(self._title())
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

    def apply_choice(self, choice: AboutChoice) -> None:
        """Check again with what was chosen on a page about the key."""
        if choice.change is None:
            self.start_run(self.session.allow_billed_question())
            return
        self.progress.facts[choice.change.fact] = choice.value
        fix = replace(CHOSEN_FIX, apply=choice.change)
        self.start_run(self.session.apply(fix, self.progress))
        self._fix_applied = True

    def verdict_settled(self) -> None:
        """Show the verdict that the owner view has made certain, and what to do about it."""
        if self._completed_run == self.number:
            self._completed_run = _NO_RUN
        self.post_message(self.ProgressChanged(self.number))

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
        """Hide the detail pane if it is shown; else stop and go back to the screen before."""
        if self.detail:
            self.action_detail(self.detail)
            return
        self.number += 1
        self.app.close_screen(self)

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
        session = self.session
        credential = await self.app.ask_for_key(session.profile if session.rotating else None)
        if credential is not None:
            self.session.use_key(credential)
            self.start_run(None)
