"""A token bucket: the state of one rate limit per minute. Pure; the caller passes the time.

A bucket is full at first. It refills continuously, at its capacity per minute, and never holds
more than that.
"""

import math
from dataclasses import dataclass, replace

_MINUTE_S = 60.0
_EMPTY_WAIT_S = 60
"""Seconds that a bucket of capacity 0 asks to wait, although it never refills."""
_NOISE = 1e-6
"""Units by which the sums of floating-point numbers may be off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One limit. `level`: the units left at the time `at`, in seconds since 1970."""

    capacity: int
    level: float
    at: float

    def refilled(self, now: float) -> "Bucket":
        """Return the bucket at a later time; a clock that was set back changes nothing."""
        passed_s = max(0.0, now - self.at)
        level = min(float(self.capacity), self.level + self.capacity * passed_s / _MINUTE_S)
        return replace(self, level=level, at=now)

    def taking(self, units: int) -> "Bucket":
        """Return the bucket with so many units less."""
        return replace(self, level=max(0.0, self.level - units))

    def has(self, units: int) -> bool:
        """Return True if so many units can be taken."""
        return self.level + _NOISE >= units

    @property
    def left(self) -> int:
        """The whole units that can be taken."""
        return math.floor(self.level + _NOISE)

    @property
    def used(self) -> int:
        """The units that are not there, rounded up."""
        return self.capacity - self.left

    def wait_s(self, units: int) -> int:
        """Return the whole seconds, at least 1, until so many units can be taken."""
        if not self.capacity:
            return _EMPTY_WAIT_S
        lacking = units - self.level - _NOISE
        return max(1, math.ceil(_MINUTE_S * lacking / self.capacity))

    @property
    def reset(self) -> str:
        """The time until the bucket is full again, as a Go duration, rounded up to milliseconds.

        Examples: "0s", "120ms", "8.64s", "1m0s".
        """
        missing = self.capacity - self.level - _NOISE
        if missing <= 0:
            return "0s"
        milliseconds = math.ceil(1000 * _MINUTE_S * missing / self.capacity)
        if milliseconds < 1000:
            return f"{milliseconds}ms"
        minutes, rest = divmod(milliseconds, 60_000)
        return (f"{minutes}m" if minutes else "") + f"{rest / 1000:g}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """The two buckets of a model in an organization, which are ids."""

    organization: str
    model: str
    requests: Bucket
    tokens: Bucket

    def refilled(self, now: float) -> "Buckets":
        """Return both at a later time, in seconds since 1970."""
        return replace(self, requests=self.requests.refilled(now), tokens=self.tokens.refilled(now))

    def taking(self, tokens: int) -> "Buckets":
        """Return both after one more request with so many tokens."""
        return replace(self, requests=self.requests.taking(1), tokens=self.tokens.taking(tokens))
