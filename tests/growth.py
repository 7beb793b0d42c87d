"""How much longer something takes on a text of four times the length, in CPU time."""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
MAX_GROWTH = 8.0
"""4 times is linear, 16 times quadratic; memory takes its part of a large text."""
MEASURABLE_S = 0.02
"""CPU seconds from which on a growth counts."""
TRIES = 8


def cpu_s(apply: Callable[[T], object], text: T) -> float:
    """Return the CPU seconds that it takes, without the garbage collector.

    That looks at every object of the tests again and again while a large text is read.
    """
    gc.disable()
    try:
        start = time.process_time()
        apply(text)
        return time.process_time() - start
    finally:
        gc.enable()


def growth(apply: Callable[[T], object], shorter: T, longer: T) -> float:
    """Return how many times as long `longer` takes, each time the least of some tries.

    Other processes can only lengthen a try, so it is repeated while the growth seems too large.
    """
    least_longer = cpu_s(apply, longer)
    if least_longer < MEASURABLE_S:
        return 1.0
    least_shorter = cpu_s(apply, shorter)
    for _ in range(TRIES):
        if least_longer <= MAX_GROWTH * least_shorter:
            break
        least_longer = min(least_longer, cpu_s(apply, longer))
        least_shorter = min(least_shorter, cpu_s(apply, shorter))
    return least_longer / max(least_shorter, 1e-6)
