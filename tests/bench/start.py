"""Measures how fast the program starts, as ratios: `python -m tests.bench.start [ROUNDS]`.

Each round runs every contender once, one after the other, so that a busy machine is busy for all;
the medians are compared. `check` has started when its first connection arrives at a loopback port;
the first paint is done when the marker text arrives at a pseudo-terminal.
"""

import os
import pty
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from oai_tui.simulator.server import running
from tests.commands.cli_runner import client_environment

ROOT = Path(__file__).parent.parent.parent
PROGRAM = [sys.executable, "-m", "oai_tui"]
MINIMAL = """
from textual.app import App
from textual.widgets import Footer, Header, Static

class Minimal(App):
    def compose(self):
        yield Header()
        yield Static("marker")
        yield Footer()

Minimal().run()
"""
LIMIT_S = 30.0


def environment(home: Path, **more: str) -> dict[str, str]:
    """A clean environment, the same for every contender."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
        **more,
    }


def finished(arguments: list[str], env: dict[str, str]) -> float:
    """Return the seconds until the process has ended."""
    start = time.perf_counter()
    subprocess.run(
        arguments,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=LIMIT_S,
    )
    return time.perf_counter() - start


def connected(env: dict[str, str]) -> float:
    """Return the seconds until `check` has opened its first connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(LIMIT_S)
        start = time.perf_counter()
        process = subprocess.Popen(
            [*PROGRAM, "check", "--base-url", f"http://127.0.0.1:{server.getsockname()[1]}/v1"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        connection, _ = server.accept()
        seconds = time.perf_counter() - start
        connection.close()
        process.kill()
        process.wait()
    return seconds


def painted(arguments: list[str], env: dict[str, str], marker: bytes) -> float:
    """Return the seconds until `marker` has been drawn on a pseudo-terminal of 120x40."""
    start = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.clear()
        os.environ.update(env, COLUMNS="120", LINES="40")
        os.execv(arguments[0], arguments)
    seen = b""
    while marker not in seen and time.perf_counter() - start < LIMIT_S:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                break
    seconds = time.perf_counter() - start
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)
    if marker not in seen:
        raise SystemExit(f"{arguments[-1]!r} never drew {marker!r}")
    return seconds


def main(rounds: int) -> None:
    """Run all contenders and print the medians and ratios."""
    with tempfile.TemporaryDirectory() as folder, running("all-good") as simulated:
        home = Path(folder)
        env = environment(home)
        os.chdir(home)
        with_key = environment(home, **client_environment(simulated))
        contenders: dict[str, Callable[[], float]] = {
            "import httpx": lambda: finished([sys.executable, "-c", "import httpx"], env),
            "oai-tui --help": lambda: finished([*PROGRAM, "--help"], env),
            "oai-tui check, to its first connection": lambda: connected(with_key),
            "oai-tui check, whole, on the simulator": lambda: finished(
                [*PROGRAM, "check"], with_key
            ),
            "minimal Textual app, first paint": lambda: painted(
                [sys.executable, "-c", MINIMAL], env, b"marker"
            ),
            "oai-tui --demo, first paint": lambda: painted([*PROGRAM, "--demo"], env, b"Tour:"),
        }
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for number in range(rounds + 1):
            for name, run in contenders.items():
                seconds = run()
                if number:  # the first round warms the caches
                    times[name].append(seconds)
    median = {name: statistics.median(seconds) for name, seconds in times.items()}
    for name, seconds in median.items():
        against = "minimal Textual app, first paint" if "paint" in name else "import httpx"
        print(f"{name:42} {seconds * 1000:6.0f} ms   {seconds / median[against]:5.2f} x {against}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
