"""`oai-tui check`: checks one key, or all keys, without the wizard.

The report goes to stdout or a file, everything else to stderr. The exit code stands for the family
of the cause.
"""

import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from oai_tui import __version__
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.suggestions import did_you_mean
from oai_tui.headless.all_keys import collect_all_keys
from oai_tui.headless.batch_check import BatchCheck
from oai_tui.headless.completions import complete_file, complete_words, stage_names
from oai_tui.headless.config_run import check_config_file, example_config
from oai_tui.headless.console import (
    check_writable,
    deliver_report,
    print_note,
    report_style,
)
from oai_tui.headless.job_summary import deliver_in_format
from oai_tui.headless.option_conflicts import check_used
from oai_tui.headless.options import (
    allow_http_option,
    check_model_ids,
    format_options,
    inference_option,
    output_options,
    source_option,
    timeout_option,
)
from oai_tui.headless.profile_names import PROFILE_NAME
from oai_tui.headless.run_check import CheckScope, check_key
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.sdk_notes import sdk_notes
from oai_tui.headless.select_key import KeySelection, check_source, select_key
from oai_tui.headless.with_profiles import open_profile_store
from oai_tui.reports import REPORTS, exit_code, render
from oai_tui.reports.batch import Result, batch_exit_code, render_batch
from oai_tui.reports.style import ColorChoice
from oai_tui.services.build import real_services
from oai_tui.services.profile_comparison import key_age, with_profile_comparison
from oai_tui.services.services import Services

_USED_BY_CONFIG = ("--format", "--json", "--output", "--color")
"""The options that --config uses, too; the file sets the others for each check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The options of `check`, named as on the command line."""

    profile: str | None
    source: str | None
    all: bool
    config: Path | None
    init: bool
    base_url: str | None
    allow_http: bool
    organization: str | None
    project: str | None
    model: str | None
    require_model: tuple[str, ...]
    inference: bool
    status: bool
    timeout: float
    only: tuple[str, ...]
    format: str
    output: Path | None
    color: ColorChoice

    @property
    def scope(self) -> CheckScope:
        """Return what the check includes."""
        return CheckScope(
            models=self.models,
            inference=self.inference,
            only=frozenset(self.only),
            timeout=self.timeout,
        )

    @property
    def flags(self) -> dict[str, str | None]:
        """Return the settings that options name; None for an absent option."""
        return {
            "base_url": self.base_url,
            "organization": self.organization,
            "project": self.project,
            "model": self.models[0],
        }

    @property
    def models(self) -> tuple[str | None, ...]:
        """Return the models to check, the one for a billed request first; (None,) for none."""
        named = [name for name in (self.model, *self.require_model) if name is not None]
        return tuple(dict.fromkeys(named)) or (None,)


@click.command()
@click.option(
    "--profile",
    metavar="NAME",
    type=PROFILE_NAME,
    help="Use the key and settings of this profile.",
)
@source_option(
    "Where to read the key: env, dotenv, stdin, codex, llm, command:… (a command that prints it) "
    "or command-shell:… (run by a shell). Default: env, then dotenv, then the default profile."
)
@click.option("--all", is_flag=True, help="Check every key found here and every saved profile.")
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    shell_complete=complete_file,
    help="Run the checks of this TOML file (`--init` prints an example).",
)
@click.option(
    "--init",
    is_flag=True,
    help="Print an example of that file, from the keys found here; sends nothing.",
)
@click.option(
    "--base-url",
    metavar="URL",
    help="Base URL of the API. The key is sent to this host.",
)
@allow_http_option
@click.option(
    "--organization", metavar="ID", help="Organization ID to send (OpenAI-Organization header)."
)
@click.option("--project", metavar="ID", help="Project ID to send (OpenAI-Project header).")
@click.option("--model", metavar="ID", callback=check_model_ids, help="Model to check.")
@click.option(
    "--require-model",
    metavar="ID",
    multiple=True,
    callback=check_model_ids,
    help="Fail unless the key can use this model. Repeatable.",
)
@inference_option()
@click.option(
    "--status",
    is_flag=True,
    help="Also query OpenAI's status page. "
    "Without this option it is queried only after a 5xx or a timeout.",
)
@timeout_option("Time limit for the whole check; with --all, for each key.")
@click.option(
    "--only",
    metavar="STEP",
    multiple=True,
    shell_complete=complete_words(stage_names),
    help="Run only this step and the steps it needs. Repeatable.",
)
@format_options(REPORTS)
@output_options
def command(**arguments: Any) -> int:
    """Check an API key: whether it is accepted, for which organization, project and models, and
    what blocks it if not. With --all, checks every key; with --config, the checks of a file.

    Exit codes: 0 works, 2 usage error, 3 no key found, 4 key, organization or project,
    5 permission, 6 billing, 7 rate limits, 8 network, 9 OpenAI service, 10 this machine,
    11 undecided.
    """
    options = CheckOptions(**arguments)
    _check_options(options)
    if options.init:
        deliver_report(example_config(), options.output)
        return 0
    if options.config is not None:
        return check_config_file(
            options.config, options.format, options.output, color=options.color
        )
    needs_profiles = options.all or options.profile is not None
    services = (open_profile_store() if needs_profiles else real_services()).for_one_run()
    _check_only(options.only, services)
    if options.all:
        return _check_all_keys(services, options)
    return _check_one_key(services, options)


