"""The help: how a check works, the keys of the screen below, and the meanings of the marks.

It covers the whole terminal: a translucent screen would have the one below drawn again.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from oai_tui import __version__
from oai_tui.knowledge.links import ERROR_CODES
from oai_tui.tui.formatting import MARK_MEANINGS
from oai_tui.tui.screens.scroll_screen import ScrollArea, ScrollScreen
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation

Keys = Sequence[tuple[str, str]]
"""Pairs of a key and what it does."""

_HOW_IT_WORKS = (
    ("Check", "finds out why a key is refused. It runs step by step and stops where one fails."),
    ("Step", "one question and its answer, such as “Does the API accept the key?”"),
    ("Test", "the same request with one thing changed. If it works, that thing was the cause."),
    ("Verdict", "the cause, and what to do about it."),
    ("Certain", "the API's error code or a test proves the cause."),
    ("Likely", "the evidence points to it, and another cause is possible."),
    ("Possible", "several causes fit."),
    (
        "Your key",
        "leaves this machine only after a request without it has shown that the server is "
        "OpenAI's. Another server gets it only after your yes.",
    ),
    ("Sent", "GET requests, which cost nothing. A billed request needs your yes each time."),
    ("Stored", "nothing, unless you save a profile: then in your system's keyring."),
    ("Explain", "reads a pasted error on this machine. Nothing is sent."),
)


class HelpScreen(ScrollScreen[None]):
    """Shows how a check works, `here`, the keys of a screen, `everywhere`, and the marks."""

    TITLE = "Help"
    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "close", "close", id="help.close", tooltip="Close help")
    ]

    app: "Navigation"

    def __init__(self, here: Keys, everywhere: Keys) -> None:
        super().__init__()
        self._here = tuple(here)
        self._everywhere = tuple(everywhere)

    def compose(self) -> ComposeResult:
        yield TitleBar("Help", "Esc closes")
        with ScrollArea(id="help-area"):
            yield ParagraphView([*self._keys_here(), *_idea()], id="help")
            yield ParagraphView([*self._keys_everywhere(), *_marks(), *_version()], id="help-more")

    def _keys_here(self) -> Iterator[Paragraph]:
        if self._here:
            yield _heading("Keys on this screen")
            yield from _key_lines(self._here)
            yield paragraph("")

    def _keys_everywhere(self) -> Iterator[Paragraph]:
        yield _heading("Keys everywhere")
        yield from _key_lines(self._everywhere)
        yield paragraph("")

    def action_close(self) -> None:
        """Close the help."""
        self.dismiss(None)


def _idea() -> Iterator[Paragraph]:
    yield _heading("How it works")
    for term, text in _HOW_IT_WORKS:
        yield paragraph((f"{term:<10}", "bold"), text)
    yield paragraph("")


def _marks() -> Iterator[Paragraph]:
    yield _heading("Marks")
    for mark, text in MARK_MEANINGS.items():
        yield paragraph((f"{mark:<10}", "bold"), text)
    yield paragraph("")


def _version() -> Iterator[Paragraph]:
    yield paragraph(
        (f"{'Version':<10}", "bold"), f"oai-tui {__version__}. More: README.md, oai-tui --help"
    )
    yield paragraph((f"{'Errors':<10}", "bold"), ERROR_CODES)


def _heading(text: str) -> Paragraph:
    return paragraph("", (text, "bold $primary"))


def _key_lines(keys: Keys) -> Iterator[Paragraph]:
    for key, text in keys:
        yield paragraph((f"{key:<10}", "bold"), text)
