"""How a page of text may look: colours or none, what the stream can encode, how wide it is. Decides from plain values; opens and asks no terminal."""

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
DEFAULT_WIDTH = 100
"""Columns of a page that is not written to a terminal, and the most that a terminal's page uses: longer lines are hard to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The look of one page. `unicode`: whether the stream can write the marks and quotes; they become ASCII where it cannot. `width`: columns."""

    colour: bool = False
    unicode: bool = True
    width: int = DEFAULT_WIDTH

    def paint(self, paint: Paint, text: str) -> str:
        """`text` in a colour or weight, or as it is when there are no colours."""
        return f"\x1b[{_SGR[paint]}m{text}\x1b[0m" if self.colour and text else text

    def written(self, text: str) -> str:
        """`text` as the stream can write it."""
        return (
            text
            if self.unicode
            else text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")
        )


PLAIN = Style()


def style_for(
    *,
    terminal: bool,
    encoding: str | None,
    columns: int,
    env: Mapping[str, str],
    choice: ColorChoice = "auto",
) -> Style:
    """The style of a stream. `choice` (--color) wins; then NO_COLOR, FORCE_COLOR (both count when not empty), TERM=dumb, and whether it is a terminal.

    `columns` is the terminal's width; below 20 counts as 20. Source of NO_COLOR's meaning: no-color.org, 2026-09.
    """
    width = max(20, min(columns, DEFAULT_WIDTH)) if terminal else DEFAULT_WIDTH
    return Style(colour=_colour(terminal, env, choice), unicode=_can_encode(encoding), width=width)


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
