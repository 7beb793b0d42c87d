"""Apply a function to values in several processes, with the results in the order of the values.

The processes are forked: they have what the program has in memory, also secrets, which are never
written to a pipe. They end with the program, whichever way that ends.
"""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
_MAX_PROCESSES = 8


def usable_processors() -> int:
    """Return how many processes are worth starting here; 1 where forking is not safe.

    It is not safe on macOS, whose system libraries do not survive it, nor in a program with other
    threads, which may hold locks (docs.python.org/3/library/multiprocessing, 2026-11).
    """
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 1
    return min(_MAX_PROCESSES, len(os.sched_getaffinity(0)))


class ForkedWorkers(Generic[T, R]):
    """Processes that apply a function. To be used in a `with` statement, which ends them.

    function: what it remembers from one value to the next is of its process.
    count: how many processes. If the system refuses one of them (limits of `ulimit -n` and
    `ulimit -u`), there is none, which leaves its resources to this process.
    """

    def __init__(self, function: Callable[[T], R], count: int) -> None:
        self._function = function
        self._workers: list[tuple[ForkProcess, Connection]] = []
        try:
            for _ in range(count):
                self._start_worker()
        except OSError:
            self._end_workers()

    def _start_worker(self) -> None:
        context = get_context("fork")
        ours, theirs = context.Pipe()
        inherited = [connection for _, connection in self._workers] + [ours]
        process = context.Process(
            target=_serve, args=(self._function, theirs, inherited), daemon=True
        )
        try:
            process.start()
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._workers.append((process, ours))

    def __enter__(self) -> "ForkedWorkers[T, R]":
        return self

    def __exit__(self, *_: object) -> None:
        self._end_workers()

    def _end_workers(self) -> None:
        for process, connection in self._workers:
            connection.close()
            process.kill()  # it holds nothing that has to be saved
            process.join()
        self._workers.clear()

    def map(self, values: Iterable[T]) -> Iterator[tuple[T, R]]:
        """Yield each value with its result, in order; at most one value for each process waits.

        A value whose process has died is worked on here, and so are all if there is no process.
        """
        if not self._workers:
            yield from ((value, self._function(value)) for value in values)
            return
        waiting: deque[tuple[T, int]] = deque()
        for number, value in enumerate(values):
            worker = number % len(self._workers)
            if len(waiting) == len(self._workers):
                yield self._result(*waiting.popleft())
            with suppress(OSError):
                self._workers[worker][1].send(value)
            waiting.append((value, worker))
        while waiting:
            yield self._result(*waiting.popleft())

    def _result(self, value: T, worker: int) -> tuple[T, R]:
        connection = self._workers[worker][1]
        try:
            return value, connection.recv()
        except (EOFError, OSError):
            return value, self._function(value)


def _serve(function: Callable[[T], R], connection: Connection, inherited: list[Connection]) -> None:
    """Apply the function to what arrives, until the connection is closed or the function fails.

    inherited: the program's own ends. Open here, they would hide that the program has ended.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all; the program decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for each in inherited:
        each.close()
    with suppress(Exception):  # the program works on this value itself, and reports the error
        while True:
            connection.send(function(connection.recv()))
