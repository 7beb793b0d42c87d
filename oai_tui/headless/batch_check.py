"""Examines several keys at once: at most four at a time, each within its own limit, with a bar on a terminal's stderr. What is known when time is over is reported all the same."""

import asyncio
import math
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from oai_tui.headless.run_check import CheckScope, run_check, with_profile_comparison
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import KeySelection
from oai_tui.headless.timeout import run_with_timeout
from oai_tui.reports.batch import Result
from oai_tui.services.build import Services

MAX_PARALLEL = 4
SAVE_TIMEOUT_S = 30.0
"""Seconds that a slow keyring may take beyond the walks to keep what they proved."""
_SLACK_S = 1.0
_BAR = 20
_BLOCKS = ("█", "░")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One key to examine. `name`: the profile's, or where the key was found."""

    name: str
    choice: KeySelection


OnResult = Callable[[BatchItem, Result], Awaitable[None]]
"""Keeps what a run proved."""


class BatchCheck:
    """One examination of several subjects; `results` may be asked for at any time, also after it was broken off."""

    def __init__(
        self, services: Services, subjects: Sequence[BatchItem], scope: CheckScope
    ) -> None:
        self._services = services
        self._subjects = tuple(subjects)
        self._scope = scope
        self._courses = [RunTracker(services, scope.timeout, draws=False) for _ in subjects]
        self._done: dict[int, Result] = {}
        self._bar = ProgressBar(len(subjects))

    @property
    def results(self) -> tuple[Result, ...]:
        """One for each subject, in order; an unfinished one as far as it is known."""
        return tuple(
            self._done.get(number) or self._result(number) for number in range(len(self._subjects))
        )

    def run(self, keep: OnResult | None, finish: Callable[[tuple[Result, ...]], int]) -> int:
        """Examine all of them and give `finish` the results; its exit code."""
        rounds = math.ceil(len(self._subjects) / MAX_PARALLEL)

        async def main() -> tuple[Result, ...]:
            gate, keeping = asyncio.Semaphore(MAX_PARALLEL), asyncio.Lock()
            self._bar.draw(0)
            try:
                await asyncio.gather(
                    *(
                        self._one(number, gate, keeping, keep)
                        for number in range(len(self._subjects))
                    )
                )
            finally:
                self._bar.clear()
            return self.results

        return run_with_timeout(
            rounds * (self._scope.timeout + _SLACK_S) + (0 if keep is None else SAVE_TIMEOUT_S),
            main,
            late=lambda: self.results,
            finish=finish,
        )

    async def _one(
        self, number: int, gate: asyncio.Semaphore, keeping: asyncio.Lock, keep: OnResult | None
    ) -> None:
        subject = self._subjects[number]
        async with gate:
            services = self._services.clone_with_own_connections()
            try:
                async with asyncio.timeout(self._scope.timeout + _SLACK_S):
                    await run_check(services, subject.choice, self._scope, self._courses[number])
            except TimeoutError:
                pass  # the course knows how far it got
            finally:
                await services.aclose()
        result = self._result(number)
        if keep is not None:
            async with keeping:
                self._bar.clear()  # it may have something to say
                await keep(subject, result)
        self._done[number] = result
        self._bar.draw(len(self._done), subject.name)

    def _result(self, number: int) -> Result:
        subject = self._subjects[number]
        found, beside = with_profile_comparison(
            self._services, subject.choice, self._courses[number].diagnosis()
        )
        return Result(
            name=subject.name,
            diagnosis=replace(
                found, target=replace(found.target, model=subject.choice.target.model)
            ),
            since=beside,
        )


class ProgressBar:
    """How many of them are done, on a terminal alone."""

    def __init__(self, whole: int) -> None:
        stream = sys.stderr
        self._whole = whole
        self._draws = (
            whole > 0
            and stream is not None
            and stream.isatty()
            and os.environ.get("TERM") != "dumb"
        )
        self._full, self._empty = _BLOCKS if self._draws and _can(stream.encoding) else ("#", ".")

    def draw(self, done: int, last: str = "") -> None:
        """Draw the bar anew. `last`: what was done last."""
        if self._draws:
            filled = _BAR * done // self._whole
            sys.stderr.write(
                f"\r\x1b[K{self._full * filled}{self._empty * (_BAR - filled)} {done} of {self._whole} {last[:40]}"
            )
            sys.stderr.flush()

    def clear(self) -> None:
        """Take it off the terminal."""
        if self._draws:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _can(encoding: str | None) -> bool:
    try:
        "".join(_BLOCKS).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
