"""The help: the keys of the screen below, and the meanings of the marks."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from oai_tui.tui.formatting import MARK_MEANINGS
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.paragraphs import ParagraphView, paragraph


class HelpScreen(ModalScreen[None]):
    """Shows `keys`, pairs of a key and what it does, and the meanings of the marks."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,q,question_mark", "close", "close", id="help.close", tooltip="Close this help"
        )
    ]

    def __init__(self, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__(classes="modal")
        self._keys = tuple(keys)

    def compose(self) -> ComposeResult:
        keys = [paragraph((f"{key:<8}", "bold $primary"), text) for key, text in self._keys]
        marks = [paragraph((f"{mark:<8}", "bold"), text) for mark, text in MARK_MEANINGS.items()]
        lines = [
            paragraph("", ("Keys", "bold")),
            *keys,
            paragraph(""),
            paragraph("", ("Marks", "bold")),
            *marks,
        ]
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll"):
                yield ParagraphView(lines, id="help")
            yield ActionBar([Action(id="close", label="Close")])

    @on(ActionBar.Chosen)
    def _close_chosen(self) -> None:
        self.dismiss(None)

    def action_close(self) -> None:
        """Close the help."""
        self.dismiss(None)
