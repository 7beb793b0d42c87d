"""Paste an error and have it judged, offline. Secrets are hidden before the text is shown; nothing of it is written anywhere, and it is forgotten when the screen closes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static, TextArea

from oai_tui.domain.explained import FailureReport
from oai_tui.system.deadline import run_with_deadline
from oai_tui.tui.screens.explanation import ExplanationScreen
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.paste_box import PasteBox
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.services.services import Services
    from oai_tui.tui.app import OaiTui

LIMIT_S = 10.0
"""Seconds that judging a text may take: many times what the longest takes."""
_LEAD = Content.assemble(
    ("Paste what you have. ", "bold"),
    (
        "A traceback, JSON, the output of curl -v, a page, a piece of a log. It is read here and sent nowhere; keys in it are hidden first, and nothing of it is kept.",
        "$text-muted",
    ),
)


class PasteScreen(Screen[None]):
    """Takes a text, judges it in the background, and opens the diagnosis. `confirm`: walks to confirm what a text says. `text`: what was pasted already."""

    CSS_PATH = "paste.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s",
            "explain",
            "explain",
            id="paste.explain",
            tooltip="Read the text and name its cause; asks nobody",
        ),
        Binding("ctrl+l", "clear", "clear", id="paste.clear", tooltip="Empty the box"),
        Binding(
            "ctrl+t",
            "sample",
            "sample",
            id="paste.sample",
            tooltip="Put in a text that this demo's failure would leave behind",
        ),
        Binding("escape", "back", "back", id="paste.back", tooltip="Back, and forget the text"),
    ]

    app: "OaiTui"

    def __init__(
        self,
        services: "Services",
        confirm: Callable[[FailureReport], None],
        text: str = "",
        limit_s: float = LIMIT_S,
    ) -> None:
        super().__init__()
        self.services, self._confirm, self._limit_s = services, confirm, limit_s
        self._brought = text
        self._reading = False

    def compose(self) -> ComposeResult:
        yield TitleBar("What does the error say?", self.app.badge)
        with Vertical(id="paste"):
            yield Static(_LEAD, id="paste-lead")
            yield PasteBox(
                self.services.redactor(), placeholder="Paste here, or type", id="paste-box"
            )
            yield Static(id="paste-state")
        yield ActionBar(self._actions(), grab_focus=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self._box.focus()
        if self._brought:
            self._box.insert_paste(self._brought)
            self._brought = ""

    @property
    def _box(self) -> PasteBox:
        return self.query_one("#paste-box", PasteBox)

    def _actions(self) -> tuple[Action, ...]:
        if self._reading:
            return (
                Action(id="wait", label="Reading …", enabled=False),
                Action(id="stop", label="Stop"),
            )
        has_text = bool(self._box.text.strip()) if self.is_mounted else False
        explain = Action(id="explain", label="Explain this", enabled=has_text)
        sample = Action(
            id="sample",
            label="Use a sample",
            tooltip="A text that this demo's failure would leave behind",
        )
        return (
            explain,
            *((sample,) if self._has_sample else ()),
            Action(id="clear", label="Clear", enabled=has_text),
            Action(id="back", label="Back"),
        )

    @property
    def _has_sample(self) -> bool:
        return self.services.mode == "demo"

    async def _show(self, state: Content) -> None:
        self.query_one("#paste-state", Static).update(state)
        await self.query_one(ActionBar).show(self._actions())
        self.refresh_bindings()

    @on(TextArea.Changed)
    async def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        await self.query_one(ActionBar).show(self._actions())
        self.refresh_bindings()

    @on(PasteBox.Taken)
    async def _taken(self, event: PasteBox.Taken) -> None:
        """Say what was kept and hidden, and put the focus on explaining: the next enter does it."""
        event.stop()
        parts: list[Content] = [Content(f"{event.given:,} characters.".replace(",", " "))]
        if event.kept < event.given:
            parts.append(
                Content.assemble(
                    ("! ", "$warning"),
                    "Too much for this box: its two ends were kept. For a whole log: ",
                    (" oai-tui explain FILE ", "$text on $panel"),
                )
            )
        if event.hid:
            parts.append(
                Content("What looked like a key, a token or an e-mail address was hidden.")
            )
        await self._show(Content("\n").join(parts))
        self.query_one(ActionBar).focus_primary()

    def on_paste(self, event: events.Paste) -> None:
        """A paste while the focus is elsewhere goes into the box all the same."""
        event.stop()
        self._box.insert_paste(event.text)

    @on(ActionBar.Chosen)
    async def _chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Greyed out where there is nothing to do; the sample is the demo's alone."""
        match action:
            case "explain" | "clear":
                return (
                    True
                    if self.is_mounted and not self._reading and self._box.text.strip()
                    else None
                )
            case "sample":
                return self._has_sample and not self._reading
            case _:
                return True

    @work(exclusive=True, group="explain")
    async def action_explain(self) -> None:
        """Judge the text in a thread of its own, and open the diagnosis; say so when that takes too long."""
        text = self._box.submit_text()
        self._reading, self._box.read_only = True, True
        problem = ""
        found: tuple[FailureReport, ...] = ()
        try:
            await self._show(
                Content(
                    f"Reading {len(text):,} characters, for {self._limit_s:g} seconds at most.".replace(
                        ",", " "
                    )
                )
            )
            found = await run_with_deadline(self._limit_s, self.services.explain, text)
        except TimeoutError:
            problem = f"Reading this took longer than {self._limit_s:g} seconds. Paste the part around the error alone."
        except Exception as error:  # noqa: BLE001  the text may be anything, and the message of an error could quote it: only its kind is told
            problem = f"Our own fault: {type(error).__name__} while reading this text. Please report that, without the text."
        finally:
            self._reading, self._box.read_only = False, False
        if found:
            self._box.mark_judged()
            await self._show(Content(""))
            self.app.push_screen(
                ExplanationScreen(self.services, found, self._confirm), self._returned
            )
        else:
            await self._show(
                Content.assemble(
                    ("! ", "$warning"), problem or "There is nothing to read in this text."
                )
            )

    def _returned(self, another: bool | None) -> None:
        """Back from the diagnosis: to the same text, or to an empty box for another."""
        if another:
            self.action_clear()
        self._box.focus()

    async def action_stop(self) -> None:
        """Stop reading."""
        self.workers.cancel_group(self, "explain")
        self._reading, self._box.read_only = False, False
        await self._show(Content("Stopped."))
        self._box.focus()

    async def action_back(self) -> None:
        """Stop reading where it goes on, else go back and forget the text."""
        if self._reading:
            await self.action_stop()
        else:
            self.app.pop_screen()

    def action_clear(self) -> None:
        """Empty the box."""
        self._box.clear_text()
        self.query_one("#paste-state", Static).update(Content(""))
        self._box.focus()

    def action_sample(self) -> None:
        """Put in the demo's sample."""
        self._box.clear_text()
        self._box.insert_paste(self.services.sample_output())
