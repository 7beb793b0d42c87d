"""Blocks that the Markdown reports share: verdict, fixes, retry, alternatives, sections."""

from collections.abc import Iterable, Iterator

from oai_tui.domain.cause import Alternative, Fix
from oai_tui.domain.diagnosis import Retry, Verdict
from oai_tui.domain.durations import retry_advice
from oai_tui.reports.labels import CONFIDENCE_LABELS, WHO_LABELS
from oai_tui.reports.markdown_text import code, code_block, item, link, prose
from oai_tui.reports.text_blocks import FAMILIES, OUTCOMES


def heading(verdict: Verdict, level: int = 1) -> Iterator[str]:
    """Yield the title of a verdict with its mark, its explanation, and its confidence."""
    mark = OUTCOMES[verdict.outcome][0]
    yield f"{'#' * level} {mark} {prose(verdict.title or 'The check ended without a verdict')}"
    if verdict.explanation:
        yield ""
        yield prose(verdict.explanation)
    if verdict.cause is not None:
        family = (
            [FAMILIES[verdict.family]] if verdict.family and verdict.outcome == "problem" else []
        )
        confidence = CONFIDENCE_LABELS[verdict.confidence].report
        yield ""
        yield " · ".join([code(verdict.cause), *map(prose, [*family, confidence])])


def advice(verdict: Verdict, level: int = 2) -> Iterator[str]:
    """Yield what to do, whether a retry helps, and what else it could be."""
    yield from section("What to do", fixes(verdict.fixes), level)
    yield from section("Retry", _retry(verdict.retry, verdict.outcome == "problem"), level)
    yield from section("Other possible causes", alternatives(verdict.alternatives), level)


def section(title: str, lines: Iterable[str], level: int = 2) -> Iterator[str]:
    """Yield lines under a heading, nothing if there are none."""
    body = list(lines)
    if body:
        yield ""
        yield f"{'#' * level} {title}"
        yield ""
        yield from body


def listed(sentences: Iterable[str]) -> Iterator[str]:
    """Yield a list of sentences."""
    for sentence in sentences:
        yield from item([prose(sentence)])


def fixes(advised: Iterable[Fix]) -> Iterator[str]:
    """Yield a numbered list of fixes."""
    for number, fix in enumerate(advised, 1):
        yield from item(_fix(fix), f"{number}.")


def _fix(fix: Fix) -> Iterator[str]:
    notes = [WHO_LABELS[fix.who].report] if fix.who != "you" else []
    notes += [] if fix.safe else ["hard to undo"]
    yield prose(fix.text) + (f" ({'; '.join(notes)})" if notes else "")
    if fix.command:
        yield ""
        yield from code_block(fix.command, "sh")
    if fix.url:
        yield ""
        yield link(fix.url)


def _retry(retry: Retry, failed: bool) -> Iterator[str]:
    if retry.helps and retry.after_s is not None:
        yield f"{retry_advice(retry.after_s)}; the same request can work then."
    elif retry.helps:
        yield "The same request can work later."
    elif failed and retry.known:
        yield "Retrying won't help until something changes."


def alternatives(others: Iterable[Alternative]) -> Iterator[str]:
    """Yield a list of other causes, each with what would show it."""
    for other in others:
        yield from item([f"{code(other.cause)}: {prose(other.why)}"])
