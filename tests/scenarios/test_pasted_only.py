"""A pasted text of a cause that no walk can meet is explained as exactly that cause."""

import pytest

from tests.corpus.corpus import verdict
from tests.scenarios.pasted_only_samples import PASTED


@pytest.mark.parametrize("cause", PASTED)
def test_a_sample_is_explained_as_its_cause(cause: str) -> None:
    assert verdict(PASTED[cause]).cause == cause


@pytest.mark.parametrize("cause", PASTED)
def test_a_text_gets_an_explanation_and_advice(cause: str) -> None:
    explained = verdict(PASTED[cause])
    assert explained.fixes
    assert explained.explanation
