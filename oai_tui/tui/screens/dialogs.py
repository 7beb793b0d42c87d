"""Questions, confirmations and notes, each a small screen above the one that opened it."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from oai_tui.domain.decision_tree import Option, Question
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.widgets.action_bar import Action, ActionBar

COPY_HINT = (
    "\nIf your terminal does not take part in copying, select the text with the mouse (shift held)."
)
_REFUSALS = frozenset({"no", "skip", "cancel", "stop"})
"""Ids of options that do nothing."""
_DANGEROUS = frozenset({"gateway", "plain-http"})
"""Ids of questions whose yes gives something away: there, refusing comes first."""


class QuestionScreen(ModalScreen[Answer]):
    """Asks a question of the tree; escape refuses.

    `host` is where the key would go, and `key` its masked form, for the question "gateway".
    """

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "refuse",
            "no",
            id="question.refuse",
            tooltip="Answer with the option that does nothing",
        )
    ]

    def __init__(
        self, question: Question, facts: Mapping[str, Fact], host: str = "", key: str = ""
    ) -> None:
        is_dangerous = question.id in _DANGEROUS
        super().__init__(classes="modal -danger" if is_dangerous else "modal")
        self.question = question
        self.facts = facts
        self.host = host
        self.key = key
        self._is_dangerous = is_dangerous

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                yield Static(Content(display_safe(self._heading())), classes="heading")
                yield Static(Content(display_safe(self.question.text)))
                yield Static(Content(display_safe(self._detail())), classes="hint")
            yield ActionBar(
                [Action(id=option.id, label=option.label) for option in self._options()]
            )

    def _heading(self) -> str:
        match self.question.id:
            case "gateway":
                return f"Send the key to {self.host or self.facts.get('host', 'this endpoint')}?"
            case "plain-http":
                return f"Send the key to {self.facts.get('plain_http_to', self.host)} unencrypted?"
            case "inference":
                return "Send one billed request?"
            case _:
                return "A question"

    def _detail(self) -> str:
        match self.question.id:
            case "gateway":
                return (
                    f"\nWith a yes, {self.host or 'it'} receives the key {self.key}. "
                    "Say yes only for a gateway that you trust."
                )
            case "plain-http":
                return (
                    f"\nWith a yes, the key {self.key} is sent as readable text. The permission "
                    f"holds for {self.host or 'this host'} and is saved with the profile."
                )
            case "inference":
                model = self.facts.get("model_for_inference")
                return (
                    f"\nModel {model or 'chosen from the list'} · at most 16 output tokens · "
                    "about $0.00001 · nothing is stored"
                )
            case _:
                return ""

    def _options(self) -> tuple[Option, ...]:
        """Return the options, the one that enter chooses first."""
        options = self.question.options
        if self._is_dangerous:
            return tuple(sorted(options, key=lambda option: option.id not in _REFUSALS))
        return options

    @on(ActionBar.Chosen)
    def _answer_chosen(self, event: ActionBar.Chosen) -> None:
        self.dismiss(Answer(option=event.action))

    def action_refuse(self) -> None:
        """Answer with the option that refuses, or with the last one."""
        ids = [option.id for option in self.question.options]
        refusal = next((each for each in ids if each in _REFUSALS), ids[-1])
        self.dismiss(Answer(option=refusal))


class ConfirmScreen(ModalScreen[bool]):
    """Asks before something is lost. Enter and escape keep it."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "keep", "keep", id="confirm.keep", tooltip="Change nothing")
    ]

    def __init__(self, heading: str, text: str, *, yes: str, no: str) -> None:
        super().__init__(classes="modal -danger")
        self.heading = heading
        self.text = text
        self.yes = yes
        self.no = no

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                yield Static(Content(display_safe(self.heading)), classes="heading")
                yield Static(Content(display_safe(self.text)))
            yield ActionBar([Action(id="no", label=self.no), Action(id="yes", label=self.yes)])

    @on(ActionBar.Chosen)
    def _answer_chosen(self, event: ActionBar.Chosen) -> None:
        self.dismiss(event.action == "yes")

    def action_keep(self) -> None:
        """Change nothing."""
        self.dismiss(False)


class NoteScreen(ModalScreen[None]):
    """Shows a note that needs no answer. `verbatim` text is shown unchanged, to be copied."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", id="note.close", tooltip="Close this note")
    ]

    def __init__(self, heading: str, text: str, *, verbatim: bool = False) -> None:
        super().__init__(classes="modal")
        self.heading = heading
        self.text = text
        self.verbatim = verbatim

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll"):
                yield Static(Content(display_safe(self.heading)), classes="heading")
                if self.verbatim:
                    yield Static(Content(self.text), classes="verbatim")
                    yield Static(Content(COPY_HINT), classes="hint")
                else:
                    yield Static(Content(display_safe(self.text)))
            yield ActionBar([Action(id="close", label="Close")])

    @on(ActionBar.Chosen)
    def _close_chosen(self) -> None:
        self.dismiss(None)

    def action_close(self) -> None:
        """Close the note."""
        self.dismiss(None)
