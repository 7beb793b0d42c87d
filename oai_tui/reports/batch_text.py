"""The reports on several keys as text: a few lines for each."""

import textwrap
from collections.abc import Iterator

from oai_tui.reports import matrix
from oai_tui.reports.report import Batch
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import OUTCOMES

_MAX_NAME_WIDTH = 28


def render_batch(batch: Batch) -> str:
    """Return the page, ending in a newline."""
    return "\n".join(_lines(batch)) + "\n"


def _lines(batch: Batch) -> Iterator[str]:
    style = batch.style
    if batch.has_matrix:
        yield from matrix.lines(batch.reports, style)
        yield ""
    shown = [report for report in batch.reports if report.exit_code or not batch.has_matrix]
    width = min(max((len(report.name) for report in shown), default=0), _MAX_NAME_WIDTH)
    for report in shown:
        verdict = report.diagnosis.verdict
        mark, paint = OUTCOMES[verdict.outcome]
        key = report.diagnosis.credential
        name = style.paint("strong", report.name.ljust(width))
        notes = [report.environment] if report.environment else []
        if report.exit_code and report.severity == "warning":
            notes.append("warning only")
        more = f"  ({', '.join(notes)})" if notes else ""
        yield f"{style.paint(paint, mark)} {name}  {key.hint if key else 'no key'}{more}"
        yield from _wrapped(verdict.title + (f" ({verdict.cause})" if verdict.cause else ""), style)
        for fix in verdict.fixes[:1]:
            yield from _wrapped(f"→ {fix.text}", style)
            yield from (f"      {line}" for line in fix.command.splitlines())
            if fix.url:
                yield f"      {style.link(fix.url)}"
        for warning in verdict.warnings:
            yield from _wrapped(f"! {warning}", style)
    hidden = {
        warning: report.name
        for report in reversed(batch.reports)
        if report not in shown
        for warning in report.diagnosis.verdict.warnings
    }
    for warning, first in reversed(hidden.items()):
        yield from _wrapped(f"! {first}: {warning}", style)
    works = sum(report.exit_code == 0 for report in batch.reports)
    verb = "works" if works == 1 else "work"
    if shown or hidden or not batch.has_matrix:
        yield ""
    yield style.paint(
        "quiet",
        f"{len(batch.reports)} checked · {works} {verb} · exit code {batch.exit_code}",
    )


def _wrapped(text: str, style: Style) -> Iterator[str]:
    yield from textwrap.wrap(
        text, style.width, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False
    )
