"""The dialog that saves a report: a file name, whose ending chooses the format."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from oai_tui.tui.closable import ClosableDialog
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.report_file import ENDINGS, SaveError, chosen_path, is_taken, write_report
from oai_tui.tui.screens.dialogs import ConfirmScreen
from oai_tui.tui.widgets.action_bar import Action, ActionBar


class SaveReportScreen(ClosableDialog[Path | None]):
    """Returns the path of the saved report, or None if nothing was saved.

    `render` makes the report in a format of `oai_tui.reports`. `name` is the proposed file name.
    """

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="report.cancel", tooltip="Close without saving")
    ]

    def __init__(self, render: Callable[[str], str], name: str) -> None:
        super().__init__(classes="modal")
        self._render_report = render
        self._name_offered = name

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                yield Static(Content("Save the report"), classes="heading")
                yield Static(
                    Content(f"The file name ends in {ENDINGS}. The report has no key in it."),
                    classes="hint",
                )
                yield Input(self._name_offered, id="report-name", max_length=1024)
                yield Static(id="report-problem")
            yield ActionBar(
                [Action(id="save", label="Save report"), Action(id="cancel", label="Cancel")],
                grab_focus=False,
            )

    def on_mount(self) -> None:
        self.query_one("#report-name", Input).focus()

    @on(Input.Changed, "#report-name")
    def _forget_problem(self) -> None:
        self._show_problem("")

    @on(Input.Submitted, "#report-name")
    def _save_entered(self) -> None:
        self._save()

    @on(ActionBar.Chosen)
    def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        if event.action == "save":
            self._save()
        else:
            self.dismiss(None)

    @work(exclusive=True, group="report")
    async def _save(self) -> None:
        """Write the file. If it exists, ask first."""
        try:
            path, format = chosen_path(self.query_one("#report-name", Input).value)
            page = self._render_report(format)
            replace = is_taken(path)
            if replace and await self.app.push_screen_wait(_replacing(path)) is not True:
                return
            saved = await asyncio.to_thread(write_report, path, page, replace=replace)
        except SaveError as error:
            self._show_problem(str(error))
        except FileExistsError:
            self._show_problem("The file was created a moment ago. Save again to replace it.")
        else:
            self.dismiss(saved)

    def _show_problem(self, text: str) -> None:
        shown = Content.styled(f"! {display_safe(text)}", "$text-warning") if text else Content("")
        self.query_one("#report-problem", Static).update(shown)

    def action_cancel(self) -> None:
        """Close without saving."""
        self.dismiss(None)


def _replacing(path: Path) -> ConfirmScreen:
    return ConfirmScreen(
        "Replace the file?",
        f"{path} already exists.",
        yes="Replace it",
        no="Keep it",
    )
