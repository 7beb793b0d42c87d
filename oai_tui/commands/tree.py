"""`oai-tui tree`: prints the decision tree as text, Mermaid or JSON."""

import click

from oai_tui.diagnosis.render_tree import FORMATS, render_tree
from oai_tui.headless.console import print_report, stdout_style
from oai_tui.knowledge.tree import TREE


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="Output format.",
)
def command(form: str) -> int:
    """Print the decision tree that the wizard and `check` follow.

    Steps marked ⟳ are tests: an earlier request sent again with exactly one thing changed.
    """
    page = render_tree(TREE, form)
    print_report(stdout_style().encodable(page) if form == "text" else page)
    return 0
