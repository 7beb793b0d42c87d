"""A checkbox whose mark shows its state without colour: empty when it is off.

Textual draws the same X for both, in two colours.
"""

from textual.content import Content, ContentText
from textual.widgets import Checkbox


class MarkBox(Checkbox):
    """A checkbox "[x]" or "[ ]"."""

    BUTTON_LEFT = ""
    BUTTON_RIGHT = ""
    DEFAULT_CSS = """
    MarkBox > .toggle--button, MarkBox.-on > .toggle--button {
        color: $text;
        background: $boost;
        text-style: none;
    }
    """

    def __init__(self, label: ContentText, value: bool, *, id: str) -> None:
        super().__init__(Content.from_text(label, markup=False), value, id=id, compact=True)

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802  Textual's name
        """The box, which Textual reads each time it draws the box."""
        return "[x]" if self.value else "[ ]"
