"""The text report: at any width, on any stream, in colour or not."""

import re
from pathlib import Path
from typing import get_args

import pytest

from oai_tui.domain.cause import Fix
from oai_tui.domain.observation import FailureKind
from oai_tui.reports import render
from oai_tui.reports.labels import FAILURE_LABELS
from oai_tui.reports.style import PLAIN, Style
from oai_tui.reports.text_blocks import first_steps, wrapped
from tests.reports import samples

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", samples.ALL)
def test_page_is_the_golden_one(name: str) -> None:
    assert render("text", samples.ALL[name]) == (GOLDEN / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize("name", samples.ALL)
def test_prose_fits_the_width(name: str, width: int) -> None:
    page = render("text", samples.ALL[name], style=Style(width=width))
    copied_whole = re.compile(r"^ {6}(https?://|export |unset )")
    assert [
        line for line in page.splitlines() if len(line) > width and not copied_whole.match(line)
    ] == []


def test_command_is_never_broken() -> None:
    assert "      unset OPENAI_ORG_ID\n" in render("text", samples.MISMATCH, style=Style(width=20))


def test_the_first_fix_stands_alone_before_the_others() -> None:
    page = render("text", samples.MISMATCH)
    assert (
        page.index("What to do")
        < page.index("Call without the organization setting")
        < page.index("\nOr\n")
        < page.index("Ask an owner")
    )


def test_every_kind_of_failure_has_its_words() -> None:
    assert set(FAILURE_LABELS) == set(get_args(FailureKind))


def test_experiment_has_its_own_mark() -> None:
    assert "⟳ ✓ Without the organization header" in render("text", samples.MISMATCH)


def test_a_plain_page_contains_no_escape_sequence() -> None:
    assert "\x1b" not in "".join(
        render("text", diagnosis, style=PLAIN)
        for diagnosis in [*samples.ALL.values(), samples.HOSTILE]
    )


def test_colours_change_nothing_but_colours() -> None:
    coloured = render("text", samples.MISMATCH, style=Style(colour=True))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == render("text", samples.MISMATCH)
    assert "\x1b[31m" in coloured


def test_stream_without_unicode_gets_ascii_marks() -> None:
    page = render("text", samples.MISMATCH, style=Style(unicode=False))
    assert page.isascii()
    assert "x OPENAI_ORG_ID doesn't match this key's organization" in page


def test_server_escape_sequences_are_shown_not_obeyed() -> None:
    page = render("text", samples.HOSTILE)
    assert "␛[2J" in page
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800]", page)


def test_no_key_survives_on_the_page() -> None:
    assert samples.FAKE_KEY[:20] not in render("text", samples.HOSTILE)


def test_the_words_of_others_never_begin_a_line_as_a_command_of_a_runner() -> None:
    for width in range(20, 80):
        style = Style(width=width)
        text = "the error said ::error::stop and ::stop-commands::token ##[error] as well"
        assert not any(
            line.lstrip().startswith(("::", "##[")) for line in wrapped(text, style, first="    ")
        )


def test_what_has_to_be_done_too_is_no_alternative() -> None:
    one, too, other = (Fix(text=text, who="you", also=text == "b") for text in "abc")
    assert first_steps((one, too, other)) == ((one, too), (other,))
    assert first_steps((one, other)) == ((one,), (other,))
    assert first_steps(()) == ((), ())
