"""Blocking calls that must not hold anything up: each runs in a daemon thread of its own and is left behind when its time is over.

A thread pool's threads are joined when Python ends, so one keyring prompt nobody answers, or one resolver that never does, would keep the program from quitting.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class DaemonExecutor(ThreadPoolExecutor):
    """An executor for `loop.set_default_executor`: every call has its own daemon thread, and shutting down waits for none of them."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        future: Future[Any] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001  the caller gets it
                future.set_exception(error)
            else:
                future.set_result(result)

        threading.Thread(target=run, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=False)


def use_daemon_threads() -> None:
    """Make the running event loop do its blocking calls (`getaddrinfo` too) in daemon threads."""
    asyncio.get_running_loop().set_default_executor(DaemonExecutor())


async def run_with_deadline(
    seconds: float, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
) -> R:
    """`fn`'s result, or TimeoutError after `seconds`; the thread is then left to itself."""
    future = asyncio.wrap_future(DaemonExecutor().submit(fn, *args, **kwargs))
    async with asyncio.timeout(seconds):
        return await future
