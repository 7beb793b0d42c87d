"""Encodes a profile as JSON without its key, and decodes entries of this and older versions.

Older entries lack key_since, billed_at, seen and remarks. What is empty is not written, to keep an
entry small: Windows takes 2,560 bytes of UTF-16 for each.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from oai_tui.domain.profile import NOTE_LIMIT, LastGoodRun, Profile, ProfileNotes
from oai_tui.domain.target import Origin, Target

_SCHEMA_VERSION = 1
_TARGET_FIELDS = ("base_url", "organization", "project", "model")


def encode_profile(profile: Profile) -> str:
    """Return the profile as JSON, without its name and without the origins of its settings.

    The origins say nothing about the profile: once loaded, all settings come from the store.
    """
    target = {field: getattr(profile.target, field) for field in _TARGET_FIELDS}
    document = {
        "schema_version": _SCHEMA_VERSION,
        "target": {
            **target,
            "agreed": profile.target.agreed,
            **({"allow_http": True} if profile.target.allow_http else {}),
            **({"direct": True} if profile.target.direct else {}),
        },
        "hint": profile.hint,
        "kind": profile.kind,
        "fingerprint": profile.fingerprint,
        "verified_at": _iso(profile.verified_at),
        "billing": profile.billing,
        "model": profile.model,
        **_encode_extras(profile),
    }
    return json.dumps(document, separators=(",", ":"))


def decode_profile(text: str, name: str) -> Profile | None:
    """Return the profile in `text`, or None for anything that this program did not write.

    The origin of each of its settings is the keyring entry `name`.
    """
    try:
        document: dict[str, Any] = json.loads(text)
        verified_at = document["verified_at"]
        profile = Profile(
            name=name,
            target=_decode_target(document["target"], name),
            hint=str(document["hint"]),
            kind=str(document["kind"]),
            fingerprint=str(document["fingerprint"]),
            verified_at=datetime.fromisoformat(verified_at) if verified_at else None,
            billing=str(document["billing"]),
            model=str(document["model"]),
        )
        return _decode_extras(profile, document)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _decode_target(document: Mapping[str, Any], name: str) -> Target:
    values = {field: _optional_text(document[field]) for field in _TARGET_FIELDS}
    settings = {field: value for field, value in values.items() if value is not None}
    return Target(
        **settings,
        agreed=document.get("agreed") is True,
        allow_http=document.get("allow_http") is True,
        direct=document.get("direct") is True,
        origins={field: Origin(kind="keyring", name=name) for field in settings},
    )


def _encode_extras(profile: Profile) -> dict[str, Any]:
    """The fields that later versions added, without those that are empty."""
    notes = profile.notes
    remarks = {
        "note": notes.note[:NOTE_LIMIT],
        "rotate_days": notes.rotate_days,
        "expires_on": notes.expires_on.isoformat() if notes.expires_on else None,
        "refused_at": _iso(notes.refused_at),
        "refused_for": notes.refused_for,
    }
    document = {
        "key_since": _iso(profile.key_since),
        "billed_at": _iso(profile.billed_at),
        "seen": {name: value for name, value in asdict(profile.last_good_run).items() if value},
        "remarks": {name: value for name, value in remarks.items() if value not in (None, "")},
    }
    return {name: value for name, value in document.items() if value}


def _decode_extras(profile: Profile, document: Mapping[str, Any]) -> Profile:
    """The profile with the fields that later versions added.

    Raises ValueError, TypeError or AttributeError for what this program did not write.
    """
    seen, remarks = document.get("seen", {}), document.get("remarks", {})
    days = remarks.get("rotate_days")
    if days is not None and (isinstance(days, bool) or not isinstance(days, int) or days < 0):
        raise ValueError("a rotation policy is a number of days")
    expires_on = remarks.get("expires_on")
    return replace(
        profile,
        key_since=_zoned_time(document.get("key_since")),
        billed_at=_zoned_time(document.get("billed_at")),
        last_good_run=LastGoodRun(
            **{name: str(seen.get(name, "")) for name in LastGoodRun.__slots__}
        ),
        notes=ProfileNotes(
            note=str(remarks.get("note", "")),
            rotate_days=days,
            expires_on=date.fromisoformat(expires_on) if expires_on else None,
            refused_at=_zoned_time(remarks.get("refused_at")),
            refused_for=str(remarks.get("refused_for", "")),
        ),
    )


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _zoned_time(text: object) -> datetime | None:
    """A time with its zone; None for an empty text."""
    if not text:
        return None
    time = datetime.fromisoformat(str(text))
    if time.tzinfo is None:
        raise ValueError("a time without a time zone")
    return time


def _optional_text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("a setting is a text or nothing")
    return value
