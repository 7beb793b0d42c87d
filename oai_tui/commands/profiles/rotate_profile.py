"""`oai-tui profiles rotate`: a new key in, checked, swapped in one step; the old one reported for deletion. The old key stays until the new one has proved to work."""

import os
import sys
from dataclasses import dataclass, replace
from typing import Any

import click

from oai_tui.credentials.sources.stdin import read_prompt
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.errors import CredentialError
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.profile import Profile, last_good_run_of
from oai_tui.domain.rotation import age_days
from oai_tui.domain.target import Origin
from oai_tui.headless.command_error import CommandError
from oai_tui.headless.console import print_note, print_report, stdout_style
from oai_tui.headless.options import DEFAULT_TIMEOUT_S, seconds
from oai_tui.headless.profile_names import complete_profile
from oai_tui.headless.run_check import CheckScope, check_key
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import (
    KeySelection,
    check_source,
    select_key,
    selection_for_profile,
)
from oai_tui.headless.with_profiles import open_profile_store, run_with_profiles, save_profile
from oai_tui.knowledge.links import API_KEYS
from oai_tui.reports import REPORTS, exit_code, render
from oai_tui.reports.exit_codes import USAGE
from oai_tui.services.services import Services

_UNCHANGED = "nothing was changed: the profile holds the old key"


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateOptions:
    """The arguments of `profiles rotate`."""

    name: str
    source: str | None
    inference: bool
    timeout: float
    yes: bool
    format: str


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
def rotate_profile(as_json: bool, **options: Any) -> int:
    """Give the profile NAME a new key: the new one is checked with the profile's settings, takes the old one's place in one step, and the old one is named for deletion.

    Until the new key has proved to work, nothing is changed.
    """
    form = options.pop("form")
    return _rotate(RotateOptions(**options, format="json" if as_json else form))


def _rotate(options: RotateOptions) -> int:
    name = options.name
    if options.source is not None:
        check_source(options.source)
    terminal = sys.stdin is not None and sys.stdin.isatty()
    if options.source == "stdin" and terminal:
        raise click.BadParameter(
            "standard input is a terminal; pipe the key in, or leave --source away to be asked: "
            f"oai-tui profiles rotate {name}",
            param_hint="--source",
        )
    services = open_profile_store()
    old = run_with_profiles(services, selection_for_profile(services, name), name)
    typed = None
    if options.source is None and terminal:
        typed = _typed(services, name)
        if typed is None:
            return USAGE

    tracker = RunTracker(services, options.timeout)

    async def select() -> KeySelection:
        selection = typed or await select_key(
            services,
            profile=None,
            source=options.source or "stdin",
            flags={},
            timeout_s=options.timeout,
            default=False,
        )
        _refuse_same_key(name, old, selection)
        return replace(selection, target=old.target, notes=())

    found = check_key(
        services,
        select,
        CheckScope(inference=options.inference, timeout=options.timeout),
        tracker,
        report=lambda: _report_unchanged(tracker, old, options),
    )
    new = tracker.selection.credential if tracker.selection is not None else None
    if not found.is_healthy or new is None:
        return _report_unchanged(tracker, old, options)
    if not _agreed(old, found, yes=options.yes):
        print_note(_UNCHANGED)
        return USAGE
    try:
        saved = save_profile(services, name, found, new)
    except CommandError as error:
        error.show()
        print_note(_UNCHANGED)
        return error.exit_code
    _print_page(_with_old_key(services, old, found), tracker, old, options)
    stale = "; OPENAI_API_KEY in this shell may still hold the old one"
    print_note(
        f"{saved.name} holds the new key {saved.hint} now"
        + ("" if os.environ.get("OPENAI_API_KEY") is None else stale)
    )
    return exit_code(found.verdict)


def _refuse_same_key(name: str, old: KeySelection, new: KeySelection) -> None:
    """Raise a usage error when the new key is the one that the profile has already."""
    if old.credential is None or new.credential is None:
        return
    if new.credential.secret == old.credential.secret:
        raise click.UsageError(
            f"this is the key that the profile {name} holds already. Make a new one: {API_KEYS}"
        )


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


def _with_old_key(services: Services, old: KeySelection, found: Diagnosis) -> Diagnosis:
    """Return the diagnosis with a warning that names the old key for deletion."""
    if old.credential is None:
        return found
    secret = old.credential.secret
    age = age_days(old.profile, services.clock.now()) if old.profile is not None else None
    aged = f", kept here for {age} days" if age else ""
    warning = (
        f"The old key {secret.masked} (fingerprint {secret.fingerprint}{aged}) still works at "
        f"OpenAI. Once nothing uses it any more, delete it: {API_KEYS}"
    )
    return replace(
        found, verdict=replace(found.verdict, warnings=(*found.verdict.warnings, warning))
    )


def _report_unchanged(tracker: RunTracker, old: KeySelection, options: RotateOptions) -> int:
    """Print the report on a key that does not work; the profile keeps the old one."""
    found = tracker.diagnosis()
    _print_page(found, tracker, old, options)
    print_note(_UNCHANGED)
    return exit_code(found.verdict)


def _print_page(
    found: Diagnosis, tracker: RunTracker, old: KeySelection, options: RotateOptions
) -> None:
    new = tracker.selection.credential if tracker.selection is not None else None
    redact = Redactor(one.secret for one in (old.credential, new) if one is not None)
    page = render(options.format, found, mode="rotate", style=stdout_style(), redact=redact)
    print_report(page)
