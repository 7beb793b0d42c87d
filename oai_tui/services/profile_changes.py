"""Changes the name and the notes of a saved profile, and deletes it; the default follows."""

from dataclasses import dataclass, replace
from datetime import date

from oai_tui.domain.profile import Profile
from oai_tui.services.profile_store import ProfileStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileEdit:
    """The new name and notes of a profile.

    expires_on: the day (UTC) from which the key no longer works; None if that is not known.
    rotate_days: days after which the key is due for rotation, 0 for never; None for the general
        policy.
    """

    name: str
    note: str
    expires_on: date | None
    rotate_days: int | None
    is_default: bool


async def apply_edit(store: ProfileStore, profile: Profile, edit: ProfileEdit) -> None:
    """Store what has changed: the notes, then the name, then the default.

    Raises KeyringError when the store fails, KeyError for a profile that does not exist or whose
    key was never verified, FileExistsError for a name that is taken, and another OSError if the
    default cannot be stored.
    """
    was_default = store.default == profile.name
    notes = replace(
        profile.notes,
        note=edit.note,
        expires_on=edit.expires_on,
        rotate_days=edit.rotate_days,
    )
    if notes != profile.notes:
        await store.set_notes(profile.name, notes)
    if edit.name != profile.name:
        await store.rename(profile.name, edit.name)
    if edit.is_default and store.default != edit.name:
        store.choose_default(edit.name)
    elif was_default and not edit.is_default:
        store.choose_default(None)


async def delete_profile(store: ProfileStore, name: str) -> None:
    """Delete a profile with its key; if it was the default one, there is none afterwards.

    Raises KeyringError, KeyError and OSError as `apply_edit` does.
    """
    was_default = store.default == name
    await store.delete(name)
    if was_default:
        store.choose_default(None)
