"""Run blocking calls with a deadline: each in its own daemon thread, abandoned when time is up.

The threads of a pool are joined when Python ends, and anyio's are not daemon threads either: a
keyring prompt or a resolver that never answers would keep the program from quitting.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class DaemonExecutor(ThreadPoolExecutor):
    """An executor that runs every call in its own daemon thread and never waits for one to end.

    A ThreadPoolExecutor, because `loop.set_default_executor` accepts nothing else.
    """

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        future: Future[Any] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001  passed on to the caller
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
    """Return the result of `fn`, which runs in a thread.

    TimeoutError after `seconds`; the thread is then abandoned. Exceptions of `fn` are passed on.
    """
    future = asyncio.wrap_future(DaemonExecutor().submit(fn, *args, **kwargs))
    async with asyncio.timeout(seconds):
        return await future
