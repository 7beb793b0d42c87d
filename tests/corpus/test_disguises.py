"""A known failure in disguise keeps its cause or becomes less certain.

It never becomes another cause with certainty.
"""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.domain.diagnosis import Verdict
from oai_tui.services.explain_text import explain_text
from tests.corpus.corpus import NOW, Failure, failures, verdict
from tests.corpus.disguises import DISGUISES

CONFIDENCE_ORDER = {"certain": 0, "likely": 1, "possible": 2}
CHANGED_BY_THEIR_END = {
    "400-zdr-previous-response-codex-106": (
        "the code comes before the message and is another cause's as well"
    ),
    "401-quoted-key-windows-cmd-codex-2253": (
        "the code comes before the key that is shown, and the key's quotes say more than the code"
    ),
    "403-cloudflare-1020-html-chatgptproxy-55": (
        "the edge's own mark comes after words that filters use as well"
    ),
    "connect-timeout-5s-default-inspect-ai-144": "what timed out comes after the SDK's own class",
    "egress-curl-7-timeout-chatgpt-shell-cli-49": "what curl's number 7 was comes after it",
}
"""Failures whose beginning could be the whole text of another cause."""
CHANGED_BY_QUOTING = {
    "key-newline-v0-daveshap-1": "it ends inside a quotation, which any quote after it closes",
    "401-chatgpt-accesstoken-expired-chatgptweb-1217": (
        "its program's own words are Chinese, and inside an error object they are a relay's"
    ),
}
"""Failures that another text around them changes."""


@cache
def known() -> tuple[tuple[Failure, Verdict], ...]:
    """Return the failures whose cause is more than possible, with their verdicts."""
    judged = [(failure, verdict(failure.text)) for failure in failures()]
    return tuple(pair for pair in judged if pair[1].confidence != "possible")


def misleading(
    name: str, failure: Failure, original: Verdict, number: int
) -> list[tuple[str | None, str]]:
    """Return the verdicts over a disguised failure that name another cause.

    They count if they are certain, or as certain as the original one.
    """
    disguised = DISGUISES[name](failure.text, number)
    verdicts = [report.verdict for report in explain_text(disguised, now=NOW)]
    others = [
        each
        for each in verdicts
        if each.cause != original.cause and each.cause not in failure.expected
    ]
    limit = CONFIDENCE_ORDER[original.confidence]
    return [
        (each.cause, each.confidence)
        for each in others
        if each.confidence == "certain"
        or (name != "cut" and CONFIDENCE_ORDER[each.confidence] <= limit)
    ]


@pytest.mark.parametrize("name", DISGUISES)
@settings(deadline=None)
@given(data=st.data(), number=st.integers(0, 100_000))
def test_a_disguised_failure_is_not_another_one(
    name: str, data: st.DataObject, number: int
) -> None:
    exceptions = {*CHANGED_BY_THEIR_END, *CHANGED_BY_QUOTING}
    failure, original = data.draw(
        st.sampled_from([pair for pair in known() if pair[0].id not in exceptions])
    )
    assert misleading(name, failure, original, number) == []


@pytest.mark.parametrize("name", [name for name in DISGUISES if name != "cut"])
def test_nearly_every_disguised_failure_keeps_its_cause(name: str) -> None:
    kept = [
        any(
            report.verdict.cause == original.cause
            for report in explain_text(DISGUISES[name](failure.text, number), now=NOW)
        )
        for number, (failure, original) in enumerate(known())
    ]
    assert sum(kept) >= 0.97 * len(kept)


@pytest.mark.parametrize("identifier", CHANGED_BY_THEIR_END)
def test_an_exception_is_one_for_its_beginning_only(identifier: str) -> None:
    ((failure, original),) = [pair for pair in known() if pair[0].id == identifier]
    assert [
        (name, number)
        for name in DISGUISES
        if name != "cut"
        for number in range(12)
        if misleading(name, failure, original, number)
    ] == []
