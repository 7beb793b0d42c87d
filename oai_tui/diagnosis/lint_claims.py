"""Find sentences of the catalogue that claim what no observation has to show. Pure."""

from collections.abc import Iterator, Sequence
from string import Formatter

from oai_tui.domain.cause import Catalogue, Cause, Claim
from oai_tui.domain.condition import When, as_tuple
from oai_tui.domain.lazy_pattern import lazy_pattern

NO_RESULT = frozenset({"inconclusive", "unknown"})
"""Results of a test that show nothing."""


def lint_claims(catalogue: Catalogue, claims: Sequence[Claim]) -> list[str]:
    """Return every unfounded claim, each as one sentence that names its cause."""
    return [
        f"cause {cause.id}: no fact shows “{text}”; it needs one of: {', '.join(claim.facts)}"
        for cause in catalogue.values()
        for text, known in sentences_about_a_run(cause)
        for claim in claims_of(text, claims)
        if known.isdisjoint(claim.facts)
    ]


def claims_of(text: str, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims that a sentence makes."""
    return [claim for claim in claims if lazy_pattern(claim.words).search(text)]


def sentences_about_a_run(cause: Cause) -> Iterator[tuple[str, set[str]]]:
    """Yield the texts that a verdict can show, each with the facts that are known where it does.

    Those are the facts that it names and those of its condition; for a text without a condition,
    also the facts that every symptom of the cause needs.
    """
    always = _facts_of_every_symptom(cause)
    for text in (cause.title, cause.case_title, cause.finding or cause.meaning):
        yield text, _names(text) | always
    for finding in cause.findings:
        known = _names(finding.text) | _conditions(finding.when) | always
        yield finding.title, known | _names(finding.title)
        yield finding.text, known
    for fix in cause.fixes:
        known = _names(fix.text) | _names(fix.command) | _conditions(fix.when) | always
        if fix.apply is not None and fix.apply.fact:
            known.add(fix.apply.fact)
        yield fix.text, known
    for alternative in cause.alternatives:
        yield alternative.why, _conditions(alternative.when) | always


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def _conditions(when: When) -> set[str]:
    """Return the facts that the condition needs, without tests that may have had no result."""
    return {
        name
        for name, wanted in when.fact.items()
        if wanted is None or NO_RESULT.isdisjoint(as_tuple(wanted))
    }


def _facts_of_every_symptom(cause: Cause) -> set[str]:
    needed = [_conditions(symptom.when) for symptom in cause.symptoms]
    return set.intersection(*needed) if needed else set()
