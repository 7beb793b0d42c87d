"""Several checks as a matrix: one row a check, one column a stage."""

from collections.abc import Iterator, Mapping

from oai_tui.domain.decision_tree import Mark
from oai_tui.domain.diagnosis import StepRecord
from oai_tui.knowledge.tree import TREE
from oai_tui.reports.report import Report
from oai_tui.reports.style import Style
from oai_tui.reports.text import MARKS
from oai_tui.reports.text_blocks import OUTCOMES

_COLUMNS: Mapping[str, str] = {
    "credential": "found",
    "reach": "reach",
    "key": "key",
    "identity": "org",
    "model": "model",
    "inference": "bill",
    "limits": "limit",
}
"""Stage -> the head of its column."""
_STAGES = tuple(stage.id for stage in TREE.stages if stage.id in _COLUMNS)
_MAX_NAME = 24
_MIN_NAME = 8
_WORST_FIRST: tuple[Mark, ...] = ("failed", "warning", "passed", "skipped")


def lines(reports: tuple[Report, ...], style: Style) -> Iterator[str]:
    """Yield the matrix, grouped by environment in the order of the file; nothing for no checks."""
    if not reports:
        return
    heads = [_COLUMNS[stage] for stage in _STAGES]
    columns = sum(len(head) + 1 for head in heads)
    longest = max(len(report.label) for report in reports)
    width = max(_MIN_NAME, min(longest, _MAX_NAME, style.width - columns - 6))
    yield style.paint("quiet", f"{'':{width + 4}}{' '.join(heads)}  result")
    for environment in dict.fromkeys(report.environment for report in reports):
        if environment:
            yield style.paint("strong", environment)
        for report in reports:
            if report.environment == environment:
                yield _row(report, width, style)


def _row(report: Report, width: int, style: Style) -> str:
    verdict = report.diagnosis.verdict
    mark, paint = OUTCOMES[verdict.outcome]
    label = report.label
    name = label if len(label) <= width else label[: width - 1] + "…"
    cells = []
    for stage in _STAGES:
        of_stage = [record for record in report.diagnosis.trail if record.stage == stage]
        sign, cell_paint = MARKS[_mark(of_stage)]
        head = len(_COLUMNS[stage])
        cells.append(style.paint(cell_paint, sign.center(head)))
    note = "" if report.severity == "error" or not report.exit_code else " (warning only)"
    result = verdict.cause or ("works" if report.exit_code == 0 else verdict.outcome)
    return f"{style.paint(paint, mark)} {name.ljust(width)}  {' '.join(cells)}  {result}{note}"


def _mark(records: list[StepRecord]) -> Mark:
    """Return the worst mark of a stage's steps, without experiments; "skipped" for none."""
    marks = {record.mark for record in records if not record.experiment}
    return next((mark for mark in _WORST_FIRST if mark in marks), "skipped")
