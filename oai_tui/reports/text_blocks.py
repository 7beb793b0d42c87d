"""Blocks that several text reports share: verdict, fixes, retry, lists, sections, wrapping."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from oai_tui.domain.cause import Family, Fix
from oai_tui.domain.diagnosis import Outcome, Retry, Verdict
from oai_tui.domain.durations import retry_advice
from oai_tui.reports.labels import CONFIDENCE_LABELS, WHO_LABELS
from oai_tui.reports.style import Paint, Style

OUTCOMES: Mapping[Outcome, tuple[str, Paint]] = {
    "working": ("✓", "good"),
    "problem": ("✗", "bad"),
    "undecided": ("!", "care"),
    "aborted": ("!", "care"),
}
FAMILIES: Mapping[Family, str] = {
    "key": "key",
    "organization-and-project": "organization and project",
    "permission": "permission",
    "billing": "billing",
    "rate-limits": "rate limits",
    "service": "service",
    "something-else-answered": "something else answered",
    "network": "network",
    "this-machine": "this machine",
}


def verdict_lines(verdict: Verdict, style: Style, *, lead: str = "") -> Iterator[str]:
    """Return the title of a verdict, its explanation, and its confidence.

    `lead`: the text before the title in place of the outcome's mark.
    """
    mark, paint = OUTCOMES[verdict.outcome]
    yield from wrapped(
        verdict.title or "The check ended without a verdict",
        style,
        first=lead or f"{mark} ",
        paint=paint,
    )
    if verdict.explanation:
        yield from wrapped(verdict.explanation, style, first="  ")
    if verdict.cause is not None:
        # an undecided verdict has no known family
        family = (
            [FAMILIES[verdict.family]] if verdict.family and verdict.outcome == "problem" else []
        )
        yield from wrapped(
            " · ".join([verdict.cause, *family, CONFIDENCE_LABELS[verdict.confidence].report]),
            style,
            first="  ",
            paint="quiet",
        )


def fix_lines(fixes: tuple[Fix, ...], style: Style) -> Iterator[str]:
    """Return the fixes, each with its command, its URL and who can apply it."""
    for fix in fixes:
        yield from wrapped(fix.text, style, first="  → ")
        if fix.command:
            # commands and links are not wrapped, because people copy them
            yield from (f"      {line}" for line in fix.command.splitlines())
        if fix.url:
            yield f"      {style.link(fix.url)}"
        if fix.apply is not None and not fix.command:
            yield from wrapped(
                "the wizard (`oai-tui`) can apply this for one run and check again",
                style,
                first="      ",
                paint="quiet",
            )
        if fix.who != "you" or not fix.safe:
            yield from wrapped(
                "; ".join(
                    [WHO_LABELS[fix.who].report, *([] if fix.safe else ["cannot be undone"])]
                ),
                style,
                first="      ",
                paint="quiet",
            )


def first_steps(fixes: tuple[Fix, ...]) -> tuple[tuple[Fix, ...], tuple[Fix, ...]]:
    """Return the fixes to do first, all of them, and the alternatives to these."""
    end = 1
    while end < len(fixes) and fixes[end].also:
        end += 1
    return fixes[:end], fixes[end:]


def retry_lines(retry: Retry, style: Style, *, failed: bool) -> Iterator[str]:
    """Return whether a retry helps; no lines if the request did not fail."""
    if retry.helps and retry.after_s is not None:
        yield from wrapped(f"{retry_advice(retry.after_s)}.", style, first="  ")
    elif retry.helps:
        yield from wrapped("Retrying later may work.", style, first="  ")
    elif failed and not retry.known:
        yield from wrapped(
            "Unknown: it depends on the reason, which this text does not show.", style, first="  "
        )
    elif failed:
        yield from wrapped("Retrying won't help until something changes.", style, first="  ")


def listed(items: Iterable[str], style: Style, mark: str = "·") -> Iterator[str]:
    """Return one wrapped paragraph for each item, with a mark before it."""
    for item in items:
        yield from wrapped(item, style, first=f"  {mark} ")


def section(title: str, lines: Iterable[str], style: Style) -> Iterator[str]:
    """Return the lines under a title, after a blank line; nothing if there are no lines."""
    body = list(lines)
    if body:
        yield ""
        yield from wrapped(title, style, paint="strong")
        yield from body


NO_BREAK = "\u00a0"
"""A blank at which `wrapped` does not break a line: between a number and its unit."""
_RUNNER_COMMANDS = ("::", "##[", "##vso[")
"""The beginnings of lines that CI runners obey, also after blanks. The words of others never begin
a line so."""


def wrapped(
    text: str,
    style: Style,
    *,
    first: str = "",
    painted_first: str = "",
    rest: str = "",
    paint: Paint | None = None,
) -> Iterator[str]:
    """Return `text` in lines of the style's width.

    The first line begins with `first`, or with `painted_first`, which is the same text with
    colours. The others begin with `rest`, or with as many blanks.
    """
    indent = rest or " " * len(first)
    lines = textwrap.wrap(
        text, max(style.width - len(first), 8), break_long_words=True, break_on_hyphens=False
    ) or [""]
    for number, unbroken in enumerate(lines):
        line = unbroken.replace(NO_BREAK, " ")
        if line.startswith(_RUNNER_COMMANDS):
            line = f"…{line}"
        lead = (painted_first or first) if number == 0 else indent
        if paint is not None and number == 0 and not painted_first and lead.strip():
            yield style.paint(paint, lead + line)
        else:
            yield lead + (style.paint(paint, line) if paint else line)
