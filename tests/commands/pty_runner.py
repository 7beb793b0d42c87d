"""Runs `oai-tui` on a pseudo-terminal, which is its controlling terminal: Ctrl+C reaches it."""

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.commands.cli_runner import TERMINATE_S

Answers = Sequence[tuple[str, bytes]]
"""What to wait for on the screen, and what to type then, one after the other."""


def run_on_terminal(
    arguments: Sequence[str],
    env: Mapping[str, str],
    folder: Path,
    *,
    answers: Answers = (),
    stdout: IO[bytes] | None = None,
) -> tuple[int, str]:
    """Run `oai-tui` to its end; return its exit code and all that the terminal received.

    The terminal is standard input, standard error and, unless a file is given, standard output.
    """
    terminal, program_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "oai_tui", *arguments],
        cwd=folder,
        env={"TERM": "xterm", **env},
        stdin=program_end,
        stdout=stdout or program_end,
        stderr=program_end,
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(program_end)
    try:
        screen = _drive(terminal, answers)
        return process.wait(timeout=TERMINATE_S), screen
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def _take_terminal() -> None:
    """In the child: make its standard input its controlling terminal."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _drive(terminal: int, answers: Answers) -> str:
    """Read until the program closes the terminal, and type each answer after its prompt."""
    received = b""
    prompted_at = 0
    waiting = list(answers)
    deadline = time.monotonic() + TERMINATE_S
    while time.monotonic() < deadline:
        if waiting:
            prompt, typed = waiting[0]
            at = received.find(prompt.encode(), prompted_at)
            if at >= 0:
                waiting.pop(0)
                prompted_at = at + len(prompt.encode())
                # A terminal takes only some thousand characters until they are read.
                threading.Thread(target=os.write, args=(terminal, typed), daemon=True).start()
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            chunk = os.read(terminal, 65_536)
        except OSError:  # Linux: the program has ended
            break
        if not chunk:
            break
        received += chunk
    return received.decode("utf-8", "replace").replace("\r\n", "\n")
