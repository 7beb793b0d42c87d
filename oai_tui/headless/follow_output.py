"""Where the failures of a followed log go: a page on a terminal, or a line for each."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from oai_tui import __version__
from oai_tui.domain.explained import ExplainResult, FailureReport
from oai_tui.headless.console import print_note, print_report, stdout_style
from oai_tui.headless.live_page import LivePage, can_redraw
from oai_tui.headless.stdout_lines import check_reader, print_lines
from oai_tui.reports import ExplainReport, exit_code, render_explanation
from oai_tui.reports.explain_report import worst_verdict
from oai_tui.reports.follow_page import failure_line, page_lines, summary_line
from oai_tui.reports.style import ColorChoice
from oai_tui.services.explain_text import no_failure

FollowFormat = Literal["text", "json-lines"]
FOLLOW_FORMATS: tuple[FollowFormat, ...] = ("text", "json-lines")
_REDRAW_S = 0.25
"""Seconds between two drawings of the page."""


class FollowOutput:
    """Shows the failures of a log as they come, and all of them by cause at the end.

    name: of the log. clock: returns seconds.
    """

    def __init__(
        self,
        format: FollowFormat,
        name: str,
        *,
        color: ColorChoice,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.results: Callable[[], tuple[FailureReport, ...]] = tuple
        """Returns what was counted so far; set once the log is read."""
        self._format = format
        self._name = name
        self._style = stdout_style(color)
        self._clock = clock
        self._started_at = datetime.now(UTC)
        self._started = self._drawn_at = clock()
        self._last_page: list[str] = []
        self._page = LivePage() if format == "text" and can_redraw() else None
        if self._page is not None:
            self._draw(self._page)

    @property
    def on_failure(self) -> Callable[[FailureReport], None] | None:
        """Return what prints a failure; None for a page, which shows counts only."""
        return None if self._page is not None else self._print

    def update(self) -> None:
        """Draw the page, if it is time to; OutputClosed if nobody reads the lines any more."""
        if self._clock() - self._drawn_at < _REDRAW_S:
            return
        self._drawn_at = self._clock()
        if self._page is not None:
            self._draw(self._page)
        else:
            check_reader()

    def finish(self, results: tuple[FailureReport, ...]) -> int:
        """Show all failures by cause; return the exit code of the worst one."""
        report = self._report(results)
        if self._format == "json-lines":
            print_note(summary_line(results))
            return report.exit_code
        if self._page is not None:
            self._page.draw([])
        else:
            print_lines("\n")
        print_report(render_explanation("text", report))
        return report.exit_code

    def _print(self, failure: FailureReport) -> None:
        report = self._report((failure,))
        if self._format == "json-lines":
            print_lines(render_explanation("json-lines", report))
        else:
            print_lines(self._style.encodable(failure_line(failure) + "\n"))

    def _draw(self, page: LivePage) -> None:
        lines = page_lines(self._name, self.results(), self._style, rows=page.rows)
        drawn = [self._style.encodable(line) for line in lines]
        if drawn != self._last_page:  # a page that is not redrawn can be read and copied
            page.draw(drawn)
            self._last_page = drawn

    def _report(self, results: tuple[FailureReport, ...]) -> ExplainReport:
        verdict = worst_verdict(results) if results else no_failure()
        return ExplainReport(
            explanation=ExplainResult(results=results, is_log=True),
            verdict=verdict,
            exit_code=exit_code(verdict),
            version=__version__,
            started_at=self._started_at,
            elapsed_ms=1000 * (self._clock() - self._started),
            style=self._style,
        )
