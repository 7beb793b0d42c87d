"""Ends a run of the event loop in order on Ctrl+C, SIGTERM and SIGHUP.

At the second Ctrl+C asyncio raises KeyboardInterrupt in whatever runs then. If that is the cleanup
after the first one, it prints tracebacks, and may never end.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, Self

from oai_tui.system.signal_handlers import signals_handled_by

REPEAT_S = 1.0
"""Seconds in which a further signal is a repetition: a key that is held down sends many."""


class Interruption:
    """The first signal in a `with` block cancels a task, one after REPEAT_S ends the process."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._clock = clock
        self._end = end
        self._number: int | None = None
        self._first_at = 0.0
        self._task: asyncio.Task[Any] | None = None
        self._handlers = ExitStack()

    def __enter__(self) -> Self:
        self._handlers.enter_context(signals_handled_by(self.receive))
        return self

    def __exit__(self, *_: object) -> None:
        self._handlers.close()

    def cancel_task(self, task: asyncio.Task[Any] | None) -> None:
        """Cancel this task when a signal arrives, or now if one has arrived."""
        self._task = task
        if self._number is not None:
            self._cancel()

    def receive(self, number: int) -> None:
        """Handle a signal."""
        now = self._clock()
        if self._number is None:
            self._number, self._first_at = number, now
            self._cancel()
        elif now - self._first_at > REPEAT_S:
            self._end(128 + number)

    def raise_received(self) -> None:
        """Raise KeyboardInterrupt if Ctrl+C has arrived, SystemExit(128 + n) for another signal.

        Call it however the run has ended: the task may have ended before it could be cancelled.
        """
        if self._number == signal.SIGINT:
            raise KeyboardInterrupt
        if self._number is not None:
            raise SystemExit(128 + self._number)

    def _cancel(self) -> None:
        if self._task is None:
            return
        with suppress(RuntimeError):  # the event loop is closed
            # A signal handler must wake the event loop, as another thread must.
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
