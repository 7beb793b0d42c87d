"""Join the lines of a text that a terminal or `fold` broke at a fixed width.

A break at a fixed width can be inside a word, a code, a number or an address, which then cannot be
recognised. A break between words needs no repair, because a message is read on one line. Pure;
linear in the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from oai_tui.domain.keys.redaction import RedactedText

_MIN_WIDTH = 36
"""Columns from which on a line can be a full line of a terminal."""
_MAX_WIDTH = 500
_MAX_LINES = 3_000
"""Lines of a text that is read for breaks."""
_TOKEN_END = re.compile(r"[\w./:@%&=?#~+*\\-]$")
_TOKEN_START = re.compile(r"[\w./:@%&=?#~+*\\-]")
_COUNTED = re.compile(r"(?i)\b(?:limit|used|requested|code|status)\b:? ?[0-9]{1,9}$")
_FIRST_WORD = re.compile(r"\S{1,60}")
_MAX_WORD = 16
"""Columns that a line which was broken between words can lack of the full width."""
_NEW_LINE = re.compile(
    r"Traceback \(|During handling|The above exception|Caused by|File \"|at |HTTP/|https?://"
    r"|[\w.]{2,80}(?:Error|Exception|Warning)\b|[A-Z][A-Za-z-]{2,40}: |[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|(?:INFO|ERROR|WARN|WARNING|DEBUG|CRITICAL|FATAL)\b"
)
"""The beginning of a line that rather starts one than continues the line before."""
_STATUS_AND_REASON = re.compile(r"[1-5][0-9]{2} [A-Z]")
"""The beginning of a line such as `429 Too Many Requests`: its digits continue no number."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where lines of a text can be broken in the middle of a word.

    lines: how many lines the text has.
    sure: numbers of lines that the next line continues.
    possible: numbers of lines that the next line may continue.
    """

    lines: int
    sure: frozenset[int] = frozenset()
    possible: frozenset[int] = frozenset()


def breaks_in(text: str) -> Breaks:
    """Return where a text may be broken, by the widths of its lines.

    text: without escape sequences, and not redacted, because a mask changes the width of a line.

    Two lines of the greatest width show that all of that width are full, unless other lines end
    where their next word would not have fitted: then a program broke the text between words. A
    single line can be the longest by chance: both readings are then possible.
    """
    lines = text.split("\n")
    if not 2 <= len(lines) <= _MAX_LINES:
        return Breaks(len(lines))
    full = _full_lines(lines, [len(line) for line in lines])
    if not text.isascii():
        full |= _full_lines(lines, [_columns(line) for line in lines])
    inside = frozenset(number for number in full if _is_inside_token(lines, number))
    is_sure = len({lines[number] for number in full}) > 1 and not _is_word_wrapped(lines)
    in_number = frozenset(number for number in inside if _is_inside_number(lines, number))
    return Breaks(len(lines), inside if is_sure else in_number, inside)


def join_lines(text: RedactedText, breaks: Breaks, *, possible: bool) -> RedactedText:
    """Return the text with its broken lines joined.

    possible: join also where a line may be whole.
    """
    lines = text.split("\n")
    numbers = breaks.possible if possible else breaks.sure
    if not numbers or len(lines) != breaks.lines:
        return text
    parts = [line if number in numbers else f"{line}\n" for number, line in enumerate(lines)]
    return RedactedText("".join(parts)[:-1])


def _full_lines(lines: Sequence[str], widths: Sequence[int]) -> set[int]:
    """Return the numbers of the lines that are as wide as the widest one."""
    full_width = max(widths)
    if not _MIN_WIDTH <= full_width <= _MAX_WIDTH:
        return set()
    return {
        number
        for number in range(len(lines) - 1)
        if _is_full(widths[number], full_width, lines[number + 1])
    }


def _is_full(width: int, full_width: int, following: str) -> bool:
    """Return True if a line has the full width; a wide character may not have fitted in."""
    if width == full_width:
        return True
    return width == full_width - 1 and following[:1] != "" and _columns(following[:1]) == 2


def _is_inside_token(lines: Sequence[str], number: int) -> bool:
    following = lines[number + 1]
    return bool(
        _TOKEN_END.search(lines[number][-1:])
        and _TOKEN_START.match(following)
        and not _NEW_LINE.match(following)
    )


def _is_inside_number(lines: Sequence[str], number: int) -> bool:
    """Return True if the break is inside the number of a limit or a status."""
    following = lines[number + 1]
    return (
        _COUNTED.search(lines[number][-40:]) is not None
        and following[:1].isdigit()
        and not _STATUS_AND_REASON.match(following)
    )


def _is_word_wrapped(lines: Sequence[str]) -> bool:
    """Return True if a line that is not full ends where the next word would not have fitted."""
    full_width = max(len(line) for line in lines)
    for line, following in pairwise(lines):
        word = _FIRST_WORD.match(following)
        width = len(line.rstrip())
        is_near = full_width - _MAX_WORD <= width and len(line) < full_width
        if not is_near or word is None or _NEW_LINE.match(following):
            continue
        if width + 1 + len(word.group()) > full_width:
            return True
    return False


def _columns(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return len(text) + sum(east_asian_width(char) in "WF" for char in text)
