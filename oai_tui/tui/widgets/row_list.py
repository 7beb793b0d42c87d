"""A list that can be laid out in any width."""

from textual.geometry import Size
from textual.widgets import OptionList

_MIN_WIDTH = 4
"""Cells to which rows are wrapped at least: two of padding, and a character of double width."""


class RowList(OptionList):
    """Textual's list, which fails where nothing is left of its width.

    That happens for one layout when a terminal becomes narrow: the classes of the new width are set
    after it.
    """

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return super().get_content_height(container, viewport, max(width, _MIN_WIDTH))
