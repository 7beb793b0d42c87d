"""An explained text or log for people: what it is, why, what to do, what else it could be. Of a log first a table of all causes. Fits any width from 20 columns."""

from collections.abc import Iterator

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation
from oai_tui.reports.explain_report import ExplainReport
from oai_tui.reports.labels import FAILURE_LABELS
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import (
    OUTCOMES,
    fix_lines,
    listed,
    retry_lines,
    section,
    verdict_lines,
    wrapped,
)
from oai_tui.reports.text_evidence import evidence_of

_BESIDE = 72
"""Below this width the times of a table's row go under its cause instead of beside it."""


def render(reading: ExplainReport) -> str:
    """The page, ending in a newline."""
    lines = _log(reading) if reading.explanation.is_log else _paste(reading)
    return "\n".join([*lines, "", *wrapped(_closing(reading), reading.style, paint="quiet")]) + "\n"


def _paste(reading: ExplainReport) -> Iterator[str]:
    (one,) = reading.explanation.results
    yield from verdict_lines(one.verdict, reading.style)
    yield from _explained(one.verdict, one.observation, reading.style)


def _log(reading: ExplainReport) -> Iterator[str]:
    results, style = reading.explanation.results, reading.style
    if not results:
        yield from verdict_lines(reading.verdict, style)
        yield from _explained(reading.verdict, None, style)
        return
    total = sum(one.count for one in results)
    yield from wrapped(
        f"{_times(total, 'failure')} of {_times(len(results), 'kind')}, most frequent first",
        style,
        paint="strong",
    )
    yield ""
    yield from _table(results, style)
    for number, one in enumerate(results, 1):
        yield ""
        yield from verdict_lines(
            one.verdict, style, lead=f"{number}. {OUTCOMES[one.verdict.outcome][0]} "
        )
        yield from wrapped(_seen(one), style, first="  ", paint="quiet")
        yield from _explained(one.verdict, one.observation, style)


def _table(results: tuple[FailureReport, ...], style: Style) -> Iterator[str]:
    digits = max(len(f"{one.count:,}") for one in results)
    column = max(len(_name(one)) for one in results) + 2
    for one in results:
        lead = f"  {one.count:>{digits},} × "
        span = _span(one)
        if span and style.width >= max(_BESIDE, len(lead) + column + len(span)):
            yield f"{lead}{_name(one).ljust(column)}{style.paint('quiet', span)}"
        else:
            yield from wrapped(_name(one), style, first=lead)
            yield from wrapped(span, style, first=" " * len(lead), paint="quiet") if span else ()


def _name(one: FailureReport) -> str:
    """The cause; of what is undecided also the status, by which such rows differ."""
    status = one.observation.status
    return (
        f"{one.verdict.cause} ({status})"
        if one.verdict.outcome == "undecided" and status
        else str(one.verdict.cause)
    )


def _span(one: FailureReport) -> str:
    return (
        one.first_seen if one.first_seen == one.last_seen else f"{one.first_seen} – {one.last_seen}"
    )


def _seen(one: FailureReport) -> str:
    when = (
        ""
        if not one.first_seen
        else f", at {one.first_seen}"
        if one.count == 1
        else f", first at {one.first_seen}, last at {one.last_seen}"
    )
    return f"{_times(one.count, 'time')}{when}"


def _times(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _explained(verdict: Verdict, seen: Observation | None, style: Style) -> Iterator[str]:
    yield from section("Why", _why(seen, style) if seen is not None else (), style)
    yield from section("Do this first", fix_lines(verdict.fixes[:1], style), style)
    yield from section("Or", fix_lines(verdict.fixes[1:], style), style)
    yield from section(
        "Trying again",
        retry_lines(verdict.retry, style, failed=verdict.outcome == "problem"),
        style,
    )
    yield from section(
        "It could also be",
        listed((f"{other.cause}: {other.why}" for other in verdict.alternatives), style),
        style,
    )


def _why(seen: Observation, style: Style) -> Iterator[str]:
    told = evidence_of(seen)
    said = " ".join(part for part in (str(told.status or ""), told.code or told.type) if part) or (
        FAILURE_LABELS[told.failure].report if told.failure else ""
    )
    if said:
        yield from wrapped(f"The text says: {said}", style, first="  · ")
    if told.excerpt:
        yield from wrapped(f"“{told.excerpt}”", style, first="  · ")
    if told.request_id:
        yield from wrapped(f"Request id {told.request_id}", style, first="  · ")


def _closing(reading: ExplainReport) -> str:
    results = reading.explanation.results
    about = (
        str(results[0].verdict.cause)
        if len(results) == 1 and results[0].verdict.outcome == "problem"
        else "ID"
    )
    return f"oai-tui {reading.version} · nothing was sent · exit code {reading.exit_code} · more: oai-tui causes {about}"
