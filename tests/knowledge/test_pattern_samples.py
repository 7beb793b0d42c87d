"""Every pattern of the knowledge tables matches its samples, and each alternative has a sample."""

import re
from collections.abc import Iterator

import pytest

from oai_tui.domain.condition import When
from oai_tui.domain.lazy_pattern import lazy_pattern
from oai_tui.domain.responder import Responder, identify_front, identify_issuer, identify_responder
from oai_tui.knowledge.ambiguous import AMBIGUOUS_CASES
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.intercepting_issuers import INTERCEPTING_ISSUERS
from oai_tui.knowledge.patterns import Pattern, any_of, pattern
from oai_tui.knowledge.responders import RESPONDERS
from oai_tui.knowledge.suspects import SCOPES
from oai_tui.knowledge.tree import TREE


def _conditions() -> Iterator[tuple[str, When]]:
    for cause in CATALOGUE.values():
        yield from ((cause.id, symptom.when) for symptom in cause.symptoms)
    for step in TREE.steps.values():
        yield from ((f"step {step.id}", branch.when) for branch in step.branches)
    yield from (("ambiguous", case.when) for case in AMBIGUOUS_CASES)
    yield "scopes", SCOPES


def _regexes() -> Iterator[tuple[str, str]]:
    """Each regular expression of the tables with the row it belongs to."""
    for name, when in _conditions():
        messages = (when.message,) if isinstance(when.message, str) else when.message
        yield from ((name, message) for message in messages)
    for row in RESPONDERS:
        yield from ((row.name, regex) for regex in (row.body, row.value) if regex)
    yield from ((issuer.name, issuer.words.pattern) for issuer in INTERCEPTING_ISSUERS)


def _alternatives(regex: str) -> list[str]:
    """The alternatives of a regular expression that are outside of its groups and sets."""
    atom = r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^|]"
    depth, parts = 0, [""]
    for token in re.findall(atom + r"|\|", regex, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def test_every_regular_expression_has_samples() -> None:
    assert [
        f"{name}: {regex}" for name, regex in _regexes() if not isinstance(regex, Pattern)
    ] == []


def test_every_row_matches_its_samples() -> None:
    assert [
        f"{name}: {row} does not match {sample!r}"
        for name, regex in _regexes()
        if isinstance(regex, Pattern)
        for row, *samples in regex.rows
        for sample in samples
        if not re.search(row, sample, re.IGNORECASE) or not lazy_pattern(regex).search(sample)
    ] == []


def test_every_alternative_has_a_sample() -> None:
    assert [
        f"{name}: no sample for {alternative}"
        for name, regex in _regexes()
        if isinstance(regex, Pattern)
        for row, *samples in regex.rows
        for alternative in _alternatives(row)
        if not any(re.search(alternative, sample, re.IGNORECASE) for sample in samples)
    ] == []


def test_a_pattern_is_the_text_of_its_rows() -> None:
    both = any_of(("a|b", "a"), ("c", "c", "cc"))
    assert both == "a|b|c"
    assert both.rows == (("a|b", "a"), ("c", "c", "cc"))
    assert pattern("a", "b", "c").rows == (("a", "b", "c"),)


def test_alternatives_are_split_outside_of_groups_and_sets() -> None:
    assert _alternatives(r"a(?:b|c)|[|)]\||[^]|]d") == [r"a(?:b|c)", r"[|)]\|", "[^]|]d"]


def _samples(regex: str) -> list[str]:
    assert isinstance(regex, Pattern), regex
    return [sample for _, *samples in regex.rows for sample in samples]


def _replies(row: Responder) -> Iterator[tuple[dict[str, str], str]]:
    """One reply for each sample of the row: headers and body."""
    if row.header:
        values = _samples(row.value) if row.value else ["any"]
        is_front = row.kind == "front"
        bodies = (_samples(row.body) if row.body else [""]) if is_front else ["{}"]
        yield from (({row.header: value}, body) for value in values for body in bodies)
    elif row.body:
        yield from (({}, sample) for sample in _samples(row.body))


@pytest.mark.parametrize("row", RESPONDERS, ids=lambda row: row.name)
def test_every_sample_is_recognised_as_the_responder_of_its_row(row: Responder) -> None:
    """No earlier row claims it."""
    wrong = []
    for headers, body in _replies(row):
        identify = identify_front if row.kind == "front" else identify_responder
        got = identify(RESPONDERS, 403, headers, body, html=bool(row.html))
        if got is None or (got.kind, got.name) != (row.kind, row.name):
            wrong.append(f"{headers} {body!r} is taken for {got and got.name}")
    assert wrong == []


def test_every_issuer_is_recognised_by_its_samples() -> None:
    wrong = []
    for issuer in INTERCEPTING_ISSUERS:
        for sample in _samples(issuer.words.pattern):
            got = identify_issuer(INTERCEPTING_ISSUERS, sample)
            if got is not issuer:
                wrong.append(f"{issuer.name}: {sample!r} is taken for {got and got.name}")
    assert wrong == []
