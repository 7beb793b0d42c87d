"""`oai-tui profiles import`: checks a key, saves it as a profile, and removes its plain-text copy.

The copy is removed from .env files only, and only if the person agrees.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from oai_tui.credentials.export.dotenv_removal import Removal, apply_removal, find_removal
from oai_tui.domain.errors import RemovalError
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.headless.command_error import CommandError
from oai_tui.headless.console import can_confirm, print_note, print_report, stdout_style
from oai_tui.headless.options import (
    allow_http_option,
    format_options,
    inference_option,
    source_option,
    timeout_option,
)
from oai_tui.headless.profile_names import OTHER_NAME, check_name
from oai_tui.headless.run_check import CheckScope, check_key
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import KeySelection, check_source, select_key
from oai_tui.headless.with_profiles import open_profile_store, run_with_profiles, save_profile
from oai_tui.reports import REPORTS, exit_code, render
from oai_tui.reports.exit_codes import KEYRING, USAGE
from oai_tui.services.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """The arguments of `profiles import`. overwrite: --replace."""

    name: str
    source: str | None
    inference: bool
    timeout: float
    remove: bool
    overwrite: bool
    allow_http: bool
    format: str


@click.command("import")
@click.argument("name", type=OTHER_NAME)
@source_option(
    "Where to read the key: env, dotenv, stdin, or command:… (a command that prints it). "
    "Default: env, then dotenv."
)
@inference_option()
@timeout_option("Time limit for the check.")
@click.option(
    "--remove",
    is_flag=True,
    help="Remove the key from the .env file after it is saved; "
    "the rest of the file is not changed.",
)
@click.option(
    "--replace",
    "overwrite",
    is_flag=True,
    help="Replace profile NAME if it exists with another key.",
)
@allow_http_option
@format_options(REPORTS)
def import_profile(**arguments: Any) -> int:
    """Check the key used here and, if it works, save it as profile NAME.

    Then lists where the key is still stored in plain text. On a terminal, offers to remove it from
    a .env file; --remove removes it without asking.
    """
    options = ImportOptions(**arguments)
    name = check_name(options.name)
    if options.source is not None:
        check_source(options.source)
    services = open_profile_store()
    if not options.overwrite and run_with_profiles(services, _exists(services, name), name):
        print_note(
            f"profile {name} already exists. To give it a new key: "
            f"oai-tui profiles rotate {name}. To replace it with the key used here: add --replace"
        )
        return USAGE

    tracker = RunTracker(services, options.timeout)

    async def select() -> KeySelection:
        return await select_key(
            services,
            profile=None,
            source=options.source,
            flags={},
            timeout_s=options.timeout,
            default=False,
            allow_http=options.allow_http,
        )

    def report() -> int:
        diagnosis = tracker.diagnosis()
        page = render(
            options.format, diagnosis, mode="import", style=stdout_style(), redact=tracker.redactor
        )
        print_report(page)
        return exit_code(diagnosis.verdict)

    scope = CheckScope(inference=options.inference, timeout=options.timeout)
    diagnosis = check_key(services, select, scope, tracker, report=report)
    credential = tracker.selection.credential if tracker.selection is not None else None
    if not diagnosis.is_healthy or credential is None:
        code = report()
        print_note("not saved, because the check did not pass")
        return code
    try:
        save_profile(services, name, diagnosis, credential)
    except CommandError as error:
        error.show()
        print_note("the key works but could not be saved")
        return error.exit_code
    code = report()
    print_note(
        f"saved as {name} in {services.profiles.backend}; "
        f"use it with: oai-tui exec {name} -- COMMAND"
    )
    if not _report_plain_text_copies(services, name, credential, remove=options.remove):
        return KEYRING
    return code


async def _exists(services: Services, name: str) -> bool:
    try:
        await services.profiles.load(name)
    except KeyError:
        return False
    return True


def _report_plain_text_copies(
    services: Services, name: str, credential: Credential, *, remove: bool
) -> bool:
    """Print where else the key is in plain text; remove it from .env files if that is wanted.

    Return False if it was to be removed from a file and that failed.
    """
    origins = [
        copy.origin for copy in services.discover().credentials if copy.secret == credential.secret
    ]
    variables = [origin.name for origin in origins if origin.kind == "environment"]
    for variable in dict.fromkeys(variables):
        print_note(
            f"the key is still in the environment. For this shell: unset {variable}. "
            f"For new shells: delete the line that sets {variable} in your shell's startup file"
        )
    paths = [Path(origin.place.rpartition(":")[0]) for origin in origins if origin.kind == "dotenv"]
    done = [
        _remove_from_dotenv(path, name, credential.secret, remove=remove)
        for path in dict.fromkeys(paths)
    ]
    return all(done)


def _remove_from_dotenv(path: Path, name: str, secret: Secret, *, remove: bool) -> bool:
    """Remove the key from a .env file, if `remove` or the person says so; False if that failed.

    name: the profile that has the key now.
    """
    try:
        removal = find_removal(path, secret, os.environ)
        if not removal.lines:
            return True
        places = ", ".join(f"{path}:{line}" for line in removal.lines)
        if not remove:
            print_note(f"the key is still in plain text in {places}")
            if not _confirm_removal(removal):
                print_note(
                    f"to remove it: oai-tui profiles import {name} "
                    "--source dotenv --replace --remove"
                )
                return True
        apply_removal(removal)
        print_note(
            f"removed the key from {places}; the rest of the file is unchanged. "
            f"To run a program with the key: oai-tui exec {name} -- COMMAND"
        )
        if removal.left:
            print_note(
                f"the key also appears in {path} on line {', '.join(map(str, removal.left))}, "
                "which was not changed: remove it by hand"
            )
        print_note("if that file was ever committed, the key is in the Git history: rotate the key")
    except RemovalError as error:
        print_note(f"{error}; the key was not removed")
        return not remove
    return True


def _confirm_removal(removal: Removal) -> bool:
    """Ask at the terminal; False if there is none."""
    if not can_confirm():
        return False
    return click.confirm(
        f"Remove it from {removal.path} now? The rest of the file is not changed.",
        default=False,
        err=True,
    )
