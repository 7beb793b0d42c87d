"""`oai-tui profiles rotate`: checks a new key, replaces the profile's key, and names the old one.

The profile has its old key until the new one has proved to work.
"""

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
from oai_tui.headless.console import can_confirm, print_note, print_report, stdout_style
from oai_tui.headless.options import (
    format_options,
    inference_option,
    source_option,
    timeout_option,
)
from oai_tui.headless.profile_names import PROFILE_NAME
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

_UNCHANGED = "no change: the profile still has the old key"


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
@click.argument("name", type=PROFILE_NAME)
@source_option(
    "Where to read the new key: stdin, env, dotenv, or command:… (a command that prints it). "
    "Default: prompts for it; without a terminal, stdin."
)
@inference_option()
@timeout_option("Time limit for the check.")
@click.option(
    "--yes",
    is_flag=True,
    help="Replace the key even if the new one belongs to another organization or project.",
)
@format_options(REPORTS)
def rotate_profile(**arguments: Any) -> int:
    """Replace the key of profile NAME: the new key is checked with the profile's settings, then
    saved in place of the old one, which you can then delete at OpenAI.

    Nothing changes until the new key has passed the check.
    """
    options = RotateOptions(**arguments)
    name = options.name
    if options.source is not None:
        check_source(options.source)
    is_terminal = sys.stdin is not None and sys.stdin.isatty()
    if options.source == "stdin" and is_terminal:
        raise click.BadParameter(
            "standard input is a terminal. Pipe the key in, or omit --source to be prompted: "
            f"oai-tui profiles rotate {name}",
            param_hint="--source",
        )
    services = open_profile_store()
    old = run_with_profiles(services, selection_for_profile(services, name), name)
    typed = None
    if options.source is None and is_terminal:
        typed = _prompt_for_key(services, name)
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

    def report_failure() -> int:
        diagnosis = tracker.diagnosis()
        _print_page(diagnosis, tracker, old, options)
        print_note(_UNCHANGED)
        return exit_code(diagnosis.verdict)

    scope = CheckScope(inference=options.inference, timeout=options.timeout)
    diagnosis = check_key(services, select, scope, tracker, report=report_failure)
    new = tracker.selection.credential if tracker.selection is not None else None
    if not diagnosis.is_healthy or new is None:
        return report_failure()
    if not _may_replace(old, diagnosis, yes=options.yes):
        print_note(_UNCHANGED)
        return USAGE
    try:
        saved = save_profile(services, name, diagnosis, new)
    except CommandError as error:
        error.show()
        print_note(_UNCHANGED)
        return error.exit_code
    _print_page(_with_old_key_warning(services, old, diagnosis), tracker, old, options)
    stale = ""
    if os.environ.get("OPENAI_API_KEY") is not None:
        stale = "; OPENAI_API_KEY in this shell may still have the old one"
    print_note(f"{saved.name} now has the new key {saved.hint}{stale}")
    return exit_code(diagnosis.verdict)


def _refuse_same_key(name: str, old: KeySelection, new: KeySelection) -> None:
    """Raise a usage error when the new key is the one that the profile has already."""
    if old.credential is None or new.credential is None:
        return
    if new.credential.secret == old.credential.secret:
        raise click.UsageError(
            f"profile {name} already has this key. Create a new one at {API_KEYS}"
        )


def _prompt_for_key(services: Services, name: str) -> KeySelection | None:
    """Ask for the new key at the terminal; None, with a note, if what is typed is no key."""
    print_note(f"1. Make a new key for the same project at {API_KEYS}")
    print_note(
        "2. Paste it here; it is not shown. "
        "It is checked first, and nothing is changed unless it works"
    )
    try:
        secret = read_prompt(f"New key for {name}: ")
    except CredentialError as error:
        print_note(error.text)
        return None
    return KeySelection(
        target=services.discover().target,
        credential=services.credential(secret, Origin(kind="typed")),
    )


def _may_replace(old: KeySelection, diagnosis: Diagnosis, *, yes: bool) -> bool:
    """Return True if the new key may replace the old one.

    A key for another organization or project needs a yes, by option or at the terminal.
    """
    changes = _account_changes(old.profile, diagnosis)
    if not changes or yes:
        return True
    print_note(f"the new key works, but {changes}")
    if not can_confirm():
        print_note("add --yes if this is intended")
        return False
    return click.confirm("Is this intended?", default=False, err=True)


def _account_changes(profile: Profile | None, diagnosis: Diagnosis) -> str:
    """Return the new key's other organization and project as clauses; "" if none is known."""
    if profile is None:
        return ""
    old, new = profile.last_good_run, last_good_run_of(diagnosis)
    pairs = (
        ("organization", old.organization, new.organization),
        ("project", old.project, new.project),
    )
    changes = [
        f"it belongs to {what} {after}, the old key to {before}"
        for what, before, after in pairs
        if before and after and before != after
    ]
    return " and ".join(changes)


def _with_old_key_warning(services: Services, old: KeySelection, diagnosis: Diagnosis) -> Diagnosis:
    """Return the diagnosis with a warning that names the old key for deletion."""
    if old.credential is None:
        return diagnosis
    secret = old.credential.secret
    days = age_days(old.profile, services.clock.now()) if old.profile is not None else None
    age = f", saved here {days} days ago" if days else ""
    warning = (
        f"The old key {secret.masked} (fingerprint {secret.fingerprint}{age}) is still "
        f"valid. When nothing uses it anymore, delete it at {API_KEYS}"
    )
    warnings = (*diagnosis.verdict.warnings, warning)
    return replace(diagnosis, verdict=replace(diagnosis.verdict, warnings=warnings))


def _print_page(
    diagnosis: Diagnosis, tracker: RunTracker, old: KeySelection, options: RotateOptions
) -> None:
    """Print the report, with both keys redacted."""
    new = tracker.selection.credential if tracker.selection is not None else None
    keys = [key for key in (old.credential, new) if key is not None]
    redact = Redactor(key.secret for key in keys)
    page = render(options.format, diagnosis, mode="rotate", style=stdout_style(), redact=redact)
    print_report(page)
