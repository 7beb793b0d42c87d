"""A real terminal for tests: one program in tmux, driven by keys and read from its screen.

A client of tmux in control mode reports every change of the pane, so waiting needs neither sleeping
nor polling.
"""

import os
import select
import shlex
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

WAIT_S = 60.0
"""Seconds after which something that is waited for counts as missing: ample on a busy machine."""


class Terminal:
    """One tmux session of its own server."""

    def __init__(self, socket: str, env: Mapping[str, str]) -> None:
        self._socket = socket
        self._env = dict(env)
        self._watcher = subprocess.Popen(
            self._words("-C", "attach", "-t", "t"),
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _words(self, *words: str) -> list[str]:
        return ["tmux", "-L", self._socket, "-f", "/dev/null", *words]

    def tmux(self, *words: str) -> str:
        """Run a tmux command on this session's server; return its output."""
        return subprocess.run(
            self._words(*words),
            env=self._env,
            check=True,
            capture_output=True,
            text=True,
            timeout=WAIT_S,
        ).stdout

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names ("Enter", "C-c", "x")."""
        self.tmux("send-keys", "-t", "t", *keys)

    def type(self, text: str) -> None:
        """Type text literally."""
        self.tmux("send-keys", "-t", "t", "-l", text)

    def paste(self, text: str) -> None:
        """Paste text in brackets, as terminals do."""
        subprocess.run(
            self._words("load-buffer", "-"),
            env=self._env,
            input=text,
            text=True,
            check=True,
            timeout=WAIT_S,
        )
        self.tmux("paste-buffer", "-p", "-d", "-t", "t")

    @property
    def screen(self) -> str:
        """The text on the screen."""
        return self.tmux("capture-pane", "-p", "-t", "t")

    def mode(self, name: str) -> str:
        """Return the value of one of tmux's formats for the pane, such as "alternate_on"."""
        return self.tmux("display-message", "-p", "-t", "t", f"#{{{name}}}").strip()

    def wait_for(self, *wanted: "str | Callable[[str], bool]", limit_s: float = WAIT_S) -> str:
        """Return the screen as soon as it shows all of the texts and every function returns True.

        The test fails with the screen after `limit_s`, or when the program ends unexpectedly. A
        screen is painted in several strokes, so what belongs to one screen is waited for together:
        one of its texts does not prove that another is there yet.
        """
        deadline = time.monotonic() + limit_s
        may_end = any(isinstance(each, str) and each.startswith("exit code") for each in wanted)
        while True:
            screen = self.screen
            missing = [each for each in wanted if not _shows(screen, each)]
            if not missing:
                return screen
            left = deadline - time.monotonic()
            has_ended = not may_end and "\nexit code " in screen
            if left <= 0 or has_ended:
                pytest.fail(f"{missing!r} never came:\n{screen}")
            assert self._watcher.stdout is not None
            if select.select([self._watcher.stdout], [], [], min(left, 1.0))[0]:
                os.read(self._watcher.stdout.fileno(), 65536)

    def answer(self, key: str, question: str, limit_s: float = WAIT_S) -> None:
        """Press a key until the question is gone: it ignores keys that arrive too early.

        Between two presses it waits until the terminal is quiet for a second.
        """
        deadline = time.monotonic() + limit_s
        while question in self.screen:
            if time.monotonic() > deadline:
                pytest.fail(f"{question!r} stays:\n{self.screen}")
            self.press(key)
            assert self._watcher.stdout is not None
            while select.select([self._watcher.stdout], [], [], 1.0)[0]:
                os.read(self._watcher.stdout.fileno(), 65536)

    def close(self) -> None:
        """End the session and everything in it."""
        subprocess.run(
            self._words("kill-server"),
            env=self._env,
            check=False,
            capture_output=True,
            timeout=WAIT_S,
        )
        self._watcher.kill()
        self._watcher.wait(10)
        for stream in (self._watcher.stdin, self._watcher.stdout):
            if stream is not None:
                stream.close()


def _shows(screen: str, wanted: "str | Callable[[str], bool]") -> bool:
    return wanted in screen if isinstance(wanted, str) else wanted(screen)


@contextmanager
def terminal(
    *command: str,
    env: Mapping[str, str],
    size: tuple[int, int] = (100, 30),
    folder: Path | None = None,
) -> Iterator[Terminal]:
    """Run a command in a terminal of `size` columns and rows.

    At its end the shell prints "exit code N".
    """
    socket = f"oai-tui-{uuid.uuid4().hex[:12]}"
    line = f"{shlex.join(command)}; echo exit code $?; exec sh"
    columns, rows = size
    words = shlex.split(
        f"tmux -L {socket} -f /dev/null new-session -d -s t -x {columns} -y {rows} sh -c"
    )
    whole = {"TERM": "xterm-256color", "PS1": "$ ", **env}
    subprocess.run([*words, line], env=whole, cwd=folder, check=True, timeout=WAIT_S)
    opened = Terminal(socket, whole)
    try:
        yield opened
    finally:
        opened.close()
