"""Repeats checks until the count is reached, the output is closed or the process is interrupted.

A round never ends the loop: whatever fails in it is a verdict, a note or one line about a bug. Each
round has new services, so that keys, connections and results of the last one are not kept. A round
in which the process was stopped or the machine slept is repeated: what failed in it says nothing.
No billed request is sent twice in one round.
"""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from oai_tui.crash import crash_line
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.keys.secret import Secret
from oai_tui.headless.batch_check import BatchCheck, BatchItem
from oai_tui.headless.console import OutputError, notes_once, print_note
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.stdout_lines import OutputClosed
from oai_tui.headless.watch_output import WatchOutput
from oai_tui.reports.batch import Result, batch_exit_code
from oai_tui.reports.exit_codes import OUR_FAULT
from oai_tui.services.services import Services
from oai_tui.system.pause_detector import PauseDetector
from oai_tui.system.signal_handlers import signals_held
from oai_tui.system.standard_error import write_stderr

Items = Callable[[Services], Sequence[BatchItem]]
"""Returns the checks of one round, always the same ones in the same order."""
_BILLED = "inference"
"""The probe that sends the billed request."""
_SKIPPED = (
    "The round was repeated after a pause of this process. The billed request was not sent again, "
    "so billing and the limits are unknown in this round."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPlan:
    """every_s: seconds from the start of one round to the start of the next.

    count: rounds, None for no limit. parallel: checks at a time.
    """

    items: Items
    scope: CheckScope
    every_s: float
    count: int | None
    parallel: int


def watch(
    services: Services,
    plan: WatchPlan,
    output: WatchOutput,
    *,
    wait: Callable[[float], None] = time.sleep,
    detector: Callable[[], PauseDetector] = PauseDetector,
) -> int:
    """Run the rounds and return the exit code of the last one.

    wait: sleeps for some seconds. detector: returns what sees that a round was interrupted by a
    stop. A round that could not be shown has the exit code of a failed write, whatever was found:
    a timer that runs single rounds must not report success.
    """
    code, rounds, started = 0, 0, 0.0
    with notes_once(held=output.held_notes):
        while plan.count is None or rounds < plan.count:
            if rounds:
                wait(max(0.0, started + plan.every_s - services.clock.steady()))
            started = services.clock.steady()
            rounds += 1
            try:
                code = _round(services, plan, output, detector)
            except OutputClosed:
                return code
            except Exception as error:  # noqa: BLE001  the next round may work
                code = OUR_FAULT
                write_stderr(crash_line(error, "command") + "\n")
                print_note("this round was left out; the next one follows")
            _free_round()
    return code


def _free_round() -> None:
    """Free the tasks, exceptions and connections of a round, which refer to each other.

    Left to itself, the collector waits until they are a quarter of all objects. A finalizer that
    runs meanwhile would swallow the KeyboardInterrupt of Ctrl+C, so that waits until the end.
    """
    with signals_held():
        gc.collect()


def _round(
    services: Services,
    plan: WatchPlan,
    output: WatchOutput,
    detector: Callable[[], PauseDetector],
) -> int:
    """Run the checks, again if the process was stopped meanwhile, and show the results."""
    with detector() as pauses:
        round_ = _Round(services, plan, output)
        round_.check()
    if pauses.tick():
        round_.check()
    return round_.show()


class _Round:
    """The checks of a round, which bill each key once, also if they are repeated."""

    def __init__(self, services: Services, plan: WatchPlan, output: WatchOutput) -> None:
        self._services = services
        self._plan = plan
        self._output = output
        self._results: Sequence[Result] = ()
        self._secrets: frozenset[Secret] = frozenset()

    def check(self) -> None:
        """Run the checks; of those that ran before, the ones whose result a pause can change."""
        services = self._services.for_one_run()
        items = tuple(self._plan.items(services))
        before = self._results or (None,) * len(items)
        repeated = [
            (number, item if result is None else self._repetition(item, result))
            for number, (item, result) in enumerate(zip(items, before, strict=True))
            if result is None or not _billed_answer(result.diagnosis)
        ]
        batch = BatchCheck(
            services,
            [item for _, item in repeated],
            self._plan.scope,
            parallel=self._plan.parallel,
            draws=False,
        )

        def take() -> None:
            # Every key was selected through these services, and so they know it.
            self._secrets |= set(services.known_secrets())
            found = dict(enumerate(self._results))
            found |= zip((number for number, _ in repeated), batch.results, strict=True)
            self._results = tuple(found[number] for number in range(len(items)))

        def show() -> int:
            take()
            return self.show()

        batch.check(when_blocked=show)
        take()

    def show(self) -> int:
        """Show the results and return the exit code."""
        written = self._output.show(self._results, Redactor(self._secrets))
        return batch_exit_code(self._results) if written else OutputError.exit_code

    def _repetition(self, item: BatchItem, result: Result) -> BatchItem:
        """Return the check as it is repeated: without a billed request that may have been sent.

        What the file requires can't be judged without it.
        """
        scope = item.scope or self._plan.scope
        if not scope.inference or not _may_have_billed(result.diagnosis):
            return item
        return replace(
            item, scope=replace(scope, inference=False), then=None, judge=_with_billing_skipped
        )


def _billed_answer(diagnosis: Diagnosis) -> bool:
    """Return whether a billed request was answered: a pause doesn't change what that says."""
    return any(
        record.observation.probe == _BILLED and record.observation.status is not None
        for record in diagnosis.trail
    )


def _may_have_billed(diagnosis: Diagnosis) -> bool:
    """Return whether a billed request was sent, or may have been when the check was cut off."""
    return diagnosis.verdict.outcome == "aborted" or any(
        record.observation.probe == _BILLED and record.observation.request is not None
        for record in diagnosis.trail
    )


def _with_billing_skipped(diagnosis: Diagnosis) -> Diagnosis:
    warnings = (*diagnosis.verdict.warnings, _SKIPPED)
    return replace(diagnosis, verdict=replace(diagnosis.verdict, warnings=warnings))
