"""Paragraphs with a hanging indent: a label, and a text that wraps to the right of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

_MIN_TEXT_WIDTH = 8
"""Cells that the text keeps, however long its label is."""

Part = str | Content | tuple[str, str]
"""A piece of a line: plain text, styled content, or a text and its style."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A label (a mark, a number, a name) and its text. A blank line if both are empty."""

    label: Content
    text: Content


def paragraph(label: Part, *text: Part) -> Paragraph:
    """Build a paragraph from its label and the parts of its text."""
    return Paragraph(Content.assemble(label), Content.assemble(*text))


def wrap_paragraphs(paragraphs: Iterable[Paragraph], width: int) -> Content:
    """Wrap paragraphs to `width` cells."""
    rows: list[Content] = []
    for each in paragraphs:
        indent = min(each.label.cell_length, max(0, width - _MIN_TEXT_WIDTH))
        lines = each.text.wrap(max(_MIN_TEXT_WIDTH, width - indent)) or [Content("")]
        rows.append(Content.assemble(each.label, lines[0]))
        rows += [Content.assemble(" " * indent, line) for line in lines[1:]]
    return Content("\n").join(rows)


class ParagraphView(Widget):
    """Shows paragraphs, wrapped to its own width."""

    DEFAULT_CSS = "ParagraphView { width: 1fr; height: auto; }"

    def __init__(self, paragraphs: Sequence[Paragraph] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._paragraphs = tuple(paragraphs)
        self._wrapped: tuple[int, Content] | None = None
        """The width and the result of the last wrapping: one layout asks several times."""

    @property
    def text(self) -> str:
        """The labels and texts, without styles and unwrapped."""
        return "\n".join(f"{each.label.plain}{each.text.plain}" for each in self._paragraphs)

    def show(self, paragraphs: Sequence[Paragraph]) -> None:
        """Show these paragraphs, unless they are shown already."""
        if tuple(paragraphs) != self._paragraphs:
            self._paragraphs = tuple(paragraphs)
            self._wrapped = None
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        if not self._paragraphs:
            return 0
        return self._wrap(width).plain.count("\n") + 1

    def render(self) -> Content:
        return self._wrap(self.content_size.width)

    def _wrap(self, width: int) -> Content:
        if self._wrapped is None or self._wrapped[0] != width:
            self._wrapped = width, wrap_paragraphs(self._paragraphs, width)
        return self._wrapped[1]
