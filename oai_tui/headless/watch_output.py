"""Where the rounds of `oai-tui watch` go: a table, lines, or a file."""

import os
import stat
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from oai_tui import __version__
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.headless.console import print_note, report_style, write_report_file
from oai_tui.headless.job_summary import READABLE_BY_ALL
from oai_tui.headless.live_page import LivePage, can_redraw
from oai_tui.headless.stdout_lines import check_reader, print_lines
from oai_tui.reports import watch_json_lines, watch_table
from oai_tui.reports.batch import Result, render_batch
from oai_tui.reports.json import iso_utc
from oai_tui.reports.report import redact_strings
from oai_tui.reports.style import ColorChoice
from oai_tui.reports.watch_state import StatusChange, WatchState

WatchFormat = Literal["text", "json-lines", "prometheus"]
WATCH_FORMATS: tuple[WatchFormat, ...] = ("text", "json-lines", "prometheus")

_NOTES = 3
"""Notes below the table."""


class WatchOutput:
    """Shows each round. What it remembers does not grow with the rounds.

    every_s: seconds between the starts of two rounds, for the page. now: the time in UTC.
    """

    def __init__(
        self,
        format: WatchFormat,
        output: Path | None,
        *,
        color: ColorChoice,
        every_s: float,
        now: Callable[[], datetime],
    ) -> None:
        self.state = WatchState()
        self._format = format
        self._output = output
        self._color = color
        self._every_s = every_s
        self._now = now
        self._live = LivePage() if format == "text" and output is None and can_redraw() else None
        self.held_notes: deque[str] | None = None if self._live is None else deque(maxlen=_NOTES)
        """The last notes, which would otherwise be printed into the table; None to print them."""

    def show(self, results: Sequence[Result], redact: Redactor) -> bool:
        """Show a round; return False, after a note, if it could not be written.

        OutputClosed if stdout is closed.
        """
        results = tuple(redact_strings(result, redact) for result in results)
        changes = self.state.update(results)
        try:
            self._write(results, changes)
        except click.ClickException as error:
            print_note(error.format_message())
            return False
        except OSError as error:
            print_note(f"cannot write {self._output or 'standard output'}: {error.strerror}")
            return False
        return True

    def _write(self, results: tuple[Result, ...], changes: tuple[StatusChange, ...]) -> None:
        if self._format == "json-lines":
            lines = list(watch_json_lines.lines(self.state, changes))
            self._append("".join(f"{line}\n" for line in lines))
            return
        if self._live is not None:
            notes = [
                f"! {note}"[: report_style(None, self._color).width]
                for note in self.held_notes or ()
            ]
            self._live.draw([*self._page(max(1, self._live.rows - len(notes))), *notes])
            return
        news = [change for change in changes if change.is_worth_a_line]
        if self._format == "prometheus":
            self._log(news)
            page = render_batch("prometheus", results, mode="watch", version=__version__)
            if self._output is None:
                print_lines(page)
            else:
                write_report_file(self._output, page, mode=READABLE_BY_ALL)
        elif self._output is not None:
            self._log(news)
            write_report_file(self._output, "\n".join(self._page(None)) + "\n")
        else:
            style = report_style(None, self._color)
            lines = [f"{iso_utc(change.at)} {change.text}" for change in news]
            if self.state.round == 1:
                lines = self._page(None)
            if lines:
                print_lines(style.encodable("".join(f"{line}\n" for line in lines)))
            else:  # or `| head -1` would leave a watch that runs until the next change
                check_reader()

    def _log(self, changes: Sequence[StatusChange]) -> None:
        """Print changes on stderr, where a service manager keeps them."""
        for change in changes:
            print_note(f"{iso_utc(change.at)} {change.text}")

    def _page(self, rows: int | None) -> list[str]:
        style = report_style(self._output, self._color)
        lines = watch_table.lines(
            self.state, style, now=self._now(), every_s=self._every_s, rows=rows
        )
        return [style.encodable(line) for line in lines]

    def _append(self, text: str) -> None:
        """Append lines to the file, which only its owner can read, or print them."""
        if self._output is None:
            print_lines(text)
            return
        _append_lines(self._output, text.encode("utf-8"))


def _append_lines(path: Path, data: bytes) -> None:
    """Append lines to a file: all of them, or none. A last line that is incomplete is ended first.

    OSError if the file cannot be written.
    """
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab", 0) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.write(data)
            return
        size = os.fstat(file.fileno()).st_size
        if size and not _ends_a_line(path):
            data = b"\n" + data
        try:
            while data:
                data = data[file.write(data) :]
        except OSError:
            file.truncate(size)  # a full disk takes a part
            raise


def _ends_a_line(path: Path) -> bool:
    """Return False if the last byte of a file with content is not a line break."""
    try:
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
    except OSError:  # a file that may only be written
        return True
