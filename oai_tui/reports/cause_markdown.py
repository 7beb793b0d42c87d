"""Causes as Markdown: a table of them, or one in full."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from oai_tui.domain.cause import Cause
from oai_tui.reports.cause_page import (
    ALIKE_HEADING,
    FIXES_HEADING,
    parts_after_fixes,
    parts_before_fixes,
    retry_sentence,
    with_placeholders,
)
from oai_tui.reports.exit_codes import exit_code_of
from oai_tui.reports.markdown_blocks import alternatives, fixes, section
from oai_tui.reports.markdown_text import code, item, link, prose
from oai_tui.reports.text_blocks import FAMILIES


def render_list(causes: Sequence[Cause]) -> str:
    """Return one table with all of them."""
    rows = (
        f"| {code(cause.id)} | {prose(FAMILIES[cause.family])} | {prose(cause.title)} "
        f"| {exit_code_of(cause)} |"
        for cause in causes
    )
    head = ("| cause | family | meaning | exit code |", "| --- | --- | --- | ---: |")
    return "\n".join((*head, *rows)) + "\n"


def render_cause(cause: Cause) -> str:
    """Return everything about one cause."""
    return "\n".join(_entry(cause)) + "\n"


def _entry(cause: Cause) -> Iterator[str]:
    yield f"# {prose(cause.title)}"
    yield ""
    yield f"{code(cause.id)} · {prose(FAMILIES[cause.family])} · exit code {exit_code_of(cause)}"
    for heading, text in parts_before_fixes(cause).items():
        yield from section(heading, [prose(text)])
    advice = tuple(
        replace(
            fix,
            text=with_placeholders(fix.text),
            command=with_placeholders(fix.command),
            url=with_placeholders(fix.url),
        )
        for fix in cause.fixes
    )
    yield from section(FIXES_HEADING, fixes(advice))
    for heading, text in parts_after_fixes(cause).items():
        yield from section(heading, [prose(text)])
    yield from section(ALIKE_HEADING, alternatives(cause.alternatives))
    yield from section("Retry", [prose(retry_sentence(cause))])
    yield from section("Links", [line for each in cause.links for line in item([link(each)])])
