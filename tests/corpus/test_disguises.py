"""A known failure that was cut, moved, quoted, logged, coloured, escaped or wrapped keeps its cause or becomes less certain, and is never another cause with certainty."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.domain.diagnosis import Verdict
from oai_tui.services.explain_text import explain_text
from tests.corpus.corpus import NOW, Failure, failures, verdict
from tests.corpus.disguises import DISGUISES

SURE = {"certain": 0, "likely": 1, "possible": 2}
MORE_BEHIND = {
    "400-zdr-previous-response-codex-106": "the code, which stands before the message, is another cause's as well",
    "401-quoted-key-windows-cmd-codex-2253": "the code stands before the key that is shown, and the key's quotes tell more than the code",
    "403-cloudflare-1020-html-chatgptproxy-55": "the edge's own mark stands behind words that filters use as well",
    "connect-timeout-5s-default-inspect-ai-144": "what timed out stands behind the SDK's own class",
    "egress-curl-7-timeout-chatgpt-shell-cli-49": "what curl's number 7 was stands behind it",
}
"""Failures of which a beginning is, as far as it goes, the whole text of another cause."""
ODD = {
    "key-newline-v0-daveshap-1": "it ends inside of a quotation, which any quote behind it closes",
    "401-chatgpt-accesstoken-expired-chatgptweb-1217": "its program's own words are Chinese, and inside of an error object such words are a relay's",
}


@cache
def known() -> tuple[tuple[Failure, Verdict], ...]:
    """The failures whose cause is not merely possible."""
    return tuple(
        (one, judged)
        for one in failures()
        if (judged := verdict(one.text)).confidence != "possible"
    )


def astray(name: str, one: Failure, judged: Verdict, number: int) -> list[tuple[str | None, str]]:
    """The verdicts over a disguised failure that name another cause and are certain, or as sure as the one over the failure itself."""
    shown = [each.verdict for each in explain_text(DISGUISES[name](one.text, number), now=NOW)]
    others = [
        each for each in shown if each.cause != judged.cause and each.cause not in one.expected
    ]
    return [
        (each.cause, each.confidence)
        for each in others
        if each.confidence == "certain"
        or (name != "cut" and SURE[each.confidence] <= SURE[judged.confidence])
    ]


@pytest.mark.parametrize("name", DISGUISES)
@settings(deadline=None)
@given(data=st.data(), number=st.integers(0, 100_000))
def test_a_disguised_failure_is_not_another_one(
    name: str, data: st.DataObject, number: int
) -> None:
    one, judged = data.draw(
        st.sampled_from(
            [pair for pair in known() if pair[0].id not in MORE_BEHIND and pair[0].id not in ODD]
        )
    )
    assert astray(name, one, judged, number) == []


@pytest.mark.parametrize("name", [name for name in DISGUISES if name != "cut"])
def test_nearly_every_disguised_failure_keeps_its_cause(name: str) -> None:
    kept = [
        any(
            each.verdict.cause == judged.cause
            for each in explain_text(DISGUISES[name](one.text, number), now=NOW)
        )
        for number, (one, judged) in enumerate(known())
    ]
    assert sum(kept) >= 0.97 * len(kept)


@pytest.mark.parametrize("identifier", MORE_BEHIND)
def test_an_exception_is_one_for_its_beginning_only(identifier: str) -> None:
    ((one, judged),) = [pair for pair in known() if pair[0].id == identifier]
    assert [
        (name, number)
        for name in DISGUISES
        if name != "cut"
        for number in range(12)
        if astray(name, one, judged, number)
    ] == []
