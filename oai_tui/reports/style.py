"""The style of a page of text: colours, encoding, width. This module does not access a terminal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ColorChoice = Literal["auto", "always", "never"]
Paint = Literal["good", "bad", "care", "quiet", "strong"]

_SGR: dict[Paint, str] = {"good": "32", "bad": "31", "care": "33", "quiet": "2", "strong": "1"}
_ASCII = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "·": "-",
        "⟳": "~",
        "…": "...",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "→": "->",
        "×": "x",
        "≤": "<=",
        "≥": ">=",
        "▇": "#",
    }
)
_ADDRESS = re.compile(r"https?://[!-~]+")
_NO_LINKS = frozenset({"dumb", "linux"})
"""Values of TERM whose terminal prints the escape sequence of a link, or parts of it."""
DEFAULT_WIDTH = 100
"""Columns of a page in a file, and the maximum on a terminal: longer lines are hard to read.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The style of one page."""

    colour: bool = False
    unicode: bool = True
    """The stream can encode the marks and quotes; if not, they are replaced by ASCII."""
    width: int = DEFAULT_WIDTH
    """In columns."""
    links: bool = False
    """Addresses are marked as links (OSC 8), which a terminal opens on a click."""

    def paint(self, paint: Paint, text: str) -> str:
        """Return `text` in a colour or weight, or unchanged for a page without colours."""
        return f"\x1b[{_SGR[paint]}m{text}\x1b[0m" if self.colour and text else text

    def link(self, url: str) -> str:
        """Return an address, as a link where the terminal takes them."""
        if not self.links or not _ADDRESS.fullmatch(url):
            return url
        return f"\x1b]8;;{url}\x1b\\{url}\x1b]8;;\x1b\\"

    def encodable(self, text: str) -> str:
        """Return `text` with only the characters that the stream can encode."""
        if self.unicode:
            return text
        return text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")


PLAIN = Style()
"""The style without colours, for a file."""


def style_for(
    *,
    terminal: bool,
    encoding: str | None,
    columns: int,
    env: Mapping[str, str],
    choice: ColorChoice = "auto",
) -> Style:
    """Return the style of a stream.

    Colours: `choice` (--color) wins, then NO_COLOR and FORCE_COLOR (unless empty), TERM=dumb, and
    whether the stream is a terminal. `columns`: the width of the terminal; less than 20 counts as
    20. Links only on a terminal, and not with --color never. Source of NO_COLOR's meaning:
    no-color.org, 2026-09.
    """
    width = max(20, min(columns, DEFAULT_WIDTH)) if terminal else DEFAULT_WIDTH
    return Style(
        colour=_colour(terminal, env, choice),
        unicode=_can_encode(encoding),
        width=width,
        links=terminal and choice != "never" and env.get("TERM") not in _NO_LINKS,
    )


def _colour(terminal: bool, env: Mapping[str, str], choice: ColorChoice) -> bool:
    if choice != "auto":
        return choice == "always"
    if env.get("NO_COLOR"):
        return False
    if env.get("FORCE_COLOR"):
        return env["FORCE_COLOR"] != "0"
    return terminal and env.get("TERM") != "dumb"


def _can_encode(encoding: str | None) -> bool:
    try:
        "✓✗·⟳…’“”".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
