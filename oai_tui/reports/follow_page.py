"""The failures of a followed log as text: a page that fits a terminal, and one line for each."""

from collections.abc import Iterator

from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.redaction import visible
from oai_tui.reports.explain_text import count_of, failure_name, failure_table, readable_time
from oai_tui.reports.style import Style
from oai_tui.reports.text_evidence import evidence_of


def page_lines(
    name: str, results: tuple[FailureReport, ...], style: Style, *, rows: int
) -> Iterator[str]:
    """Yield a head and a row for each cause, most frequent first; each fits the style's width.

    name: of the log. rows: the maximum of lines below the head.
    """
    yield style.paint("strong", f"{visible(name)}: {_found(results)}"[: style.width])
    table = list(failure_table(results, style))
    if len(table) > rows - 1:
        table = [*table[: max(0, rows - 2)], style.paint("quiet", "  … more below")]
    yield from table
    yield style.paint("quiet", "waiting for more · Ctrl+C ends with the report"[: style.width])


def failure_line(failure: FailureReport) -> str:
    """Return one failure on one line: when, the cause, what the answer was."""
    verdict = failure.verdict
    evidence = evidence_of(failure.observation)
    request = f"request {evidence.request_id}" if evidence.request_id else ""
    answer = " ".join(
        part for part in (str(evidence.status or ""), evidence.code or evidence.type) if part
    )
    details = [part for part in (answer, request) if part]
    time = readable_time(failure.first_seen)
    head = f"{time} {failure_name(failure)} ({verdict.confidence}): {verdict.title}"
    return visible(" · ".join([head.strip(), *details])).replace("\n", " ")


def summary_line(results: tuple[FailureReport, ...]) -> str:
    """Return the counts by cause on one line."""
    counts = ", ".join(f"{failure.count:,} × {failure_name(failure)}" for failure in results)
    return f"{_found(results)}{': ' if counts else ''}{counts}"


def _found(results: tuple[FailureReport, ...]) -> str:
    if not results:
        return "no failed API call so far"
    total = sum(failure.count for failure in results)
    return f"{count_of(total, 'failure')} of {count_of(len(results), 'kind')}"
