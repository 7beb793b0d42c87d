"""A result that a screen shows, in the forms in which it leaves the screen.

The report, the support ticket, the first command, the first link. Everything is redacted.
"""

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from oai_tui import __version__
from oai_tui.diagnosis.walk import WalkState, diagnosis_of
from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.domain.explained import ExplainResult, FailureReport
from oai_tui.domain.keys.redaction import visible
from oai_tui.reports import ExplainReport, exit_code, render, render_explanation
from oai_tui.reports.explain_report import worst_verdict
from oai_tui.reports.ticket import TicketContext, ticket, ticket_for_text
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress

if TYPE_CHECKING:
    from oai_tui.services.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownResult:
    """What can be copied and saved of a result.

    `command`: the first command, else the first piece of advice; "" for none.
    `url`: the first link; "" for none.
    `report`: renders the report in a format of `oai_tui.reports`.
    `ticket`: renders the support ticket.
    """

    command: str
    url: str
    report: Callable[[str], str]
    ticket: Callable[[], str]


def result_of_check(
    session: CheckSession,
    progress: WalkProgress,
    now: datetime,
    command: str = "",
    diagnosis: Diagnosis | None = None,
) -> ShownResult:
    """Return what a check has found so far.

    `command` and `diagnosis` replace those of the check.
    """
    diagnosis = diagnosis or diagnosis_so_far(session, progress, now)
    redact = session.services.redactor()
    kept = next((line for line in permanent_lines(session)), "")

    def ticket_text() -> str:
        tried = tuple(f"In the check: {change.text}" for change in session.changes)
        return ticket(diagnosis, _context(now, tried), redact)

    fixes = diagnosis.verdict.fixes
    return ShownResult(
        command=visible(redact(command or (_first_command(fixes) if fixes else kept))),
        url=_first_url(fixes, redact),
        report=lambda format: render(format, diagnosis, redact=redact),
        ticket=ticket_text,
    )


def result_of_text(
    services: "Services", reports: Sequence[FailureReport], index: int, now: datetime
) -> ShownResult:
    """Return what a pasted text shows. Command, link and ticket are of the failure at `index`."""
    redact = services.redactor()
    shown = reports[index]
    verdict = worst_verdict(tuple(reports))
    page = ExplainReport(
        explanation=ExplainResult(results=tuple(reports), is_log=len(reports) > 1),
        verdict=verdict,
        exit_code=exit_code(verdict),
        version=__version__,
        started_at=now,
        elapsed_ms=0,
    )
    return ShownResult(
        command=visible(redact(_first_command(shown.verdict.fixes))),
        url=_first_url(shown.verdict.fixes, redact),
        report=lambda format: render_explanation(format, page, redact=redact),
        ticket=lambda: ticket_for_text(shown, _context(now), redact),
    )


def diagnosis_so_far(session: CheckSession, progress: WalkProgress, now: datetime) -> Diagnosis:
    """Return the diagnosis of a check; of one that waits for the answer "save", as it is now."""
    if progress.diagnosis is not None:
        return progress.diagnosis
    state = WalkState(
        target=session.target,
        credential=session.credential,
        version=__version__,
        facts=dict(progress.facts),
        records=list(progress.records),
        current_match=progress.cause_match,
        started_at=now,
    )
    diagnosis = diagnosis_of(state, session.services.catalogue, _Frozen(now))
    elapsed_ms = sum(record.observation.timings.total_ms or 0.0 for record in progress.records)
    return replace(diagnosis, elapsed_ms=round(elapsed_ms, 1))


@dataclass(frozen=True, slots=True)
class _Frozen:
    """A clock that always returns the same time."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def steady(self) -> float:
        return 0.0


def permanent_lines(session: CheckSession) -> tuple[str, ...]:
    """Return the first line of each change of this check that makes the change permanent."""
    return tuple(change.permanent[0].text for change in session.changes if change.permanent)


def failed_request_ids(verdict: Verdict, progress: WalkProgress) -> tuple[str, ...]:
    """Return the request ids of the calls that failed; empty for a check that works."""
    if verdict.outcome == "working":
        return ()
    return tuple(
        record.observation.request_id
        for record in progress.records
        if record.mark == "failed" and record.observation.request_id
    )


def _first_command(fixes: Sequence[Fix]) -> str:
    """Return the first command of all fixes, else the text of the first; may be empty."""
    commands = [fix.command for fix in fixes if fix.command]
    texts = [fix.text for fix in fixes]
    return next(iter((*commands, *texts)), "")


def _first_url(fixes: Sequence[Fix], redact: Callable[[str], str]) -> str:
    return visible(redact(next((fix.url for fix in fixes if fix.url), "")))


def _context(now: datetime, tried: tuple[str, ...] = ()) -> TicketContext:
    system = f"{platform.system()} {platform.release()}".strip()
    client = f"oai-tui {__version__}, Python {platform.python_version()}, {system}"
    return TicketContext(now=now, client=client, tried=tried)
