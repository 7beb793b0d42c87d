"""What no walk can meet is read out of a pasted text, and judged as exactly that cause."""

import pytest

from tests.corpus.corpus import verdict
from tests.scenarios.pasted_only_samples import PASTED


@pytest.mark.parametrize("cause", PASTED)
def test_a_sample_is_judged_as_its_cause(cause: str) -> None:
    assert verdict(PASTED[cause]).cause == cause


@pytest.mark.parametrize("cause", PASTED)
def test_what_is_advised_for_a_text_has_no_gaps(cause: str) -> None:
    found = verdict(PASTED[cause])
    assert found.fixes
    assert found.explanation
