"""Options and flow of the commands that look into one key: `models`, `limits`, `scopes`.

Each checks the key up to a stage, and then reports what it found there. A key that fails the check
gets the report of `oai-tui check`.
"""

import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.headless.console import print_report, stdout_style
from oai_tui.headless.options import (
    allow_http_option,
    json_option,
    source_option,
    timeout_option,
)
from oai_tui.headless.profile_names import PROFILE_NAME
from oai_tui.headless.run_check import CheckScope, check_key
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import KeySelection, check_source, select_key
from oai_tui.headless.with_profiles import open_profile_store
from oai_tui.reports import exit_code, redact_strings
from oai_tui.reports.json import document
from oai_tui.reports.report import Report
from oai_tui.reports.style import Style
from oai_tui.reports.text import render as render_check
from oai_tui.reports.text_blocks import first_steps, fix_lines, listed, section, verdict_lines
from oai_tui.services.build import real_services
from oai_tui.services.services import Services

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOptions:
    """The options that `key_options` adds."""

    name: str | None
    source: str | None
    base_url: str | None
    allow_http: bool
    timeout: float
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a command found: the diagnosis with its verdict, the page, and the JSON fields.

    lines: the text report. fields: added to the JSON document of a check. said: the warnings of the
    verdict that the text report has already.
    """

    diagnosis: Diagnosis
    lines: Callable[[Style], list[str]]
    fields: dict[str, Any]
    said: tuple[str, ...] = ()


def key_options(command: F) -> F:
    """Add NAME, --source, --base-url, --allow-http, --timeout and --json."""
    decorators = (
        click.argument("name", required=False, type=PROFILE_NAME),
        source_option(
            "Where to read the key: env, dotenv, stdin, codex, llm, command:… or "
            "command-shell:…. Default: env, then dotenv, then the default profile."
        ),
        click.option(
            "--base-url",
            metavar="URL",
            help="Base URL of the API. The key is sent to this host.",
        ),
        allow_http_option,
        timeout_option("Time limit for the whole command."),
        json_option,
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


def check_key_options(options: KeyOptions) -> None:
    """Raise a usage error for options that contradict each other or cannot work."""
    if options.name is not None and options.source is not None:
        raise click.UsageError("NAME and --source are mutually exclusive.")
    if options.source is not None:
        check_source(options.source)
    if options.source == "stdin" and os.isatty(0):
        raise click.BadParameter(
            "standard input is a terminal. Pipe the key in.", param_hint="--source"
        )


def report_on_key(
    options: KeyOptions,
    scope: CheckScope,
    find: Callable[[Services, Diagnosis], Finding],
    *,
    mode: str,
    model: str | None = None,
    then: Callable[[Services, RunTracker], Awaitable[None]] | None = None,
) -> int:
    """Check the key as far as `scope` says, print what `find` makes of it, return the exit code.

    mode: the name of the command, for the JSON document. model: the model to check. then: asks
    more after the check, within the same time.
    """
    check_key_options(options)
    services = open_profile_store() if options.name else real_services()
    tracker = RunTracker(services, options.timeout)

    async def select() -> KeySelection:
        return await select_key(
            services,
            profile=options.name,
            source=options.source,
            flags={"base_url": options.base_url, "model": model},
            timeout_s=options.timeout,
            allow_http=options.allow_http,
        )

    def report() -> int:
        finding = find(services, redact_strings(tracker.diagnosis(), tracker.redactor))
        diagnosis = finding.diagnosis
        code = exit_code(diagnosis.verdict)
        style = stdout_style()
        whole = Report(diagnosis=diagnosis, mode=mode, exit_code=code, style=style)
        if options.as_json:
            fields = redact_strings(finding.fields, tracker.redactor)
            page = json.dumps(document(whole) | fields, indent=2, ensure_ascii=not style.unicode)
            print_report(page + "\n")
            return code
        lines = finding.lines(style)
        if lines or diagnosis.verdict.outcome == "working":
            lines += _verdict_part(whole)
            lines += warning_lines(diagnosis.verdict, finding.said, style)
            print_report(style.encodable("\n".join(lines) + "\n"))
        else:
            print_report(style.encodable(render_check(whole)))
        return code

    check_key(
        services,
        select,
        scope,
        tracker,
        report=report,
        then=None if then is None else lambda: then(services, tracker),
    )
    return report()


def _verdict_part(whole: Report) -> list[str]:
    """Return the verdict with what to do, to stand under what was found; nothing if it works."""
    verdict, style = whole.diagnosis.verdict, whole.style
    if verdict.outcome == "working":
        return []
    first, others = first_steps(verdict.fixes)
    out = ["", *verdict_lines(verdict, style)]
    out += section("What to do", fix_lines(first, style), style)
    out += section("Or", fix_lines(others, style), style)
    return out


def warning_lines(verdict: Verdict, said: tuple[str, ...], style: Style) -> list[str]:
    """Return the warnings that the text report doesn't have yet. said: those that it has."""
    unsaid = (each for each in verdict.warnings if each not in said)
    return list(section("Warnings", listed(unsaid, style, mark="!"), style))
