"""`oai-tui profiles`: lists and changes the saved profiles.

They are in the OS keyring, or in the encrypted file if OAI_TUI_STORE says so; there is no automatic
fallback to the file. No key is printed.
"""

import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime

import click

from oai_tui.commands.profiles.due_profiles import due_profiles, profile_calendar
from oai_tui.commands.profiles.import_profile import import_profile
from oai_tui.commands.profiles.push_profile import push_profile
from oai_tui.commands.profiles.render import listing, profile_document, rows
from oai_tui.commands.profiles.rotate_profile import rotate_profile
from oai_tui.commands.profiles.verify_profiles import verify_profiles
from oai_tui.credentials.store.default_profile import choose_default, default_profile
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.profile import NOTE_LIMIT, Profile
from oai_tui.domain.rotation import policy_problem
from oai_tui.headless.console import print_note, print_report, stdout_style
from oai_tui.headless.options import json_option
from oai_tui.headless.profile_names import OTHER_NAME, PROFILE_NAME, check_name, named_or_default
from oai_tui.headless.with_profiles import open_profile_store, run_with_profiles
from oai_tui.reports import redact_strings
from oai_tui.reports.exit_codes import USAGE, WORKS
from oai_tui.reports.snippets import SNIPPETS

_ANY_WIDTH = 10_000
"""Columns of a page for a pipe or a file: one line for each profile, for grep and awk."""


@click.group()
def command() -> None:
    """Manage profiles in the OS keyring. A profile is a verified key with its settings. `keyring
    get oai-tui NAME` prints the key.
    """


command.add_command(verify_profiles)
command.add_command(import_profile)
command.add_command(rotate_profile)
command.add_command(due_profiles)
command.add_command(profile_calendar)
command.add_command(push_profile)


@command.command("list")
@json_option
def list_profiles(as_json: bool) -> int:
    """List profiles: state, key age, last verification, organization and project. * marks the
    default.
    """
    services = open_profile_store()
    profiles = run_with_profiles(services, services.saved_profiles())
    now = services.clock.now()
    default = default_profile(os.environ)
    problem = policy_problem(os.environ)
    if problem:
        print_note(problem)
    if as_json:
        policy_days = services.rotate_days
        _print_json(
            [
                profile_document(profile, now, policy_days, is_default=profile.name == default)
                for profile in profiles
            ]
        )
    elif profiles:
        is_terminal = sys.stdout is not None and sys.stdout.isatty()
        width = stdout_style().width if is_terminal else _ANY_WIDTH
        _print_text(listing(profiles, now, services.rotate_days, default, width))
    else:
        print_note(
            "no profiles saved. To save a working key as a profile, run the wizard (`oai-tui`) or "
            "`oai-tui profiles import NAME`"
        )
    return WORKS


@command.command("show")
@click.argument("name", required=False, type=PROFILE_NAME)
@json_option
@click.option(
    "--snippet",
    type=click.Choice(list(SNIPPETS)),
    help="Print a code sample with the right settings (without the key).",
)
def show_profile(name: str | None, as_json: bool, snippet: str | None) -> int:
    """Show profile NAME (default: the default profile). The key is not shown."""
    if as_json and snippet:
        raise click.UsageError("--json and --snippet are mutually exclusive.")
    profile_name = named_or_default(name)
    services = open_profile_store()
    profile, _ = run_with_profiles(services, services.profiles.load(profile_name), profile_name)
    now = services.clock.now()
    is_default = profile_name == default_profile(os.environ)
    if snippet:
        print_report(SNIPPETS[snippet].write(redact_strings(profile, Redactor())))
    elif as_json:
        _print_json(profile_document(profile, now, services.rotate_days, is_default=is_default))
    else:
        table = rows(profile, now, services.rotate_days, is_default=is_default)
        _print_text("".join(f"{label.ljust(14)}{value}\n" for label, value in table))
    return WORKS


@command.command("use")
@click.argument("name", required=False, type=PROFILE_NAME)
@click.option("--none", "no_default", is_flag=True, help="Clear the default profile.")
def use_profile(name: str | None, no_default: bool) -> int:
    """Set NAME as the default profile. exec, env and whoami use it when no name is given; check
    uses it when neither the environment nor a .env file has a key.

    Without NAME, prints the default profile. OAI_TUI_PROFILE overrides it.
    """
    if name is None and not no_default:
        default = default_profile(os.environ)
        if default:
            print_report(f"{default}\n")
        else:
            print_note("no default profile. To set one: oai-tui profiles use NAME")
        return WORKS
    if name is not None and no_default:
        raise click.UsageError("NAME and --none are mutually exclusive.")
    services = open_profile_store()
    if name is not None:
        run_with_profiles(services, services.profiles.load(name), name)
    _set_default(name)
    print_note(f"default profile: {name}" if name else "default profile cleared")
    return WORKS


