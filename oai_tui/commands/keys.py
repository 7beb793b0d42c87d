"""`oai-tui keys`: every key that can be found here, side by side, and who overrides whom. Sends nothing and shows no key."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from oai_tui.credentials.sources.discovery import OPT_IN_SOURCES
from oai_tui.domain.discovery_result import DiscoveryResult, Setting
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.profile import Profile
from oai_tui.headless.console import print_note, print_report, stdout_style
from oai_tui.headless.timeout import TimeLimitReached, run_with_timeout
from oai_tui.headless.with_profiles import STORE_TIMEOUT_S, open_profile_store
from oai_tui.reports.exit_codes import WORKS
from oai_tui.services.build import real_services
from oai_tui.services.services import Services


@click.command()
@click.option(
    "--program",
    "programs",
    type=click.Choice(list(OPT_IN_SOURCES)),
    multiple=True,
    help="Read this program's own store too. May be repeated.",
)
@click.option(
    "--profiles/--no-profiles",
    default=True,
    help="Show the saved profiles as well (reads the keyring). Default: yes.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def command(programs: tuple[str, ...], profiles: bool, as_json: bool) -> int:
    """Show every key found here: environment, .env files, shell start files, saved profiles and, when asked, other programs' stores.

    The first is the one that an SDK would take.
    """
    services = open_profile_store() if profiles else real_services()
    saved = _saved(services) if profiles else ()
    discovered = services.discover(opt_in=programs)
    print_report(_json(discovered, saved) if as_json else _text(discovered, saved))
    for note in (*discovered.problems, *discovered.notes):
        print_note(note)
    return WORKS


def _saved(services: Services) -> tuple[Profile, ...]:
    """Return the profiles; none, with a note, where the keyring fails: other keys are still shown."""
    try:
        return run_with_timeout(
            services.saved_profiles(), STORE_TIMEOUT_S, when_blocked=lambda: WORKS
        )
    except KeyringError as error:
        profiles = services.profiles
        step = profiles.next_step(error.state)
        print_note(f"{profiles.state_message(error.state)} {step.text} Run: {step.command}")
    except TimeLimitReached:
        pass
    return ()


def _text(around: DiscoveryResult, saved: tuple[Profile, ...]) -> str:
    rows = [
        _row(found, _state(found, in_force=number == 0))
        for number, found in enumerate(around.credentials)
    ]
    rows += [_row(found, _state(found, in_force=False)) for found in around.inactive]
    rows += [
        (
            f"profile {each.name}",
            each.kind,
            each.hint,
            each.fingerprint,
            _day(each.verified_at),
            "saved" if each.verified_at else "saved, never verified",
        )
        for each in saved
    ]
    if not rows:
        return "no key was found\n"
    settings = [(each.name, each.value, _place(each)) for each in around.settings]
    page = _columns([("where", "kind", "key", "fingerprint", "as of", ""), *rows]) + (
        "\nalso in force\n" + _columns(settings) if settings else ""
    )
    return stdout_style().encodable(visible(Redactor()(page)))


def _place(setting: Setting) -> str:
    origin = setting.origin
    return f"set in {origin.set_at}" if origin.set_at else origin.place or origin.kind


def _row(found: Credential, state: str) -> tuple[str, ...]:
    origin = found.origin
    where = origin.place or f"{origin.kind} {origin.name}".strip()
    changed = (
        datetime.fromtimestamp(found.changed_at, UTC) if found.changed_at is not None else None
    )
    return (
        f"{where} (set in {origin.set_at})" if origin.set_at else where,
        found.kind.label,
        found.secret.masked,
        found.secret.fingerprint,
        _day(changed),
        state,
    )


def _state(found: Credential, *, in_force: bool) -> str:
    if found.origin.kind == "program":
        state = f"what {found.origin.name} takes"
    elif found.shadowed_by is not None:
        state = f"overridden by {found.shadowed_by.place or found.shadowed_by.kind}"
    elif found.origin.kind == "startup":
        state = "new terminals alone"
    else:
        state = "what an SDK takes here" if in_force else ""
    wins = (
        f"wins over {', '.join(each.place or each.kind for each in found.shadows)}"
        if found.shadows
        else ""
    )
    told = ", ".join(dict.fromkeys(defect.text for defect in found.defects[:3]))
    damage = f"{told}: {found.secret.masked_with_defects}" if found.defects else ""
    return "; ".join(part for part in (state, wins, damage) if part)


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}" if moment else "-"


def _columns(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in rows
    )


def _json(around: DiscoveryResult, saved: tuple[Profile, ...]) -> str:
    document = {
        "keys": [_document(each, in_force=True) for each in around.credentials]
        + [_document(each, in_force=False) for each in around.inactive],
        "profiles": [
            {
                "name": each.name,
                "kind": each.kind,
                "hint": each.hint,
                "fingerprint": each.fingerprint,
                "verified_at": each.verified_at.isoformat() if each.verified_at else None,
            }
            for each in saved
        ],
        "settings": [
            {
                "name": each.name,
                "value": each.value,
                "origin": str(each.origin),
                "set_at": each.origin.set_at or None,
            }
            for each in around.settings
        ],
        "notes": list(around.notes),
        "problems": list(around.problems),
    }
    return Redactor()(json.dumps(document, indent=2)) + "\n"


def _document(found: Credential, *, in_force: bool) -> dict[str, Any]:
    """`in_force`: whether the source is one that this process, or a program that loads .env, takes its key from."""
    return {
        "origin": str(found.origin),
        "set_at": found.origin.set_at or None,
        "kind": found.kind.id,
        "hint": found.secret.masked,
        "fingerprint": found.secret.fingerprint,
        "in_force": in_force,
        "shadows": [str(each) for each in found.shadows],
        "shadowed_by": str(found.shadowed_by) if found.shadowed_by else None,
        "changed_at": datetime.fromtimestamp(found.changed_at, UTC).isoformat(timespec="seconds")
        if found.changed_at is not None
        else None,
        "defects": [
            f"{each.text} at position {each.position}"
            + (f" ({each.code_point})" if each.code_point else "")
            for each in found.defects
        ],
        "picture": found.secret.masked_with_defects if found.defects else None,
    }
