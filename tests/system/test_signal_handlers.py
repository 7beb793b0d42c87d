"""Signals that arrive in a block that must not be interrupted are delivered at its end."""

import signal

import pytest

from oai_tui.system.signal_handlers import signals_held


def test_ctrl_c_is_delivered_at_the_end_of_the_block() -> None:
    steps: list[str] = []

    def run() -> None:
        with signals_held():
            signal.raise_signal(signal.SIGINT)
            steps.append("end of the block")
        steps.append("after the block")

    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert steps == ["end of the block"]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers


def test_ctrl_c_is_delivered_after_an_error_too() -> None:
    def run() -> None:
        with signals_held():
            signal.raise_signal(signal.SIGINT)
            raise ValueError

    with pytest.raises(KeyboardInterrupt):
        run()


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with signals_held():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
