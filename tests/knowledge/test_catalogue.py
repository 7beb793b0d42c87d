"""The catalogue of causes is complete: texts, links, symptoms, alternatives, advice.

Each test checks one rule over all causes, and lists every cause that breaks it.
"""

import re
from collections.abc import Iterator
from typing import get_args

from oai_tui.diagnosis.verdict import offered_fixes
from oai_tui.domain.cause import Cause, Family, Fix
from oai_tui.knowledge import links
from oai_tui.knowledge.causes import CATALOGUE

CAUSES = tuple(CATALOGUE.values())
VERBS = """
    add allow ask bypass call change check compare configure confirm connect continue correct
    create enter find fix get grant install keep leave limit look make migrate move open point
    present put raise re-enter reinstall remove rename replace request retry return run save send
    set show sign start stop switch test try turn unlock unset use verify wait
"""
"""The words that a piece of advice may begin with."""
WANTED = """
    key-missing key-malformed key-placeholder key-other-provider key-invalid key-admin-on-inference
    account-deactivated organization-mismatch organization-invalid project-mismatch scope-missing
    ip-not-allowed country-unsupported regional-host-wrong verification-required model-not-allowed
    model-not-found quota-exhausted billing-inactive spend-limit-project rate-limit-requests
    rate-limit-tokens request-too-large service-overloaded service-error base-url-wrong
    other-server-answered network-filter-blocked dns-failure connection-refused connection-timeout
    tls-untrusted keyring-unavailable keyring-locked unknown
"""
"""Causes that must never be missing."""
NEVER_THE_KEY = {"network", "service", "something-else-answered"}
"""Families whose causes never blame the key."""
NEVER_RETRIED = {
    "billing",
    "organization-and-project",
    "permission",
    "service",
    "network",
    "something-else-answered",
}
"""Families of which only the causes in RETRIED pass by waiting."""
RETRIED = {
    "service-overloaded",
    "service-error",
    "service-edge-error",
    "connection-timeout",
    "response-timeout",
    "connection-reset",
    "gateway-upstream-down",
}
UNCERTAIN_ALONE = {"service", "rate-limits", "key", "organization-and-project", "billing"}
"""Families whose uncertain causes need no alternative."""


def _fixes() -> Iterator[tuple[str, Fix]]:
    for cause in CAUSES:
        yield from ((f"{cause.id}, fix {number}", fix) for number, fix in enumerate(cause.fixes))


