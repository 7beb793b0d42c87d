"""A walk through every fault of the network lab, and the official SDK's text of the same fault.

The walk selects the fault's cause, ends, and does not send the key before the endpoint is proved.
The SDK's text leads to the same cause or to a true, less certain one. A walk that does not keep
its deadline never ends where the fault does not: run_fault.HANG_S fails it.
"""

import base64
from functools import cache

import pytest

from oai_tui.knowledge.causes import CATALOGUE
from tests.domain.keys.fake_keys import PROJECT_KEY
from tests.network_lab.faults import FAULTS
from tests.network_lab.run_fault import Outcome, explain_fault_text, run_fault, sdk_text

UNSURE = {"connection-failed", "unknown"}
PIECES = tuple(PROJECT_KEY[at : at + 16].encode() for at in range(8, len(PROJECT_KEY) - 16, 16))
_OUTCOMES: dict[str, Outcome] = {}


async def outcome_of(name: str) -> Outcome:
    """The outcome of the one walk that all tests of a fault share."""
    if name not in _OUTCOMES:
        _OUTCOMES[name] = await run_fault(FAULTS[name])
    return _OUTCOMES[name]


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_has_its_cause(name: str) -> None:
    outcome = await outcome_of(name)
    assert outcome.diagnosis.verdict.cause == FAULTS[name].cause, outcome.page


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.says])
async def test_the_report_says_what_was_found(name: str) -> None:
    page = " ".join((await outcome_of(name)).page.split())
    assert [words for words in FAULTS[name].says if words not in page] == [], page


@pytest.mark.parametrize("name", FAULTS)
async def test_nothing_of_the_key_leaves_before_the_endpoint_is_proved(name: str) -> None:
    """The servers get nothing of the key, or get it after a first request without it."""
    outcome = await outcome_of(name)
    keyed = [index for index, chunk in enumerate(outcome.received) if _holds_key(chunk)]
    proved = any(record.stage == "key" for record in outcome.diagnosis.trail)
    assert proved or not keyed
    assert not keyed or keyed[0] > 0


def _holds_key(chunk: bytes) -> bool:
    return (
        b"\r\nauthorization:" in chunk.lower()
        or any(piece in chunk for piece in PIECES)
        or base64.b64encode(PROJECT_KEY.encode())[8:24] in chunk
    )


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.cause is None])
async def test_where_everything_works_the_key_is_sent(name: str) -> None:
    assert any(_holds_key(chunk) for chunk in (await outcome_of(name)).received)


@pytest.mark.parametrize("name", FAULTS)
async def test_the_waterfall_shows_the_phase_that_failed(name: str) -> None:
    """At most one phase fails; those before it passed, and none after it was reached."""
    for record in (await outcome_of(name)).diagnosis.trail:
        marks = [phase.mark for phase in record.observation.phases]
        assert marks.count("failed") <= 1
        if "failed" in marks:
            assert set(marks[: marks.index("failed")]) <= {"passed", "warning"}
            assert set(marks[marks.index("failed") + 1 :]) <= {"skipped"}
        if record.observation.failure is not None and record.step == "reach":
            assert "failed" in marks


@cache
def _text(name: str) -> str | None:
    return sdk_text(FAULTS[name])


@pytest.mark.parametrize("name", FAULTS)
def test_the_sdks_text_leads_to_the_cause_or_to_a_less_certain_one(name: str) -> None:
    fault, text = FAULTS[name], _text(name)
    if not text:  # the request works, or the program still waits: there is nothing to paste
        return
    assert explain_fault_text(text) in {fault.cause, *fault.sdk, *UNSURE}, text


@pytest.mark.parametrize("name", FAULTS)
def test_the_sdks_text_never_blames_the_key(name: str) -> None:
    cause = explain_fault_text(text) if (text := _text(name)) else None
    assert cause is None or CATALOGUE[cause].family != "key"
