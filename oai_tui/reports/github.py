"""The report on a check as annotations of GitHub Actions; the job summary gets its Markdown."""

from collections.abc import Iterator

from oai_tui.reports.github_commands import annotation, verdict_annotation
from oai_tui.reports.report import Batch, Report


def render(report: Report) -> str:
    """Return the annotations, one a line, ending in a newline."""
    return "\n".join(_lines(report)) + "\n"


def render_batch(batch: Batch) -> str:
    """Return the annotations of several checks; "" if there are none."""
    return "".join(render(report) for report in batch.reports)


def _lines(report: Report) -> Iterator[str]:
    verdict = report.diagnosis.verdict
    environment = f" ({report.environment})" if report.environment else ""
    lead = f"{report.label}{environment}: "
    if report.exit_code == 0:
        yield annotation("notice", "oai-tui", f"{lead}{verdict.title}")
    else:
        yield verdict_annotation(report.severity, verdict, lead=lead)
    for warning in verdict.warnings:
        yield annotation("warning", "oai-tui", f"{lead}{warning}")
