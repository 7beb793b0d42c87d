"""The first signal cancels the run, and no signal is lost."""

import asyncio
import signal

import pytest

from oai_tui.headless.interruption import REPEAT_S, Interruption
from oai_tui.headless.timeout import TimeLimitReached, run_with_timeout


def _never() -> int:
    raise AssertionError("the event loop is not blocked")


@pytest.mark.parametrize(
    ("later_s", "exit_codes"), [(REPEAT_S / 2, []), (2 * REPEAT_S, [128 + signal.SIGINT])]
)
def test_only_a_later_signal_ends_the_process(later_s: float, exit_codes: list[int]) -> None:
    times = iter([100.0, 100 + later_s])
    ended_with: list[int] = []
    interruption = Interruption(clock=lambda: next(times), end=ended_with.append)
    interruption.receive(signal.SIGINT)
    interruption.receive(signal.SIGINT)
    assert ended_with == exit_codes


def test_repeated_ctrl_c_does_not_interrupt_the_cleanup() -> None:
    steps: list[str] = []

    async def main() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(0)
            steps.append("cleaned up")

    with pytest.raises(KeyboardInterrupt):
        run_with_timeout(main(), 60, when_blocked=_never)
    assert steps == ["cleaned up"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_before_the_event_loop_runs_cancels_the_task() -> None:
    async def main() -> None:
        interruption.cancel_task(asyncio.current_task())
        await asyncio.Event().wait()

    interruption = Interruption()
    interruption.receive(signal.SIGINT)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())


def test_ctrl_c_is_not_lost_when_the_run_ends_by_itself() -> None:
    async def main() -> str:
        signal.raise_signal(signal.SIGINT)
        return "done"

    with pytest.raises(KeyboardInterrupt):
        run_with_timeout(main(), 60, when_blocked=_never)


def test_ctrl_c_is_not_lost_when_the_time_is_over() -> None:
    async def main() -> None:
        signal.raise_signal(signal.SIGINT)
        raise TimeLimitReached

    with pytest.raises(KeyboardInterrupt):
        run_with_timeout(main(), 60, when_blocked=_never)
