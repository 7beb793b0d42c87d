"""No verdict claims what was not observed, whichever experiments of a cause did not happen."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations

import pytest

from oai_tui.diagnosis.lint_claims import NO_RESULT, claims_of, lint_claims, sentences_about_a_run
from oai_tui.diagnosis.verdict import verdict_of
from oai_tui.domain.cause import Alternative, Cause, Claim, Finding, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.diagnosis import CauseMatch, Verdict
from oai_tui.domain.facts import EXPERIMENT_FACTS
from oai_tui.domain.observation import Fact, Observation
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.claims import CLAIMS
from oai_tui.knowledge.patterns import Pattern
from oai_tui.knowledge.tree import TREE
from tests.diagnosis.tree_factory import cause

FROM_EXPERIMENTS = EXPERIMENT_FACTS | {step.id for step in TREE.steps.values() if step.experiment}
REACHES = "The same call without it reaches OpenAI."
WITHOUT_PROXY = When(fact={"reach-without-proxy": "works"})


def test_the_catalogue_claims_nothing_without_its_fact() -> None:
    assert lint_claims(CATALOGUE, CLAIMS) == []


@pytest.mark.parametrize(
    "mutated",
    [
        pytest.param(cause("bad", finding=REACHES), id="finding"),
        pytest.param(
            replace(cause("bad"), findings=(Finding(when=When(), text=REACHES),)), id="findings"
        ),
        pytest.param(replace(cause("bad"), title="Without it the call works"), id="title"),
        pytest.param(replace(cause("bad"), fixes=(Fix(text=REACHES, who="you"),)), id="fix"),
        pytest.param(
            cause("bad", alternatives=(Alternative(cause="unknown", why=REACHES),)),
            id="alternative",
        ),
        pytest.param(
            cause(
                "bad", Symptom(when=WITHOUT_PROXY), Symptom(when=When(status=502)), finding=REACHES
            ),
            id="one symptom of two",
        ),
    ],
)
def test_a_claim_without_its_fact_is_found(mutated: Cause) -> None:
    assert len(lint_claims({"bad": mutated}, CLAIMS)) == 1


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(
            cause("good", Symptom(when=WITHOUT_PROXY), finding=REACHES), id="every symptom"
        ),
        pytest.param(
            replace(cause("good"), findings=(Finding(when=WITHOUT_PROXY, text=REACHES),)),
            id="condition",
        ),
        pytest.param(
            cause("good", finding="Without the proxy {direct_host} answers."), id="named fact"
        ),
    ],
)
def test_a_claim_with_its_fact_is_sound(sound: Cause) -> None:
    assert lint_claims({"good": sound}, CLAIMS) == []


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.words[:40])
def test_a_claim_is_found_in_its_samples(claim: Claim) -> None:
    assert isinstance(claim.words, Pattern)
    assert all(
        claim in claims_of(sample, CLAIMS) for _, *samples in claim.words.rows for sample in samples
    )


def _experiments_of(cause: Cause) -> tuple[str, ...]:
    """The facts of experiments that the cause's texts and symptoms name."""
    named = set(chain.from_iterable(known for _, known in sentences_about_a_run(cause)))
    named |= {name for symptom in cause.symptoms for name in symptom.when.fact}
    return tuple(sorted(named & FROM_EXPERIMENTS))


def _verdicts(cause: Cause) -> Iterator[tuple[set[str], Verdict]]:
    """The verdict of a cause with every subset of its experiments, all other facts being known."""
    experiments = _experiments_of(cause)
    names = set(chain.from_iterable(known for _, known in sentences_about_a_run(cause)))
    plain: dict[str, Fact] = {name: f"<{name}>" for name in names - FROM_EXPERIMENTS}
    # Conditions of the answer hold, so that each text is said if its facts are known.
    easy = replace(
        cause,
        findings=tuple(replace(each, when=_facts_only(each.when)) for each in cause.findings),
        fixes=tuple(replace(each, when=_facts_only(each.when)) for each in cause.fixes),
    )
    conditions = (
        *(each.when for each in cause.findings),
        *(each.when for each in cause.fixes),
        *(each.when for each in cause.symptoms),
    )
    values: dict[str, Fact] = {}
    for name, wanted in chain.from_iterable(when.fact.items() for when in conditions):
        if isinstance(wanted, tuple):
            values[name] = wanted[0]
        elif wanted is not None:
            values[name] = wanted
    subsets = chain.from_iterable(
        combinations(experiments, size) for size in range(len(experiments) + 1)
    )
    for subset in subsets:
        facts = plain | {name: f"<{name}>" for name in subset}
        facts |= {name: value for name, value in values.items() if name in facts}
        evidence = Observation(probe="reach", facts=facts)
        match = CauseMatch(cause=cause.id, confidence="likely", evidence=evidence)
        yield (
            set(subset),
            verdict_of(match, facts, {cause.id: easy}, key_proved=False, warnings=()),
        )


def _facts_only(when: When) -> When:
    return When(fact=when.fact)


@pytest.mark.parametrize("identifier", CATALOGUE)
def test_a_verdict_without_an_experiment_does_not_claim_its_result(identifier: str) -> None:
    for done, verdict in _verdicts(CATALOGUE[identifier]):
        texts = (
            *(verdict.title, verdict.explanation),
            *(fix.text for fix in verdict.fixes),
            *(other.why for other in verdict.alternatives),
        )
        for text in texts:
            for claim in claims_of(text, CLAIMS):
                shown = set(claim.facts) & FROM_EXPERIMENTS
                assert not shown or shown & done, (text, done)


@pytest.mark.parametrize("step", [step.id for step in TREE.steps.values() if step.experiment])
@pytest.mark.parametrize("identifier", CATALOGUE)
def test_a_test_without_a_result_shows_nothing(identifier: str, step: str) -> None:
    """All other facts are known, so that every sentence is said whose condition holds."""
    cause = CATALOGUE[identifier]
    names = set(chain.from_iterable(known for _, known in sentences_about_a_run(cause)))
    facts: dict[str, Fact] = {name: f"<{name}>" for name in names - FROM_EXPERIMENTS}
    labels = {branch.label for branch in TREE.steps[step].branches} & NO_RESULT
    for label in labels:
        evidence = Observation(probe="key", facts={**facts, step: label})
        match = CauseMatch(cause=identifier, confidence="likely", evidence=evidence)
        verdict = verdict_of(match, facts, CATALOGUE, key_proved=False, warnings=())
        texts = (verdict.title, verdict.explanation, *(fix.text for fix in verdict.fixes))
        for text in (*texts, *(other.why for other in verdict.alternatives)):
            assert not [each for each in claims_of(text, CLAIMS) if step in each.facts], text


def test_a_condition_on_a_test_without_a_result_does_not_count() -> None:
    finding = Finding(when=When(fact={"reach-without-proxy": "inconclusive"}), text=REACHES)
    assert len(lint_claims({"bad": replace(cause("bad"), findings=(finding,))}, CLAIMS)) == 1


@pytest.mark.parametrize("identifier", CATALOGUE)
def test_a_certain_verdict_has_no_alternatives(identifier: str) -> None:
    evidence = Observation(probe="reach")
    match = CauseMatch(cause=identifier, confidence="certain", evidence=evidence)
    verdict = verdict_of(match, {}, CATALOGUE, key_proved=False, warnings=())
    assert verdict.alternatives == ()
