"""The report on a check as text: what was done, the result, why, and what to do first.

It fits any width from 20 columns. Colours only repeat what the words say.
"""

from collections.abc import Iterator, Mapping

from oai_tui.domain.decision_tree import Mark
from oai_tui.domain.diagnosis import CredentialSummary, Diagnosis, StepRecord
from oai_tui.domain.observation import Fact
from oai_tui.reports.report import Report
from oai_tui.reports.step_finding import step_finding
from oai_tui.reports.style import Paint, Style
from oai_tui.reports.text_blocks import (
    NO_BREAK,
    first_steps,
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
    "billing": (
        "billing: only a billed request can test it; "
        "add --inference to send a minimal one (about $0.00001)"
    )
}
_MIN_TWO_COLUMN_WIDTH = 56
"""In a narrower page the result of a step is on the line after its title."""


def render(report: Report) -> str:
    """Return the page, ending in a newline."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    diagnosis, style = report.diagnosis, report.style
    yield from wrapped(_subject(diagnosis), style)
    yield ""
    yield from _steps(diagnosis.trail, style)
    yield ""
    yield from verdict_lines(diagnosis.verdict, style)
    for title, lines in _sections(diagnosis, style):
        yield from section(title, lines, style)
    yield ""
    yield from wrapped(_closing(report), style, paint="quiet")


def _subject(diagnosis: Diagnosis) -> str:
    key = "no key" if diagnosis.credential is None else _key_words(diagnosis.credential)
    target = diagnosis.target
    parts = [f"Checked {target.base_url or 'an empty base URL'} with {key}"]
    parts += [f"organization {target.organization}"] if target.organization else []
    parts += [f"project {target.project}"] if target.project else []
    parts += [f"model {target.model}"] if target.model else []
    return " · ".join(parts)


def _key_words(key: CredentialSummary) -> str:
    label = key.kind_label or "key"
    article = "" if label.startswith(("a ", "an ")) else "the "
    return f"{article}{label} {key.hint} {key.origin.phrase}"


def _steps(trail: tuple[StepRecord, ...], style: Style) -> Iterator[str]:
    lengths = (len(record.title) + (6 if record.experiment else 2) for record in trail)
    column = min(max(lengths, default=0) + 2, 52)
    for record in trail:
        mark, paint = MARKS[record.mark]
        prefix = f"  ⟳ {mark} " if record.experiment else f"{mark} "
        painted_prefix = prefix.replace(mark, style.paint(paint, mark))
        result = _result(record)
        indent = " " * len(prefix)
        blanks = column - len(prefix + record.title)
        if style.width < _MIN_TWO_COLUMN_WIDTH or blanks < 2:
            yield from wrapped(
                record.title, style, first=prefix, painted_first=painted_prefix, rest=indent
            )
            yield from wrapped(result, style, first=indent, paint="quiet")
        else:
            yield from wrapped(
                result,
                style,
                first=f"{prefix}{record.title}{' ' * blanks}",
                painted_first=f"{painted_prefix}{record.title}{' ' * blanks}",
            )


def _result(record: StepRecord) -> str:
    """Return what a step found, and the time it took."""
    finding = step_finding(record)
    total_ms = record.observation.timings.total_ms
    return finding if total_ms is None else f"{finding} · {total_ms:.0f}{NO_BREAK}ms"


def _sections(diagnosis: Diagnosis, style: Style) -> Iterator[tuple[str, Iterator[str]]]:
    verdict = diagnosis.verdict
    first, others = first_steps(verdict.fixes)
    yield "What to do", fix_lines(first, style)
    yield "Or", fix_lines(others, style)
    yield "Retry?", retry_lines(verdict.retry, style, failed=verdict.outcome == "problem")
    yield (
        "Other possible causes",
        listed((f"{other.cause}: {other.why}" for other in verdict.alternatives), style),
    )
    yield (
        "Problems in the key",
        listed(diagnosis.credential.defects if diagnosis.credential else (), style),
    )
    yield "Warnings", listed(verdict.warnings, style, mark="!")
    yield "Connection", _connection(diagnosis.trail, style)
    yield "Limits", _limits(diagnosis.facts, style)
    yield "Not tested", listed((UNTESTED.get(area, area) for area in verdict.untested), style)
    yield "Request IDs", _request_ids(diagnosis.trail, style)


def _connection(trail: tuple[StepRecord, ...], style: Style) -> Iterator[str]:
    """The waterfall: one line for each connection phase, with a bar if the page is wide enough."""
    for bar in bars(phases_of(trail)):
        mark, paint = MARKS[bar.mark]
        painted_mark = style.paint(paint, mark)
        if style.width < _MIN_TWO_COLUMN_WIDTH:
            first, painted_first = f"  {mark} ", f"  {painted_mark} "
            text = " ".join(part for part in (bar.title, bar.took, bar.detail) if part)
        else:
            cells = f"{bar.drawn:<{CELLS}} {bar.took:>8}  " if bar.is_timed else ""
            first = f"  {mark} {bar.title:<9}{cells}"
            painted_first = f"  {painted_mark} {bar.title:<9}{style.paint(paint, cells)}"
            text = bar.detail
        for line in wrapped(text, style, first=first, painted_first=painted_first):
            yield line.rstrip()


def _limits(facts: Mapping[str, Fact], style: Style) -> Iterator[str]:
    for unit in ("requests", "tokens"):
        if f"limit_{unit}" not in facts:
            continue
        left = f"{facts.get(f'remaining_{unit}', '?')} of {facts[f'limit_{unit}']} left"
        reset_s = facts.get(f"reset_{unit}_s")
        reset = "" if reset_s is None else f", resets in {reset_s} s"
        yield from wrapped(f"{unit}: {left}{reset}", style, first="  · ")


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
    diagnosis = report.diagnosis
    return (
        f"oai-tui {diagnosis.version} · {diagnosis.started_at:%Y-%m-%d %H:%M:%S} UTC "
        f"· {diagnosis.elapsed_ms / 1000:.1f} s · exit code {report.exit_code}"
    )
