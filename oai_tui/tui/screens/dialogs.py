"""Questions, confirmations and notes, each a small screen above the one that opened it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from oai_tui.domain.decision_tree import Question
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.tui.closable import ClosableDialog
from oai_tui.tui.consent_guard import GuardedScreen, Result
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.widgets.action_bar import Action, ActionBar

COPY_HINT = "\nIf copying doesn't work in your terminal, hold Shift and select with the mouse."
_REFUSALS = frozenset({"no", "skip", "cancel", "stop"})
"""Ids of options that do nothing. They come first and have the focus."""
_IGNORED = "That key was pressed too early and ignored. Press it again."


class ChoiceScreen(GuardedScreen[Result], Generic[Result]):
    """A question with buttons, the refusal first.

    Arrows and tab move the focus, enter presses the focused button, y agrees, n and escape refuse.
    Input that was not meant for it is ignored (tui/consent_guard.py).
    """

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "refuse", "no", id="question.no", tooltip="Answer no"),
        Binding("y", "agree", "yes", id="question.yes", tooltip="Answer yes"),
        Binding("left,up", "move(-1)", "left", id="question.left", tooltip="Previous answer"),
        Binding("right,down", "move(1)", "right", id="question.right", tooltip="Next answer"),
        Binding(
            "pageup", "scroll_text(-5)", "up", id="question.page-up", tooltip="Scroll the text up"
        ),
        Binding(
            "pagedown", "scroll_text(5)", "down", id="question.page-down", tooltip="Scroll it down"
        ),
    ]

    def __init__(
        self, heading: str, text: str, detail: str, answers: Sequence[Action], *, escape: str
    ) -> None:
        """`answers`: the refusal first. `escape`: what escape does, in a word or two."""
        super().__init__(classes="modal -danger")
        self._heading = heading
        self._text = text
        self._detail = detail
        self._answers = tuple(answers)
        self._escape = escape

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                yield Static(Content(display_safe(self._heading)), classes="heading")
                yield Static(Content(display_safe(self._text)))
                if self._detail:
                    yield Static(Content(f"\n{display_safe(self._detail)}"), classes="hint")
            yield ActionBar(self._answers)
            yield Static(self._keys_line(), classes="hint", id="answer-keys")

    def _keys_line(self, note: str = "") -> Content:
        keys = f"Esc: {self._escape} · y: yes"
        return Content.assemble((note, "$warning"), "  " if note else "", (keys, "$text-muted"))

    def show_ignored(self, *, is_ignored: bool) -> None:
        """Say that a key was ignored, or remove what was said."""
        for line in self.query("#answer-keys").results(Static):
            line.update(self._keys_line(_IGNORED if is_ignored else ""))

    @on(ActionBar.Chosen)
    def _answer_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        self.answer(event.action)

    def answer(self, option: str) -> None:
        """Close with the answer of that id."""
        raise NotImplementedError

    def action_refuse(self) -> None:
        """Give the first answer."""
        self.answer(self._answers[0].id)

    def action_agree(self) -> None:
        """Give the answer that agrees."""
        self.answer(self._answers[-1].id)

    def action_move(self, steps: int) -> None:
        """Move the focus to another answer."""
        self.query_one(ActionBar).move_focus(steps)

    def action_scroll_text(self, lines: int) -> None:
        """Scroll down by so many lines, up if negative."""
        self.query_one(".scroll", VerticalScroll).scroll_relative(y=lines, animate=False)


class QuestionScreen(ChoiceScreen[Answer]):
    """Asks a question of the tree.

    `host` is where the key would go, and `key` its masked form, for the question "gateway".
    """

    def __init__(
        self, question: Question, facts: Mapping[str, Fact], host: str = "", key: str = ""
    ) -> None:
        heading, text, detail = _words(question, facts, host, key)
        options = sorted(question.options, key=lambda option: option.id not in _REFUSALS)
        answers = [Action(id=option.id, label=option.label) for option in options]
        super().__init__(heading, text, detail, answers, escape="no")
        self.question = question

    def answer(self, option: str) -> None:
        """Close with the option of that id."""
        self.dismiss(Answer(option=option))


def _words(
    question: Question, facts: Mapping[str, Fact], host: str, key: str
) -> tuple[str, str, str]:
    """Return the heading, the text and the details of a question."""
    match question.id:
        case "gateway":
            to = host or facts.get("host", "this server")
            return (
                f"Send the key to {to}?",
                question.text,
                f"If you say yes, {to} receives the key {key}. Say yes only if you trust it.",
            )
        case "plain-http":
            return (
                f"Send the key to {facts.get('plain_http_to', host)} unencrypted?",
                question.text,
                f"If you say yes, the key {key} is sent as readable text. The permission "
                f"applies to {host or 'this host'} and is saved with the profile.",
            )
        case "inference":
            model = facts.get("model_for_inference")
            hint = question.text.partition("\n\n")[2]  # what a demo adds
            return (
                "Send one billed request?",
                "There is no other way to test billing. If you say no, the check continues "
                "without it." + (f"\n\n{hint}" if hint else ""),
                f"Model {model or 'chosen from the list'} · at most 16 output tokens · "
                "about $0.00001 · nothing is stored",
            )
        case _:
            return "Continue?", question.text, ""


class ConfirmScreen(ChoiceScreen[bool]):
    """Asks before something is lost. Escape keeps it."""

    def __init__(self, heading: str, text: str, *, yes: str, no: str) -> None:
        answers = [Action(id="no", label=no), Action(id="yes", label=yes)]
        super().__init__(heading, text, "", answers, escape="cancel")

    def answer(self, option: str) -> None:
        """Close with True for yes."""
        self.dismiss(option == "yes")


class NoteScreen(ClosableDialog[None]):
    """Shows a note that needs no answer. `verbatim` text is shown unchanged, to be copied."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", id="note.close", tooltip="Close this note"),
        Binding("up", "scroll_text(-1)", "up", id="note.up", tooltip="Scroll up"),
        Binding("down", "scroll_text(1)", "down", id="note.down", tooltip="Scroll down"),
        Binding("pageup", "scroll_text(-8)", "up", id="note.page-up", tooltip="Scroll up"),
        Binding("pagedown", "scroll_text(8)", "down", id="note.page-down", tooltip="Scroll down"),
    ]

    def __init__(self, heading: str, text: str, *, verbatim: bool = False) -> None:
        super().__init__(classes="modal")
        self.heading = heading
        self.text = text
        self.verbatim = verbatim

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
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

    def action_scroll_text(self, lines: int) -> None:
        """Scroll down by so many lines, up if negative."""
        self.query_one(".scroll", VerticalScroll).scroll_relative(y=lines, animate=False)
