"""`oai-tui keys`: lists every key found on this machine, and which one overrides which.

Sends nothing and prints keys masked only.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from oai_tui.credentials.sources.discovery import OPT_IN_SOURCES
from oai_tui.credentials.sources.env_names import BACKGROUND
from oai_tui.domain.discovery_result import DiscoveryResult, Setting
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.defects import Defect
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.profile import Profile
from oai_tui.headless.console import print_note, print_report, stdout_style
from oai_tui.headless.options import json_option
from oai_tui.headless.timeout import TimeLimitReached
from oai_tui.headless.with_profiles import NO_ANSWER, open_profile_store, run_with_store
from oai_tui.reports.exit_codes import WORKS
from oai_tui.services.build import real_services
from oai_tui.services.services import Services

_MAX_DEFECTS = 3
"""Defects of one key that the table names; the JSON has all."""


@click.command()
@click.option(
    "--program",
    "programs",
    type=click.Choice(list(OPT_IN_SOURCES)),
    multiple=True,
    help="Also read the keys stored by this program. Repeatable.",
)
@click.option(
    "--profiles/--no-profiles",
    default=True,
    help="Also list saved profiles (reads the keyring). Default: yes.",
)
@json_option
def command(programs: tuple[str, ...], profiles: bool, as_json: bool) -> int:
    """List the API keys found here: environment, .env files, shell startup files, saved profiles
    and, with --program, the stores of other programs.

    The first one is the key that the SDKs use.
    """
    services = open_profile_store() if profiles else real_services()
    saved = _saved_profiles(services) if profiles else ()
    discovered = services.discover(opt_in=programs)
    print_report(_json(discovered, saved) if as_json else _text(discovered, saved))
    for note in (*discovered.problems, *discovered.notes):
        print_note(note)
    return WORKS


def _saved_profiles(services: Services) -> tuple[Profile, ...]:
    """Return the saved profiles.

    Empty, with a note, if the keyring fails or does not answer: the other keys are shown.
    """
    try:
        return run_with_store(services, services.saved_profiles(), when_blocked=lambda: WORKS)
    except KeyringError as failure:
        error = failure
    except TimeLimitReached:
        error = NO_ANSWER
    profiles = services.profiles
    step = profiles.next_step(error.state)
    print_note(f"{profiles.state_message(error.state)} {step.text} Run: {step.command}")
    return ()


def _text(discovered: DiscoveryResult, saved: tuple[Profile, ...]) -> str:
    """Return the tables of the keys and of the settings."""
    rows = [
        _key_row(credential, is_first=number == 0)
        for number, credential in enumerate(discovered.credentials)
    ]
    rows += [_key_row(credential, is_first=False) for credential in discovered.inactive]
    rows += [_profile_row(profile) for profile in saved]
    if not rows:
        return "no keys found\n"
    page = _columns([("where", "kind", "key", "fingerprint", "date", ""), *rows])
    settings = [
        (setting.name, setting.value, _setting_place(setting))
        for setting in discovered.settings
        if setting.name not in BACKGROUND
    ]
    if settings:
        page += "\nother settings in effect\n" + _columns(settings)
    others = [each.name for each in discovered.settings if each.name in BACKGROUND]
    if others:
        page += f"\nalso set: {', '.join(others)} (--json shows the values)\n"
    return stdout_style().encodable(visible(Redactor()(page)))


def _setting_place(setting: Setting) -> str:
    origin = setting.origin
    return f"set in {origin.set_at}" if origin.set_at else origin.place or origin.kind


def _key_row(credential: Credential, *, is_first: bool) -> tuple[str, ...]:
    """Return the cells for one key. is_first: it is the one that an SDK takes here."""
    origin, secret = credential.origin, credential.secret
    place = origin.place or f"{origin.kind} {origin.name}".strip()
    if origin.set_at:
        place = f"{place} (set in {origin.set_at})"
    return (
        place,
        credential.kind.label,
        secret.masked,
        secret.fingerprint,
        _day(_changed_at(credential)),
        _remarks(credential, is_first=is_first),
    )


def _profile_row(profile: Profile) -> tuple[str, ...]:
    return (
        f"profile {profile.name}",
        profile.kind,
        profile.hint,
        profile.fingerprint,
        _day(profile.verified_at),
        "saved" if profile.verified_at else "saved, never verified",
    )


def _remarks(credential: Credential, *, is_first: bool) -> str:
    """Return the last cell of a key: who takes it, which keys it overrides, its defects."""
    remarks = [_user_of(credential, is_first=is_first)]
    if credential.shadows:
        places = ", ".join(origin.place or origin.kind for origin in credential.shadows)
        remarks.append(f"overrides {places}")
    if credential.defects:
        texts = dict.fromkeys(defect.text for defect in credential.defects[:_MAX_DEFECTS])
        remarks.append(f"{', '.join(texts)}: {credential.secret.masked_with_defects}")
    return "; ".join(remark for remark in remarks if remark)


def _user_of(credential: Credential, *, is_first: bool) -> str:
    """Return which program takes the key, or what overrides it; may be empty."""
    origin, shadowed_by = credential.origin, credential.shadowed_by
    if origin.kind == "program":
        return f"used by {origin.name}"
    if shadowed_by is not None:
        return f"overridden by {shadowed_by.place or shadowed_by.kind}"
    if origin.kind == "startup":
        return "not set in this shell; new terminals will have it"
    return "used by the SDK here" if is_first else ""


def _changed_at(credential: Credential) -> datetime | None:
    """Return when the source of the key was last changed, or None."""
    if credential.changed_at is None:
        return None
    return datetime.fromtimestamp(credential.changed_at, UTC)


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}" if moment else "-"


def _columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table with aligned columns; all rows have the same number of cells."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def _json(discovered: DiscoveryResult, saved: tuple[Profile, ...]) -> str:
    keys = [_key_document(credential, in_force=True) for credential in discovered.credentials]
    keys += [_key_document(credential, in_force=False) for credential in discovered.inactive]
    document = {
        "keys": keys,
        "profiles": [
            {
                "name": profile.name,
                "kind": profile.kind,
                "hint": profile.hint,
                "fingerprint": profile.fingerprint,
                "verified_at": profile.verified_at.isoformat() if profile.verified_at else None,
            }
            for profile in saved
        ],
        "settings": [
            {
                "name": setting.name,
                "value": setting.value,
                "origin": str(setting.origin),
                "set_at": setting.origin.set_at or None,
            }
            for setting in discovered.settings
        ],
        "notes": [*discovered.notes, *discovered.certificate_notes],
        "problems": list(discovered.problems),
    }
    return Redactor()(json.dumps(document, indent=2)) + "\n"


def _key_document(credential: Credential, *, in_force: bool) -> dict[str, Any]:
    """Return one key as plain values for JSON.

    in_force: this process, or a program that loads .env files, reads its key from this source.
    """
    changed_at = _changed_at(credential)
    return {
        "origin": str(credential.origin),
        "set_at": credential.origin.set_at or None,
        "kind": credential.kind.id,
        "hint": credential.secret.masked,
        "fingerprint": credential.secret.fingerprint,
        "in_force": in_force,
        "shadows": [str(origin) for origin in credential.shadows],
        "shadowed_by": str(credential.shadowed_by) if credential.shadowed_by else None,
        "changed_at": changed_at.isoformat(timespec="seconds") if changed_at else None,
        "defects": [_defect_text(defect) for defect in credential.defects],
        "picture": credential.secret.masked_with_defects if credential.defects else None,
    }


def _defect_text(defect: Defect) -> str:
    code_point = f" ({defect.code_point})" if defect.code_point else ""
    return f"{defect.text} at position {defect.position}{code_point}"