def _many(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def test_the_wanted_causes_are_there() -> None:
    assert [identifier for identifier in WANTED.split() if identifier not in CATALOGUE] == []
    assert [key for key, cause in CATALOGUE.items() if cause.id != key] == []


def test_an_id_is_words_joined_by_hyphens() -> None:
    assert [cause.id for cause in CAUSES if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", cause.id)] == []


def test_a_cause_has_a_known_family() -> None:
    assert [cause.id for cause in CAUSES if cause.family not in get_args(Family)] == []


def test_a_cause_has_all_its_texts() -> None:
    """What it is, how it looks, how to confirm it, how to fix it, how to prevent it."""
    texts = ("title", "meaning", "looks", "confirm", "prevent", "fixes")
    assert [
        f"{cause.id}: {name}" for cause in CAUSES for name in texts if not getattr(cause, name)
    ] == []


def test_the_texts_are_sentences() -> None:
    assert [
        f"{cause.id}: {text}"
        for cause in CAUSES
        for text in (
            *(cause.meaning, cause.looks, cause.confirm, cause.prevent),
            *(fix.text for fix in cause.fixes),
        )
        if not text.endswith((".", "?"))
    ] == []


def test_the_explaining_texts_say_something() -> None:
    assert [
        f"{cause.id}: {text}"
        for cause in CAUSES
        for text in (cause.meaning, cause.confirm, cause.prevent)
        if len(text) < 40 and cause.id != "unknown"
    ] == []


def test_the_general_texts_name_no_facts_of_a_run() -> None:
    assert [
        cause.id
        for cause in CAUSES
        if "{" in f"{cause.meaning}{cause.looks}{cause.confirm}{cause.prevent}"
    ] == []


def test_why_an_alternative_is_possible_is_a_sentence() -> None:
    assert [
        f"{cause.id}: {alternative.why}"
        for cause in CAUSES
        for alternative in cause.alternatives
        if not alternative.why.endswith(".")
    ] == []


def test_something_can_be_advised_without_knowing_the_facts_of_a_run() -> None:
    assert [cause.id for cause in CAUSES if not offered_fixes(cause.fixes, {})] == []


def test_a_title_is_one_short_line() -> None:
    assert [
        cause.id for cause in CAUSES if len(cause.title) > 60 or cause.title.endswith(".")
    ] == []


def test_symptoms_can_be_compiled() -> None:
    broken = []
    for cause in CAUSES:
        for symptom in cause.symptoms:
            for regex in _many(symptom.when.message):
                try:
                    re.compile(regex, re.IGNORECASE)
                except re.error as error:
                    broken.append(f"{cause.id}: {regex}: {error}")
    assert broken == []


def test_codes_and_types_are_written_as_they_are_compared() -> None:
    """`When` compares without case by lowering the answer's side."""
    assert [
        f"{cause.id}: {word}"
        for cause in CAUSES
        for symptom in cause.symptoms
        for word in (*_many(symptom.when.code), *_many(symptom.when.error_type))
        if word != word.lower()
    ] == []


def test_no_symptom_matches_everything() -> None:
    assert [
        cause.id for cause in CAUSES if any(symptom.when.is_empty for symptom in cause.symptoms)
    ] == []


def test_a_cause_that_is_not_certain_names_an_alternative() -> None:
    def is_certain(cause: Cause) -> bool:
        return all(symptom.confidence == "certain" for symptom in cause.symptoms)

    assert [
        cause.id
        for cause in CAUSES
        if not cause.alternatives
        and not is_certain(cause)
        and cause.family not in UNCERTAIN_ALONE
        and cause.id != "unknown"
    ] == []


def test_links_are_secure() -> None:
    assert [
        f"{cause.id}: {url}"
        for cause in CAUSES
        for url in (*cause.links, *(fix.url for fix in cause.fixes if fix.url))
        if not url.startswith("https://") or " " in url
    ] == []


def _first_word(text: str) -> str:
    """The verb of a piece of advice: its first word, or the word after a leading condition."""
    words = text.removeprefix("Or ").removeprefix("If it persists, ").split()
    first = words[0].lower().rstrip(",.;")
    if first in {"in", "on", "if"}:
        return text.split(", ", 1)[1].split()[0].lower()
    return first


def test_advice_starts_with_a_verb() -> None:
    assert [
        f"{name}: {fix.text}"
        for name, fix in _fixes()
        if _first_word(fix.text) not in VERBS.split()
    ] == []


def test_advice_is_a_sentence() -> None:
    assert [
        f"{name}: {fix.text}"
        for name, fix in _fixes()
        if not fix.text[0].isupper() or not fix.text.endswith(".")
    ] == []


def test_advice_never_names_a_command_that_does_not_exist() -> None:
    """openai-python 3 installs no `openai` command."""
    assert [name for name, fix in _fixes() if re.match(r"openai\b", fix.command)] == []


def test_a_family_about_others_never_blames_the_key() -> None:
    blame = re.compile(r"new key|create a key|rotate|replace the key", re.IGNORECASE)
    assert [
        f"{cause.id}: {fix.text}"
        for cause in CAUSES
        if cause.family in NEVER_THE_KEY
        for fix in cause.fixes
        if blame.search(fix.text)
    ] == []


def test_only_speed_and_outages_are_retried() -> None:
    assert [
        cause.id
        for cause in CAUSES
        if cause.family in NEVER_RETRIED and cause.retry_helps and cause.id not in RETRIED
    ] == []


def test_every_link_is_secure() -> None:
    assert [
        name
        for name, url in vars(links).items()
        if name.isupper() and not str(url).startswith("https://")
    ] == []
