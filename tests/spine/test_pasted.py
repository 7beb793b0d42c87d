"""What no walk can meet is read out of a pasted text, and judged as exactly that cause."""

import pytest

from oai_tui.diagnosis.explain import explain
from oai_tui.diagnosis.paste import read_paste
from oai_tui.domain.redaction import Redactor
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.speakers import SPEAKERS
from oai_tui.knowledge.unsettled import ORDER, UNSETTLED
from tests.spine.pasted import PASTED

NOON = 1_795_435_200.0


@pytest.mark.parametrize("cause", PASTED)
def test_a_sample_is_judged_as_its_cause(cause: str) -> None:
    (seen,) = read_paste(PASTED[cause], redact=Redactor(), speakers=SPEAKERS, now=NOON)
    assert explain(seen, CATALOGUE, order=ORDER, unsettled=UNSETTLED).cause == cause


@pytest.mark.parametrize("cause", PASTED)
def test_what_is_advised_for_a_text_has_no_gaps(cause: str) -> None:
    (seen,) = read_paste(PASTED[cause], redact=Redactor(), speakers=SPEAKERS, now=NOON)
    verdict = explain(seen, CATALOGUE, order=ORDER, unsettled=UNSETTLED)
    assert verdict.fixes
    assert verdict.explanation
