"""`asyncio.run` under a hard deadline, which holds even when the event loop is blocked."""

import asyncio
import math
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from oai_tui.headless.interruption import Interruption
from oai_tui.system.deadline import use_daemon_threads
from oai_tui.system.pause_detector import TICK_S

T = TypeVar("T")
CHECKS = 20
"""How often the progress is looked at within the time."""
GRACE_S = 2.0
"""Seconds beyond the deadline after which a thread ends the process under a blocked event loop."""
END_SLACK_S = 0.5
"""Seconds after --timeout in which a walk may end by itself before it is cancelled."""


class TimeLimitReached(Exception):  # noqa: N818  names a condition, not a mistake
    """The time of `run_with_timeout` is over."""


def run_with_timeout(
    main: Coroutine[Any, Any, T],
    seconds: float,
    *,
    when_blocked: Callable[[], int],
    progress: Callable[[], int] | None = None,
) -> T:
    """Run `main` for at most `seconds` and return its result.

    TimeLimitReached when the time is over. SystemExit(128 + n) on SIGTERM and SIGHUP,
    KeyboardInterrupt on Ctrl+C.

    when_blocked: prints the partial result and returns the exit code. A thread calls it, and ends
        the process with that code, if the event loop is still blocked GRACE_S after the deadline.
        Time in which the process was stopped does not count for that.
    progress: for work of unknown length, a number that grows with it; the time begins again
        whenever the number has grown. It is asked CHECKS times in `seconds`.
    """
    interruption = Interruption()
    watchdog = Watchdog(seconds + GRACE_S, lambda: _force_exit(when_blocked))
    watchdog.start()
    try:
        with interruption:
            return asyncio.run(_bounded(main, seconds, interruption, watchdog, progress))
    except asyncio.CancelledError:
        raise SystemExit(1) from None
    finally:
        watchdog.cancel()
        interruption.raise_received()


class Watchdog:
    """Calls `on_end` in a thread after some seconds, unless it is restarted or cancelled.

    It counts short waits. After a stop of the process (Ctrl+Z, a frozen container, a machine that
    sleeps) every deadline is over at once, but at most one of these waits.
    """

    def __init__(self, seconds: float, on_end: Callable[[], None]) -> None:
        self._limit = math.ceil(seconds / TICK_S)
        self._on_end = on_end
        self._waits = 0
        self._started_at = 0
        self._cancelled = threading.Event()

    def start(self) -> None:
        """Begin to wait, in a daemon thread."""
        threading.Thread(target=self.run, args=(self._cancelled.wait,), daemon=True).start()

    def run(self, wait: Callable[[float], bool]) -> None:
        """Wait, then call `on_end`. wait: waits for some seconds; True to give up."""
        while self._waits - self._started_at < self._limit:
            if wait(TICK_S):
                return
            self._waits += 1
        self._on_end()

    def restart(self) -> None:
        """Begin again with all of the seconds."""
        self._started_at = self._waits

    def cancel(self) -> None:
        """End the thread without a call."""
        self._cancelled.set()


async def _bounded(
    main: Coroutine[Any, Any, T],
    seconds: float,
    interruption: Interruption,
    watchdog: Watchdog,
    progress: Callable[[], int] | None,
) -> T:
    """Run `main` under the deadline, in a task that the interruption cancels."""
    loop = asyncio.get_running_loop()
    interruption.cancel_task(asyncio.current_task())
    use_daemon_threads()
    limit = asyncio.timeout(seconds)

    async def extend(watched: Callable[[], int]) -> None:
        known = watched()
        while True:
            await asyncio.sleep(seconds / CHECKS)
            now = watched()
            if now != known:
                known = now
                limit.reschedule(loop.time() + seconds)
                watchdog.restart()

    try:
        async with limit:
            extending = None if progress is None else loop.create_task(extend(progress))
            try:
                return await main
            finally:
                if extending is not None:
                    extending.cancel()
    except TimeoutError:
        if not limit.expired():
            raise
        raise TimeLimitReached from None


def _force_exit(when_blocked: Callable[[], int]) -> None:
    """Print the partial result and exit, because the event loop no longer responds."""
    code = when_blocked()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(code)
