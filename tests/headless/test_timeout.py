"""The total timeout holds even if the event loop or a thread is blocked."""

import asyncio
import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from oai_tui.headless.timeout import CHECKS, TimeLimitReached, run_with_timeout
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


def test_the_time_begins_again_while_there_is_progress() -> None:
    twice_the_time = asyncio.Event()
    numbers = itertools.count()

    def progress() -> int:
        number = next(numbers)
        if number > 2 * CHECKS:
            twice_the_time.set()
        return number

    async def main() -> str:
        await twice_the_time.wait()
        return "done"

    assert run_with_timeout(main(), 0.2, when_blocked=_never, progress=progress) == "done"


def test_the_end_of_the_progress_is_the_end_of_the_time() -> None:
    numbers = iter((0, 1, 2))

    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeLimitReached):
        run_with_timeout(main(), 0.05, when_blocked=_never, progress=lambda: next(numbers, 3))


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
