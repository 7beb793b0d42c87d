"""The screen for pasting an error, which is explained offline.

Secrets are removed before the text is shown. The text is written nowhere, and forgotten when the
screen closes.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static, TextArea

from oai_tui.domain.explained import FailureReport
from oai_tui.system.deadline import run_with_deadline
from oai_tui.tui.screens.explanation import ExplanationScreen
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paste_box import PasteBox
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.services.services import Services
    from oai_tui.tui.navigation import Navigation

LIMIT_S = 10.0
"""Seconds after which reading a text is abandoned: many times what the longest text takes."""
_INTRO = Content.assemble(
    ("Paste the error. ", "bold"),
    (
        "A traceback, JSON, the output of curl -v, an HTML page or a part of a log. "
        "It is read on this machine, never sent and never saved. Keys in it are hidden first.",
        "$text-muted",
    ),
)


class PasteScreen(Screen[None]):
    """Takes a text, explains it in the background, and opens the explanation.

    `confirm` starts a check that confirms a failure. `text` is put into the box at the start.
    """

    TITLE = "Explain"
    CSS_PATH = "paste.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s",
            "explain",
            "explain",
            id="paste.explain",
            tooltip="Find the cause of this error; nothing is sent",
        ),
        Binding("ctrl+l", "clear", "clear", id="paste.clear", tooltip="Clear the text"),
        Binding(
            "ctrl+t",
            "sample",
            "sample",
            id="paste.sample",
            tooltip="Insert the error that a program shows in this demo",
        ),
        Binding("escape", "back", "back", id="paste.back", tooltip="Go back and forget the text"),
    ]

    app: "Navigation"

    def __init__(
        self,
        services: "Services",
        confirm: Callable[[FailureReport], None],
        text: str = "",
        limit_s: float = LIMIT_S,
    ) -> None:
        super().__init__()
        self.services = services
        self._confirm = confirm
        self._limit_s = limit_s
        self._initial_text = text
        self._is_reading = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Explain an error", self.app.badge)
        with Vertical(id="paste"):
            yield Static(_INTRO, id="paste-intro")
            yield PasteBox(
                self.services.redactor(), placeholder="Paste or type the error here", id="paste-box"
            )
            yield Static(id="paste-state")
        yield ActionBar(self._actions(), grab_focus=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        self._box.focus()
        if self._initial_text:
            self._box.insert_paste(self._initial_text)
            self._initial_text = ""

    @property
    def _box(self) -> PasteBox:
        return self.query_one("#paste-box", PasteBox)

    def _actions(self) -> tuple[Action, ...]:
        if self._is_reading:
            return (
                Action(id="wait", label="Reading …", enabled=False),
                Action(id="stop", label="Stop"),
            )
        has_text = self._has_text
        actions = [Action(id="explain", label="Explain", enabled=has_text)]
        if self._has_sample:
            actions.append(
                Action(
                    id="sample",
                    label="Insert a sample",
                    tooltip="Insert the error that a program shows in this demo",
                )
            )
        actions.append(Action(id="clear", label="Clear", enabled=has_text))
        actions.append(Action(id="back", label="Back"))
        return tuple(actions)

    @property
    def _has_text(self) -> bool:
        return self.is_mounted and bool(self._box.text.strip())

    @property
    def _has_sample(self) -> bool:
        return self.services.mode == "demo"

    async def _show_state(self, state: Content) -> None:
        """Show a line below the box, and the actions."""
        self.query_one("#paste-state", Static).update(state)
        await self._refresh_actions()

    async def _refresh_actions(self) -> None:
        """Redraw the actions and the footer, if what can be done has changed."""
        if await self.query_one(ActionBar).show(self._actions()):
            self.refresh_bindings()

    @on(TextArea.Changed)
    async def _text_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        await self._refresh_actions()

    @on(PasteBox.Pasted)
    async def _report_paste(self, event: PasteBox.Pasted) -> None:
        """Say what was kept and hidden, and let the next Enter explain the text."""
        event.stop()
        lines: list[Content] = [Content(f"{len(self._box.text):,} characters in the box.")]
        if event.kept < event.received:
            lines.append(
                Content.assemble(
                    ("! ", "$warning"),
                    f"{event.received:,} characters are too many: the start and the end "
                    "were kept. For a whole log, run ",
                    (" oai-tui explain FILE ", "$text on $panel"),
                )
            )
        if event.redacted:
            lines.append(Content("Keys, tokens and e-mail addresses in it are hidden."))
        await self._show_state(Content("\n").join(lines))
        self.query_one(ActionBar).focus_primary()

    def on_paste(self, event: events.Paste) -> None:
        """Put a paste into the box, whichever widget has the focus."""
        event.stop()
        self._box.insert_paste(event.text)

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out (None) what does nothing now; the sample exists in the demo only."""
        match action:
            case "explain" | "clear":
                return True if self._has_text and not self._is_reading else None
            case "sample":
                return self._has_sample and not self._is_reading
            case _:
                return True

    @work(exclusive=True, group="explain")
    async def action_explain(self) -> None:
        """Explain the text in a thread, and open the explanation or say why there is none."""
        text = self._box.submit_text()
        self._set_reading(True)
        problem = (
            "No error was found in this text. Paste the error itself, with its status and body."
        )
        reports: tuple[FailureReport, ...] = ()
        try:
            await self._show_state(
                Content(f"Reading {len(text):,} characters ({self._limit_s:g} seconds at most).")
            )
            reports = await run_with_deadline(self._limit_s, self.services.explain, text)
        except TimeoutError:
            problem = (
                f"Reading this took longer than {self._limit_s:g} seconds. "
                "Paste only the part around the error."
            )
        except Exception as error:  # noqa: BLE001  any text may come in, and the message of an error could quote it: only the type is shown
            problem = (
                f"A bug in oai-tui: {type(error).__name__} while reading this text. "
                "Report it without the text, and paste only the part around the error."
            )
        finally:
            self._set_reading(False)
        if reports:
            self._box.mark_judged()
            await self._show_state(Content(""))
            self.app.push_screen(
                ExplanationScreen(self.services, reports, self._confirm), self._returned
            )
        else:
            await self._show_state(Content.assemble(("! ", "$warning"), problem))

    def _set_reading(self, is_reading: bool) -> None:
        self._is_reading = is_reading
        self._box.read_only = is_reading

    def _returned(self, another: bool | None) -> None:
        """Come back from the explanation; `another` empties the box for another text."""
        if another:
            self.action_clear()
        self._box.focus()

    async def action_stop(self) -> None:
        """Stop reading."""
        self.workers.cancel_group(self, "explain")
        self._set_reading(False)
        await self._show_state(Content("Stopped."))
        self._box.focus()

    async def action_back(self) -> None:
        """Stop reading; if nothing is being read, go back and forget the text."""
        if self._is_reading:
            await self.action_stop()
        else:
            self.app.close_screen(self)

    def action_clear(self) -> None:
        """Empty the box."""
        self._box.clear_text()
        self.query_one("#paste-state", Static).update(Content(""))
        self._box.focus()

    def action_sample(self) -> None:
        """Insert the demo's sample."""
        self._box.clear_text()
        self._box.insert_paste(self.services.sample_output())
