"""`oai-tui causes`: the catalogue, as a list by family or one entry in full."""

import json
import textwrap
from collections.abc import Iterator
from string import Formatter

import click

from oai_tui.domain.cause import Cause, Fix
from oai_tui.domain.suggestions import did_you_mean
from oai_tui.headless.console import print_report, stdout_style
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.reports.exit_codes import exit_code_of
from oai_tui.reports.labels import WHO_LABELS
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import FAMILIES


@click.command()
@click.argument("cause_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def command(cause_id: str | None, as_json: bool) -> int:
    """List the causes that oai-tui tells apart, or explain the one with this ID: what it is, how it looks, how to confirm it, how to fix it, and who can."""
    if cause_id is not None and cause_id not in CATALOGUE:
        raise click.BadParameter(
            f"there is no cause {cause_id!r}{did_you_mean(cause_id, CATALOGUE)} (`oai-tui causes` lists them all)",
            param_hint="ID",
        )
    chosen = [CATALOGUE[cause_id]] if cause_id else list(CATALOGUE.values())
    style = stdout_style()
    if as_json:
        documents = [_document(cause) for cause in chosen]
        print_report(
            json.dumps(
                documents[0] if cause_id else documents, indent=2, ensure_ascii=not style.unicode
            )
            + "\n"
        )
    else:
        lines = _entry(chosen[0], style) if cause_id else _list(chosen, style)
        print_report(style.encodable("\n".join(lines) + "\n"))
    return 0


def _list(causes: list[Cause], style: Style) -> Iterator[str]:
    width = max(len(cause.id) for cause in causes) + 2
    for number, family in enumerate(dict.fromkeys(cause.family for cause in causes)):
        if number:
            yield ""
        yield style.paint("strong", FAMILIES[family].capitalize())
        for cause in (cause for cause in causes if cause.family == family):
            if style.width < width + 24:
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
    parts = {
        "What it is": cause.meaning,
        "How it looks": cause.looks,
        "How to confirm it": cause.confirm,
        "How to keep it from coming back": cause.prevent,
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
        yield style.paint("strong", "What looks alike")
        for other in cause.alternatives:
            yield from _wrapped(f"{other.cause}: {other.why}", style, "  ")
    yield ""
    yield from _wrapped(
        "Trying the same request again can help."
        if cause.retry_helps
        else "Whether trying the same request again helps depends on the reason."
        if not cause.retry_known
        else "Trying the same request again does not help.",
        style,
        "",
    )
    yield from (f"See {link}" for link in cause.links)


def _fix(fix: Fix, style: Style) -> Iterator[str]:
    yield from _wrapped(f"→ {_general(fix.text)} ({WHO_LABELS[fix.who].report})", style, "  ")
    if fix.command:
        yield f"      {_general(fix.command)}"
    if fix.url:
        yield f"      {_general(fix.url)}"


def _general(text: str) -> str:
    """Words that name facts of one run in braces, with the facts' names in their stead."""
    return "".join(
        literal + (f"<{name.replace('_', ' ')}>" if name else "")
        for literal, name, _, _ in Formatter().parse(text)
    )


def _wrapped(text: str, style: Style, indent: str, *, quiet: bool = False) -> Iterator[str]:
    for line in textwrap.wrap(
        text, style.width, initial_indent=indent, subsequent_indent=indent
    ) or [""]:
        yield style.paint("quiet", line) if quiet else line


def _document(cause: Cause) -> dict[str, object]:
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
                "text": _general(fix.text),
                "command": _general(fix.command) or None,
                "url": _general(fix.url) or None,
                "who": fix.who,
                "safe": fix.safe,
            }
            for fix in cause.fixes
        ],
        "alternatives": [{"cause": other.cause, "why": other.why} for other in cause.alternatives],
        "retry_helps": cause.retry_helps,
        "links": list(cause.links),
    }
