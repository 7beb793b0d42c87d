"""`oai-tui profiles verify`: checks saved profiles, several at once, and keeps what came of it: a new proof, or the refusal."""

import contextlib
from dataclasses import replace
from pathlib import Path

import click

from oai_tui import __version__
from oai_tui.domain.cause import Family
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.profile import VerifiedProfile
from oai_tui.headless.batch_check import BatchCheck, BatchItem
from oai_tui.headless.console import (
    check_writable,
    print_note,
    print_report,
    stdout_style,
    write_report_file,
)
from oai_tui.headless.options import DEFAULT_TIMEOUT_S, check_format, seconds
from oai_tui.headless.profile_names import complete_profile
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.select_key import selection_for_profile, unreadable
from oai_tui.headless.timeout import run_with_timeout
from oai_tui.headless.unlocking import open_profile_store
from oai_tui.headless.with_profiles import DEADLINE_S, print_keyring_error, print_unknown_profile
from oai_tui.reports import style as styles
from oai_tui.reports.batch import BATCH_FORMATS, Result, render_batch
from oai_tui.reports.exit_codes import WORKS, worst
from oai_tui.services.build import Services

_NOT_THE_PROFILES: frozenset[Family | None] = frozenset(
    {"network", "this-machine", "something-else-answered", "service", "rate-limits", None}
)
"""Families of causes that say nothing about the profile itself, so that they are no refusal of it."""


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
def verify_profiles(
    names: tuple[str, ...],
    every: bool,
    inference: bool,
    timeout: float,
    form: str,
    as_json: bool,
    output: Path | None,
    color: styles.ColorChoice,
) -> int:
    """Check the profiles NAME…, or --all, at most four at a time, and keep what came of it.

    A profile that works is verified anew, and the list says since when; one that is refused keeps its last proof and is listed as refused. The exit code is the worst of all,
    in the order 4 5 6 8 3 10 9 7 11 0 (see `oai-tui check --help`); 3 where there is no profile at all.
    """
    if every == bool(names):
        raise click.UsageError("name the profiles to verify, or give --all.")
    if output is not None:
        check_writable(output)
    services = open_profile_store()
    subjects: list[BatchItem] = []
    if (code := load_subjects(services, names, subjects)) != WORKS:
        return code
    if not subjects:
        print_note("no profiles are saved, so there is nothing to verify")
    form, redact = (
        check_format(form, as_json),
        Redactor(
            subject.choice.credential.secret
            for subject in subjects
            if subject.choice.credential is not None
        ),
    )

    def finish(results: tuple[Result, ...]) -> int:
        style = stdout_style(color) if output is None else styles.PLAIN
        page = render_batch(
            form, results, mode="verify", version=__version__, style=style, redact=redact
        )
        print_report(page) if output is None else write_report_file(output, page)
        return worst(result.code for result in results)

    async def keep(subject: BatchItem, result: Result) -> None:
        await kept(services, subject, result)

    return BatchCheck(services, subjects, CheckScope(inference=inference, timeout=timeout)).run(
        keep, finish
    )


def load_subjects(services: Services, names: tuple[str, ...], into: list[BatchItem]) -> int:
    """Load the profiles of these names, all where there are none, each once; the exit code. A keyring that fails is a subject of its own, whose verdict is that."""

    def failed(problem: KeyringError) -> int:
        into.append(BatchItem(name="keyring", choice=unreadable(services, problem)))
        return WORKS

    async def main() -> int:
        missing = ""
        try:
            for name in dict.fromkeys(names or await services.vault.names()):
                missing = name
                into.append(
                    BatchItem(name=name, choice=await selection_for_profile(services, name))
                )
        except KeyringError as problem:
            return failed(problem)
        except KeyError:
            return await print_unknown_profile(services, missing)
        return WORKS

    return run_with_timeout(
        DEADLINE_S,
        main,
        late=lambda: failed(KeyringError("slow", "no answer")),
        finish=lambda code: code,
    )


async def kept(services: Services, subject: BatchItem, result: Result) -> None:
    """Save the new proof, or the refusal where it is the profile's own. A keyring that fails is said, and changes nothing about the verdict."""
    found, credential = result.diagnosis, subject.choice.credential
    try:
        if found.is_healthy and credential is not None:
            await services.vault.save(
                VerifiedProfile(name=subject.name, diagnosis=found, credential=credential)
            )
        elif (
            found.verdict.outcome == "problem"
            and found.verdict.family not in _NOT_THE_PROFILES
            and subject.choice.profile is not None
        ):
            remarks = replace(
                subject.choice.profile.notes,
                refused_at=found.started_at,
                refused_for=found.verdict.cause or "",
            )
            with contextlib.suppress(
                KeyError
            ):  # nothing was proved about it: there is nothing to write beside
                await services.vault.set_notes(subject.name, remarks)
    except KeyringError as problem:
        print_keyring_error(services, problem)
        print_note(f"what came of verifying {subject.name} could not be kept")
