"""How much longer something takes on a text of four times the length, in CPU time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
MAX_GROWTH = 6.0
"""4 times is linear, 16 times quadratic."""
MEASURABLE_S = 0.02
"""CPU seconds from which on a growth counts."""
TRIES = 4


def cpu_s(apply: Callable[[T], object], text: T) -> float:
    """Return the CPU seconds that it takes."""
    start = time.process_time()
    apply(text)
    return time.process_time() - start


def growth(apply: Callable[[T], object], shorter: T, longer: T) -> float:
    """Return how many times as long `longer` takes, the least of some tries."""
    if cpu_s(apply, longer) < MEASURABLE_S:
        return 1.0
    least = float("inf")
    for _ in range(TRIES):
        least = min(least, cpu_s(apply, longer) / max(cpu_s(apply, shorter), 1e-6))
        if least <= MAX_GROWTH:
            break
    return least
