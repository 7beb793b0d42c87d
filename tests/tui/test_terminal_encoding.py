"""Drawing on a terminal whose encoding lacks characters of the screens."""

import io
import sys

import pytest

from oai_tui.tui.terminal_encoding import as_ascii, drawable_terminal


@pytest.mark.parametrize(
    ("text", "drawn"), [("▌✓…→", "|v.>"), ("日本", "????"), ("\u0301", ""), ("⛔é", "???")]
)
def test_a_substitute_is_as_wide_as_the_character(text: str, drawn: str) -> None:
    assert as_ascii(text) == drawn


def test_a_latin_1_terminal_gets_no_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1", errors="backslashreplace")
    monkeypatch.setattr(sys, "__stderr__", stream)
    with drawable_terminal():
        stream.write("▌ ▶ Yes · é 日")
        stream.flush()
    assert stream.errors == "backslashreplace"
    assert raw.getvalue() == "| > Yes · é ??".encode("latin-1")
