"""Repeats checks until the count is reached, the output is closed or the process is interrupted.

A round never ends the loop: whatever fails in it is a verdict, a note or one line about a bug. Each
round has new services, so that keys, connections and results of the last one are not kept. A round
in which the process was stopped or the machine slept is repeated: what failed in it says nothing.
"""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oai_tui.crash import crash_line
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.headless.batch_check import BatchCheck, BatchItem
from oai_tui.headless.console import OutputError, notes_once, print_note
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.stdout_lines import OutputClosed
from oai_tui.headless.watch_output import WatchOutput
from oai_tui.reports.batch import batch_exit_code
from oai_tui.reports.exit_codes import OUR_FAULT
from oai_tui.services.services import Services
from oai_tui.system.pause_detector import PauseDetector
from oai_tui.system.signal_handlers import signals_held
from oai_tui.system.standard_error import write_stderr

Items = Callable[[Services], Sequence[BatchItem]]
"""Returns the checks of one round, always the same ones in the same order."""


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
    """Run the checks, a second time if the process was stopped meanwhile, and show the results."""
    with detector() as pauses:
        show = _check(services, plan, output)
    if pauses.tick():
        show = _check(services, plan, output)
    return show()


def _check(services: Services, plan: WatchPlan, output: WatchOutput) -> Callable[[], int]:
    """Run the checks of a round; return what shows their results and returns the exit code."""
    services = services.for_one_run()
    items = tuple(plan.items(services))
    batch = BatchCheck(services, items, plan.scope, parallel=plan.parallel, draws=False)

    def show() -> int:
        results = batch.results
        # Every key was selected through these services, and so they know it.
        written = output.show(results, Redactor(services.known_secrets()))
        return batch_exit_code(results) if written else OutputError.exit_code

    batch.check(when_blocked=show)
    return show
