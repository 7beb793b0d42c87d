"""Stores verified profiles in a keyring.

The key is a plain entry that other tools can read; what was proved about it is in a second entry.

Layout:
- the key: service "oai-tui", user NAME, so that `keyring get oai-tui NAME` prints it
- the profile: service "oai-tui-profile", user NAME#FINGERPRINT, as JSON without the key
- the names: the pages of store/name_index.py
- admin keys: service "oai-tui-admin", user NAME, and one entry with their names

A reader gets from the key, by its fingerprint, to the profile of that very key. So one write of the
key (or, for the same key, of its profile) replaces the old profile by the new one: whenever a save
is interrupted, one of the two is stored completely.

This is one of the two modules that may call `Secret.reveal()`. Nothing here is displayed or logged.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from random import sample
from typing import ParamSpec, TypeVar

from oai_tui.credentials.export import child_environment
from oai_tui.credentials.store import name_index
from oai_tui.credentials.store.profile_codec import decode_profile, encode_profile
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.ports import Entries
from oai_tui.domain.profile import Profile, ProfileNotes, VerifiedProfile, valid_name
from oai_tui.domain.target import Target
from oai_tui.system.deadline import run_with_deadline
from oai_tui.system.file_lock import writer_lock

P = ParamSpec("P")
R = TypeVar("R")

KEY_SERVICE = "oai-tui"
PROFILE_SERVICE = "oai-tui-profile"
INDEX_SERVICE = "oai-tui-index"
ADMIN_SERVICE = "oai-tui-admin"
"""Admin keys, separate from profiles so that nothing that runs with a profile can get one."""
_ADMIN_NAMES = "#names"
"""The user of the entry with the names of admin keys; no admin key can have this name."""
_MAX_HEALED = 4
"""Names of the index that one write checks."""


class KeyringVault:
    """domain.ports.Vault over any Entries.

    `deadline_s`: seconds that one call of the keyring, or a save of another process, may take
    before KeyringError("slow") is raised.
    """

    def __init__(self, entries: Entries, *, deadline_s: float = 5.0) -> None:
        self._entries = entries
        self._deadline_s = deadline_s
        self._calls_answered = 0
        self._known_names: set[str] = set()
        """Names that were in the index when it was read last."""

    @property
    def calls_answered(self) -> int:
        """How often the keyring has answered."""
        return self._calls_answered

    @property
    def backend(self) -> str:
        """The keyring's name, for display."""
        return self._entries.name

    async def names(self) -> tuple[str, ...]:
        """Return the names of all complete profiles, in alphabetical order."""
        return tuple(profile.name for profile in await self.profiles())

    async def profiles(self) -> tuple[Profile, ...]:
        """Return all complete profiles, by name: those with a key and with a proof about it."""
        return tuple([profile async for profile, _ in self.load_all()])

    async def load_all(self) -> AsyncIterator[tuple[Profile, Secret]]:
        """Yield all complete profiles with their keys, by name."""
        for name in sorted(await self.indexed(), key=lambda name: (name.lower(), name)):
            if loaded := await self._complete_profile(name):
                yield loaded

    async def indexed(self) -> tuple[str, ...]:
        """Return the names in the index, some of which may not be complete profiles.

        Quick: for shell completion.
        """
        return tuple(sorted({name for page in await self._pages() for name in page}))

    async def load(self, name: str) -> tuple[Profile, Secret]:
        """Return a profile and its key. KeyError if there is no key of that name.

        A key that was stored by hand has an unverified profile.
        """
        key = await self._key(name)
        if key is None:
            raise KeyError(name)
        unverified = Profile(
            name=name, target=Target(), hint=key.masked, kind="unknown", fingerprint=key.fingerprint
        )
        return await self._proved_profile(name, key) or unverified, key

    async def save(self, verified: VerifiedProfile) -> Profile:
        """Save a profile, replacing one of the same name; return what `load` would return.

        Whatever fails, either the old or the new profile is stored at any time.
        """
        async with self._writing():
            return await self._save(verified)

    async def save_reverified(self, verified: VerifiedProfile) -> Profile | None:
        """Save a new check of a saved profile; return what `load` would return.

        None, and nothing is saved, if the profile now has another key or no key: the check says
        nothing about it. Takes three calls of the keyring for a profile that is complete.
        """
        profile, key = verified.profile, verified.credential.secret
        async with self._writing():
            previous = await self._proved_profile(profile.name, key)
            if previous is None or profile.name not in await self._names_read_once():
                is_same = await self._key(profile.name) == key
                return await self._save(verified) if is_same else None
            merged = profile.merged_with_previous(previous)
            return await self._put_profile(merged, key, previous)

    async def save_refusal(
        self, name: str, key: Secret, refused_at: datetime, refused_for: str
    ) -> Profile | None:
        """Add to the notes that this key was refused, and why; the other notes stay.

        None, and nothing is saved, if no profile of this very key is saved.
        """
        async with self._writing():
            profile = await self._proved_profile(name, key)
            if profile is None:
                return None
            notes = replace(profile.notes, refused_at=refused_at, refused_for=refused_for)
            return await self._put_profile(replace(profile, notes=notes), key, profile)

    async def set_notes(self, name: str, notes: ProfileNotes) -> Profile:
        """Replace the notes of a profile. KeyError if its key is not verified."""
        async with self._writing():
            key = await self._key(name)
            profile = await self._proved_profile(name, key) if key else None
            if key is None or profile is None:
                raise KeyError(name)
            changed = replace(profile, notes=notes)
            await self._put_profile(changed, key, profile)
        return changed

    async def rename(self, name: str, new: str) -> None:
        """Rename a key and its profile. Until the end the old name exists too.

        KeyError if there is no key of that name, FileExistsError if the new name is taken.
        """
        async with self._writing():
            key = await self._key(name)
            if key is None:
                raise KeyError(name)
            if await self._get(KEY_SERVICE, new) is not None:
                raise FileExistsError(new)
            if profile := await self._proved_profile(name, key):
                await self._add_name(new)
                await self._put(PROFILE_SERVICE, _profile_user(new, key), encode_profile(profile))
            await self._put(KEY_SERVICE, new, key.reveal())
            await self._remove(KEY_SERVICE, name)
            with suppress(KeyringError):  # renamed already: the rest is tidying up
                await self._remove(PROFILE_SERVICE, _profile_user(name, key))
                await self._heal(await self._pages())

    async def delete(self, name: str) -> None:
        """Delete the key, then its profile, then the name. KeyError if there is no such key.

        Once the key is deleted, failing to delete the rest is not an error.
        """
        async with self._writing():
            key = await self._key(name)
            if key is not None:
                await self._remove(KEY_SERVICE, name)
            with suppress(KeyringError):
                if key is not None:
                    await self._remove(PROFILE_SERVICE, _profile_user(name, key))
                await self._heal(await self._pages())
        if key is None:
            raise KeyError(name)

    async def load_admin_key(self, name: str) -> Secret:
        """Return a saved admin key. KeyError if there is none of that name."""
        key = await self._get(ADMIN_SERVICE, name) if valid_name(name) else None
        if not key:
            raise KeyError(name)
        return key

    async def save_admin_key(self, name: str, credential: Credential) -> None:
        """Save an admin key. ValueError for another kind of key, and for an invalid name."""
        if credential.kind.role != "admin" or not valid_name(name):
            raise ValueError("not an admin key, or not a name")
        async with self._writing():
            await self._put(ADMIN_SERVICE, name, credential.secret.reveal())
            names = await self._admin_index()
            if name not in names:
                await self._put_admin_index((*names, name))

    async def admin_names(self) -> tuple[str, ...]:
        """Return the names of saved admin keys, in alphabetical order."""
        names = sorted(await self._admin_index())
        return tuple([name for name in names if await self._get(ADMIN_SERVICE, name)])

    async def delete_admin_key(self, name: str) -> None:
        """Delete an admin key. KeyError if there is none of that name."""
        await self.load_admin_key(name)
        async with self._writing():
            await self._remove(ADMIN_SERVICE, name)
            with suppress(KeyringError):  # deleted already: the rest is tidying up
                names = await self._admin_index()
                await self._put_admin_index([each for each in names if each != name])

    async def _admin_index(self) -> tuple[str, ...]:
        text = await self._text(ADMIN_SERVICE, _ADMIN_NAMES)
        return tuple(name_index.read(text)) if text else ()

    async def _put_admin_index(self, names: Sequence[str]) -> None:
        """Write the names that fit on a page of the index; the oldest of too many go first."""
        kept = list(names)
        while len(name_index.write(kept)) > name_index.MAX_PAGE:
            del kept[0]
        await self._put(ADMIN_SERVICE, _ADMIN_NAMES, name_index.write(kept))

    async def _save(self, verified: VerifiedProfile) -> Profile:
        profile, key = verified.profile, verified.credential.secret
        old = await self._get(KEY_SERVICE, profile.name)
        previous = await self._proved_profile(profile.name, old) if old else None
        merged = profile.merged_with_previous(previous)
        pages = await self._add_name(profile.name)
        saved = await self._put_profile(merged, key, previous)
        if old != key:
            await self._put(KEY_SERVICE, profile.name, key.reveal())
        with suppress(KeyringError):  # saved already: the rest is tidying up
            if old and old != key:
                await self._remove(PROFILE_SERVICE, _profile_user(profile.name, old))
            await self._heal(pages)
        return saved

    async def _put_profile(self, profile: Profile, key: Secret, stored: Profile | None) -> Profile:
        """Write the profile of this key; return what `load` would return.

        stored: what was read for this name; an entry that would stay the same is not written.
        """
        text = encode_profile(profile)
        if stored is None or encode_profile(stored) != text:
            await self._put(PROFILE_SERVICE, _profile_user(profile.name, key), text)
        return decode_profile(text, profile.name) or profile

    async def _key(self, name: str) -> Secret | None:
        return (await self._get(KEY_SERVICE, name) or None) if valid_name(name) else None

    async def _proved_profile(self, name: str, key: Secret) -> Profile | None:
        """The profile that was saved with this very key, or None."""
        text = await self._text(PROFILE_SERVICE, _profile_user(name, key))
        profile = decode_profile(text, name) if text else None
        return profile if profile and profile.fingerprint == key.fingerprint else None

    async def _complete_profile(self, name: str) -> tuple[Profile, Secret] | None:
        key = await self._key(name)
        profile = await self._proved_profile(name, key) if key else None
        return (profile, key) if profile and key else None

    async def _pages(self) -> list[list[str]]:
        """The pages of the index."""
        pages: list[list[str]] = []
        while (
            len(pages) < name_index.MAX_PAGES
            and (text := await self._text(INDEX_SERVICE, name_index.user(len(pages)))) is not None
        ):
            pages.append(name_index.read(text))
        self._known_names = {name for page in pages for name in page}
        return pages

    async def _names_read_once(self) -> set[str]:
        """The names in the index when this vault read it last.

        A name that another program has removed since then had no complete profile.
        """
        if not self._known_names:
            await self._pages()
        return self._known_names

    async def _add_name(self, name: str) -> list[list[str]]:
        """Put the name into the index, if it is not there yet; return the pages."""
        pages = await self._pages()
        if changed := name_index.with_name(pages, name):
            number, page = changed
            await self._put(INDEX_SERVICE, name_index.user(number), name_index.write(page))
            pages[number : number + 1] = [page]
            self._known_names.add(name)
        return pages

    async def _heal(self, pages: Sequence[Sequence[str]]) -> None:
        """Check a few names of the index, and remove those that are not complete profiles.

        With a hundred profiles, checking all would take longer than the save. Names never move
        between pages, because an interruption could lose one.
        """
        names = [name for page in pages for name in page]
        gone = {
            name
            for name in sample(names, min(len(names), _MAX_HEALED))
            if not await self._complete_profile(name)
        }
        for number, page in enumerate(pages):
            kept = [name for name in page if name not in gone]
            if kept != page:
                await self._put(INDEX_SERVICE, name_index.user(number), name_index.write(kept))

    async def _text(self, service: str, user: str) -> str | None:
        found = await self._get(service, user)
        return None if found is None else found.reveal()

    async def _get(self, service: str, user: str) -> Secret | None:
        return await self._call(self._entries.get, service, user)

    async def _put(self, service: str, user: str, text: str) -> None:
        """Write and read back. KeyringError("differs") if something else comes back."""
        await self._call(self._entries.put, service, user, text)
        if await self._get(service, user) != Secret(text):
            raise KeyringError(
                "differs",
                f'{self.backend} returned something other than what was stored as "{user}"',
            )

    async def _remove(self, service: str, user: str) -> None:
        await self._call(self._entries.delete, service, user)
        if await self._get(service, user) is not None:
            raise KeyringError("differs", f'{self.backend} still holds "{user}" after deleting it')

    async def _call(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = await run_with_deadline(self._deadline_s, fn, *args, **kwargs)
        except TimeoutError:
            raise KeyringError(
                "slow", f"{self.backend} did not answer within {self._deadline_s:g} seconds"
            ) from None
        self._calls_answered += 1
        return result

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[None]:
        try:
            async with writer_lock(self._deadline_s):
                yield
        except TimeoutError:
            raise KeyringError(
                "slow",
                f"another program has been writing profiles for {self._deadline_s:g} seconds",
            ) from None


def variables_of(target: Target, key: Secret, env: Mapping[str, str]) -> dict[str, str | None]:
    """Return the variables for a program that runs with this key and target.

    Name to value, None for one to remove. `env`: the environment that the program would have
    otherwise. The result holds the key: give it to the program, never display it.
    """
    return {
        child_environment.KEY: key.reveal(),
        **child_environment.child_environment(target),
        **child_environment.without_identity_headers(env),
        **child_environment.without_proxy(target, env),
    }


def input_with_key(key: Secret, write: Callable[[str], str]) -> bytes:
    """Return the standard input of a program that stores the key elsewhere.

    write: puts the key into its format. The result holds the key: give it to the program, never
    display it.
    """
    return write(key.reveal()).encode("utf-8", "surrogateescape")


def _profile_user(name: str, key: Secret) -> str:
    """The user of the entry that holds the profile of this key."""
    return f"{name}#{key.fingerprint}"
