"""An explained text or log as annotations of GitHub Actions, one for each kind of failure."""

from collections.abc import Iterator

from oai_tui.reports.explain_report import ExplainReport
from oai_tui.reports.github_commands import annotation, verdict_annotation


def render(report: ExplainReport) -> str:
    """Return the annotations, one a line, ending in a newline."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: ExplainReport) -> Iterator[str]:
    for failure in report.explanation.results:
        count = f"{failure.count:,} × " if failure.count > 1 else ""
        yield verdict_annotation("error", failure.verdict, lead=count)
    if not report.explanation.results:
        yield annotation("notice", "oai-tui", report.verdict.title)
