"""The index finds the symptoms that trying each one finds."""

import pytest

from oai_tui.diagnosis.symptom_index import SymptomIndex
from oai_tui.domain.cause import Cause, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.observation import ErrorBody, Observation
from oai_tui.knowledge.causes import CATALOGUE
from tests.corpus.corpus import SYMPTOMS, Failure, failures, seen


@pytest.mark.parametrize("failure", failures(), ids=lambda failure: failure.id)
def test_same_symptoms_as_trying_each(failure: Failure) -> None:
    observation = seen(failure.text)
    assert observation is not None
    tried = [
        (cause.id, symptom)
        for cause in CATALOGUE.values()
        for symptom in cause.symptoms
        if symptom.when.matches(observation)
    ]
    assert list(SYMPTOMS.matching(observation)) == tried


OBSERVATION = Observation(
    probe="paste",
    status=429,
    failure="read-timeout",
    error=ErrorBody(message="Slow DOWN please", type="Tokens", code="RATE_LIMIT"),
    facts={"named_host": "127.0.0.1"},
    answer="yes",
)


@pytest.mark.parametrize(
    "when",
    [
        When(),
        When(status=429),
        When(status="4xx"),
        When(status=(500, "4xx")),
        When(failure="read-timeout"),
        When(failure=("dns", "read-timeout")),
        When(code="rate_limit"),
        When(error_type=("requests", "tokens")),
        When(message=r"slow\s+down"),
        When(message=r"s.ow"),  # without a keyword
        When(message=(r"never there", r"\bplease\b"), error_type="tokens"),
        When(fact={"named_host": None}),
        When(fact={"named_host": ("10.0.0.1", "127.0.0.1")}),
        When(answer=("no", "yes")),
        When(status=429, code="rate_limit", message="slow", fact={"named_host": None}),
    ],
    ids=str,
)
def test_symptom_with_any_field_is_found(when: When) -> None:
    cause = Cause(id="slow", family="service", title="", meaning="", symptoms=(Symptom(when=when),))
    assert when.matches(OBSERVATION)
    assert [id_ for id_, _ in SymptomIndex({"slow": cause}).matching(OBSERVATION)] == ["slow"]
