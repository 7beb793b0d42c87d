"""How the program ends: by keys, by signals, by a fault of ours; while a request hangs; and what it then leaves on the terminal."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oai_tui.tui.app import OaiTui
from tests.tui.fakes import KEY, NOW, FakeServices, credential
from tests.tui.pilot_steps import press, settle

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.start import StartScreen
from tests.tui.fakes import KEY, FakeServices, credential
class Faulty(FakeServices):
    def apply_fix(self, *args):
        raise TypeError("it is " + KEY)
app = OaiTui((Faulty if sys.argv[1] == "fault" else FakeServices)(credential(), hang="key" if sys.argv[1] == "hang" else ""))
app.run()
sys.exit(app.return_code or 0)
"""


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+q", 0), ("ctrl+c", 130)])
async def test_a_hanging_request_never_holds_up_leaving(key: str, code: int) -> None:
    services = FakeServices(credential(), hang="key")
    app = OaiTui(services, now=lambda: NOW)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await pilot.press(key)
    assert (app.return_code or 0, services.closed) == (code, True)


async def test_ctrl_c_leaves_from_a_question_and_from_an_input_too() -> None:
    app = OaiTui(FakeServices(), now=lambda: NOW)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "s")
        await pilot.press("ctrl+c")
    assert app.return_code == 130


class Terminal:
    """The program in a terminal of its own."""

    def __init__(self, how: str) -> None:
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
            [sys.executable, "-c", PROGRAM, how],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=env,
            start_new_session=True,
        )
        os.close(slave)
        self.seen = ""

    def until(self, marker: str, limit_s: float = 20.0) -> None:
        """Read until the marker has been drawn, or the program ended."""
        end = time.monotonic() + limit_s
        while marker not in self.seen and time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], 0.2)
            if ready:
                try:
                    self.seen += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    return
            elif self.process.poll() is not None:
                return

    def press(self, text: str) -> None:
        """Type."""
        os.write(self.master, text.encode())

    def end(self) -> int:
        """The exit code, and all that was still drawn."""
        self.until("\0", 10.0)
        code = self.process.wait(10)
        os.close(self.master)
        return code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_a_clean_terminal(number: signal.Signals) -> None:
    terminal = Terminal("hang")
    terminal.until("Check this key")
    terminal.press("\r")
    terminal.until("Asking")
    terminal.process.send_signal(number)
    assert terminal.end() == 128 + number
    assert terminal.seen.rstrip().rfind("\x1b[?1049l") > terminal.seen.rfind("\x1b[?1049h")


def test_a_fault_of_ours_is_one_line_without_any_value_and_exit_code_1() -> None:
    terminal = Terminal("fault")
    terminal.until("Check this key")
    terminal.press("\r")
    terminal.until("Continue without")
    terminal.press("\r")
    assert terminal.end() == 1
    last = terminal.seen[terminal.seen.rfind("\x1b[?1049l") :]
    assert "our own fault: TypeError in apply" in last
    assert KEY[:12] not in terminal.seen
    assert "Traceback" not in terminal.seen
