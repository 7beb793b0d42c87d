"""Detects that this process was stopped: by Ctrl+Z, a frozen container or a machine that sleeps.

Deadlines are over as soon as it goes on, though nothing had a chance to end in time.
"""

import threading
import time
from collections.abc import Callable
from typing import Self

TICK_S = 0.25
_PAUSE_S = 3.0
"""Seconds more than planned between two ticks that a busy machine does not explain."""


class PauseDetector:
    """Compares the clocks in a thread, for the time of a `with` block."""

    def __init__(self, *, clocks: Callable[[], tuple[float, float]] | None = None) -> None:
        self._clocks = clocks or _clocks
        self._last = self._clocks()
        self._seen = False
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def tick(self) -> bool:
        """Return True if the process was stopped since the first tick.

        Both threads call it: after a stop the one of the block may be the first to go on.
        """
        now = self._clocks()
        steps = (after - before for after, before in zip(now, self._last, strict=True))
        if max(steps) > TICK_S + _PAUSE_S:
            self._seen = True  # before the clocks are replaced, which the other thread compares
        self._last = now
        return self._seen

    def _run(self) -> None:
        while not self._ended.wait(TICK_S):
            self.tick()


def _clocks() -> tuple[float, float]:
    """Return the steady clock, which may stand still while a machine sleeps, and the other one."""
    return time.monotonic(), time.time()
