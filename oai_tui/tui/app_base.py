"""The start and the end of the application: ctrl+c, signals, exceptions of our own.

The terminal is left clean, a call that hangs does not delay the end, and no value is printed.
"""

import asyncio
import contextlib
import signal
from typing import Any, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerFailed

from oai_tui.crash import crash_line
from oai_tui.startup import collection_is_paused, resume_collection
from oai_tui.system.exit_watchdog import ExitWatchdog
from oai_tui.tui.closable import ClosablePalette
from oai_tui.tui.consent_guard import QUIET_S, GuardedScreen
from oai_tui.tui.suspend import can_suspend, suspend
from oai_tui.tui.textual_private import CrashText, mark_unbracketed_pastes

INTERRUPTED = 130
"""Exit code of a program that was ended by ctrl+c."""
MIN_COLUMNS = 12
MIN_ROWS = 4
"""The smallest terminal for which screens are laid out; a smaller one shows a part."""
_FIRST_PAINT_S = 0.5
"""Seconds after which the first screen has been painted."""


class AppBase(CrashText):
    """An application that starts quickly and leaves a clean terminal.

    Textual by itself stays in its alternate screen on SIGTERM, only shows a hint on ctrl+c, and
    prints the values of local variables when it crashes.
    """

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
        Binding(
            "ctrl+z",
            "suspend_process",
            "suspend",
            id="app.suspend",
            tooltip="Go back to the shell; fg continues here",
            show=False,
        ),
    ]

    watchdog: ExitWatchdog
    """Ends a program that is stuck when it is asked to end."""
    quiet_s: float = QUIET_S
    """Seconds without a key after which a question takes an answer; 0 turns the guard off."""

    async def on_event(self, event: events.Event) -> None:
        """Keep input from a question that it was not meant for."""
        top = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(top, GuardedScreen) and not top.admits(event):
            event.stop()
            return
        await super().on_event(event)

    def on_mount(self) -> None:
        """Handle signals, run blocking calls in daemon threads, and turn the garbage collector on.

        Daemon threads do not delay the end, even if a resolver or a keyring never answers.
        The command turns the garbage collector off for the start, which is faster without it.
        """
        from oai_tui.system.deadline import use_daemon_threads

        if collection_is_paused():
            self.set_timer(_FIRST_PAINT_S, resume_collection)
        self.app_resume_signal.subscribe(self, self._repaint)
        loop = asyncio.get_running_loop()
        use_daemon_threads()
        if self.is_headless:
            return
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._exit_on_signal, int(number))
        with contextlib.suppress(OSError, ValueError):
            self.watchdog.watch_signals()

    def _exit_on_signal(self, number: int) -> None:
        self.watchdog.start(128 + number)
        self.exit(return_code=128 + number)

    def get_driver_class(self) -> type[Driver]:
        """Return the driver of this platform, which starts the watchdog at ctrl+c.

        It reads keys in a thread of its own, so a stuck event loop does not matter.
        """
        watchdog = self.watchdog = ExitWatchdog()
        mark_unbracketed_pastes()

        class WatchedDriver(super().get_driver_class()):  # type: ignore[misc]
            """The platform's driver."""

            def send_message(self, message: Message) -> None:
                """Send a message to the application."""
                if isinstance(message, events.Key) and message.key == "ctrl+c":
                    watchdog.start(INTERRUPTED)
                super().send_message(message)

        return WatchedDriver

    def action_command_palette(self) -> None:
        """Show the palette, unless it is open already.

        Without the id that Textual gives it: a closed palette is removed a moment later, and a
        second one with the same id would end the program.
        """
        if not any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            self.push_screen(ClosablePalette())

    def close_screen(self, screen: Screen[Any]) -> bool:
        """Close a screen. Return False, and close nothing, unless it is on top of another one.

        Textual's `pop_screen` closes whatever is on top: with a held key, a screen below that
        nobody meant, or the last one, which ends the program.
        """
        if len(self.screen_stack) < 2 or self.screen is not screen:
            return False
        self.pop_screen()
        return True

    def action_interrupt(self) -> None:
        """Leave at once, with the exit code of an interrupted program."""
        self.exit(return_code=INTERRUPTED)

    def action_suspend_process(self) -> None:
        """Stop until the shell's `fg`, or say that this is not possible here."""
        if self.is_headless or self.is_web or not can_suspend():
            self.notify(
                "This terminal cannot suspend a program. Open another one, or press q to leave.",
                severity="warning",
            )
        else:
            suspend()

    def _repaint(self, _app: App[None]) -> None:
        """Draw everything after `fg`; Textual alone draws only what has changed since."""
        for screen in self.screen_stack:
            for widget in screen.walk_children(Widget, with_self=True):
                widget.refresh(layout=True)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for a few columns at least, whatever the size of the terminal.

        Textual cannot wrap text into no columns, which are what borders leave of fewer. Runs
        before Textual's own handler.
        """
        event.size = Size(max(event.size.width, MIN_COLUMNS), max(event.size.height, MIN_ROWS))

    def crash_text(self, error: BaseException | None) -> str:
        """Return one line that names the exception's type and place, and no value."""
        if isinstance(error, WorkerFailed):
            error = error.error
        return crash_line(error, "wizard")
