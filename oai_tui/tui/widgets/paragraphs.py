"""Text that hangs: each line may have a lead (a label, a mark, a number), and what follows it wraps beside the lead, never below it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

_LEAST = 8


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. An empty body is a blank line when the lead is empty as well."""

    lead: Content
    body: Content


def paragraph(
    lead: str | Content | tuple[str, str], *body: str | Content | tuple[str, str]
) -> Paragraph:
    """A paragraph from a lead and the parts of its body."""
    return Paragraph(Content.assemble(lead), Content.assemble(*body))


def wrap_paragraphs(paragraphs: Iterable[Paragraph], width: int) -> Content:
    """The paragraphs wrapped to `width` cells."""
    rows: list[Content] = []
    for each in paragraphs:
        indent = min(each.lead.cell_length, max(0, width - _LEAST))
        wrapped = each.body.wrap(max(_LEAST, width - indent)) or [Content("")]
        rows.append(Content.assemble(each.lead, wrapped[0]))
        rows += [Content.assemble(" " * indent, line) for line in wrapped[1:]]
    return Content("\n").join(rows)


class ParagraphView(Widget):
    """Shows paragraphs at whatever width it has."""

    DEFAULT_CSS = "ParagraphView { width: 1fr; height: auto; }"

    def __init__(self, paragraphs: Sequence[Paragraph] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._paragraphs = tuple(paragraphs)

    @property
    def text(self) -> str:
        """What it says, without styles and unwrapped."""
        return "\n".join(f"{each.lead.plain}{each.body.plain}" for each in self._paragraphs)

    def show(self, paragraphs: Sequence[Paragraph]) -> None:
        """Show other paragraphs."""
        if tuple(paragraphs) != self._paragraphs:
            self._paragraphs = tuple(paragraphs)
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return (
            wrap_paragraphs(self._paragraphs, width).plain.count("\n") + 1
            if self._paragraphs
            else 0
        )

    def render(self) -> Content:
        return wrap_paragraphs(self._paragraphs, self.content_size.width)
