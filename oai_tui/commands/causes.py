"""`oai-tui causes`: lists the causes by family or for a status, or prints one in full."""

import json

import click

from oai_tui.domain.suggestions import did_you_mean
from oai_tui.headless.completions import complete_words
from oai_tui.headless.console import print_report, stdout_style
from oai_tui.headless.options import format_options
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.reports import cause_markdown, cause_text
from oai_tui.reports.cause_page import document_of
from oai_tui.reports.style import Style


@click.command()
@click.argument(
    "cause_id",
    metavar="[ID]",
    required=False,
    shell_complete=complete_words(lambda: CATALOGUE),
)
@click.option(
    "--status",
    metavar="CODE",
    type=click.IntRange(400, 599),
    help="List only the causes that an HTTP status points to. Others show by a code or by words, "
    "whatever the status: `oai-tui tree --status CODE` names them too.",
)
@format_options(("text", "json", "markdown"))
def command(cause_id: str | None, status: int | None, format: str) -> int:
    """List the causes that oai-tui knows, or describe the one with this ID: what it is, how it
    looks, how to fix it, who can, and how to confirm it.
    """
    if cause_id is not None and status is not None:
        raise click.UsageError("ID and --status are mutually exclusive.")
    if cause_id is not None and cause_id not in CATALOGUE:
        raise click.BadParameter(
            f"unknown cause {cause_id!r}{did_you_mean(cause_id, CATALOGUE)} "
            "(`oai-tui causes` lists all of them)",
            param_hint="ID",
        )
    style = stdout_style()
    if cause_id is not None:
        print_report(_one(cause_id, format, style))
        return 0
    listed = list(CATALOGUE) if status is None else _with_status(status)
    if not listed and format != "json":
        print_report(f"No cause is known for the status {status}.\n")
    else:
        print_report(_all(listed, format, style))
    return 0


def _one(cause_id: str, format: str, style: Style) -> str:
    cause = CATALOGUE[cause_id]
    match format:
        case "json":
            return _as_json(document_of(cause), style)
        case "markdown":
            return style.encodable(cause_markdown.render_cause(cause))
        case _:
            return cause_text.render_cause(cause, style)


def _all(listed: list[str], format: str, style: Style) -> str:
    causes = [CATALOGUE[cause_id] for cause_id in listed]
    match format:
        case "json":
            return _as_json([document_of(cause) for cause in causes], style)
        case "markdown":
            return style.encodable(cause_markdown.render_list(causes))
        case _:
            return cause_text.render_list(causes, style)


def _as_json(document: object, style: Style) -> str:
    return json.dumps(document, indent=2, ensure_ascii=not style.unicode) + "\n"


def _with_status(status: int) -> list[str]:
    """Return the ids of the causes that a check or a pasted text can show with this status."""
    from oai_tui.diagnosis.walk_costs import names_status, status_table
    from oai_tui.knowledge.probe_costs import PROBE_COSTS
    from oai_tui.knowledge.tree import TREE

    rows = status_table(TREE, CATALOGUE, PROBE_COSTS, status).rows
    named = {row.cause for row in rows if row.named}
    return [
        cause.id for cause in CATALOGUE.values() if cause.id in named or names_status(cause, status)
    ]
