"""Patterns that are compiled late, behind a keyword filter, find what `re` finds."""

import re
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.diagnosis.text.failure_words import FAILURE_WORDS
from oai_tui.domain.lazy_pattern import LazyPattern, derived_keywords, lazy_pattern
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.responders import RESPONDERS
from tests.corpus.corpus import failures
from tests.corpus.wordings import WORDINGS

MESSAGES = [
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
        *(pattern for _, rows in FAILURE_WORDS for pattern, _ in rows),
        *MESSAGES,
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


def is_found(pattern: str, text: str) -> bool:
    return lazy_pattern(pattern).search(text) is not None


def test_every_pattern_finds_what_it_finds_without_the_keyword_filter() -> None:
    differ = [
        (pattern, text)
        for pattern in PATTERNS
        for text in TEXTS
        if is_found(pattern, text) != bool(re.search(pattern, text, re.IGNORECASE))
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
    assert is_found(pattern, text) == bool(re.search(pattern, text, re.IGNORECASE))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("missing scopes", ("missing scopes",)),
        ("Missing Scopes", ("missing scopes",)),
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
def test_derived_keywords_are_what_must_be_there(pattern: str, expected: tuple[str, ...]) -> None:
    assert derived_keywords(pattern) == expected


def test_the_keywords_of_an_author_win_over_derived_ones() -> None:
    assert LazyPattern("missing scopes", "scope").keywords == ("scope",)


def test_case_is_ignored_unless_the_pattern_says_otherwise() -> None:
    assert LazyPattern("missing scopes").search("Missing Scopes")
    assert LazyPattern(r"(?-i:[A-Z]{3}) of").search("ABC OF")
    assert not LazyPattern(r"(?-i:[A-Z]{3}) of").search("abc of")
    assert LazyPattern("Missing", ignore_case=False).search("is Missing")
    assert not LazyPattern("Missing", ignore_case=False).search("is missing")


def test_what_a_pattern_matches_keeps_its_case() -> None:
    match = LazyPattern(r"missing (\w+)").search("MISSING Scopes")
    assert match is not None
    assert match[1] == "Scopes"


def test_no_letter_that_counts_as_an_ascii_one_escapes_the_filter() -> None:
    others = [chr(code) for code in range(128, 0x11000)]
    for letter in "abcdefghijklmnopqrstuvwxyz":
        word = re.compile(letter, re.IGNORECASE)
        lazy = LazyPattern(letter * 3, letter * 3)
        assert [char for char in others if word.match(char) and not lazy.search(char * 3)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: x",
        "AUTHORIZATION: x",
        "author\u0131zation: x",
        "AUTHOR\u0130ZATION: x",
        "none",
    ],
)
def test_a_lazy_pattern_finds_what_a_compiled_one_finds(text: str) -> None:
    pattern = r"authorization: (\w)"
    lazy = LazyPattern(pattern, "authorization")
    compiled = re.compile(pattern, re.IGNORECASE)
    assert (lazy.search(text) is None) == (compiled.search(text) is None)
    assert lazy.sub("-", text) == compiled.sub("-", text)
    assert lazy.findall(text) == compiled.findall(text)
    assert [match.span() for match in lazy.finditer(text)] == [
        match.span() for match in compiled.finditer(text)
    ]
    assert (lazy.match(text) is None) == (compiled.match(text) is None)


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
def test_no_keyword_keeps_a_pattern_from_what_it_would_find(name: str) -> None:
    patterns = [
        value
        for value in vars(import_module(f"oai_tui.{name}")).values()
        if isinstance(value, LazyPattern)
    ]
    assert patterns
    pieces = [*TEXTS, *OTHERS, *(line for text in TEXTS for line in text.split("\n"))]
    for lazy in patterns:
        compiled = re.compile(lazy.pattern, re.IGNORECASE if lazy.ignore_case else 0)
        differ = [
            text
            for text in pieces
            if (lazy.search(text) is None) != (compiled.search(text) is None)
        ]
        assert (lazy.pattern, differ) == (lazy.pattern, [])
