"""Each wording is read as its cause."""

import pytest

from tests.corpus.corpus import verdict
from tests.corpus.wordings import WORDINGS

IDS = [f"{cause}-{number}" for number, (cause, _) in enumerate(WORDINGS)]


@pytest.mark.parametrize(("cause", "text"), WORDINGS, ids=IDS)
def test_a_wording_is_read_as_its_cause(cause: str, text: str) -> None:
    assert verdict(text).cause == cause
