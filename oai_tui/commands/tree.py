"""`oai-tui tree`: prints the decision tree, or the causes of a status and what each check sends."""

import click

from oai_tui.headless.console import print_report, stdout_style

_FORMATS = ("text", "mermaid", "markdown", "json")


@click.command()
@click.option(
    "--status",
    "statuses",
    metavar="CODE",
    type=click.IntRange(400, 599),
    multiple=True,
    help="Print the causes of an HTTP status instead, with the requests that a check sends to find "
    "each. Can be repeated.",
)
@click.option(
    "--costs",
    is_flag=True,
    help="The same for the statuses 400, 401, 402, 403, 404, 429, 500 and 503.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="Output format: mermaid for the tree only, markdown for --status and --costs only.",
)
def command(statuses: tuple[int, ...], costs: bool, form: str) -> int:
    """Print the decision tree, or what a check sends to find the causes of a status.

    The wizard and `check` follow this tree. Steps marked ⟳ are tests: an earlier request sent
    again with exactly one thing changed.
    """
    if statuses and costs:
        raise click.UsageError("--status and --costs are mutually exclusive.")
    page = _costs(statuses, form) if statuses or costs else _tree(form)
    print_report(stdout_style().encodable(page) if form in {"text", "markdown"} else page)
    return 0


def _tree(form: str) -> str:
    from oai_tui.diagnosis.render_tree import FORMATS, render_tree
    from oai_tui.knowledge.tree import TREE

    if form not in FORMATS:
        raise click.BadParameter(
            f"{form} needs --status or --costs; the tree itself is {', '.join(FORMATS)}.",
            param_hint="--format",
        )
    return render_tree(TREE, form)


def _costs(statuses: tuple[int, ...], form: str) -> str:
    from oai_tui.diagnosis.walk_costs import STATUSES, status_table
    from oai_tui.knowledge.causes import CATALOGUE
    from oai_tui.knowledge.probe_costs import PROBE_COSTS
    from oai_tui.knowledge.tree import TREE
    from oai_tui.reports.branch_table import TABLE_FORMATS

    if form not in TABLE_FORMATS:
        raise click.BadParameter(
            f"{form} shows the tree only; with --status and --costs use "
            f"{', '.join(TABLE_FORMATS)}.",
            param_hint="--format",
        )
    chosen = dict.fromkeys(statuses or STATUSES)
    tables = [status_table(TREE, CATALOGUE, PROBE_COSTS, status) for status in chosen]
    return TABLE_FORMATS[form](tables)
