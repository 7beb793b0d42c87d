"""How the application ends: by ctrl+c, by a signal, by a fault of ours. The terminal is left clean, nothing that hangs holds it up, and no value is shown."""

import asyncio
import contextlib
import signal
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.worker import WorkerFailed

from oai_tui.crash import crash_line
from oai_tui.startup import collection_is_paused, resume_collection

INTERRUPTED = 130
_STANDING_S = 0.5
"""Seconds after which the first screen has been painted."""


class AppBase(App[None]):
    """An application that begins soon and ends well. Textual by itself stays in its screen on SIGTERM, only hints on ctrl+c, and shows the values of variables when it crashes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+c",
            "interrupt",
            "interrupt",
            id="app.interrupt",
            tooltip="Leave the program at once",
            show=False,
            priority=True,
        ),
    ]

    def on_mount(self) -> None:
        """Take over the signals, let no blocked resolver or keyring hold up the end, and collect garbage again where the start had put that off."""
        from oai_tui.system.deadline import use_daemon_threads

        if collection_is_paused():
            self.set_timer(_STANDING_S, resume_collection)
        loop = asyncio.get_running_loop()
        use_daemon_threads()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._on_signal, int(number))

    def _on_signal(self, number: int) -> None:
        self.exit(return_code=128 + number)

    def action_interrupt(self) -> None:
        """Leave at once, as an interrupted program does."""
        self.exit(return_code=INTERRUPTED)

    def _fatal_error(self) -> None:
        """One line that names the fault's kind and place, in place of Textual's traceback, which would show the values of variables."""
        from rich.text import Text

        if self._exit_renderables:
            return
        error: BaseException | None = self._exception
        if isinstance(error, WorkerFailed):
            error = error.error
        self._exit_renderables.append(Text(crash_line(error, "wizard")))
        self._close_messages_no_wait()
