"""The catalogue of causes is whole: words, links, signs, alternatives, advice."""

import re
from typing import get_args

import pytest

from oai_tui.diagnosis.verdict import offered_fixes
from oai_tui.domain.cause import Cause, Family, Fix
from oai_tui.knowledge import links
from oai_tui.knowledge.causes import CATALOGUE

CAUSES = [pytest.param(cause, id=cause.id) for cause in CATALOGUE.values()]
FIXES = [
    pytest.param(fix, id=f"{cause.id}-{number}")
    for cause in CATALOGUE.values()
    for number, fix in enumerate(cause.fixes)
]
VERBS = frozenset(
    [
        "add",
        "allow",
        "ask",
        "be",
        "call",
        "change",
        "check",
        "compare",
        "correct",
        "create",
        "enter",
        "fall",
        "find",
        "get",
        "give",
        "go",
        "honour",
        "install",
        "keep",
        "leave",
        "look",
        "make",
        "move",
        "open",
        "point",
        "present",
        "put",
        "raise",
        "replace",
        "retry",
        "revoke",
        "rotate",
        "run",
        "save",
        "say",
        "see",
        "send",
        "set",
        "sign",
        "start",
        "stop",
        "test",
        "try",
        "turn",
        "unlock",
        "unset",
        "use",
        "verify",
        "wait",
        "write",
    ],
)
WANTED = [
    "key-missing",
    "key-malformed",
    "key-placeholder",
    "key-other-provider",
    "key-invalid",
    "key-admin-on-inference",
    "account-deactivated",
    "organization-mismatch",
    "organization-invalid",
    "project-mismatch",
    "scope-missing",
    "ip-not-allowed",
    "country-unsupported",
    "regional-host-wrong",
    "verification-required",
    "model-not-allowed",
    "model-not-found",
    "quota-exhausted",
    "billing-inactive",
    "spend-limit-project",
    "rate-limit-requests",
    "rate-limit-tokens",
    "request-too-large",
    "service-overloaded",
    "service-error",
    "base-url-wrong",
    "other-server-answered",
    "network-filter-blocked",
    "dns-failure",
    "connection-refused",
    "connection-timeout",
    "tls-untrusted",
    "keyring-unavailable",
    "keyring-locked",
    "unknown",
]


@pytest.mark.parametrize("identifier", WANTED)
def test_the_cause_is_there(identifier: str) -> None:
    assert CATALOGUE[identifier].id == identifier


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_is_whole(cause: Cause) -> None:
    assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*", cause.id)
    assert cause.family in get_args(Family)
    assert cause.title
    assert cause.meaning.endswith((".", "?"))
    assert cause.looks
    assert cause.confirm
    assert cause.prevent
    assert cause.fixes
    assert all(alternative.why.endswith(".") for alternative in cause.alternatives)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_page_to_land_on_has_all_its_parts_in_sentences(cause: Cause) -> None:
    """What it is, how it looks, how to confirm it, how to fix it, how to prevent it."""
    parts = (
        cause.meaning,
        cause.looks,
        cause.confirm,
        cause.prevent,
        *(fix.text for fix in cause.fixes),
    )
    assert len(parts) >= 5
    assert [part for part in parts if not part.endswith((".", "?"))] == []
    assert [
        part
        for part in (cause.meaning, cause.confirm, cause.prevent)
        if len(part) < 40 and cause.id != "unknown"
    ] == []
    assert "{" not in f"{cause.meaning}{cause.looks}{cause.confirm}{cause.prevent}"


@pytest.mark.parametrize("cause", CAUSES)
def test_something_can_be_advised_without_knowing_the_facts_of_a_run(cause: Cause) -> None:
    assert offered_fixes(cause.fixes, {})


@pytest.mark.parametrize("cause", CAUSES)
def test_a_title_is_one_short_line(cause: Cause) -> None:
    assert len(cause.title) <= 60
    assert not cause.title.endswith(".")


@pytest.mark.parametrize("cause", CAUSES)
def test_signs_can_be_compiled(cause: Cause) -> None:
    for sign in cause.symptoms:
        for pattern in (
            (sign.when.message,) if isinstance(sign.when.message, str) else sign.when.message
        ):
            re.compile(pattern, re.IGNORECASE)


@pytest.mark.parametrize("cause", CAUSES)
def test_codes_and_types_are_written_as_they_are_compared(cause: Cause) -> None:
    """`When` compares without case by lowering the answer's side."""
    for sign in cause.symptoms:
        for words in (sign.when.code, sign.when.error_type):
            assert all(
                word == word.lower() for word in ((words,) if isinstance(words, str) else words)
            )


@pytest.mark.parametrize("cause", CAUSES)
def test_no_sign_holds_of_everything(cause: Cause) -> None:
    assert not any(sign.when.is_empty for sign in cause.symptoms)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_that_is_not_certain_names_an_alternative(cause: Cause) -> None:
    assert (
        cause.id == "unknown"
        or cause.alternatives
        or all(sign.confidence == "certain" for sign in cause.symptoms)
        or cause.family in {"service", "rate-limits", "key", "organization-and-project", "billing"}
    )


@pytest.mark.parametrize("cause", CAUSES)
def test_links_are_secure(cause: Cause) -> None:
    assert all(
        url.startswith("https://") and " " not in url
        for url in (*cause.links, *(fix.url for fix in cause.fixes if fix.url))
    )


@pytest.mark.parametrize("fix", FIXES)
def test_advice_starts_with_a_verb(fix: Fix) -> None:
    words = fix.text.removeprefix("Or ").removeprefix("If it stays, ").split()
    first = words[0].lower().rstrip(",.;")
    if first in {"in", "on", "if"}:  # a condition stands first; the verb follows its comma
        first = fix.text.split(", ", 1)[1].split()[0].lower()
    assert first in VERBS, fix.text


@pytest.mark.parametrize("fix", FIXES)
def test_advice_is_a_sentence(fix: Fix) -> None:
    assert fix.text[0].isupper()
    assert fix.text.endswith(".")


@pytest.mark.parametrize("fix", FIXES)
def test_advice_never_names_a_command_that_does_not_exist(fix: Fix) -> None:
    """openai-python 3 installs no `openai` command."""
    assert not re.match(r"openai\b", fix.command)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_family_about_others_never_blames_the_key(cause: Cause) -> None:
    if cause.family in {"network", "service", "something-else-answered"}:
        assert not re.search(
            r"new key|create a key|rotate|replace the key",
            " ".join(fix.text for fix in cause.fixes),
            re.IGNORECASE,
        )


@pytest.mark.parametrize(
    "family",
    [
        "billing",
        "organization-and-project",
        "permission",
        "service",
        "network",
        "something-else-answered",
    ],
)
def test_only_speed_and_outages_are_retried(family: str) -> None:
    retried = {
        cause.id for cause in CATALOGUE.values() if cause.family == family and cause.retry_helps
    }
    assert retried <= {
        "service-overloaded",
        "service-error",
        "service-edge-error",
        "connection-timeout",
        "response-timeout",
        "connection-reset",
    }


def test_every_link_is_secure() -> None:
    assert [
        name
        for name, url in vars(links).items()
        if name.isupper() and not str(url).startswith("https://")
    ] == []
