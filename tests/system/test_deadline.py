"""Deadlines that hold although a call blocks for ever."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator

import pytest

from oai_tui.system.deadline import DaemonExecutor, run_with_deadline


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What blocks until the test is over."""
    event = threading.Event()
    yield event
    event.set()


async def test_a_result_comes_through() -> None:
    assert await run_with_deadline(5, lambda a, *, b: a + b, 1, b=2) == 3


async def test_an_exception_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        await run_with_deadline(5, lambda: 1 / 0)


async def test_what_blocks_is_left_behind(gate: threading.Event) -> None:
    began = time.perf_counter()
    with pytest.raises(TimeoutError):
        await run_with_deadline(0.05, gate.wait)
    assert time.perf_counter() - began < 2


def test_a_blocked_call_does_not_hold_up_the_loops_end(gate: threading.Event) -> None:
    """As a resolver that never answers: the loop's own executor, given up on, and the program ends all the same."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(DaemonExecutor())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await loop.run_in_executor(None, gate.wait)

    began = time.perf_counter()
    asyncio.run(main())
    assert time.perf_counter() - began < 2
    assert not gate.is_set()


async def test_a_late_result_disturbs_nobody(
    gate: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    threads = set(threading.enumerate())
    with pytest.raises(TimeoutError):
        await run_with_deadline(0.01, gate.wait)
    (left,) = set(threading.enumerate()) - threads
    gate.set()
    left.join(2)
    await asyncio.sleep(0)
    assert not left.is_alive()
    assert caplog.records == []


async def test_every_call_has_a_daemon_thread_of_its_own() -> None:
    first, second = await asyncio.gather(
        run_with_deadline(5, threading.current_thread),
        run_with_deadline(5, threading.current_thread),
    )
    assert first.daemon
    assert second.daemon


async def test_blocked_calls_do_not_use_up_the_threads(gate: threading.Event) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(DaemonExecutor())
    blocked = [loop.run_in_executor(None, gate.wait) for _ in range(50)]
    assert await run_with_deadline(5, lambda: "through") == "through"
    async with asyncio.timeout(5):
        assert await loop.run_in_executor(None, lambda: "through") == "through"
    assert not any(one.done() for one in blocked)
    gate.set()
    await asyncio.gather(*blocked)
