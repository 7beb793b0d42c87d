"""A real terminal for tests: one program in tmux, driven by keys and read by what stands on the screen.

Waiting is done by tmux itself: a client in control mode reports every change of the pane, so nothing sleeps and nothing is polled.
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

    def _tmux(self, *words: str) -> str:
        return subprocess.run(
            self._words(*words),
            env=self._env,
            check=True,
            capture_output=True,
            text=True,
            timeout=20,
        ).stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names ("Enter", "C-c", "x")."""
        self._tmux("send-keys", "-t", "t", *keys)

    def type(self, text: str) -> None:
        """Type text as it stands."""
        self._tmux("send-keys", "-t", "t", "-l", text)

    def paste(self, text: str) -> None:
        """Paste text in brackets, as terminals do."""
        subprocess.run(
            self._words("load-buffer", "-"),
            env=self._env,
            input=text,
            text=True,
            check=True,
            timeout=20,
        )
        self._tmux("paste-buffer", "-p", "-d", "-t", "t")

    @property
    def screen(self) -> str:
        """What stands on the screen."""
        return self._tmux("capture-pane", "-p", "-t", "t")

    def mode(self, name: str) -> str:
        """One of tmux's formats of the pane, such as "alternate_on"."""
        return self._tmux("display-message", "-p", "-t", "t", f"#{{{name}}}").strip()

    def wait_for(self, *wanted: "str | Callable[[str], bool]", limit_s: float = 20) -> str:
        """The screen as soon as it shows all of the texts (and every function says yes); AssertionError with the screen after `limit_s`.

        A screen is painted in several strokes, so what belongs to one screen is waited for together: one of its texts does not prove that another is there yet.
        """
        ends = time.monotonic() + limit_s
        while True:
            screen = self.screen
            missing = [
                each for each in wanted if not (each(screen) if callable(each) else each in screen)
            ]
            if not missing:
                return screen
            left = ends - time.monotonic()
            assert left > 0, f"{missing!r} never came:\n{screen}"
            assert self._watcher.stdout is not None
            if select.select([self._watcher.stdout], [], [], min(left, 1.0))[0]:
                os.read(self._watcher.stdout.fileno(), 65536)

    def close(self) -> None:
        """End the session and everything in it."""
        subprocess.run(
            self._words("kill-server"), env=self._env, check=False, capture_output=True, timeout=20
        )
        self._watcher.kill()
        self._watcher.wait(10)
        for stream in (self._watcher.stdin, self._watcher.stdout):
            if stream is not None:
                stream.close()


@contextmanager
def terminal(
    *command: str,
    env: Mapping[str, str],
    size: tuple[int, int] = (100, 30),
    folder: Path | None = None,
) -> Iterator[Terminal]:
    """A terminal of `size` columns and rows in which `command` runs under a shell that then prints "exit code N"."""
    socket = f"oai-tui-{uuid.uuid4().hex[:12]}"
    line = f"{shlex.join(command)}; echo exit code $?; exec sh"
    words = [
        "tmux",
        "-L",
        socket,
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-s",
        "t",
        "-x",
        str(size[0]),
        "-y",
        str(size[1]),
        "sh",
        "-c",
        line,
    ]
    whole = {"TERM": "xterm-256color", "PS1": "$ ", **env}
    subprocess.run(words, env=whole, cwd=folder, check=True, timeout=20)
    opened = Terminal(socket, whole)
    try:
        yield opened
    finally:
        opened.close()
