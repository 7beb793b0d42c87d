"""The one place where a command runs asyncio: with a total deadline that holds whatever happens, and an end that no blocked thread can hold up."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from oai_tui.system.deadline import use_daemon_threads

T = TypeVar("T")
GRACE_S = 2.0
"""Seconds beyond the deadline after which the process is ended from a thread of its own, in case even the event loop is blocked."""
REPORT_SLACK_S = 0.5
"""Seconds that a command has beyond the limit of its checks, to report what they found."""
_SIGNALS = ("SIGTERM", "SIGHUP")


def run_with_timeout(
    seconds: float,
    main: Callable[[], Coroutine[Any, Any, T]],
    *,
    late: Callable[[], T],
    finish: Callable[[T], int],
) -> int:
    """Run `main` for at most `seconds` and give `finish` its result, or `late()` when the time is over; the result is the exit code.

    SystemExit(128 + n) when SIGTERM or SIGHUP asks the process to end; KeyboardInterrupt on Ctrl+C.
    """
    stopped: list[int] = []
    watchdog = threading.Timer(seconds + GRACE_S, _force_exit, (lambda: finish(late()),))
    watchdog.daemon = True
    watchdog.start()
    try:
        result = asyncio.run(_bounded(seconds, main, late, stopped))
    except asyncio.CancelledError:
        raise SystemExit(128 + stopped[0] if stopped else 1) from None
    finally:
        watchdog.cancel()
    return finish(result)


async def _bounded(
    seconds: float,
    main: Callable[[], Coroutine[Any, Any, T]],
    late: Callable[[], T],
    stopped: list[int],
) -> T:
    """`main` under the deadline and the signals, the number of which is put into `stopped`."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    use_daemon_threads()

    def stop(number: int) -> None:
        stopped.append(number)
        if task is not None:
            task.cancel()

    for name in _SIGNALS:
        with suppress(
            NotImplementedError, AttributeError, ValueError, RuntimeError
        ):  # not on Windows, and not outside the main thread
            number = getattr(signal, name)
            if signal.getsignal(number) is signal.SIG_IGN:  # nohup
                continue
            loop.add_signal_handler(number, stop, number)
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await main()
    except TimeoutError:
        if not limit.expired():
            raise
        return late()


def _force_exit(finish: Callable[[], int]) -> None:
    """Report what is known, and end the process under the blocked event loop."""
    code = finish()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(code)
