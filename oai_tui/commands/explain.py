"""`oai-tui explain`: explains a pasted error, several, or a whole log, without key and network.

The input is written nowhere except into the report, which quotes short redacted parts of it.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oai_tui import __version__
from oai_tui.domain.explained import ExplainResult
from oai_tui.headless.completions import complete_file
from oai_tui.headless.console import check_writable, report_style
from oai_tui.headless.input_stream import ReadProgress, open_input
from oai_tui.headless.job_summary import deliver_in_format
from oai_tui.headless.options import format_options, output_options
from oai_tui.reports import EXPLANATIONS, ExplainReport, exit_code, render_explanation
from oai_tui.reports.explain_report import worst_verdict
from oai_tui.reports.style import ColorChoice
from oai_tui.services.explain_text import explain_stream, no_failure

if TYPE_CHECKING:
    from oai_tui.domain.keys.secret import Secret


@click.command()
@click.argument("file", metavar="[FILE | -]", required=False, shell_complete=complete_file)
@click.option(
    "--follow",
    is_flag=True,
    help="Read FILE from its beginning, then explain what is added to it, also after a rotation; "
    "with -, read a pipe. Ctrl+C ends it with the report. Formats: text, json-lines (one object "
    "per failure).",
)
@format_options(EXPLANATIONS)
@output_options
def command(
    file: str | None, follow: bool, format: str, output: Path | None, color: ColorChoice
) -> int:
    """Explain an error, several errors, or a log file: offline, without a key.

    Reads FILE, or standard input: pipe the error in, or run the command and paste it. Keys, tokens
    and email addresses are removed first.

    With --follow, failures are shown as soon as the log has them: on a terminal a page with counts,
    elsewhere a line or a JSON object for each. New lines only: tail -n 0 -F app.log | oai-tui
    explain --follow -

    Exit codes: 2 usage error, 3 no key was set, 4 key, organization or project, 5 permission,
    6 billing, 7 rate limits, 8 network, 9 OpenAI service, 10 this machine, 11 undecided or no
    failure found. With several failures, the worst decides: 4 5 6 8 3 10 9 7 11.
    """
    if follow:
        return _follow(file, format, output, color)
    if output is not None:
        check_writable(output)
    started_at = datetime.now(UTC)
    started = time.monotonic()
    with open_input(file) as stream:
        explanation = _explain(stream, started_at)
    if not explanation.results and not explanation.is_log:
        name = "Standard input" if file in {None, "-"} else file
        raise click.UsageError(
            f"{name} is empty. Pipe the error in, or run `oai-tui explain` and paste it."
        )
    verdict = worst_verdict(explanation.results) if explanation.results else no_failure()
    report = ExplainReport(
        explanation=explanation,
        verdict=verdict,
        exit_code=exit_code(verdict),
        version=__version__,
        started_at=started_at,
        elapsed_ms=1000 * (time.monotonic() - started),
        style=report_style(output, color),
    )
    deliver_in_format(
        format,
        render_explanation(format, report),
        output,
        markdown=lambda: render_explanation("markdown", report),
    )
    return report.exit_code


def _follow(file: str | None, format: str, output: Path | None, color: ColorChoice) -> int:
    """Explain a log while it is written; return the exit code of its worst failure."""
    from oai_tui.headless.follow_log import StopRequest, follow
    from oai_tui.headless.follow_output import FOLLOW_FORMATS, FollowOutput
    from oai_tui.headless.followed_input import open_followed
    from oai_tui.headless.stdout_lines import OutputClosed
    from oai_tui.services.explain_live import LiveExplanation

    if format not in FOLLOW_FORMATS:
        raise click.UsageError(
            f"--follow has no format {format}: use --format text or --format json-lines."
        )
    if output is not None:
        raise click.UsageError("--follow writes to standard output: use >> FILE, not --output.")
    log, name = open_followed(file)  # can wait for the writer of a pipe: a signal interrupts that
    with StopRequest() as stop:
        page = FollowOutput("json-lines" if format == "json-lines" else "text", name, color=color)
        explanation = LiveExplanation(
            now=time.time, secrets=_environment_keys(), on_failure=page.on_failure
        )
        page.results = explanation.results
        try:
            follow(log, explanation, page, stop)
            return page.finish(explanation.results())
        except OutputClosed:
            results = explanation.results()
            return exit_code(worst_verdict(results) if results else no_failure())


def _explain(stream: ReadProgress, started_at: datetime) -> ExplainResult:
    try:
        return explain_stream(
            stream,
            now=started_at.timestamp(),
            secrets=_environment_keys(),
            parallel=True,
        )
    except OSError as error:
        raise click.ClickException(f"cannot read the input: {error.strerror}") from None
    finally:
        stream.clear()


def _environment_keys() -> tuple["Secret", ...]:
    """Return the keys of the environment, to hide them in any spelling; they are not used.

    If the text contains a key, it is most likely one of these.
    """
    texts = [
        os.environ[name]
        for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
        if os.environ.get(name, "").strip()
    ]
    if not texts:
        return ()
    from oai_tui.domain.keys.secret import Secret

    return tuple(Secret(text) for text in texts)
