"""Time in which the process was stopped is distinguished from time in which it ran."""

import pytest

from oai_tui.system.pause_detector import TICK_S, PauseDetector


@pytest.mark.parametrize("stopped", [(20.0, 20.0), (0.2, 20.0)])
def test_a_step_of_either_clock_is_a_pause(stopped: tuple[float, float]) -> None:
    clocks = iter([(0.0, 0.0), (TICK_S, TICK_S), stopped, stopped])
    detector = PauseDetector(clocks=lambda: next(clocks))
    assert [detector.tick(), detector.tick(), detector.tick()] == [False, True, True]


def test_a_clock_that_is_set_back_is_no_pause() -> None:
    clocks = iter([(0.0, 9.0), (TICK_S, 1.0)])
    assert not PauseDetector(clocks=lambda: next(clocks)).tick()
