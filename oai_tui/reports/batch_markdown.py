"""The reports on several keys as Markdown: a table, then what to do for each that failed."""

from collections.abc import Iterator

from oai_tui.reports.markdown_blocks import advice, heading, listed, section
from oai_tui.reports.markdown_text import code, prose
from oai_tui.reports.report import Batch, Report
from oai_tui.reports.text_blocks import OUTCOMES


def render_batch(batch: Batch) -> str:
    """Return the page, ending in a newline."""
    return "\n".join(_lines(batch)) + "\n"


def _lines(batch: Batch) -> Iterator[str]:
    reports = batch.reports
    works = sum(report.exit_code == 0 for report in reports)
    verb = "works" if works == 1 else "work"
    yield f"# {'✓' if batch.exit_code == 0 else '✗'} {len(reports)} checked, {works} {verb}"
    if reports:
        yield ""
        yield from _table(reports)
    for report in reports:
        if report.exit_code:
            yield ""
            yield from heading(report.diagnosis.verdict, 2)
            yield ""
            yield f"Check: {code(report.label)}"
            yield from advice(report.diagnosis.verdict, 3)
            yield from section("Warnings", listed(report.diagnosis.verdict.warnings), 3)
    yield ""
    yield "---"
    yield ""
    yield f"oai-tui {batch.version} · exit code {batch.exit_code}"


def _table(reports: tuple[Report, ...]) -> Iterator[str]:
    with_environment = any(report.environment for report in reports)
    names = ["", "Check", *(["Environment"] if with_environment else []), "Key", "Result", "Cause"]
    yield _row(names)
    yield _row(["---"] * len(names))
    for report in reports:
        verdict, key = report.diagnosis.verdict, report.diagnosis.credential
        mark = OUTCOMES[verdict.outcome][0]
        warning = " (warning only)" if report.exit_code and report.severity == "warning" else ""
        yield _row(
            [
                mark,
                _cell(report.label),
                *([_cell(report.environment)] if with_environment else []),
                _cell(key.hint) if key else "none",
                prose(verdict.title) + warning,
                _cell(verdict.cause or ""),
            ]
        )


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Return a text as code; a table needs its bars escaped even there."""
    return code(text).replace("|", "\\|")
