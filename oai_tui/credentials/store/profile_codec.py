"""The part of a profile's entry that later versions added: how old the key is, what was around it when it worked, and what was remarked. Entries without any of it are read as well.

What is empty is not written, so that an entry stays small: Windows takes 2,560 bytes of UTF-16 for each.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from oai_tui.domain.profile import NOTE_LIMIT, LastGoodRun, Profile, ProfileNotes


def encode_extras(profile: Profile) -> dict[str, Any]:
    """The fields to write beside the others."""
    remarks = profile.notes
    said = {
        "note": remarks.note[:NOTE_LIMIT],
        "rotate_days": remarks.rotate_days,
        "expires_on": remarks.expires_on.isoformat() if remarks.expires_on else None,
        "refused_at": remarks.refused_at.isoformat() if remarks.refused_at else None,
        "refused_for": remarks.refused_for,
    }
    document = {
        "key_since": profile.key_since.isoformat() if profile.key_since else None,
        "billed_at": profile.billed_at.isoformat() if profile.billed_at else None,
        "seen": {name: value for name, value in asdict(profile.last_good_run).items() if value},
        "remarks": {name: value for name, value in said.items() if value not in (None, "")},
    }
    return {name: value for name, value in document.items() if value}


def decode_extras(profile: Profile, document: Mapping[str, Any]) -> Profile:
    """The profile with those fields. ValueError, TypeError or AttributeError for what this program did not write."""
    seen, said = document.get("seen", {}), document.get("remarks", {})
    days = said.get("rotate_days")
    if days is not None and (isinstance(days, bool) or not isinstance(days, int) or days < 0):
        raise ValueError("a policy is a number of days")
    return replace(
        profile,
        key_since=_moment(document.get("key_since")),
        billed_at=_moment(document.get("billed_at")),
        last_good_run=LastGoodRun(
            **{name: str(seen.get(name, "")) for name in LastGoodRun.__slots__}
        ),
        notes=ProfileNotes(
            note=str(said.get("note", "")),
            rotate_days=days,
            expires_on=date.fromisoformat(said["expires_on"]) if said.get("expires_on") else None,
            refused_at=_moment(said.get("refused_at")),
            refused_for=str(said.get("refused_for", "")),
        ),
    )


def _moment(text: object) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment
