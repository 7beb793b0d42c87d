"""The total timeout holds even if the event loop or a thread is blocked."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from oai_tui.headless.timeout import run_with_timeout
from tests.commands.cli_runner import TERMINATE_S, environment

BLOCKED_LOOP = """
import threading
from oai_tui.headless.timeout import run_with_timeout
async def main():
    threading.Event().wait()
run_with_timeout(0.2, main, late=lambda: 11, finish=lambda code: code)
"""
BLOCKED_THREAD = """
import asyncio, threading
from oai_tui.headless.timeout import run_with_timeout
async def main():
    await asyncio.to_thread(threading.Event().wait)
raise SystemExit(run_with_timeout(0.2, main, late=lambda: 11, finish=lambda code: code))
"""


def test_result_in_time_is_finished() -> None:
    async def main() -> str:
        return "done"

    assert run_with_timeout(5, main, late=lambda: "late", finish=len) == 4


def test_late_result_is_replaced() -> None:
    async def main() -> str:
        await asyncio.Event().wait()
        return "never"

    assert run_with_timeout(0.05, main, late=lambda: "late!", finish=len) == 5


def test_a_timeout_of_the_work_itself_is_not_the_deadline() -> None:
    async def main() -> str:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        run_with_timeout(5, main, late=lambda: "late", finish=len)


@pytest.mark.parametrize("code", [BLOCKED_LOOP, BLOCKED_THREAD], ids=["the event loop", "a thread"])
def test_process_ends_though_something_is_blocked(code: str, tmp_path: Path) -> None:
    """The code blocks forever, so a process that ends at all has kept its timeout."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        cwd=tmp_path,
        timeout=TERMINATE_S,
        check=False,
    )
    assert done.returncode == 11
