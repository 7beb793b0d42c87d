"""Ends the process a few seconds after it was asked to end, even if its event loop is stuck.

The terminal gets its modes and its ordinary screen back first, as far as that is possible.
"""

import contextlib
import os
import signal
import socket
import sys
import threading

AFTER_S = 3.0
"""Seconds that an orderly end may take."""
_RESTORE_S = 1.0
"""Seconds that restoring the terminal may take; a terminal that is held up never returns."""
_ORDINARY_SCREEN = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"  # no reports of the mouse
    b"\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[<u"  # no marked pastes, reports or key protocol
    b"\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m\r\n"  # wrapped lines, the ordinary screen, the cursor
)


class ExitWatchdog:
    """Waits in a daemon thread. Create it before the terminal's modes are changed."""

    def __init__(self, after_s: float = AFTER_S) -> None:
        self._after_s = after_s
        self._code: int | None = None
        self._lock = threading.Lock()
        self._is_off = threading.Event()
        self._modes = _terminal_modes()

    def start(self, code: int) -> None:
        """End the process with that exit code in a while. Later calls change nothing."""
        with self._lock:
            if self._code is not None or self._is_off.is_set():
                return
            self._code = code
        threading.Thread(target=self._end, name="exit-watchdog", daemon=True).start()

    def stop(self) -> None:
        """Leave the process alone: it ends by itself."""
        self._is_off.set()

    def watch_signals(self) -> None:
        """Start at the arrival of a signal, even if no Python code can handle it.

        Call it in the main thread, after the event loop has set its signal handlers. Their
        notices are read here first, and passed on to the loop.
        """
        if sys.platform == "win32":  # whose event loop has notices of another kind
            return
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        loop_fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        if loop_fd == -1:
            signal.set_wakeup_fd(-1)
            return
        threading.Thread(
            target=self._pass_on, args=(ours, theirs, loop_fd), name="signals", daemon=True
        ).start()

    def _pass_on(self, ours: socket.socket, theirs: socket.socket, loop_fd: int) -> None:
        """Read the numbers of signals. `theirs` is kept open by this reference."""
        ends_with = _signals_that_end()
        while numbers := ours.recv(64):
            for number in numbers:
                if number in ends_with:
                    self.start(128 + number)
            with contextlib.suppress(OSError):
                os.write(loop_fd, numbers)

    def _end(self) -> None:
        if self._is_off.wait(self._after_s):
            return
        restoring = threading.Thread(target=self._restore_terminal, daemon=True)
        restoring.start()
        restoring.join(_RESTORE_S)
        os._exit(self._code or 0)

    def _restore_terminal(self) -> None:
        if self._modes is None:
            return
        import termios

        with contextlib.suppress(OSError, ValueError, AttributeError):
            # A process in the background may not change the terminal otherwise.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        fd, modes = self._modes
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(fd, termios.TCSANOW, modes)  # type: ignore[arg-type]
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.write(2, _ORDINARY_SCREEN)


def _signals_that_end() -> frozenset[int]:
    names = ("SIGTERM", "SIGHUP", "SIGINT")
    return frozenset(int(getattr(signal, name)) for name in names if hasattr(signal, name))


def _terminal_modes() -> tuple[int, list[object]] | None:
    """Return the file descriptor and the modes of the terminal, None if there is none."""
    try:
        import termios
    except ImportError:  # not on Windows, where the console's modes end with the process
        return None
    try:
        fd = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
        return fd, termios.tcgetattr(fd)
    except (OSError, ValueError, termios.error):
        return None
