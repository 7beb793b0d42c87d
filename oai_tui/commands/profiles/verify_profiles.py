"""`oai-tui profiles verify`: checks saved profiles, several at once, and keeps what came of it: a new proof, or the refusal."""

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from oai_tui import __version__
from oai_tui.domain.cause import Family
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.headless.all_keys import load_profiles
from oai_tui.headless.batch_check import BatchCheck, BatchItem
from oai_tui.headless.console import (
    check_writable,
    print_note,
    print_report,
    stdout_style,
    write_report_file,
)
from oai_tui.headless.options import DEFAULT_TIMEOUT_S, seconds
from oai_tui.headless.profile_names import complete_profile
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.select_key import unreadable
from oai_tui.headless.with_profiles import keyring_command_error, open_profile_store
from oai_tui.reports import style as styles
from oai_tui.reports.batch import BATCH_FORMATS, Result, render_batch
from oai_tui.reports.exit_codes import worst
from oai_tui.services.services import Services

_NOT_THE_PROFILES: frozenset[Family | None] = frozenset(
    {"network", "this-machine", "something-else-answered", "service", "rate-limits", None}
)
"""Families of causes that say nothing about the profile itself, so that they are no refusal of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """The arguments of `profiles verify`. `every`: --all."""

    names: tuple[str, ...]
    every: bool
    inference: bool
    timeout: float
    format: str
    output: Path | None
    color: styles.ColorChoice


@click.command("verify")
@click.argument("names", metavar="[NAME…]", nargs=-1, shell_complete=complete_profile)
@click.option("--all", "every", is_flag=True, help="Verify every saved profile.")
@click.option(
    "--inference",
    is_flag=True,
    help="Permit the smallest billed request (about $0.00001) for each. Without it billing is not tested.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=float,
    default=DEFAULT_TIMEOUT_S,
    show_default=True,
    callback=seconds,
    help="The check of one profile takes no longer than this.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(BATCH_FORMATS)),
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
def verify_profiles(as_json: bool, **options: Any) -> int:
    """Check the profiles NAME…, or --all, at most four at a time, and keep what came of it.

    A profile that works is verified anew, and the list says since when; one that is refused keeps its last proof and is listed as refused. The exit code is the worst of all,
    in the order 4 5 6 8 3 10 9 7 11 0 (see `oai-tui check --help`); 3 where there is no profile at all.
    """
    form = options.pop("form")
    return _verify(VerifyOptions(**options, format="json" if as_json else form))


def _verify(options: VerifyOptions) -> int:
    if options.every == bool(options.names):
        raise click.UsageError("name the profiles to verify, or give --all.")
    if options.output is not None:
        check_writable(options.output)
    services = open_profile_store()
    items, error = load_profiles(services, options.names)
    if error is not None:
        items.append(BatchItem(name="keyring", selection=unreadable(services, error)))
    if not items:
        print_note("no profiles are saved, so there is nothing to verify")
    redact = Redactor(
        item.selection.credential.secret for item in items if item.selection.credential is not None
    )

    def report(results: tuple[Result, ...]) -> int:
        style = stdout_style(options.color) if options.output is None else styles.PLAIN
        page = render_batch(
            options.format,
            results,
            mode="verify",
            version=__version__,
            style=style,
            redact=redact,
        )
        if options.output is None:
            print_report(page)
        else:
            write_report_file(options.output, page)
        return worst(result.code for result in results)

    async def save(item: BatchItem, result: Result) -> None:
        await save_result(services, item, result)

    scope = CheckScope(inference=options.inference, timeout=options.timeout)
    return BatchCheck(services, items, scope).run(on_result=save, report=report)


async def save_result(services: Services, item: BatchItem, result: Result) -> None:
    """Save the new proof, or the refusal where it is the profile's own.

    A failing keyring is reported, and does not change the verdict.
    """
    found = result.diagnosis
    credential, profile = item.selection.credential, item.selection.profile
    error = None
    if found.is_healthy and credential is not None:
        error = (await services.profiles.save(item.name, found, credential)).error
    elif (
        found.verdict.outcome == "problem"
        and found.verdict.family not in _NOT_THE_PROFILES
        and profile is not None
    ):
        notes = replace(
            profile.notes, refused_at=found.started_at, refused_for=found.verdict.cause or ""
        )
        try:
            # A key about which nothing was proved has no notes to write to.
            with contextlib.suppress(KeyError):
                await services.profiles.set_notes(item.name, notes)
        except KeyringError as failed:
            error = failed
    if error is not None:
        keyring_command_error(services, error).show()
        print_note(f"what came of verifying {item.name} could not be kept")
