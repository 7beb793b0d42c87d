"""`oai-tui profiles rotate`: a new key in, checked, swapped in one step; the old one reported for deletion. The old key stays until the new one has proved to work."""

import os
import sys
from dataclasses import replace

import click

from oai_tui.credentials.sources.stdin import read_prompt
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.errors import CredentialError
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.profile import Profile, last_good_run_of
from oai_tui.domain.rotation import age_days
from oai_tui.domain.target import Origin
from oai_tui.headless.console import print_note, print_report, stdout_style
from oai_tui.headless.options import DEFAULT_TIMEOUT_S, check_format, seconds
from oai_tui.headless.profile_names import complete_profile
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.save_key import SaveOutcome, check_and_save
from oai_tui.headless.select_key import (
    KeySelection,
    check_source,
    select_key,
    selection_for_profile,
)
from oai_tui.headless.unlocking import open_profile_store
from oai_tui.headless.with_profiles import run_with_keyring
from oai_tui.knowledge.links import API_KEYS
from oai_tui.reports import REPORTS, exit_code, render
from oai_tui.reports.exit_codes import USAGE, WORKS
from oai_tui.services.build import Services


@click.command("rotate")
@click.argument("name", shell_complete=complete_profile)
@click.option(
    "--source",
    metavar="SOURCE",
    help="Where the new key is: stdin, env, dotenv, or command:… (a command that prints it). Default: you are asked for it; without a terminal, stdin.",
)
@click.option(
    "--inference",
    is_flag=True,
    help="Permit the smallest billed request (about $0.00001). Without it billing is not tested.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=float,
    default=DEFAULT_TIMEOUT_S,
    show_default=True,
    callback=seconds,
    help="The check takes no longer than this.",
)
@click.option(
    "--yes",
    is_flag=True,
    help="Swap also when the new key counts for another organization or project.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(REPORTS)),
    default="text",
    show_default=True,
    help="The report's format.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def rotate_profile(
    name: str,
    source: str | None,
    inference: bool,
    timeout: float,
    yes: bool,
    form: str,
    as_json: bool,
) -> int:
    """Give the profile NAME a new key: the new one is checked with the profile's settings, takes the old one's place in one step, and the old one is named for deletion.

    Until the new key has proved to work, nothing is changed.
    """
    if source is not None:
        check_source(source)
    terminal = sys.stdin is not None and sys.stdin.isatty()
    if source == "stdin" and terminal:
        raise click.BadParameter(
            f"standard input is a terminal; pipe the key in, or leave --source away to be asked: oai-tui profiles rotate {name}",
            param_hint="--source",
        )
    services, form = open_profile_store(), check_format(form, as_json)
    held: list[KeySelection] = []
    if (code := run_with_keyring(lambda services: _load(services, name, held), name)) != WORKS:
        return code
    new = _typed(services, name) if source is None and terminal else None
    if source is None and terminal and new is None:
        return USAGE

    async def get() -> KeySelection:
        found = new or await select_key(
            services,
            profile=None,
            source=source or "stdin",
            flags={},
            timeout_s=timeout,
            default=False,
        )
        if (
            found.credential is not None
            and held[0].credential is not None
            and found.credential.secret == held[0].credential.secret
        ):
            raise click.UsageError(
                f"this is the key that the profile {name} holds already. Make a new one: {API_KEYS}"
            )
        return replace(found, target=held[0].target, notes=())

    return check_and_save(
        services,
        name,
        get,
        CheckScope(inference=inference, timeout=timeout),
        lambda _, found: _agreed(held[0], found, yes=yes),
        lambda kept: _finish(services, held[0], kept, form),
    )


async def _load(services: Services, name: str, held: list[KeySelection]) -> int:
    held.append(await selection_for_profile(services, name))
    return WORKS


def _typed(services: Services, name: str) -> KeySelection | None:
    """The new key from the person at the terminal; None, with a note, when that is no key."""
    print_note(f"1. Make a new key for the same project at {API_KEYS}")
    print_note(
        "2. Paste it here; it is not shown. It is checked first, and nothing is changed unless it works"
    )
    try:
        secret = read_prompt(f"New key for {name}: ")
    except CredentialError as problem:
        print_note(problem.text)
        return None
    return KeySelection(
        target=services.discover().target,
        credential=services.credential(secret, Origin(kind="typed")),
    )


def _agreed(old: KeySelection, found: Diagnosis, *, yes: bool) -> bool:
    """Whether the new key takes the old one's place: it counts for the same organization and project, or for another that was agreed to."""
    moved = _moved(old.profile, found)
    if not moved or yes:
        return True
    print_note(f"the new key works, but {moved}")
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        print_note("add --yes if that is meant")
        return False
    return click.confirm("Is that meant?", default=False, err=True)


def _moved(profile: Profile | None, found: Diagnosis) -> str:
    """In words, for whom else the new key's calls count; "" for the same or where nothing tells it."""
    if profile is None:
        return ""
    now, then = last_good_run_of(found), profile.last_good_run
    changes = [
        f"its calls count for the {what} {after}, the old one's for {before}"
        for what, before, after in (
            ("organization", then.organization, now.organization),
            ("project", then.project, now.project),
        )
        if before and after and before != after
    ]
    return " and ".join(changes)


def _finish(services: Services, old: KeySelection, kept: SaveOutcome, form: str) -> int:
    found, new = kept.found, kept.choice.credential
    if kept.saved is not None and old.credential is not None:
        age = age_days(old.profile, services.clock.now()) if old.profile is not None else None
        aged = f", kept here for {age} days" if age else ""
        told = f"The old key {old.credential.secret.masked} (fingerprint {old.credential.secret.fingerprint}{aged}) still works at OpenAI. Once nothing uses it any more, delete it: {API_KEYS}"
        found = replace(
            found, verdict=replace(found.verdict, warnings=(*found.verdict.warnings, told))
        )
    if kept.saved is None and found.is_healthy:
        print_note("nothing was changed: the profile holds the old key")
        return USAGE if kept.keyring_code is None else kept.keyring_code
    secrets = [one.secret for one in (old.credential, new) if one is not None]
    print_report(render(form, found, mode="rotate", style=stdout_style(), redact=Redactor(secrets)))
    if kept.saved is None:
        print_note("nothing was changed: the profile holds the old key")
    else:
        print_note(
            f"{kept.saved.name} holds the new key {kept.saved.hint} now"
            + (
                ""
                if os.environ.get("OPENAI_API_KEY") is None
                else "; OPENAI_API_KEY in this shell may still hold the old one"
            )
        )
    return exit_code(found.verdict)
