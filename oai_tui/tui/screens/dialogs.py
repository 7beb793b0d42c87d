"""Questions and notes, each a small screen above the one that asked."""

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

_REFUSALS = frozenset({"no", "skip", "cancel", "stop"})
_CAREFUL = frozenset({"gateway", "plain-http"})


class QuestionScreen(ModalScreen[Answer]):
    """Puts one question of the tree; escape refuses. Where a yes gives something away, refusing is what enter does."""

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
        super().__init__(classes="modal" + (" -danger" if question.id in _CAREFUL else ""))
        self.question, self.facts, self.host, self.key = question, facts, host, key

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                yield Static(Content(display_safe(self._heading())), classes="heading")
                yield Static(Content(display_safe(self.question.text)))
                yield Static(Content(display_safe(self._detail())), classes="hint")
            yield ActionBar(
                [Action(id=option.id, label=option.label) for option in self._ordered()]
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
                return f"\nWith a yes, {self.host or 'it'} receives the key {self.key}. Say yes only for a gateway that you trust."
            case "plain-http":
                return f"\nWith a yes, the key {self.key} is sent as readable text. The permission holds for {self.host or 'this host'} and is saved with the profile."
            case "inference":
                model = self.facts.get("model_for_inference")
                return f"\nModel {model or 'chosen from the list'} · at most 16 output tokens · about $0.00001 · nothing is stored"
            case _:
                return ""

    def _ordered(self) -> tuple[Option, ...]:
        options = self.question.options
        return (
            tuple(sorted(options, key=lambda option: option.id not in _REFUSALS))
            if self.question.id in _CAREFUL
            else options
        )

    @on(ActionBar.Chosen)
    def _chosen(self, event: ActionBar.Chosen) -> None:
        self.dismiss(Answer(option=event.action))

    def action_refuse(self) -> None:
        """Answer with the refusal among the options, else with the last."""
        options = self.question.options
        self.dismiss(
            Answer(
                option=next((each.id for each in options if each.id in _REFUSALS), options[-1].id)
            )
        )


class ConfirmScreen(ModalScreen[bool]):
    """Asks before something is lost. Enter keeps it; escape too."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "keep", "keep", id="confirm.keep", tooltip="Change nothing")
    ]

    def __init__(self, heading: str, text: str, *, yes: str, no: str) -> None:
        super().__init__(classes="modal -danger")
        self.heading, self.text, self.yes, self.no = heading, text, yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                yield Static(Content(display_safe(self.heading)), classes="heading")
                yield Static(Content(display_safe(self.text)))
            yield ActionBar([Action(id="no", label=self.no), Action(id="yes", label=self.yes)])

    @on(ActionBar.Chosen)
    def _chosen(self, event: ActionBar.Chosen) -> None:
        self.dismiss(event.action == "yes")

    def action_keep(self) -> None:
        """Change nothing."""
        self.dismiss(False)


class NoteScreen(ModalScreen[None]):
    """Says something that needs no answer. `verbatim` text is shown as it would be typed."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", id="note.close", tooltip="Close this note")
    ]

    def __init__(self, heading: str, text: str, *, verbatim: bool = False) -> None:
        super().__init__(classes="modal")
        self.heading, self.text, self.verbatim = heading, text, verbatim

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll"):
                yield Static(Content(display_safe(self.heading)), classes="heading")
                yield Static(
                    Content(self.text if self.verbatim else display_safe(self.text)),
                    classes="verbatim" if self.verbatim else "",
                )
                if self.verbatim:
                    yield Static(
                        Content(
                            "\nIf your terminal does not take part in copying, select the text with the mouse (shift held)."
                        ),
                        classes="hint",
                    )
            yield ActionBar([Action(id="close", label="Close")])

    @on(ActionBar.Chosen)
    def _chosen(self) -> None:
        self.dismiss(None)

    def action_close(self) -> None:
        """Close the note."""
        self.dismiss(None)
