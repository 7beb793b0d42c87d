"""The end of the program: by keys, by signals, by an exception of our own; during a request."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import KEY, credential
from tests.tui.pilot_steps import press, settle
from tests.tui.scripted_walk import ScriptedApi

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
import threading
from oai_tui.tui.app import run_app
from oai_tui.tui.screens.start import StartScreen
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import KEY, credential
from tests.tui.scripted_walk import ScriptedApi

class Faulty(FakeServices):
    def apply_fix(self, *args):
        raise TypeError("it is " + KEY)

class Stuck(FakeServices):
    async def status_text(self, target):
        print("stuck", file=sys.__stderr__, flush=True)
        threading.Event().wait()

if sys.argv[1] == "fault":
    services = Faulty(credential())
elif sys.argv[1] == "stuck":
    services = Stuck(credential())
elif sys.argv[1] == "refuse":
    services = FakeServices(credential())
else:
    services = FakeServices(credential(), api=ScriptedApi(hang_at="key"))
sys.exit(run_app(wizard(services)))
"""
"""Runs the wizard. Its argument is "fault" for an exception of our own, "hang" for no answer,
"stuck" for an event loop that the key "p" blocks for ever, and "refuse" for a call that is
refused."""
_DEADLINE_S = 120.0
"""Seconds after which a program that shows nothing new makes a test fail."""


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+q", 0), ("ctrl+c", 130)])
async def test_a_hanging_request_never_holds_up_leaving(key: str, code: int) -> None:
    services = FakeServices(credential(), api=ScriptedApi(hang_at="key"))
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await pilot.press(key)
    assert (app.return_code or 0, services.is_closed) == (code, True)


async def test_ctrl_c_leaves_from_a_question_and_from_an_input_too() -> None:
    app = wizard(FakeServices())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "s")
        await pilot.press("ctrl+c")
    assert app.return_code == 130


class Terminal:
    """The program in a terminal of its own."""

    def __init__(self, argument: str) -> None:
        self.master, slave = pty.openpty()
        os.set_inheritable(slave, True)
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm-256color",
            "COLUMNS": "100",
            "LINES": "30",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, argument],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=env,
            start_new_session=True,
        )
        os.close(slave)
        self.output = ""

    def read_until(self, marker: str) -> None:
        """Read until the marker has been drawn. Fails if the program ends before."""
        self._read(marker)
        assert marker in self.output

    def _read(self, marker: str) -> None:
        """Read until the marker has been drawn, or the program has ended."""
        end = time.monotonic() + _DEADLINE_S
        while marker not in self.output and time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], 0.2)
            if ready:
                try:
                    self.output += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    return
            elif self.process.poll() is not None:
                return

    def press(self, text: str) -> None:
        """Type a text."""
        os.write(self.master, text.encode())

    def end(self) -> int:
        """Read what is still drawn, and return the exit code."""
        self._read("\0")
        return self.process.wait(_DEADLINE_S)

    def close(self) -> None:
        """End the program if it still runs, and close the terminal."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(_DEADLINE_S)
        os.close(self.master)


StartTerminal = Callable[[str], Terminal]


@pytest.fixture
def start() -> Iterator[StartTerminal]:
    """Return a function that starts the program with an argument; it is ended with the test."""
    terminals: list[Terminal] = []

    def start_terminal(argument: str) -> Terminal:
        terminals.append(Terminal(argument))
        return terminals[-1]

    yield start_terminal
    for terminal in terminals:
        terminal.close()


def test_the_result_stays_in_the_terminal_after_the_end(start: StartTerminal) -> None:
    terminal = start("refuse")
    terminal.read_until("Check this key")
    terminal.press("\r")
    terminal.read_until("Retry without")
    terminal.press("q")
    assert terminal.end() == 0
    last = terminal.output[terminal.output.rfind("\x1b[?1049l") :]
    for line in ("organization-mismatch", "    unset OPENAI_ORG_ID", "Request ID: req_8f8f"):
        assert line in last


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_a_clean_terminal(number: signal.Signals, start: StartTerminal) -> None:
    terminal = start("hang")
    terminal.read_until("Check this key")
    terminal.press("\r")
    terminal.read_until("Checking")
    terminal.process.send_signal(number)
    assert terminal.end() == 128 + number
    assert terminal.output.rstrip().rfind("\x1b[?1049l") > terminal.output.rfind("\x1b[?1049h")


@pytest.mark.parametrize("number", [None, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stuck_event_loop_does_not_keep_the_program(
    number: signal.Signals | None, start: StartTerminal
) -> None:
    terminal = start("stuck")
    before = termios.tcgetattr(terminal.master)
    terminal.read_until("Check this key")
    terminal.press("\r")
    terminal.read_until("Retry without")
    terminal.press("p")
    terminal.read_until("stuck")
    if number is None:
        terminal.press("\x03")
    else:
        terminal.process.send_signal(number)
    terminal.read_until("\x1b[?1049l")
    after = termios.tcgetattr(terminal.master)
    assert terminal.end() == (130 if number is None else 128 + number)
    assert terminal.output.rfind("\x1b[?1049l") > terminal.output.rfind("\x1b[?1049h")
    assert after == before


def test_a_fault_of_ours_is_one_line_without_any_value_and_exit_code_1(
    start: StartTerminal,
) -> None:
    terminal = start("fault")
    terminal.read_until("Check this key")
    terminal.press("\r")
    terminal.read_until("Retry without")
    terminal.press("\r")
    assert terminal.end() == 1
    last = terminal.output[terminal.output.rfind("\x1b[?1049l") :]
    assert "internal error: TypeError in apply" in last
    assert KEY[:12] not in terminal.output
    assert "Traceback" not in terminal.output
