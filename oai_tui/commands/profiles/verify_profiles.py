"""`oai-tui profiles verify`: checks saved profiles and saves the results in them.

A result is a new last good run, or a refusal.
"""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from oai_tui import __version__
from oai_tui.domain.cause import Family
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.headless.all_keys import load_profiles
from oai_tui.headless.batch_check import BatchCheck, BatchItem
from oai_tui.headless.console import check_writable, print_note, report_style
from oai_tui.headless.job_summary import deliver_in_format
from oai_tui.headless.options import (
    format_options,
    inference_option,
    output_options,
    timeout_option,
)
from oai_tui.headless.profile_names import PROFILE_NAME
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.select_key import unreadable
from oai_tui.headless.with_profiles import keyring_command_error, open_profile_store
from oai_tui.reports.batch import BATCH_FORMATS, Result, batch_exit_code, render_batch
from oai_tui.reports.style import ColorChoice
from oai_tui.services.services import Services

_NO_REFUSAL: frozenset[Family | None] = frozenset(
    {"network", "this-machine", "something-else-answered", "service", "rate-limits", None}
)
"""Families of causes that are no refusal of the profile: they can occur with any valid key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """The arguments of `profiles verify`. every: --all."""

    names: tuple[str, ...]
    every: bool
    inference: bool
    timeout: float
    format: str
    output: Path | None
    color: ColorChoice


@click.command("verify")
@click.argument("names", metavar="[NAME…]", nargs=-1, type=PROFILE_NAME)
@click.option("--all", "every", is_flag=True, help="Verify every saved profile.")
@inference_option(several_keys=True)
@timeout_option("Time limit for each profile.")
@format_options(BATCH_FORMATS)
@output_options
def verify_profiles(**arguments: Any) -> int:
    """Check profiles (NAME… or --all), up to four at a time, and save the results.

    A profile that works gets a new verification date. One that is rejected keeps its last date and
    is listed as rejected. The exit code is the worst one, in the order 4 5 6 8 3 10 9 7 11 0 (see
    `oai-tui check --help`); 3 if no profiles are saved.
    """
    options = VerifyOptions(**arguments)
    if options.every == bool(options.names):
        raise click.UsageError("name the profiles to verify, or add --all.")
    if options.output is not None:
        check_writable(options.output)
    services = open_profile_store().for_one_run()
    items, error = load_profiles(services, options.names)
    if error is not None:
        items.append(BatchItem(name="keyring", selection=unreadable(services, error)))
    if not items:
        print_note("no profiles saved: nothing to verify")
    checked = (item.selection.credential for item in items)
    secrets = [credential.secret for credential in checked if credential is not None]
    redact = Redactor((*secrets, *services.known_secrets()))

    def report(results: tuple[Result, ...]) -> int:
        page = functools.partial(
            render_batch,
            results=results,
            mode="verify",
            version=__version__,
            style=report_style(options.output, options.color),
            redact=redact,
        )
        deliver_in_format(
            options.format,
            page(options.format),
            options.output,
            markdown=lambda: page("markdown"),
            with_note=False,
        )
        return batch_exit_code(results)

    async def save(item: BatchItem, result: Result) -> None:
        await save_result(services, item, result)

    scope = CheckScope(inference=options.inference, timeout=options.timeout)
    partial = None if options.format == "prometheus" else report  # see check_config_file
    return BatchCheck(services, items, scope).run(on_result=save, report=report, partial=partial)


async def save_result(services: Services, item: BatchItem, result: Result) -> None:
    """Save the new last good run, or the refusal, in the profile.

    A failure of the keyring is printed and does not change the verdict.
    """
    diagnosis, store = result.diagnosis, services.profiles
    credential, profile = item.selection.credential, item.selection.profile
    if credential is None or profile is None:
        return
    if diagnosis.is_healthy:
        saved = await store.save_reverified(item.name, diagnosis, credential)
    elif _is_refusal(diagnosis.verdict) and profile.verified_at is not None:
        # A key saved by another program has no entry for notes.
        saved = await store.save_refusal(item.name, credential.secret, diagnosis)
    else:
        return
    if saved.error is not None:
        keyring_command_error(services, saved.error).show()
        print_note(f"the result for {item.name} could not be saved")
    elif saved.profile is None:
        print_note(
            f"{item.name} was deleted, renamed or given another key during its check; "
            "the result was not saved"
        )


def _is_refusal(verdict: Verdict) -> bool:
    return verdict.outcome == "problem" and verdict.family not in _NO_REFUSAL
