"""Lends the terminal to a command that asks its own question there, such as for a passphrase.

The command runs in a process group of its own, so that it can be killed with all that it starts.
Only the group in the foreground may read from the terminal.
"""

import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalLoan:
    """A terminal to lend. `fd` is an open descriptor; `modes` are those of termios."""

    fd: int
    modes: list[object]

    def lend(self, group: int) -> None:
        """Put a process group into the foreground, and wake it if it was stopped before."""
        self._to_foreground(group)
        with suppress(OSError):
            os.killpg(group, signal.SIGCONT)

    def take_back(self) -> None:
        """Put this process into the foreground again, with the modes from before."""
        import termios

        self._to_foreground(os.getpgrp())
        with suppress(OSError, termios.error):
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self.modes)  # type: ignore[arg-type]
        os.close(self.fd)

    def _to_foreground(self, group: int) -> None:
        # A process in the background is stopped for this unless the signal is blocked.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        try:
            with suppress(OSError):
                os.tcsetpgrp(self.fd, group)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def terminal_to_lend() -> TerminalLoan | None:
    """Return the terminal of this process.

    None if it has none, is in the background, or draws screens on it.
    """
    if sys.platform == "win32":
        return None
    import termios

    try:
        fd = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return None
    try:
        modes = termios.tcgetattr(fd)
        if modes[3] & termios.ICANON and os.tcgetpgrp(fd) == os.getpgrp():
            return TerminalLoan(fd=fd, modes=modes)
    except (OSError, termios.error):
        pass
    os.close(fd)
    return None
