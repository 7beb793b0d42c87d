"""Handle Ctrl+C and the signals that end a process for the time of a block of code."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def signals_handled_by(handler: Callable[[int], None]) -> Iterator[None]:
    """Call `handler` with the number of each signal that arrives in the block.

    Ignored signals (nohup) stay ignored. Outside the main thread nothing changes.
    """
    before: dict[int, Any] = {}
    # SIGINT first here and last at the end: the handler replaced may raise KeyboardInterrupt as
    # long as it is in place, and the others would then keep the handler of this block.
    for name in _NAMES:
        with suppress(AttributeError, ValueError):  # Windows has no SIGHUP
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, lambda number, _frame: handler(number))
    try:
        yield
    finally:
        for number, previous in reversed(before.items()):
            signal.signal(number, previous)


@contextmanager
def signals_held() -> Iterator[None]:
    """Deliver the signals at the end of the block, which must not be interrupted.

    By handlers, because a blocked signal would go to another thread, which does not block it.
    """
    received: list[int] = []
    try:
        with signals_handled_by(received.append):
            yield
    finally:
        for number in received:
            signal.raise_signal(number)
