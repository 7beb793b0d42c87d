"""`oai-tui profiles due` and `profiles calendar`: when keys expire and are due for rotation."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from oai_tui.domain.due_dates import DueDate, due_dates
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import SOON_DAYS, policy_problem
from oai_tui.headless.console import check_writable, deliver_report, print_note, stdout_style
from oai_tui.headless.options import format_options
from oai_tui.headless.with_profiles import open_profile_store, run_with_profiles
from oai_tui.reports.calendar import event_uid, write_calendar
from oai_tui.reports.exit_codes import BY_FAMILY, WORKS
from oai_tui.services.services import Services

_FORMATS = ("text", "json", "ics")
_output_option = click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write to FILE (mode 0600) instead of standard output.",
)


@click.command("due")
@click.option(
    "--days",
    type=click.IntRange(0, 36_500),
    default=SOON_DAYS,
    show_default=True,
    help="Include what is due within this many days.",
)
@format_options(_FORMATS)
@_output_option
def due_profiles(days: int, format: str, output: Path | None) -> int:
    """List the profiles whose key has expired, expires soon, or is due for rotation. Sends nothing.

    Exit codes: 0 nothing is due, 2 usage error, 4 something is, 10 the keyring failed.
    """
    services, profiles = _open(output)
    now = services.clock.now()
    every = _dates(services, profiles)
    due = [each for each in every if each.days_left(now) <= days]
    code = BY_FAMILY["key"] if due else WORKS
    match format:
        case "json":
            page = _json(due, now, days=days, exit_code=code)
        case "ics":
            page = _calendar(due, now)
        case _:
            page = _text(due, every, now, days=days)
    deliver_report(page, output)
    return code


@click.command("calendar")
@_output_option
def profile_calendar(output: Path | None) -> int:
    """Print all expiry and rotation days as an iCalendar file, to import into a calendar.

    Importing a newer file moves the events of a key that was replaced. Sends nothing.

    Exit codes: 0 written, 2 usage error, 10 the keyring failed.
    """
    services, profiles = _open(output)
    deliver_report(_calendar(_dates(services, profiles), services.clock.now()), output)
    return WORKS


def _open(output: Path | None) -> tuple[Services, tuple[Profile, ...]]:
    """Return the services and the saved profiles; prints a note about those without a date."""
    if output is not None:
        check_writable(output)
    services = open_profile_store()
    profiles = run_with_profiles(services, services.saved_profiles())
    if problem := policy_problem(os.environ):
        print_note(problem)
    undated = [each.name for each in profiles if not due_dates(each, services.rotate_days)]
    if undated:
        print_note(
            f"no expiry day and no rotation day is known of: {', '.join(undated)}. To set one: "
            f"oai-tui profiles set {undated[0]} --expires YYYY-MM-DD"
        )
    return services, profiles


def _dates(services: Services, profiles: tuple[Profile, ...]) -> list[DueDate]:
    dates = [due for each in profiles for due in due_dates(each, services.rotate_days)]
    return sorted(dates, key=lambda due: (due.day, due.profile.name, due.kind))


def _calendar(dates: list[DueDate], now: datetime) -> str:
    page = write_calendar(dates, now)
    # On Windows, writing a text adds the carriage returns.
    return page.replace("\r\n", "\n") if os.linesep == "\r\n" else page


def _text(due: list[DueDate], every: list[DueDate], now: datetime, *, days: int) -> str:
    if due:
        width = max(len(each.profile.name) for each in due)
        lines = [f"{each.profile.name.ljust(width)}  {each.phrase(now)}" for each in due]
        names = list(dict.fromkeys(each.profile.name for each in due))
        lines.append(f"\nTo replace a key: oai-tui profiles rotate {names[0]}")
    else:
        lines = [f"nothing is due within {days} days"]
        if every:
            lines.append(f"next: {every[0].profile.name}, {every[0].phrase(now)}")
    return stdout_style().encodable("\n".join(lines)) + "\n"


def _json(due: list[DueDate], now: datetime, *, days: int, exit_code: int) -> str:
    documents: list[dict[str, Any]] = [
        {
            "profile": each.profile.name,
            "fingerprint": each.profile.fingerprint,
            "kind": each.kind,
            "day": str(each.day),
            "days_left": each.days_left(now),
            "uid": event_uid(each),
        }
        for each in due
    ]
    document = {
        "schema_version": 1,
        "mode": "due",
        "exit_code": exit_code,
        "days": days,
        "due": documents,
    }
    return json.dumps(document, indent=2) + "\n"
