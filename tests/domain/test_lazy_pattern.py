"""Patterns that are compiled late and searched in lower case find what re.IGNORECASE finds."""

import re
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.diagnosis.text.failure_words import FAILURE_WORDS
from oai_tui.domain.lazy_pattern import Late, caseless, found, needles
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.responders import RESPONDERS
from tests.corpus.corpus import failures
from tests.corpus.wordings import WORDINGS

SAID = [
    pattern
    for cause in CATALOGUE.values()
    for sign in cause.symptoms
    for pattern in (
        (sign.when.message,) if isinstance(sign.when.message, str) else sign.when.message
    )
    if pattern
]
PATTERNS = sorted(
    {
        *SAID,
        *(pattern for _, rows in FAILURE_WORDS for pattern, _ in rows),
        *(speaker.body for speaker in RESPONDERS if speaker.body),
    }
)
OTHERS = (
    "Cookie: a=1",
    "x\x1b[31mred",
    "\\u001b[31m",
    "https://me:pw@host/",
    "a@b.example",
    "?api_key=x",
    "key sk\u2013proj\u2013abcdefghijkl",
    "sk-abcdefghijk",
    "gsk_abcdefghijkl",
    "eyJabcdefghijkl",
    "AIzaabcdefghijkl",
    "api-key: x",
    "OPENAI_API_KEY=abcdefghijkl1",
    "secret = 'abcdefghijkl1'",
    "try again in 5 s",
    "Retry after 2 minutes",
    "on tokens per min (TPM)",
    "(RPD)",
    "requests/day",
    "09:00:00 host app[12]: x",
    "09:00:00 E/app(12): x",
    "provider: groq",
    "AzureException - x",
)
TEXTS = [*(one.text for one in failures()), *(text for _, text in WORDINGS)]


def test_every_pattern_finds_what_it_finds_without_regard_to_case() -> None:
    lowered = [(text, text.lower()) for text in TEXTS]
    differ = [
        (pattern, text)
        for pattern in PATTERNS
        for text, low in lowered
        if found(pattern, text, low) != bool(re.search(pattern, text, re.IGNORECASE))
    ]
    assert differ == []


@settings(deadline=None)
@given(
    st.sampled_from(PATTERNS),
    st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3),
    st.integers(0, 200),
    st.integers(1, 200),
)
def test_so_it_is_in_pieces_of_texts(
    pattern: str, texts: list[str], start: int, length: int
) -> None:
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


@pytest.mark.parametrize(
    "text", ["Authorization: x", "AUTHORIZATION: x", "author\u0131zation: x", "none"]
)
def test_a_late_pattern_finds_what_it_would_find_at_once(text: str) -> None:
    pattern = r"(?i)authorization: (\w)"
    late, early = Late(pattern, "authorization"), re.compile(pattern)
    assert (late.search(text) is None) == (early.search(text) is None)
    assert late.sub("-", text) == early.sub("-", text)
    assert late.findall(text) == early.findall(text)
    assert [match.span() for match in late.finditer(text)] == [
        match.span() for match in early.finditer(text)
    ]
    assert (late.match(text) is None) == (early.match(text) is None)


@pytest.mark.parametrize(
    "name",
    [
        "diagnosis.text.truncation",
        "diagnosis.text_verdict",
        *(
            f"diagnosis.text.{name}"
            for name in (
                "normalize",
                "to_observation",
                "hosts",
                "log_prefixes",
                "unknown_secrets",
                "responder_words",
            )
        ),
        "domain.answer_parsing",
        "domain.keys.redaction",
    ],
)
def test_no_hint_keeps_a_pattern_from_what_it_would_find(name: str) -> None:
    patterns = [
        value
        for value in vars(import_module(f"oai_tui.{name}")).values()
        if isinstance(value, Late)
    ]
    assert patterns
    pieces = [*TEXTS, *OTHERS, *(line for text in TEXTS for line in text.split("\n"))]
    assert [
        (late.pattern, text)
        for late in patterns
        for text in pieces
        if (late.search(text) is None) != (re.compile(late.pattern).search(text) is None)
    ] == []
