"""`oai-tui profiles push`: checks a profile's key, copies it to where it is used, reads it back.

The commands are shown first. The key is on the standard input of the vendor's program, never among
its arguments.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from oai_tui.credentials.places.copy_to_place import (
    CurrentValue,
    ProgramError,
    read_place,
    write_for,
    write_place,
)
from oai_tui.credentials.places.destinations import (
    DESTINATIONS,
    Place,
    UnusableError,
    parse_place,
)
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.keys.secret import Secret
from oai_tui.headless.command_error import CommandError
from oai_tui.headless.console import can_confirm, print_note, print_report, stdout_style
from oai_tui.headless.options import inference_option, timeout_option
from oai_tui.headless.profile_names import PROFILE_NAME
from oai_tui.headless.run_check import CheckScope, check_key
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import KeySelection, selection_for_profile
from oai_tui.headless.with_profiles import open_profile_store, run_with_profiles
from oai_tui.reports import exit_code, render
from oai_tui.reports.exit_codes import KEYRING, USAGE, WORKS
from oai_tui.services.services import Services

_MAX_LINES = 3
_MAX_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOptions:
    """The arguments of `profiles push`. to: the place."""

    name: str
    to: str
    inference: bool
    timeout: float
    dry_run: bool
    yes: bool


@click.command("push")
@click.argument("name", type=PROFILE_NAME)
@click.option(
    "--to",
    metavar="PLACE",
    required=True,
    help="One of: " + ", ".join(destination.form for destination in DESTINATIONS) + ".",
)
@inference_option()
@timeout_option("Time limit for the check, and for each command.")
@click.option("--dry-run", is_flag=True, help="Show the commands and stop; nothing is changed.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def push_profile(**arguments: Any) -> int:
    """Copy the key of profile NAME to a secret store, with the vendor's own program (aws, vault,
    op, gh or kubectl), which must be signed in.

    The key is checked first, and is not copied unless it works. The commands are shown before they
    change anything. Then the stored value is read back and compared (GitHub gives none back).

    Exit codes: 0 stored, 2 usage error or not confirmed, 10 the program is missing or failed, or
    gave another value back; for a key that does not work, those of `oai-tui check`.
    """
    options = PushOptions(**arguments)
    place = _place(options)
    services = open_profile_store()
    selection = run_with_profiles(
        services, selection_for_profile(services, options.name), options.name
    )
    code = _check(services, selection, options)
    if code != WORKS:
        print_note("not copied, because the check did not pass")
        return code
    assert selection.credential is not None
    return _push(services, place, selection.credential.secret, options)


def _place(options: PushOptions) -> Place:
    """Return the place; refuse what cannot work before anything is sent."""
    try:
        place = parse_place(options.to)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--to") from None
    destination = place.destination
    if destination.reads_dev_stdin and sys.platform == "win32":
        raise click.UsageError(f"copying to {destination.title} needs /dev/stdin: run it in WSL.")
    if not (options.yes or options.dry_run or can_confirm()):
        raise click.UsageError("no terminal to ask for confirmation; add --yes or --dry-run.")
    if shutil.which(destination.program) is None:
        line = (
            f"{destination.program} was not found. Install it, and sign in to {destination.title}"
        )
        raise CommandError((line,), KEYRING)
    return place


def _check(services: Services, selection: KeySelection, options: PushOptions) -> int:
    """Check the key and return the exit code; prints the report of a key that does not work."""
    tracker = RunTracker(services, options.timeout)

    async def select() -> KeySelection:
        return selection

    def report() -> int:
        diagnosis = tracker.diagnosis()
        page = render("text", diagnosis, mode="push", style=stdout_style(), redact=tracker.redactor)
        print_report(page)
        return exit_code(diagnosis.verdict)

    scope = CheckScope(inference=options.inference, timeout=options.timeout)
    diagnosis = check_key(services, select, scope, tracker, report=report)
    return WORKS if diagnosis.is_healthy else report()


def _push(services: Services, place: Place, key: Secret, options: PushOptions) -> int:
    is_writing = False
    try:
        current = read_place(place, key, os.environ, options.timeout)
        if current.state == "same":
            print_report(f"{place.text} has this key already (fingerprint {key.fingerprint})\n")
            return WORKS
        for line in _plan(place, current, key, options):
            print_note(line)
        if options.dry_run:
            print_note("nothing was changed (--dry-run)")
            return WORKS
        if not options.yes and not click.confirm("Store the key there?", default=False, err=True):
            print_note("nothing was changed")
            return USAGE
        is_writing = True
        write_place(place, current, key, os.environ, options.timeout)
        stored = read_place(place, key, os.environ, options.timeout)
    except UnusableError as error:
        raise CommandError((f"{place.text}: {services.redactor()(str(error))}",), USAGE) from None
    except ProgramError as error:
        lines = list(_failure(services, error))
        if is_writing:
            lines.append(f"despite that, the key may be stored in {place.text}")
            if place.destination.read:
                lines.append("run this command again: it first says whether the key is there")
        raise CommandError(tuple(lines), KEYRING) from None
    return _report(place, stored, key)


def _plan(place: Place, current: CurrentValue, key: Secret, options: PushOptions) -> Iterator[str]:
    destination = place.destination
    there = {
        "absent": "nothing yet",
        "other": f"another value (fingerprint {current.fingerprint})",
        "not-readable": "unknown, because it gives no values back",
    }
    shown = f"{key.masked}, fingerprint {key.fingerprint}"
    yield f"the key of the profile {options.name} works: {shown}"
    yield f"{destination.title}, {place.text}, has: {there[current.state]}"
    write = write_for(place, current)
    yield f"to run, with the key on standard input: {shlex.join(place.words(write.command))}"
    if destination.read:
        yield f"then, to compare: {shlex.join(place.words(destination.read))}"


def _failure(services: Services, error: ProgramError) -> Iterator[str]:
    """Yield what failed, and the last lines that the program printed, redacted."""
    redact = services.redactor()
    yield f"{shlex.join(error.words)}: {error.reason}"
    lines = [line.strip() for line in redact(error.printed).splitlines() if line.strip()]
    yield from (visible(line)[:_MAX_LINE] for line in lines[-_MAX_LINES:])


def _report(place: Place, stored: CurrentValue, key: Secret) -> int:
    text = f"stored the key {key.masked} (fingerprint {key.fingerprint}) in {place.text}"
    match stored.state:
        case "same":
            print_report(f"{text}; read back and compared: the same\n")
            return WORKS
        case "not-readable":
            title = place.destination.title
            print_report(f"{text}; {title} gives no values back, so it was not compared\n")
            return WORKS
        case _:
            line = f"{place.text} has no value after storing the key"
            if stored.state == "other":
                line = (
                    f"{place.text} has another value after storing the key "
                    f"(fingerprint {stored.fingerprint})"
                )
            raise CommandError((line,), KEYRING)
