"""No text takes long: the time to explain one grows no faster than the text, whatever it repeats, and what is too deep or too large is cut."""

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
SMALL, LARGE = 2_000, 8_000
MOST = 9
"""How much longer a text may take that is four times as long. Time that grows with the square of the length takes 16 times as long."""
SLACK_S = 0.04


def seconds(text: str, times: int = 1) -> float:
    """The processor's time for one explanation, the shortest of so many."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        explain_text(text, now=0)
        taken.append(time.process_time() - began)
    return min(taken)


def grows_too_fast(beginning: str, piece: str, times: int = 1) -> bool:
    """Whether four times the text takes more than MOST times as long. What seems so is measured again, since something else may have been in the way."""
    small, large = (
        seconds(f"{beginning}{piece * (size // len(piece))}x", times) for size in (SMALL, LARGE)
    )
    return large > MOST * small + SLACK_S and (times > 1 or grows_too_fast(beginning, piece, 3))


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_time_grows_no_faster_than_the_text(beginning: str) -> None:
    seconds(beginning + "x")
    assert [piece for piece in PIECES if grows_too_fast(beginning, piece)] == []


@pytest.mark.parametrize(
    "piece", ["x", "openai error ", '{"error":"openai ', "\0", "2026-11-02 09:00:00 openai error\n"]
)
def test_time_for_a_log_grows_no_faster_than_the_log(piece: str) -> None:
    taken = []
    for size in (500_000, 2_000_000):
        stream = io.BytesIO(piece.encode() * (size // len(piece)))
        began = time.process_time()
        explain_stream(stream, now=0)
        taken.append(time.process_time() - began)
    assert taken[1] < MOST * taken[0] + SLACK_S


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


class Endless:
    """A stream that tells how much was asked of it at once."""

    def __init__(self, line: bytes, lines: int) -> None:
        self._line, self._left = line, lines
        self.most = 0

    def read(self, size: int, /) -> bytes:
        self.most = max(self.most, size)
        count = min(self._left, max(1, size // len(self._line)))
        self._left -= count
        return self._line * count


def test_a_log_is_never_held_as_a_whole() -> None:
    stream = Endless(
        b"2026-11-02 09:00:00 ERROR app: openai.APITimeoutError: Request timed out.\n", 30_000
    )
    (one,) = explain_stream(stream, now=0).results
    assert one.count == 30_000
    assert stream.most <= 1 << 20
