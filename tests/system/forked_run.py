"""Programs that use ForkedWorkers; they are no tests, because a test process has threads.

`python -m tests.system.forked_run NAME` runs one of the functions below.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable

from oai_tui.system.forked_workers import ForkedWorkers

PROGRAM = os.getpid()


def _with_process(value: int) -> tuple[int, bool]:
    return 2 * value, os.getpid() == PROGRAM


def order() -> None:
    """Print the results of values, which other processes worked on."""
    with ForkedWorkers(_with_process, 3) as workers:
        results = list(workers.map(range(10)))
    print([result for _, (result, _) in results], any(here for _, (_, here) in results))


def death() -> None:
    """Print the results where a process dies at one value."""

    def dies_at_four(value: int) -> tuple[int, bool]:
        if value == 4 and os.getpid() != PROGRAM:
            os.kill(os.getpid(), signal.SIGKILL)
        return _with_process(value)

    with ForkedWorkers(dies_at_four, 2) as workers:
        results = list(workers.map(range(8)))
    print([result for _, (result, _) in results])
    print([value for value, (_, here) in results if here])


def failure() -> None:
    """Print which values are yielded before the function fails for one."""

    def fails_at_two(value: int) -> int:
        if value == 2:
            raise ValueError(f"cannot work on {value}")
        return value

    with ForkedWorkers(fails_at_two, 2) as workers:
        try:
            for value, _ in workers.map(range(5)):
                print(value)
        except ValueError as error:
            print(error)


def refused() -> None:
    """Print whether all is worked on here, where only one process of two can be started."""
    with ForkedWorkers(_with_process, 1) as workers:
        list(workers.map(range(1)))
    before = len(os.listdir("/proc/self/fd"))
    most = before + 6  # one process needs 6 descriptors while it starts, and keeps 3
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ForkedWorkers(_with_process, 2) as workers:
        print(all(here for _, (_, here) in workers.map(range(4))))


def killed() -> None:
    """Be killed while the processes wait for a value."""
    with ForkedWorkers(_with_process, 3) as workers:
        for _ in workers.map(range(4)):
            os.kill(os.getpid(), signal.SIGKILL)


PROGRAMS: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (order, death, failure, refused, killed)
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]]()
