"""The report for people: what was done, what came of it, why, and what to do first. Fits any width from 20 columns; colours only mark what words already say."""

from collections.abc import Iterator, Mapping

from oai_tui.domain.decision_tree import Mark
from oai_tui.domain.diagnosis import CredentialSummary, Diagnosis, StepRecord
from oai_tui.domain.observation import Fact
from oai_tui.reports.labels import FAILURE_LABELS
from oai_tui.reports.report import Report
from oai_tui.reports.style import Paint, Style
from oai_tui.reports.text_blocks import (
    fix_lines,
    listed,
    retry_lines,
    section,
    verdict_lines,
    wrapped,
)
from oai_tui.reports.waterfall import CELLS, bars, phases_of

MARKS: Mapping[Mark, tuple[str, Paint]] = {
    "passed": ("✓", "good"),
    "failed": ("✗", "bad"),
    "warning": ("!", "care"),
    "skipped": ("·", "quiet"),
}
UNTESTED: Mapping[str, str] = {
    "billing": "billing: it shows in a billed request only; --inference permits the smallest one (about $0.00001)"
}
_STACKED = 56
"""Below this width a step's result goes under its title instead of beside it."""


def render(report: Report) -> str:
    """The page, ending in a newline."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    found, style = report.diagnosis, report.style
    yield from wrapped(_subject(found), style)
    yield ""
    yield from _steps(found.trail, style)
    yield ""
    yield from verdict_lines(found.verdict, style)
    for title, lines in _sections(found, style):
        yield from section(title, lines, style)
    yield ""
    yield from wrapped(_closing(report), style, paint="quiet")


def _subject(found: Diagnosis) -> str:
    key = "no key" if found.credential is None else f"the {_key_words(found.credential)}"
    asked = [f"organization {found.target.organization}"] if found.target.organization else []
    asked += [f"project {found.target.project}"] if found.target.project else []
    asked += [f"model {found.target.model}"] if found.target.model else []
    return " · ".join(
        [f"Checked {found.target.base_url or 'an empty base URL'} with {key}", *asked]
    )


def _key_words(key: CredentialSummary) -> str:
    return f"{key.kind_label or 'key'} {key.hint} {key.origin.phrase}"


def _steps(trail: tuple[StepRecord, ...], style: Style) -> Iterator[str]:
    longest = max(
        (len(record.title) + (6 if record.experiment else 2) for record in trail), default=0
    )
    column = min(longest + 2, 52)
    for record in trail:
        mark, paint = MARKS[record.mark]
        lead = f"  ⟳ {mark} " if record.experiment else f"{mark} "
        shown = lead.replace(mark, style.paint(paint, mark))
        result = _result(record)
        if style.width < _STACKED or len(lead + record.title) > column - 2:
            yield from wrapped(record.title, style, first=lead, shown=shown, rest=" " * len(lead))
            yield from wrapped(result, style, first=" " * len(lead), paint="quiet")
        else:
            yield from wrapped(
                result,
                style,
                first=f"{lead}{record.title}".ljust(column),
                shown=f"{shown}{record.title}" + " " * (column - len(lead + record.title)),
            )


def _result(record: StepRecord) -> str:
    """What came back, in the answer's own terms."""
    seen = record.observation
    if record.mark == "skipped":
        said = "skipped"
    elif seen.status is not None:
        error = seen.error
        code = (
            "" if error is None else error.code or ("" if record.mark == "passed" else error.type)
        )
        said = " ".join(part for part in (str(seen.status), code) if part)
    elif seen.failure is not None:
        said = FAILURE_LABELS[seen.failure].report
    elif seen.answer is not None:
        said = f"answered {seen.answer}"
    else:
        said = record.branch
    if wanted := seen.facts.get("model_wanted"):
        said = f"{wanted}: {said}"
    spent = seen.timings.total_ms
    return said if spent is None else f"{said} · {spent:.0f} ms"


def _sections(found: Diagnosis, style: Style) -> Iterator[tuple[str, Iterator[str]]]:
    verdict = found.verdict
    yield "Do this first", fix_lines(verdict.fixes[:1], style)
    yield "Or", fix_lines(verdict.fixes[1:], style)
    yield "Trying again", retry_lines(verdict.retry, style, failed=verdict.outcome == "problem")
    yield (
        "It could also be",
        listed((f"{other.cause}: {other.why}" for other in verdict.alternatives), style),
    )
    yield "The key’s text", listed(found.credential.defects if found.credential else (), style)
    yield "Worth knowing", listed(verdict.warnings, style, mark="!")
    yield "The way", _way(found.trail, style)
    yield "Limits", _limits(found.facts, style)
    yield "Not tested", listed((UNTESTED.get(what, what) for what in verdict.untested), style)
    yield "Request ids", _request_ids(found.trail, style)


def _way(trail: tuple[StepRecord, ...], style: Style) -> Iterator[str]:
    """The waterfall: a bar for each rung where there is room for bars."""
    for bar in bars(phases_of(trail)):
        mark, paint = MARKS[bar.mark]
        if style.width < _STACKED:
            first, shown = f"  {mark} ", f"  {style.paint(paint, mark)} "
            said = " ".join(part for part in (bar.title, bar.took, bar.detail) if part)
        else:
            drawn = f"{bar.drawn:<{CELLS}} {bar.took:>8}  " if bar.is_timed else ""
            first, shown = (
                f"  {mark} {bar.title:<9}{drawn}",
                f"  {style.paint(paint, mark)} {bar.title:<9}{style.paint(paint, drawn)}",
            )
            said = bar.detail
        yield from (line.rstrip() for line in wrapped(said, style, first=first, shown=shown))


def _limits(facts: Mapping[str, Fact], style: Style) -> Iterator[str]:
    for what in ("requests", "tokens"):
        if f"limit_{what}" in facts:
            reset = (
                f", full again in {facts[f'reset_{what}_s']} s"
                if f"reset_{what}_s" in facts
                else ""
            )
            yield from wrapped(
                f"{what}: {facts.get(f'remaining_{what}', '?')} of {facts[f'limit_{what}']} left{reset}",
                style,
                first="  · ",
            )


def _request_ids(trail: tuple[StepRecord, ...], style: Style) -> Iterator[str]:
    for record in trail:
        if record.observation.request_id:
            yield from wrapped(
                f"{record.observation.request_id} ({record.title})",
                style,
                first="  · ",
                paint="quiet",
            )


def _closing(report: Report) -> str:
    found = report.diagnosis
    return f"oai-tui {found.version} · {found.started_at:%Y-%m-%d %H:%M:%S} UTC · {found.elapsed_ms / 1000:.1f} s · exit code {report.exit_code}"
