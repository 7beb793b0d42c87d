"""An explained text or log as text: the cause, why, what to do, what else it could be.

A log begins with a table of all causes. The page fits any width from 20 columns.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation
from oai_tui.reports.explain_report import ExplainReport
from oai_tui.reports.labels import FAILURE_LABELS
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import (
    OUTCOMES,
    first_steps,
    fix_lines,
    listed,
    retry_lines,
    section,
    verdict_lines,
    wrapped,
)
from oai_tui.reports.text_evidence import evidence_of

_SINCE_1970 = re.compile(r"([12][0-9]{9})(?:\.[0-9]{1,9}|[0-9]{3}|[0-9]{6}|[0-9]{9})?")
"""Seconds, milliseconds, microseconds or nanoseconds since 1970; group 1 is the seconds."""
_MIN_ONE_LINE_WIDTH = 72
"""In a narrower page the times of a table's row are on a second line."""


def render(report: ExplainReport) -> str:
    """Return the page, ending in a newline."""
    lines = _log(report) if report.explanation.is_log else _paste(report)
    return "\n".join([*lines, "", *wrapped(_closing(report), report.style, paint="quiet")]) + "\n"


def _paste(report: ExplainReport) -> Iterator[str]:
    (failure,) = report.explanation.results
    yield from verdict_lines(failure.verdict, report.style)
    yield from _details(failure.verdict, failure.observation, report.style)


def _log(report: ExplainReport) -> Iterator[str]:
    results, style = report.explanation.results, report.style
    if not results:
        yield from verdict_lines(report.verdict, style)
        yield from _details(report.verdict, None, style)
        return
    total = sum(failure.count for failure in results)
    yield from wrapped(
        f"{count_of(total, 'failure')} of {count_of(len(results), 'kind')}, most frequent first",
        style,
        paint="strong",
    )
    yield ""
    yield from failure_table(results, style)
    for number, failure in enumerate(results, 1):
        yield ""
        yield from verdict_lines(
            failure.verdict, style, lead=f"{number}. {OUTCOMES[failure.verdict.outcome][0]} "
        )
        yield from wrapped(_occurrences(failure), style, first="  ", paint="quiet")
        yield from _details(failure.verdict, failure.observation, style)


def failure_table(results: tuple[FailureReport, ...], style: Style) -> Iterator[str]:
    """Yield a row for each failure: how often, its cause, its first and last time."""
    digits = max((len(f"{failure.count:,}") for failure in results), default=0)
    column = max((len(failure_name(failure)) for failure in results), default=0) + 2
    for failure in results:
        lead = f"  {failure.count:>{digits},} × "
        span = _span(failure)
        if span and style.width >= max(_MIN_ONE_LINE_WIDTH, len(lead) + column + len(span)):
            yield f"{lead}{failure_name(failure).ljust(column)}{style.paint('quiet', span)}"
        else:
            yield from wrapped(failure_name(failure), style, first=lead)
            if span:
                yield from wrapped(span, style, first=" " * len(lead), paint="quiet")


def failure_name(failure: FailureReport) -> str:
    """Return the cause; for undecided failures with the status, by which their rows differ."""
    status = failure.observation.status
    if failure.verdict.outcome == "undecided" and status:
        return f"{failure.verdict.cause} ({status})"
    return str(failure.verdict.cause)


def _span(failure: FailureReport) -> str:
    first, last = readable_time(failure.first_seen), readable_time(failure.last_seen)
    return first if first == last else f"{first} – {last}"


def _occurrences(failure: FailureReport) -> str:
    count = count_of(failure.count, "time")
    if not failure.first_seen:
        return count
    if failure.count == 1:
        return f"{count}, at {readable_time(failure.first_seen)}"
    first, last = readable_time(failure.first_seen), readable_time(failure.last_seen)
    return f"{count}, first at {first}, last at {last}"


def readable_time(time: str) -> str:
    """Return a time of a log as it is written, or as a date in UTC if it counts from 1970."""
    match = _SINCE_1970.fullmatch(time)
    if match is None:
        return time
    return f"{datetime.fromtimestamp(int(match[1]), UTC):%Y-%m-%d %H:%M:%S} UTC"


def count_of(count: int, name: str) -> str:
    """Return a number of things ("2 failures")."""
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def _details(verdict: Verdict, observation: Observation | None, style: Style) -> Iterator[str]:
    yield from section("Why", _why(observation, style) if observation is not None else (), style)
    first, others = first_steps(verdict.fixes)
    yield from section("What to do", fix_lines(first, style), style)
    yield from section("Or", fix_lines(others, style), style)
    yield from section(
        "Retry?",
        retry_lines(verdict.retry, style, failed=verdict.outcome == "problem"),
        style,
    )
    yield from section(
        "Other possible causes",
        listed((f"{other.cause}: {other.why}" for other in verdict.alternatives), style),
        style,
    )


def _why(observation: Observation, style: Style) -> Iterator[str]:
    evidence = evidence_of(observation)
    parts = (str(evidence.status or ""), evidence.code or evidence.type)
    summary = " ".join(part for part in parts if part)
    if not summary and evidence.failure:
        summary = FAILURE_LABELS[evidence.failure].report
    if summary:
        yield from wrapped(f"From the text: {summary}", style, first="  · ")
    if evidence.excerpt:
        yield from wrapped(f"“{evidence.excerpt}”", style, first="  · ")
    if evidence.request_id:
        yield from wrapped(f"Request ID {evidence.request_id}", style, first="  · ")


def _closing(report: ExplainReport) -> str:
    results = report.explanation.results
    cause = "ID"
    if len(results) == 1 and results[0].verdict.outcome == "problem":
        cause = str(results[0].verdict.cause)
    return (
        f"oai-tui {report.version} · nothing was sent · exit code {report.exit_code} "
        f"· more: oai-tui causes {cause}"
    )
