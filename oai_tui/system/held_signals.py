"""Holds Ctrl+C and SIGTERM back while code runs that must not be interrupted."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def signals_held() -> Iterator[None]:
    """Deliver SIGINT and SIGTERM at the end of the block. For the main thread only.

    By handlers, because a blocked signal would go to another thread, which does not block it.
    """
    received: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _frame: received.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        # SIGINT last: its handler may raise as soon as it is in place.
        for number, handler in reversed(before.items()):
            signal.signal(number, handler)
        for late in received:
            signal.raise_signal(late)
