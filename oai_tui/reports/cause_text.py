"""Causes as text: the list by family, or one in full."""

import textwrap
from collections.abc import Iterator, Sequence

from oai_tui.domain.cause import Cause, Fix
from oai_tui.reports.cause_page import (
    ALIKE_HEADING,
    FIXES_HEADING,
    parts_after_fixes,
    parts_before_fixes,
    retry_sentence,
    with_placeholders,
)
from oai_tui.reports.exit_codes import exit_code_of
from oai_tui.reports.labels import WHO_LABELS
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import FAMILIES

_MIN_TITLE_WIDTH = 24
"""Columns for a title next to its id; with fewer, the title is on the next line."""


def render_list(causes: Sequence[Cause], style: Style) -> str:
    """Return the families, with the ids and titles of their causes."""
    return _page(_list(causes, style), style)


def render_cause(cause: Cause, style: Style) -> str:
    """Return everything about one cause."""
    return _page(_entry(cause, style), style)


def _page(lines: Iterator[str], style: Style) -> str:
    return style.encodable("\n".join(lines) + "\n")


def _list(causes: Sequence[Cause], style: Style) -> Iterator[str]:
    width = max(len(cause.id) for cause in causes) + 2
    for number, family in enumerate(dict.fromkeys(cause.family for cause in causes)):
        if number:
            yield ""
        yield style.paint("strong", FAMILIES[family].capitalize())
        for cause in (cause for cause in causes if cause.family == family):
            if style.width < width + _MIN_TITLE_WIDTH:
                yield f"  {cause.id}"
                yield from _wrapped(cause.title, style, "    ")
            else:
                yield from textwrap.wrap(
                    cause.title,
                    style.width,
                    initial_indent=f"  {cause.id.ljust(width)}",
                    subsequent_indent=" " * (width + 2),
                )


def _entry(cause: Cause, style: Style) -> Iterator[str]:
    yield style.paint("strong", cause.title)
    yield from _wrapped(
        f"{cause.id} · {FAMILIES[cause.family]} · exit code {exit_code_of(cause)}",
        style,
        "",
        quiet=True,
    )
    yield from _parts(parts_before_fixes(cause), style)
    if cause.fixes:
        yield ""
        yield style.paint("strong", FIXES_HEADING)
        for fix in cause.fixes:
            yield from _fix(fix, style)
    yield from _parts(parts_after_fixes(cause), style)
    if cause.alternatives:
        yield ""
        yield style.paint("strong", ALIKE_HEADING)
        for other in cause.alternatives:
            yield from _wrapped(f"{other.cause}: {other.why}", style, "  ")
    yield ""
    yield from _wrapped(retry_sentence(cause), style, "")
    yield from (f"See {link}" for link in cause.links)


def _parts(parts: dict[str, str], style: Style) -> Iterator[str]:
    for heading, text in parts.items():
        yield ""
        yield style.paint("strong", heading)
        yield from _wrapped(text, style, "  ")


def _fix(fix: Fix, style: Style) -> Iterator[str]:
    text = with_placeholders(fix.text)
    yield from _wrapped(f"→ {text} ({WHO_LABELS[fix.who].report})", style, "  ")
    if fix.command:
        yield f"      {with_placeholders(fix.command)}"
    if fix.url:
        yield f"      {with_placeholders(fix.url)}"


def _wrapped(text: str, style: Style, indent: str, *, quiet: bool = False) -> Iterator[str]:
    """Yield the lines of a text; one empty line for an empty text. quiet: paint them so."""
    lines = textwrap.wrap(text, style.width, initial_indent=indent, subsequent_indent=indent)
    for line in lines or [""]:
        yield style.paint("quiet", line) if quiet else line
