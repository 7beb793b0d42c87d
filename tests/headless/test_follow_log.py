"""Following a log: when a failure is shown, by a clock that the test sets."""

import signal
from collections.abc import Sequence

import pytest

from oai_tui.domain.explained import FailureReport
from oai_tui.headless.follow_log import LONG_QUIET_S, QUIET_S, StopRequest, follow
from oai_tui.headless.followed_input import LogEvent
from oai_tui.services.explain_live import LiveExplanation
from tests.diagnosis.text.test_log_explain import CHAIN, FINE, MISMATCH, QUOTA, REQUEST, log

REFUSED = log(REQUEST.format(status="429 Too Many Requests")).encode()


class ScriptedLog:
    """A log that gives these parts and events; a number is so many seconds of nothing.

    shown: the causes that were shown before each of its events, and at the end.
    """

    def __init__(self, events: Sequence[bytes | LogEvent | float]) -> None:
        self.now = 0.0
        self.found: list[str | None] = []
        self.shown: list[list[str | None]] = []
        self._events = [*events, LogEvent.END]

    def poll(self, wait_s: float, /) -> bytes | LogEvent:
        event = self._events.pop(0)
        self.shown.append([*self.found])
        if isinstance(event, bytes | LogEvent):
            return event
        self.now += event
        return LogEvent.NOTHING

    def update(self) -> None:
        """Show nothing more than `on_failure` does."""

    def on_failure(self, failure: FailureReport) -> None:
        self.found.append(failure.verdict.cause)


def causes_shown(*events: bytes | LogEvent | float) -> list[list[str | None]]:
    """Return the causes shown before each event but the first, and in the end."""
    script = ScriptedLog(events)
    explanation = LiveExplanation(now=lambda: 0.0, on_failure=script.on_failure)
    with StopRequest() as stop:
        follow(script, explanation, script, stop, clock=lambda: script.now)
    return [*script.shown[1:], script.found]


def test_a_failure_is_shown_when_another_record_starts() -> None:
    traceback, following = log(f"ERROR app: failed\n{CHAIN}"), log(FINE)
    assert causes_shown(traceback.encode(), following.encode())[:2] == [[], ["dns-failure"]]


def test_a_failure_is_shown_after_a_short_quiet_time() -> None:
    failure = log(f"ERROR app: {QUOTA}").encode()
    assert causes_shown(failure, QUIET_S / 2, QUIET_S)[:3] == [[], [], ["quota-exhausted"]]


@pytest.mark.parametrize("pause_s", [QUIET_S, LONG_QUIET_S, 10 * LONG_QUIET_S])
@pytest.mark.parametrize("missing", [1, 40, 90, len(QUOTA)])
def test_a_line_without_its_end_waits_for_it_and_counts_once(pause_s: float, missing: int) -> None:
    failure = log(f"ERROR app: {QUOTA}").encode()
    shown = causes_shown(failure[:-missing], pause_s, failure[-missing:], QUIET_S)
    assert shown == [[], [], [], ["quota-exhausted"], ["quota-exhausted"]]


def test_a_line_that_gets_no_end_is_shown_at_the_end_of_the_log() -> None:
    failure = log(f"ERROR app: {QUOTA}").encode().rstrip()
    assert causes_shown(failure, QUIET_S, LONG_QUIET_S) == [[], [], [], ["quota-exhausted"]]


def test_a_request_line_is_not_shown_when_its_exception_follows() -> None:
    failure = log(f"ERROR app: {QUOTA}").encode()
    assert causes_shown(REFUSED, QUIET_S, failure, QUIET_S)[-1] == ["quota-exhausted"]


def test_a_request_line_without_an_exception_is_shown_at_last() -> None:
    assert causes_shown(REFUSED, QUIET_S, LONG_QUIET_S) == [[], [], ["unknown"], ["unknown"]]


def test_a_new_file_completes_what_the_old_one_ended_with() -> None:
    first, second = log(f"ERROR app: {QUOTA}").encode(), log(f"ERROR app: {MISMATCH}").encode()
    shown = causes_shown(first.rstrip(), LogEvent.NEW_FILE, second)
    assert shown[1] == ["quota-exhausted"]
    assert shown[-1] == ["quota-exhausted", "organization-mismatch"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_to_stop_and_the_second_interrupts(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with StopRequest() as stop:
        signal.raise_signal(number)
        assert stop.is_set
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) == before
