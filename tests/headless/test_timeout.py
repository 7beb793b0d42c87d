"""The total timeout holds even if the event loop or a thread is blocked."""

import asyncio
import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from oai_tui.headless.timeout import CHECKS, TimeLimitReached, Watchdog, run_with_timeout
from oai_tui.headless.with_profiles import STORE_TIMEOUT_S, run_with_store
from oai_tui.services.services import Services
from tests.commands.cli_runner import TERMINATE_S, environment

BLOCKED_LOOP = """
import threading
from oai_tui.headless.timeout import run_with_timeout

async def main():
    threading.Event().wait()

run_with_timeout(main(), 0.2, when_blocked=lambda: print("reported", flush=True) or 11)
"""
BLOCKED_THREAD = """
import asyncio, threading
from oai_tui.headless.timeout import TimeLimitReached, run_with_timeout

async def main():
    await asyncio.to_thread(threading.Event().wait)

try:
    run_with_timeout(main(), 0.2, when_blocked=lambda: 12)
except TimeLimitReached:
    print("reported", flush=True)
    raise SystemExit(11)
"""


def _never() -> int:
    raise AssertionError("the event loop is not blocked")


def test_a_result_in_time_is_returned() -> None:
    async def main() -> str:
        return "done"

    assert run_with_timeout(main(), 5, when_blocked=_never) == "done"


def test_the_end_of_the_time_is_an_exception() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeLimitReached):
        run_with_timeout(main(), 0.05, when_blocked=_never)


async def _twice_the_time(monkeypatch: pytest.MonkeyPatch, seconds: float) -> str:
    """Let twice the time pass on the clock of the event loop, with no real wait."""
    loop = asyncio.get_running_loop()
    now = loop.time()
    for _ in range(2 * CHECKS):
        now += seconds / CHECKS
        monkeypatch.setattr(loop, "time", lambda now=now: now)
        for _ in range(4):  # so that whatever is due runs
            await asyncio.sleep(0)
    return "done"


def test_the_time_begins_again_while_there_is_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = itertools.count()
    work = _twice_the_time(monkeypatch, 60)
    assert run_with_timeout(work, 60, when_blocked=_never, progress=lambda: next(numbers)) == "done"


def test_the_time_ends_without_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    work = _twice_the_time(monkeypatch, 60)
    with pytest.raises(TimeLimitReached):
        run_with_timeout(work, 60, when_blocked=_never, progress=lambda: 7)


def test_commands_wait_for_a_store_as_long_as_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = itertools.count()

    class Profiles:
        @property
        def calls_answered(self) -> int:
            return next(answers)

    services = cast(Services, SimpleNamespace(profiles=Profiles()))
    work = _twice_the_time(monkeypatch, STORE_TIMEOUT_S)
    assert run_with_store(services, work, when_blocked=_never) == "done"


def test_a_timeout_of_the_work_itself_is_not_the_deadline() -> None:
    async def main() -> str:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        run_with_timeout(main(), 5, when_blocked=_never)


def test_a_termination_signal_ends_the_run_with_its_exit_code() -> None:
    async def main() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    with pytest.raises(SystemExit) as end:
        run_with_timeout(main(), 60, when_blocked=_never)
    assert end.value.code == 128 + signal.SIGTERM


def test_a_stop_of_the_process_is_one_wait_of_the_watchdog() -> None:
    waits: list[float] = []
    ends: list[int] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False

    Watchdog(60, lambda: ends.append(len(waits))).run(wait)
    assert len(ends) == 1
    # No wait is more than a small part of the time, however long it really was.
    assert sum(waits) == 60
    assert max(waits) < 1


def test_a_restarted_watchdog_waits_for_all_of_the_time_again() -> None:
    waits = 0

    def wait(seconds: float) -> bool:
        nonlocal waits
        waits += 1
        if waits == 3:
            watchdog.restart()
        return False

    watchdog = Watchdog(1, lambda: None)
    watchdog.run(wait)
    assert waits == 2 + 4


def test_a_cancelled_watchdog_ends_without_a_call() -> None:
    ends: list[int] = []
    Watchdog(60, lambda: ends.append(1)).run(lambda seconds: True)
    assert not ends


@pytest.mark.parametrize("code", [BLOCKED_LOOP, BLOCKED_THREAD], ids=["the event loop", "a thread"])
def test_process_ends_though_something_is_blocked(code: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        cwd=tmp_path,
        timeout=TERMINATE_S,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (11, "reported\n")