@command.command("set")
@click.argument("name", type=PROFILE_NAME)
@click.option(
    "--note",
    "note",
    metavar="TEXT",
    help=f"A note, for example who owns the key; up to {NOTE_LIMIT} characters, empty to clear.",
)
@click.option(
    "--rotate-days",
    type=click.IntRange(0, 36_500),
    help="Days until this key is due for rotation; 0 for never.",
)
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Expiry date of the key, as the dashboard shows it.",
)
def set_notes(
    name: str, note: str | None, rotate_days: int | None, expires: datetime | None
) -> int:
    """Set the note, rotation interval or expiry date of profile NAME."""
    if note is None and rotate_days is None and expires is None:
        raise click.UsageError("nothing to set: give --note, --rotate-days or --expires.")
    if note is not None and len(note) > NOTE_LIMIT:
        raise click.BadParameter(
            f"it has {len(note)} characters; the limit is {NOTE_LIMIT}", param_hint="--note"
        )

    services = open_profile_store()

    async def change() -> Profile | None:
        profile, _ = await services.profiles.load(name)
        notes = profile.notes
        if note is not None:
            notes = replace(notes, note=Redactor()(note))
        if rotate_days is not None:
            notes = replace(notes, rotate_days=rotate_days)
        if expires is not None:
            notes = replace(notes, expires_on=expires.replace(tzinfo=UTC).date())
        try:
            return await services.profiles.set_notes(name, notes)
        except KeyError:  # saved by another program, without what was verified
            return None

    if run_with_profiles(services, change(), name) is None:
        print_note(
            f"profile {name} was stored by another program and has never been verified. "
            f"Run: oai-tui profiles verify {name}"
        )
        return USAGE
    return WORKS


@command.command("rename")
@click.argument("name", type=PROFILE_NAME)
@click.argument("new", type=OTHER_NAME)
def rename_profile(name: str, new: str) -> int:
    """Rename profile NAME to NEW."""
    check_name(new, "NEW")
    services = open_profile_store()
    try:
        run_with_profiles(services, services.profiles.rename(name, new), name)
    except FileExistsError:
        print_note(f"profile {new} already exists; delete or rename it first")
        return USAGE
    if _is_stored_default(name):
        _set_default(new)
    print_note(f"{name} is now {new}; use it with: oai-tui exec {new} -- COMMAND")
    return WORKS


@command.command("delete")
@click.argument("name", type=PROFILE_NAME)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def delete_profile(name: str, yes: bool) -> int:
    """Delete profile NAME and its key from the keyring. The key itself stays valid at OpenAI."""
    services = open_profile_store()
    if not yes:
        if not (sys.stdin is not None and sys.stdin.isatty()):
            raise click.UsageError("no terminal to ask for confirmation; add --yes.")
        run_with_profiles(services, services.profiles.load(name), name)
        click.confirm(f"Delete profile {name} and its key from the keyring?", abort=True, err=True)
    run_with_profiles(services, services.profiles.delete(name), name)
    if _is_stored_default(name):
        _set_default(None)
    print_note(
        f"deleted profile {name}. The key still works: revoke it at https://platform.openai.com/api-keys"
    )
    return WORKS


def _is_stored_default(name: str) -> bool:
    """Return True when `profiles use` chose this profile; OAI_TUI_PROFILE does not count."""
    return default_profile({**os.environ, "OAI_TUI_PROFILE": ""}) == name


def _set_default(name: str | None) -> None:
    try:
        choose_default(os.environ, name)
    except OSError as error:
        raise click.ClickException(
            f"cannot save the default profile: {error.strerror or error}. "
            "Set OAI_TUI_PROFILE instead"
        ) from None


def _print_text(page: str) -> None:
    """Print a page, redacted and without control characters: other programs may write there."""
    print_report(stdout_style().encodable(visible(Redactor()(page))))


def _print_json(document: object) -> None:
    print_report(json.dumps(document, indent=2, ensure_ascii=not stdout_style().unicode) + "\n")
