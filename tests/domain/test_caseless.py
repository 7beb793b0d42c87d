"""Patterns that are compiled late and searched in lower case find what re.IGNORECASE finds."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.diagnosis.paste.failures import FAILURES
from oai_tui.domain.caseless import caseless, found, needles
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.speakers import SPEAKERS
from tests.corpus.reading import failures
from tests.corpus.wordings import WORDINGS

SAID = [pattern for cause in CATALOGUE.values() for sign in cause.signs for pattern in ((sign.when.says,) if isinstance(sign.when.says, str) else sign.when.says) if pattern]
PATTERNS = sorted({*SAID, *(pattern for _, words in FAILURES for pattern in words), *(speaker.body for speaker in SPEAKERS if speaker.body)})
TEXTS = [*(one.text for one in failures()), *(text for _, text in WORDINGS)]


def test_every_pattern_finds_what_it_finds_without_regard_to_case() -> None:
    lowered = [(text, text.lower()) for text in TEXTS]
    differ = [(pattern, text) for pattern in PATTERNS for text, low in lowered if found(pattern, text, low) != bool(re.search(pattern, text, re.IGNORECASE))]
    assert differ == []


@settings(deadline=None)
@given(st.sampled_from(PATTERNS), st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3), st.integers(0, 200), st.integers(1, 200))
def test_so_it_is_in_pieces_of_texts(pattern: str, texts: list[str], start: int, length: int) -> None:
    text = " ".join(text[start : start + length] for text in texts).upper()
    assert found(pattern, text, text.lower()) == bool(re.search(pattern, text, re.IGNORECASE))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("missing scopes", ("missing scopes",)),
        (r"\bno such host\b|dns (?:error|lookup)", ("no such host", "dns ")),
        ("didn'?t provide", ("t provide",)),
        ("colou?r(?:ed)* words", (" words",)),
        ("ab|missing", ()),
        (r"[abc]+\d{2,4}", ()),
        ("(?i)missing scopes", ()),
        (r"x{3}limit reached", ("limit reached",)),
        (r"\[ssl[:\]]|broken pipe", ("ssl", "broken pipe")),
        ("(?:a|(?:b|c)d) then", (" then",)),
    ],
)
def test_needles_are_what_must_be_there(pattern: str, expected: tuple[str, ...]) -> None:
    assert needles(pattern) == expected


def test_escapes_and_groups_stay_as_they_are() -> None:
    assert caseless(r"\W\S(?P<x>ABC)\b").search("!qabc") is not None


def test_a_part_that_heeds_case_is_searched_in_the_text_as_it_is() -> None:
    assert found(r"(?-i:[A-Z]{3}) of", "ABC OF", "abc of")
    assert not found(r"(?-i:[A-Z]{3}) of", "abc of", "abc of")


def test_a_part_that_heeds_case_cannot_be_lowered() -> None:
    with pytest.raises(ValueError, match="heeds case"):
        caseless("(?-i:A)")
