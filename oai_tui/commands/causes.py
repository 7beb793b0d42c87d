"""`oai-tui causes`: lists the causes by family, or prints one in full."""

import json
import textwrap
from collections.abc import Iterator
from string import Formatter

import click

from oai_tui.domain.cause import Cause, Fix
from oai_tui.domain.suggestions import did_you_mean
from oai_tui.headless.completions import complete_words
from oai_tui.headless.console import print_report, stdout_style
from oai_tui.headless.options import json_option
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.reports.exit_codes import exit_code_of
from oai_tui.reports.labels import WHO_LABELS
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import FAMILIES

_MIN_TITLE_WIDTH = 24
"""Columns for a title next to its id; with fewer, the title is on the next line."""


@click.command()
@click.argument(
    "cause_id",
    metavar="[ID]",
    required=False,
    shell_complete=complete_words(lambda: CATALOGUE),
)
@json_option
def command(cause_id: str | None, as_json: bool) -> int:
    """List the causes that oai-tui knows, or describe the one with this ID: meaning, symptoms, how
    to confirm it, how to fix it, and who can.
    """
    if cause_id is not None and cause_id not in CATALOGUE:
        raise click.BadParameter(
            f"unknown cause {cause_id!r}{did_you_mean(cause_id, CATALOGUE)} "
            "(`oai-tui causes` lists all of them)",
            param_hint="ID",
        )
    style = stdout_style()
    print_report(_json(cause_id, style) if as_json else _text(cause_id, style))
    return 0


def _json(cause_id: str | None, style: Style) -> str:
    """Return one cause as an object, or all of them as an array."""
    document: object
    if cause_id:
        document = _document(CATALOGUE[cause_id])
    else:
        document = [_document(cause) for cause in CATALOGUE.values()]
    return json.dumps(document, indent=2, ensure_ascii=not style.unicode) + "\n"


def _text(cause_id: str | None, style: Style) -> str:
    if cause_id:
        lines = _entry(CATALOGUE[cause_id], style)
    else:
        lines = _list(list(CATALOGUE.values()), style)
    return style.encodable("\n".join(lines) + "\n")


def _list(causes: list[Cause], style: Style) -> Iterator[str]:
    """Yield the lines of the list: the families, with the ids and titles of their causes."""
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
    """Yield the lines about one cause."""
    yield style.paint("strong", cause.title)
    yield from _wrapped(
        f"{cause.id} · {FAMILIES[cause.family]} · exit code {exit_code_of(cause)}",
        style,
        "",
        quiet=True,
    )
    parts = {
        "Meaning": cause.meaning,
        "Symptoms": cause.looks,
        "How to confirm it": cause.confirm,
        "How to prevent it": cause.prevent,
    }
    for title, text in parts.items():
        if text:
            yield ""
            yield style.paint("strong", title)
            yield from _wrapped(text, style, "  ")
    if cause.fixes:
        yield ""
        yield style.paint("strong", "How to fix it")
        for fix in cause.fixes:
            yield from _fix(fix, style)
    if cause.alternatives:
        yield ""
        yield style.paint("strong", "Similar causes")
        for other in cause.alternatives:
            yield from _wrapped(f"{other.cause}: {other.why}", style, "  ")
    yield ""
    if cause.retry_helps:
        yield from _wrapped("A retry can help.", style, "")
    elif not cause.retry_known:
        text = "Whether a retry helps depends on the reason."
        yield from _wrapped(text, style, "")
    else:
        yield from _wrapped("A retry does not help.", style, "")
    yield from (f"See {link}" for link in cause.links)


def _fix(fix: Fix, style: Style) -> Iterator[str]:
    text = _with_placeholders(fix.text)
    yield from _wrapped(f"→ {text} ({WHO_LABELS[fix.who].report})", style, "  ")
    if fix.command:
        yield f"      {_with_placeholders(fix.command)}"
    if fix.url:
        yield f"      {_with_placeholders(fix.url)}"


def _with_placeholders(text: str) -> str:
    """Return a template with "<fact name>" in place of "{fact_name}"."""
    return "".join(
        literal + (f"<{name.replace('_', ' ')}>" if name else "")
        for literal, name, _, _ in Formatter().parse(text)
    )


def _wrapped(text: str, style: Style, indent: str, *, quiet: bool = False) -> Iterator[str]:
    """Yield the lines of a text; one empty line for an empty text. quiet: paint them so."""
    lines = textwrap.wrap(text, style.width, initial_indent=indent, subsequent_indent=indent)
    for line in lines or [""]:
        yield style.paint("quiet", line) if quiet else line


def _document(cause: Cause) -> dict[str, object]:
    """Return one cause as plain values for JSON."""
    return {
        "id": cause.id,
        "family": cause.family,
        "exit_code": exit_code_of(cause),
        "title": cause.title,
        "meaning": cause.meaning,
        "looks": cause.looks,
        "confirm": cause.confirm,
        "prevent": cause.prevent,
        "fixes": [
            {
                "text": _with_placeholders(fix.text),
                "command": _with_placeholders(fix.command) or None,
                "url": _with_placeholders(fix.url) or None,
                "who": fix.who,
                "safe": fix.safe,
            }
            for fix in cause.fixes
        ],
        "alternatives": [{"cause": other.cause, "why": other.why} for other in cause.alternatives],
        "retry_helps": cause.retry_helps,
        "links": list(cause.links),
    }
