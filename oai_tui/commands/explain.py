"""`oai-tui explain`: a pasted error, several, or a whole log, explained without a key or a network. What is read is written nowhere but, redacted and in short, into the report."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oai_tui import __version__
from oai_tui.domain.explained import ExplainResult
from oai_tui.headless.console import (
    check_writable,
    print_note,
    print_report,
    stdout_style,
    write_report_file,
)
from oai_tui.headless.input_stream import ReadProgress, open_input
from oai_tui.reports import EXPLANATIONS, ExplainReport, exit_code, render_explanation
from oai_tui.reports.explain_report import worst_verdict
from oai_tui.reports.style import PLAIN, ColorChoice
from oai_tui.services.explain_text import explain_stream, no_failure

if TYPE_CHECKING:
    from oai_tui.domain.keys.secret import Secret


@click.command()
@click.argument("file", metavar="[FILE | -]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(EXPLANATIONS)),
    default="text",
    show_default=True,
    help="The report's format.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the report to this file (0600) instead of standard output.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours in the text report.",
)
def command(
    file: str | None, form: str, as_json: bool, output: Path | None, color: ColorChoice
) -> int:
    """Explain an error, several, or a whole log: offline, without a key.

    Reads FILE, or standard input: pipe the error in, or run it and paste. Keys, tokens and e-mail addresses are taken out before anything else happens.

    Exit codes: 4 key, organization or project, 5 permission, 6 billing, 7 rate limits, 8 network, 9 service, 10 this machine,
    11 undecided or no failure found, 3 no key was set, 2 usage. Of several failures the worst counts: 4 5 6 8 3 10 9 7 11.
    """
    if output is not None:
        check_writable(output)
    started_at, began = datetime.now(UTC), time.monotonic()
    with open_input(file) as meter:
        found = _explained(meter, started_at)
    if not found.results and not found.is_log:
        raise click.UsageError(
            f"{'Standard input' if file in {None, '-'} else file} is empty: there is nothing to explain."
        )
    verdict = worst_verdict(found.results) if found.results else no_failure()
    style = PLAIN if output is not None else stdout_style(color)
    reading = ExplainReport(
        explanation=found,
        verdict=verdict,
        exit_code=exit_code(verdict),
        version=__version__,
        started_at=started_at,
        elapsed_ms=1000 * (time.monotonic() - began),
        style=style,
    )
    page = render_explanation("json" if as_json else form, reading)
    if output is None:
        print_report(page)
    else:
        write_report_file(output, page)
        print_note(f"the report is in {output}")
    return reading.exit_code


def _explained(meter: ReadProgress, started_at: datetime) -> ExplainResult:
    try:
        return explain_stream(meter, now=started_at.timestamp(), secrets=_keys_at_hand())
    except OSError as error:
        raise click.ClickException(f"the input cannot be read: {error.strerror}") from None
    finally:
        meter.clear()


def _keys_at_hand() -> tuple["Secret", ...]:
    """The keys of the environment, which the text most likely holds if it holds any: they are hidden in any spelling, and not used."""
    texts = [
        os.environ[name]
        for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
        if os.environ.get(name, "").strip()
    ]
    if not texts:
        return ()
    from oai_tui.domain.keys.secret import Secret

    return tuple(Secret(text) for text in texts)
