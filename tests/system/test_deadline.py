"""Deadlines hold although a call blocks forever.

A call that blocks waits for a gate that opens only after the test: a test that ends has not waited.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

import pytest

from oai_tui.system.deadline import run_with_deadline, use_daemon_threads


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """An event that is set only after the test."""
    event = threading.Event()
    yield event
    event.set()


async def test_a_result_comes_through() -> None:
    def add(a: int, *, b: int) -> int:
        return a + b

    assert await run_with_deadline(5, add, 1, b=2) == 3


async def test_an_exception_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        await run_with_deadline(5, lambda: 1 / 0)


async def test_what_blocks_is_left_behind(gate: threading.Event) -> None:
    with pytest.raises(TimeoutError):
        await run_with_deadline(0.05, gate.wait)
    assert not gate.is_set()


def test_a_blocked_call_does_not_hold_up_the_loops_end(gate: threading.Event) -> None:
    """A resolver that never answers is such a call, in the loop's own executor."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        use_daemon_threads()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await loop.run_in_executor(None, gate.wait)

    asyncio.run(main())
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
    use_daemon_threads()
    blocked = [loop.run_in_executor(None, gate.wait) for _ in range(50)]
    assert await run_with_deadline(5, lambda: "through") == "through"
    async with asyncio.timeout(5):
        assert await loop.run_in_executor(None, lambda: "through") == "through"
    assert not any(one.done() for one in blocked)
    gate.set()
    await asyncio.gather(*blocked)
