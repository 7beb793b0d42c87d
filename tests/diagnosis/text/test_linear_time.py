"""No text takes long: the time to explain one grows no faster than the text.

This is so whatever the text repeats. What is too deep or too large is cut. Times are those of the
processor, and they are compared with each other only.
"""

import io
import time

import pytest

from oai_tui.services.explain_text import explain_stream, explain_text

BEGINNINGS = {
    "nothing": "",
    "an error": "openai.AuthenticationError: Error code: 401 - ",
    "an open string": '{"error": {"message": "',
    "a page": "<html><title>",
    "an address": "https://api.openai.com/v1 ",
}
PIECES = [
    "{",
    "[",
    "(",
    '{"error":',
    '"',
    "'",
    "`",
    "\\",
    '\\"',
    "\\n",
    "\\u0020",
    " ",
    "\t\n",
    "\n",
    " \n",
    "|",
    "| ",
    "> ",
    "─",
    "<",
    "<!--",
    "<title ",
    "a@",
    "a.",
    "a-",
    "_a",
    "A_KEY",
    "A_KEY=",
    "sk-",
    "eyJ.",
    "aB3",
    "41",
    "QUJD",
    "429 ",
    "1",
    "://a",
    "?key=",
    "\x1b[",
    "\x1b]",
    "authorization: ",
    "bearer ",
    "cookie: ",
    "try again in 5 s ",
    "missing scopes: a, ",
    "Optional(",
    ',"a":',
    "a-b: c\n",
    "status code ",
    "proxy ",
    "at async x (",
    'File "',
    "limit 5 requested ",
    "no such file ",
    "certificate ",
    "openai exception - ",
    "2026-11-02 09:00:00 x\n",
    "2026-11-02 09:00:00   x\n",
    "Traceback (most recent call last):\n",
    "error ",
    "openai error ",
    "aError: ",
    "&#65;",
    "%41",
    "\ufb01",
    "\0",
    "\ud800",
]
SMALL = 2_000
LARGE = 8_000
MAX_RATIO = 9
"""How much more time a text of four times the length may take. Quadratic time would be 16 times."""
SLACK_S = 0.04
"""Seconds that are not counted, for what takes hardly any time."""


def seconds(text: str, times: int = 1) -> float:
    """Return the shortest processor time of so many explanations."""
    durations = []
    for _ in range(times):
        started = time.process_time()
        explain_text(text, now=0)
        durations.append(time.process_time() - started)
    return min(durations)


def grows_too_fast(beginning: str, piece: str, times: int = 1) -> bool:
    """Return True if four times the text takes more than MAX_RATIO times as long.

    A positive result is measured again, since another process may have been in the way.
    """
    small, large = (
        seconds(f"{beginning}{piece * (size // len(piece))}x", times) for size in (SMALL, LARGE)
    )
    if large <= MAX_RATIO * small + SLACK_S:
        return False
    return times > 1 or grows_too_fast(beginning, piece, 3)


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_time_grows_no_faster_than_the_text(beginning: str) -> None:
    seconds(beginning + "x")
    assert [piece for piece in PIECES if grows_too_fast(beginning, piece)] == []


@pytest.mark.parametrize(
    "piece", ["x", "openai error ", '{"error":"openai ', "\0", "2026-11-02 09:00:00 openai error\n"]
)
def test_time_for_a_log_grows_no_faster_than_the_log(piece: str) -> None:
    durations = []
    for size in (500_000, 2_000_000):
        stream = io.BytesIO(piece.encode() * (size // len(piece)))
        started = time.process_time()
        explain_stream(stream, now=0)
        durations.append(time.process_time() - started)
    small, large = durations
    assert large < MAX_RATIO * small + SLACK_S


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"error":' * 50_000 + '"x"' + "}" * 50_000,
        "<div>" * 80_000,
    ],
    ids=["lists", "objects", "errors", "elements"],
)
def test_deep_nesting_is_cut(text: str) -> None:
    assert len(explain_text(text, now=0)) == 1


class RepeatedLine:
    """A stream of one line many times, which records the largest read."""

    def __init__(self, line: bytes, lines: int) -> None:
        self._line = line
        self._lines_left = lines
        self.largest_read = 0

    def read(self, size: int, /) -> bytes:
        self.largest_read = max(self.largest_read, size)
        count = min(self._lines_left, max(1, size // len(self._line)))
        self._lines_left -= count
        return self._line * count


def test_a_log_is_never_in_memory_as_a_whole() -> None:
    stream = RepeatedLine(
        b"2026-11-02 09:00:00 ERROR app: openai.APITimeoutError: Request timed out.\n", 30_000
    )
    (one,) = explain_stream(stream, now=0).results
    assert one.count == 30_000
    assert stream.largest_read <= 1 << 20