def _check_options(options: CheckOptions) -> None:
    """Raise a usage error for options that contradict each other or cannot work."""
    if sum((options.profile is not None, options.source is not None, options.all)) > 1:
        raise click.UsageError("--profile, --source and --all are mutually exclusive.")
    if options.init:
        check_used("--init", "only prints an example of a file", used=("--output",))
    if options.config is not None:
        check_used("--config", "runs the checks as the file sets them", used=_USED_BY_CONFIG)
    if options.all and options.allow_http:
        raise click.UsageError("--allow-http cannot be combined with --all.")
    if options.all and options.status:
        raise click.UsageError("--status cannot be combined with --all.")
    if options.source is not None:
        check_source(options.source)
    if options.source == "stdin" and os.isatty(0):
        raise click.BadParameter(
            "standard input is a terminal. Pipe the key in, for example: "
            "pass openai | oai-tui check --source stdin",
            param_hint="--source",
        )
    if options.output is not None:
        check_writable(options.output)


def _check_only(only: tuple[str, ...], services: Services) -> None:
    """Raise BadParameter for a name that is no stage of the tree; "save" is none of a check."""
    stages = tuple(stage.id for stage in services.tree.stages if stage.id != "save")
    for name in only:
        if name not in stages:
            raise click.BadParameter(
                f"unknown step {name!r}{did_you_mean(name, stages, limit=1)}; "
                f"the steps are {', '.join(stages)}",
                param_hint="--only",
            )


def _check_one_key(services: Services, options: CheckOptions) -> int:
    tracker = RunTracker(services, options.timeout)

    async def select() -> KeySelection:
        return await select_key(
            services,
            profile=options.profile,
            source=options.source,
            flags=options.flags,
            allow_http=options.allow_http,
            timeout_s=options.timeout,
        )

    def report() -> int:
        diagnosis, diff = with_profile_comparison(
            tracker.profile, tracker.diagnosis(), now=services.clock.now()
        )
        page = functools.partial(
            render,
            diagnosis=diagnosis,
            style=report_style(options.output, options.color),
            redact=tracker.redactor,
            since=diff,
            key_age_days=key_age(tracker.profile, services.clock.now()),
        )
        deliver_in_format(
            options.format,
            page(options.format),
            options.output,
            markdown=lambda: page("markdown"),
        )
        return exit_code(diagnosis.verdict)

    async def note_sdks() -> None:
        for note in sdk_notes(tracker.diagnosis()):
            tracker.add_note(note)

    check_key(
        services,
        select,
        options.scope,
        tracker,
        report=report,
        status_page=options.status,
        then=note_sdks,
    )
    return report()


def _check_all_keys(services: Services, options: CheckOptions) -> int:
    items = collect_all_keys(services, options.flags)
    if not items:
        print_note("no keys found, and no profiles saved")
    checked = (item.selection.credential for item in items)
    secrets = [credential.secret for credential in checked if credential is not None]
    redact = Redactor((*secrets, *services.known_secrets()))

    def report(results: tuple[Result, ...]) -> int:
        page = functools.partial(
            render_batch,
            results=results,
            mode="check",
            version=__version__,
            style=report_style(options.output, options.color),
            redact=redact,
        )
        deliver_in_format(
            options.format,
            page(options.format),
            options.output,
            markdown=lambda: page("markdown"),
        )
        return batch_exit_code(results)

    partial = None if options.format == "prometheus" else report  # see check_config_file
    batch = BatchCheck(services, items, options.scope, has_sdk_notes=True)
    return batch.run(report=report, partial=partial)
