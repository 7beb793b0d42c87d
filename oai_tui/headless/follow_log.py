"""Follows a log until it ends or the process is interrupted, and hands each failure on."""

import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, Protocol

from oai_tui.headless.followed_input import FollowedLog, LogEvent
from oai_tui.services.explain_live import LiveExplanation

_POLL_S = 0.2
"""Seconds between two looks at a log that does not grow, after which a signal is handled."""
QUIET_S = 0.5
"""Seconds without a new line after which the last record is complete."""
LONG_QUIET_S = 5.0
"""Seconds after which a failure that says too little counts: a client waits up to some seconds
between its retries and the exception that says more."""
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class ShowsProgress(Protocol):
    """What shows the failures so far."""

    def update(self) -> None: ...


class StopRequest:
    """Set by the first Ctrl+C, SIGTERM or SIGHUP; the second one interrupts.

    To follow a log has no other end, so the first one is not an interruption but the end.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> "StopRequest":
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup
                self._previous[number] = signal.signal(number, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.is_set:
            raise KeyboardInterrupt
        self.is_set = True


def follow(
    log: FollowedLog,
    explanation: LiveExplanation,
    output: ShowsProgress,
    stop: StopRequest,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Read the log until its end or the request to stop; then everything read is explained.

    clock: returns seconds.
    """
    quiet = _Quiet(clock)
    while not stop.is_set:
        event = log.poll(_POLL_S)
        if isinstance(event, bytes):
            quiet.end()
            steps = explanation.feed(event)
        elif event is LogEvent.NOTHING:
            steps = quiet.steps(explanation)
        elif event is LogEvent.NEW_FILE:
            steps = explanation.start_over()
        else:
            break
        for _ in steps:
            output.update()
            if stop.is_set:  # in the middle of a part, which cannot be settled then
                return
        output.update()
    for _ in explanation.settle_all():
        pass


class _Quiet:
    """Measures how long a log has been quiet."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.end()

    def end(self) -> None:
        """Start the measurement at zero."""
        self._since = self._clock()
        self._is_settled = self._is_all_settled = False

    def steps(self, explanation: LiveExplanation) -> Iterator[None]:
        """Return what has to be read now that the log has been quiet for so long."""
        quiet_s = self._clock() - self._since
        if quiet_s >= LONG_QUIET_S and not self._is_all_settled:
            self._is_settled = self._is_all_settled = True
            return explanation.settle_waiting()
        if quiet_s >= QUIET_S and not self._is_settled:
            self._is_settled = True
            return explanation.settle()
        return iter(())
