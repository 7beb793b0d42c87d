"""Checks several keys, at most four at a time, each with its own timeout, with a progress bar."""

import asyncio
import math
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from oai_tui.diagnosis.walk import aborted
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.headless.console import ProgressLine, print_note
from oai_tui.headless.run_check import CheckScope, run_check
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.sdk_notes import sdk_notes_of_batch, with_sdk_note
from oai_tui.headless.select_key import KeySelection
from oai_tui.headless.timeout import TimeLimitReached, run_with_timeout
from oai_tui.reports.batch import Result
from oai_tui.reports.report import Severity
from oai_tui.services.profile_comparison import key_age, with_profile_comparison
from oai_tui.services.services import Services

MAX_PARALLEL = 4
SAVE_TIMEOUT_S = 30.0
"""Seconds that a slow keyring may take to save the results, beyond _SAVE_S for each."""
_SAVE_S = 1.0
"""Seconds for saving one result: gnome-keyring 42.1 with 500 profiles takes a fifth of that."""
_SLACK_S = 1.0
"""Seconds beyond its timeout that a check may take to end by itself."""
_BAR_WIDTH = 20
_BLOCKS = ("█", "░")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One key to check. name: the profile's name, or where the key was found.

    environment: such as "production"; may be empty.
    scope: what to check of this key; None for the scope of the whole batch.
    select: returns the key when its turn comes, in place of `selection`.
    then: asks more after the check, within the same time.
    judge: returns the diagnosis with the verdict on what is required beyond a working key.
    """

    name: str
    selection: KeySelection
    environment: str = ""
    severity: Severity = "error"
    scope: CheckScope | None = None
    select: Callable[[], Awaitable[KeySelection]] | None = None
    then: Callable[[Services, RunTracker], Awaitable[None]] | None = None
    judge: Callable[[Diagnosis], Diagnosis] | None = None


OnResult = Callable[[BatchItem, Result], Awaitable[None]]
"""Saves a result; called with one result at a time. Its check counts as running until then, so
that at most `parallel` results are not saved yet."""


class BatchCheck:
    """A check of several keys. `results` may be read at any time, also after a cancellation."""

    def __init__(
        self,
        services: Services,
        items: Sequence[BatchItem],
        scope: CheckScope,
        *,
        parallel: int = MAX_PARALLEL,
        draws: bool = True,
        has_sdk_notes: bool = False,
    ) -> None:
        """has_sdk_notes: add notes on the installed SDKs, each once."""
        self._services = services
        self._items = tuple(items)
        self._parallel = parallel
        self._scope = scope
        self._trackers = [
            RunTracker(services, self._scope_of(item).timeout, draws=False) for item in items
        ]
        self._done: dict[int, Result] = {}
        self._has_sdk_notes = has_sdk_notes
        self._bar = ProgressBar(len(items) if draws else 0)

    @property
    def results(self) -> tuple[Result, ...]:
        """Return one result for each item, in order; a partial one if the check has not ended."""
        return tuple(
            self._done.get(number) or self._result(number) for number in range(len(self._items))
        )

    def run(
        self,
        *,
        on_result: OnResult | None = None,
        report: Callable[[tuple[Result, ...]], int],
        partial: Callable[[tuple[Result, ...]], int] | None = None,
    ) -> int:
        """Check all keys, and return the exit code of `report`, which prints the results.

        partial: prints what is known when the run is interrupted; the interruption is then raised.
        """
        try:
            self.check(on_result=on_result, when_blocked=lambda: report(self.results))
        except (KeyboardInterrupt, SystemExit):
            if partial is not None:
                self._report_interrupted(partial)
            raise
        return report(self.results)

    def check(self, *, on_result: OnResult | None = None, when_blocked: Callable[[], int]) -> None:
        """Check all keys; `results` has what is known, also if the time was too short.

        when_blocked: see `run_with_timeout`.
        """
        rounds = math.ceil(len(self._items) / self._parallel)
        longest_s = max(
            (self._scope_of(item).timeout for item in self._items), default=self._scope.timeout
        )
        timeout_s = rounds * (longest_s + _SLACK_S)
        if on_result is not None:
            timeout_s += SAVE_TIMEOUT_S + len(self._items) * _SAVE_S
        with suppress(TimeLimitReached):
            run_with_timeout(self._check_all(on_result), timeout_s, when_blocked=when_blocked)

    def _report_interrupted(self, partial: Callable[[tuple[Result, ...]], int]) -> None:
        """Report the checks that have ended as they are, and the others as interrupted."""
        done, all_checks = len(self._done), len(self._items)
        missing = "; the report is incomplete" if done < all_checks else ""
        print_note(f"interrupted: {done} of {all_checks} checks have ended{missing}")
        partial(
            tuple(
                result
                if number in self._done
                else replace(
                    result,
                    diagnosis=aborted(
                        result.diagnosis, "The run was interrupted before this check ended."
                    ),
                )
                for number, result in enumerate(self.results)
            )
        )

    def _scope_of(self, item: BatchItem) -> CheckScope:
        return item.scope or self._scope

    async def _check_all(self, on_result: OnResult | None) -> None:
        slots = asyncio.Semaphore(self._parallel)
        saving = asyncio.Lock()
        self._bar.draw(0)
        try:
            await asyncio.gather(
                *(
                    self._check_one(number, slots, saving, on_result)
                    for number in range(len(self._items))
                )
            )
        finally:
            self._bar.clear()
        if self._has_sdk_notes:
            self._add_sdk_notes()

    def _add_sdk_notes(self) -> None:
        results = self.results
        found = sdk_notes_of_batch(result.diagnosis for result in results)
        for number, (result, notes) in enumerate(zip(results, found, strict=True)):
            self._done[number] = replace(result, diagnosis=with_sdk_note(result.diagnosis, notes))

    async def _check_one(
        self,
        number: int,
        slots: asyncio.Semaphore,
        saving: asyncio.Lock,
        on_result: OnResult | None,
    ) -> None:
        item = self._items[number]
        scope = self._scope_of(item)
        tracker = self._trackers[number]
        async with slots:
            services = self._services.clone_with_own_connections()
            try:
                async with asyncio.timeout(scope.timeout + _SLACK_S):
                    await self._run(services, item, tracker)
            except TimeoutError:
                pass  # the tracker has what is known
            finally:
                await services.aclose()
            result = self._result(number)
            if on_result is not None:
                # Within the slot: if saving is slower than checking, an interruption would
                # otherwise lose the results of all checks that ended and wait to be saved.
                async with saving:
                    self._bar.clear()  # `on_result` may print notes
                    await on_result(item, result)
        self._done[number] = result
        self._bar.draw(len(self._done), item.name)

    async def _run(self, services: Services, item: BatchItem, tracker: RunTracker) -> None:
        tracker.selection = item.selection if item.select is None else await item.select()
        await run_check(services, tracker.selection, self._scope_of(item), tracker)
        if item.then is not None:
            await item.then(services, tracker)

    def _result(self, number: int) -> Result:
        item = self._items[number]
        selection = self._trackers[number].selection or item.selection
        diagnosis, diff = with_profile_comparison(
            selection.profile,
            self._trackers[number].diagnosis(),
            now=self._services.clock.now(),
        )
        if item.judge is not None:
            diagnosis = item.judge(diagnosis)
        target = replace(diagnosis.target, model=selection.target.model)
        return Result(
            name=item.name,
            diagnosis=replace(diagnosis, target=target),
            since=diff,
            environment=item.environment,
            severity=item.severity,
            key_age_days=key_age(selection.profile, self._services.clock.now()),
        )


class ProgressBar:
    """A progress bar on stderr, if that is a terminal: how many checks are done."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._line = ProgressLine(enabled=total > 0)
        encoding = getattr(sys.stderr, "encoding", None)
        self._full, self._empty = _BLOCKS if _can_encode(encoding) else ("#", ".")

    def draw(self, done: int, last: str = "") -> None:
        """Draw the bar. last: the name of the check that ended last."""
        filled = _BAR_WIDTH * done // self._total if self._total else 0
        bar = f"{self._full * filled}{self._empty * (_BAR_WIDTH - filled)}"
        self._line.draw(f"{bar} {done} of {self._total} {last[:40]}")

    def clear(self) -> None:
        """Take the bar off the terminal."""
        self._line.clear()


def _can_encode(encoding: str | None) -> bool:
    """Return True if the encoding has the characters of the bar."""
    try:
        "".join(_BLOCKS).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
