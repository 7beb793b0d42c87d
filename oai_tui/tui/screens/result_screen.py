"""A screen that shows a result: the same keys save, copy and open it on each of them."""

import asyncio
import os
from typing import TYPE_CHECKING, Generic, TypeVar

from textual import work
from textual.binding import Binding, BindingType

from oai_tui.tui.report_file import proposed_name
from oai_tui.tui.screens.save_report import SaveReportScreen
from oai_tui.tui.screens.scroll_screen import ScrollScreen
from oai_tui.tui.shown_result import ShownResult

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation

Result = TypeVar("Result")
RESULT_ACTIONS = frozenset({"save_report", "copy_command", "open_link", "copy_ticket"})
RESULT_BINDINGS: tuple[BindingType, ...] = (
    Binding(
        "c",
        "copy_command",
        "copy",
        id="result.copy",
        tooltip="Copy the first command, or the first fix if there is no command",
    ),
    Binding(
        "s",
        "save_report",
        "save",
        id="result.save",
        tooltip="Save the report as a file (Markdown, JSON or text), without the key",
    ),
    Binding(
        "o",
        "open_link",
        "open",
        id="result.open",
        tooltip="Open the first link in the browser, or copy it",
        show=False,
    ),
    Binding(
        "t",
        "copy_ticket",
        "ticket",
        id="result.ticket",
        tooltip="Copy a support ticket, ready to paste, without the key",
        show=False,
    ),
)
"""The keys of a result; a screen has them after its own."""
_COPY_HINT = "If it wasn't copied, hold Shift and select it with the mouse."


class ResultScreen(ScrollScreen[Result], Generic[Result]):
    """Has the actions of RESULT_BINDINGS.

    Saves the report, copies the first command or a support ticket, opens the first link.
    """

    app: "Navigation"

    def shown_result(self) -> ShownResult | None:
        """Return the result that is shown; None while there is none."""
        raise NotImplementedError

    def action_copy_command(self) -> None:
        """Copy the first command, or the first piece of advice."""
        result = self.shown_result()
        if result is None:
            return
        if not result.command:
            self._say("There is no command to copy here.")
            return
        self.app.copy_to_clipboard(result.command)
        self._say(f"{result.command}\n{_COPY_HINT}", title="Copied")

    def action_copy_ticket(self) -> None:
        """Copy a support ticket, and show what was copied."""
        result = self.shown_result()
        if result is not None:
            text = result.ticket()
            self.app.copy_to_clipboard(text)
            self.app.show_note("Support ticket copied", text, verbatim=True)

    @work(exclusive=True, group="link")
    async def action_open_link(self) -> None:
        """Open the first link in a browser; where there is none, copy it and say so."""
        result = self.shown_result()
        if result is None:
            return
        if not result.url:
            self._say("There is no link to open here.")
            return
        from oai_tui.system.browser import open_in_browser  # imports shutil

        if await asyncio.to_thread(open_in_browser, result.url, os.environ):
            self._say(result.url, title="Opened in the browser")
            return
        self.app.copy_to_clipboard(result.url)
        self._say(f"{result.url}\n{_COPY_HINT}", title="No browser here: link copied")

    @work(exclusive=True, group="report")
    async def action_save_report(self) -> None:
        """Ask for a file name and save the report."""
        result = self.shown_result()
        if result is None:
            return
        name = proposed_name(self.app.now())
        path = await self.app.push_screen_wait(SaveReportScreen(result.report, name))
        if path is not None:
            self._say(str(path), title="Report saved")

    def _say(self, text: str, title: str = "") -> None:
        self.notify(text, title=title, markup=False, timeout=8)
