"""A paste that the terminal does not mark arrives as one paste, and typed keys stay keys."""

import sys
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from oai_tui.tui.textual_private import PARSER, mark_unbracketed_pastes
from oai_tui.tui.unbracketed_paste import PASTE_END, PASTE_START, PasteMarker

ERROR = "openai.AuthenticationError: Error code: 401 - {'error': {'code': 'invalid_api_key'}}\r"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Terminal:
    """The marker with its clock; reads pieces, with a pause after each."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.marker = PasteMarker(self.clock)

    def read(self, *pieces: str, pause_s: float = 0.01) -> str:
        marked = ""
        for piece in pieces:
            marked += self.marker.mark(piece)
            self.clock.seconds += pause_s
            marked += self.marker.end_when_quiet()
        return marked

    def wait(self) -> str:
        self.clock.seconds += 1
        return self.marker.end_when_quiet()


def test_a_paste_in_pieces_is_one_paste() -> None:
    terminal = Terminal()
    marked = terminal.read(ERROR * 40, ERROR * 40, "the end\r") + terminal.wait()
    assert marked == f"{PASTE_START}{ERROR * 80}the end\r{PASTE_END}"
    assert terminal.wait() == ""


@pytest.mark.parametrize("typed", ["q", "retired", "\r" * 200, "aeaeae" * 50, "\x1b[A" * 40])
def test_typed_keys_are_unchanged(typed: str) -> None:
    terminal = Terminal()
    assert terminal.read(typed) + terminal.wait() == typed


def test_a_key_after_a_paste_is_a_key() -> None:
    terminal = Terminal()
    paste = terminal.read(ERROR) + terminal.wait()
    assert (paste, terminal.read("q")) == (f"{PASTE_START}{ERROR}{PASTE_END}", "q")


def test_a_paste_after_the_escape_key_is_a_paste() -> None:
    terminal = Terminal()
    assert terminal.read("\x1b") + terminal.wait() == "\x1b"
    assert terminal.read(ERROR) + terminal.wait() == f"{PASTE_START}{ERROR}{PASTE_END}"


def test_an_escape_sequence_ends_the_paste() -> None:
    terminal = Terminal()
    assert terminal.read(ERROR, "\x1b[A") == f"{PASTE_START}{ERROR}{PASTE_END}\x1b[A"


@given(st.text(st.characters(codec="utf-8"), max_size=80), st.lists(st.integers(0, 90)))
def test_a_marked_paste_is_unchanged_wherever_it_is_cut(text: str, cuts: list[int]) -> None:
    text = text.replace("\x1b", "")
    marked = f"{PASTE_START}{text}{ERROR}{PASTE_END}q"
    places = [0, *sorted(cuts), len(marked)]
    pieces = [marked[start:end] for start, end in pairwise(places)]
    terminal = Terminal()
    assert terminal.read(*filter(None, pieces)) == marked


@pytest.mark.skipif(sys.platform == "win32", reason="another driver")
def test_the_driver_makes_one_paste_event_of_it() -> None:
    from textual.drivers import linux_driver

    mark_unbracketed_pastes()
    parser = vars(linux_driver)[PARSER]()
    clock = parser.marker._now = Clock()

    def events_of(messages: Iterable[Message]) -> list[Message]:
        return list(messages)

    assert events_of(parser.feed(ERROR)) == []
    clock.seconds = 1
    (paste,) = events_of(parser.tick())
    assert isinstance(paste, events.Paste)
    assert paste.text == ERROR
    (key,) = events_of(parser.feed("q"))
    assert isinstance(key, events.Key)
