"""Verified profiles in a keyring: the key where people expect it, what was proved beside it.

Layout: the key at service "oai-tui", user NAME, so that `keyring get oai-tui NAME` prints it; what was proved at "oai-tui-profile", user NAME#FINGERPRINT, as
JSON without the key; the names in the pages of credentials/name_index.py. A reader goes from the key by its fingerprint to what was proved about that very key, so one
write of the key (or, for the same key, of its metadata) turns the old profile into the new: wherever a save stops, one of the two is there, whole.
This is one of the two files that may reveal a Secret. Nothing here is shown or logged.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from random import sample
from typing import Any, ParamSpec, TypeVar

from oai_tui.credentials.export import child_environment as injection
from oai_tui.credentials.store import name_index
from oai_tui.credentials.store import profile_codec as profile_text
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.ports import Entries
from oai_tui.domain.profile import Profile, ProfileNotes, VerifiedProfile, valid_name
from oai_tui.domain.target import Origin, Target
from oai_tui.system.deadline import run_with_deadline
from oai_tui.system.file_lock import writer_lock

P = ParamSpec("P")
R = TypeVar("R")

KEY_SERVICE = "oai-tui"
PROFILE_SERVICE = "oai-tui-profile"
INDEX_SERVICE = "oai-tui-index"
_SCHEMA_VERSION = 1
_HEALED_AT_ONCE = 4
_FIELDS = ("base_url", "organization", "project", "model")


class KeyringVault:
    """domain.ports.Vault over any Entries. `deadline_s`: how long one call of the keyring, or another process's save, may take before it is given up with KeyringProblem("slow")."""

    def __init__(self, entries: Entries, *, deadline_s: float = 5.0) -> None:
        self._entries = entries
        self._deadline_s = deadline_s

    @property
    def backend(self) -> str:
        """The keyring's name as people say it."""
        return self._entries.name

    async def names(self) -> tuple[str, ...]:
        """The names of all whole profiles, in alphabetical order."""
        return tuple(profile.name for profile in await self.profiles())

    async def profiles(self) -> tuple[Profile, ...]:
        """All whole profiles, by name. A name without a key, or a key about which nothing was proved, is none."""
        names = {name for page in await self._pages() for name in page}
        found = [
            await self._whole(name) for name in sorted(names, key=lambda name: (name.lower(), name))
        ]
        return tuple(profile for profile in found if profile)

    async def indexed(self) -> tuple[str, ...]:
        """The names in the index alone, some of which may be no whole profiles: quick, for completion."""
        return tuple(sorted({name for page in await self._pages() for name in page}))

    async def load(self, name: str) -> tuple[Profile, Secret]:
        """A profile and its key. A key that was stored by hand has a Profile that was never verified. KeyError when there is no key of that name."""
        key = await self._key(name)
        if key is None:
            raise KeyError(name)
        return await self._proved(name, key) or Profile(
            name=name, target=Target(), hint=key.masked, kind="unknown", fingerprint=key.fingerprint
        ), key

    async def save(self, verified: VerifiedProfile) -> Profile:
        """Save it over whatever had its name, and give back what a load would. Either the old profile or the new one is there at any moment, whatever fails."""
        profile, key = verified.profile, verified.credential.secret
        async with self._writing():
            old = await self._get(KEY_SERVICE, profile.name)
            text = _to_json(
                profile.merged_with_previous(await self._proved(profile.name, old) if old else None)
            )
            await self._add_name(profile.name)
            await self._put(PROFILE_SERVICE, _place(profile.name, key), text)
            if old != key:
                await self._put(KEY_SERVICE, profile.name, key.reveal())
            with suppress(KeyringError):  # saved already: the rest is tidying up
                if old and old != key:
                    await self._remove(PROFILE_SERVICE, _place(profile.name, old))
                await self._heal()
        return _from_json(text, profile.name) or profile

    async def set_notes(self, name: str, notes: ProfileNotes) -> Profile:
        """Keep other remarks about a profile. KeyError when nothing was proved about its key, for then there is nothing to write beside."""
        async with self._writing():
            key = await self._key(name)
            profile = await self._proved(name, key) if key else None
            if key is None or profile is None:
                raise KeyError(name)
            changed = replace(profile, notes=notes)
            await self._put(PROFILE_SERVICE, _place(name, key), _to_json(changed))
        return changed

    async def rename(self, name: str, new: str) -> None:
        """Give a key and what was proved about it another name. Until the end the old name stands too. KeyError when there is no key of that name, FileExistsError when the new name is taken."""
        async with self._writing():
            key = await self._key(name)
            if key is None:
                raise KeyError(name)
            if await self._get(KEY_SERVICE, new) is not None:
                raise FileExistsError(new)
            if proved := await self._proved(name, key):
                await self._add_name(new)
                await self._put(PROFILE_SERVICE, _place(new, key), _to_json(proved))
            await self._put(KEY_SERVICE, new, key.reveal())
            await self._remove(KEY_SERVICE, name)
            with suppress(KeyringError):  # renamed already: the rest is tidying up
                await self._remove(PROFILE_SERVICE, _place(name, key))
                await self._heal()

    async def delete(self, name: str) -> None:
        """Delete the key, then what was proved about it, then the name; once the key is gone the rest is tidying up. KeyError when there is no key of that name."""
        async with self._writing():
            key = await self._key(name)
            if key is not None:
                await self._remove(KEY_SERVICE, name)
            with suppress(KeyringError):
                if key is not None:
                    await self._remove(PROFILE_SERVICE, _place(name, key))
                await self._heal()
        if key is None:
            raise KeyError(name)

    async def _key(self, name: str) -> Secret | None:
        return (await self._get(KEY_SERVICE, name) or None) if valid_name(name) else None

    async def _proved(self, name: str, key: Secret) -> Profile | None:
        """What was proved about this key, or None."""
        text = await self._text(PROFILE_SERVICE, _place(name, key))
        profile = _from_json(text, name) if text else None
        return profile if profile and profile.fingerprint == key.fingerprint else None

    async def _whole(self, name: str) -> Profile | None:
        key = await self._key(name)
        return await self._proved(name, key) if key else None

    async def _pages(self) -> list[list[str]]:
        """The pages of the index."""
        pages: list[list[str]] = []
        while (
            len(pages) < name_index.PAGES
            and (text := await self._text(INDEX_SERVICE, name_index.user(len(pages)))) is not None
        ):
            pages.append(name_index.read(text))
        return pages

    async def _add_name(self, name: str) -> None:
        if written := name_index.with_name(await self._pages(), name):
            number, page = written
            await self._put(INDEX_SERVICE, name_index.user(number), name_index.write(page))

    async def _heal(self) -> None:
        """Take names that are no profiles out of the index, after a look at a few of them: with a hundred profiles a look at all would take longer than the save.

        Names never move between pages, so that a stop half-way loses none.
        """
        pages = await self._pages()
        names = [name for page in pages for name in page]
        gone = {
            name
            for name in sample(names, min(len(names), _HEALED_AT_ONCE))
            if not await self._whole(name)
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
        """Write and read back; KeyringProblem("differs") when something else comes back."""
        await self._call(self._entries.put, service, user, text)
        if await self._get(service, user) != Secret(text):
            raise KeyringError(
                "differs", f'what {self.backend} gives back for "{user}" is not what was written'
            )

    async def _remove(self, service: str, user: str) -> None:
        await self._call(self._entries.delete, service, user)
        if await self._get(service, user) is not None:
            raise KeyringError("differs", f'{self.backend} still holds "{user}" after deleting it')

    async def _call(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await run_with_deadline(self._deadline_s, fn, *args, **kwargs)
        except TimeoutError:
            raise KeyringError(
                "slow", f"{self.backend} did not answer within {self._deadline_s:g} seconds"
            ) from None

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
    """The variables for a program that runs with this key and target: name -> value, None for one that must not be there. `env`: the environment it would have got. Hand it to the program; show it to nobody."""
    return {
        injection.KEY: key.reveal(),
        **injection.child_environment(target),
        **injection.without_identity_headers(env),
    }


def _place(name: str, key: Secret) -> str:
    return f"{name}#{key.fingerprint}"


def _to_json(profile: Profile) -> str:
    """Without the places where the settings once came from: they say nothing about the profile."""
    document = {
        "schema_version": _SCHEMA_VERSION,
        "target": {
            **{field: getattr(profile.target, field) for field in _FIELDS},
            "agreed": profile.target.agreed,
        },
        "hint": profile.hint,
        "kind": profile.kind,
        "fingerprint": profile.fingerprint,
        "verified_at": profile.verified_at.isoformat() if profile.verified_at else None,
        "billing": profile.billing,
        "model": profile.model,
        **profile_text.encode_extras(profile),
    }
    return json.dumps(document, separators=(",", ":"))


def _from_json(text: str, name: str) -> Profile | None:
    """The profile, its settings now coming from the keyring; None for anything that this program did not write."""
    try:
        document: dict[str, Any] = json.loads(text)
        stored = document["target"]
        settings = {field: _optional(stored[field]) for field in _FIELDS}
        target = Target(
            **{field: value for field, value in settings.items() if value is not None},  # type: ignore[arg-type]
            agreed=stored.get("agreed") is True,
        )
        profile = Profile(
            name=name,
            target=replace(
                target,
                origins={
                    field: Origin(kind="keyring", name=name)
                    for field, value in settings.items()
                    if value is not None
                },
            ),
            hint=str(document["hint"]),
            kind=str(document["kind"]),
            fingerprint=str(document["fingerprint"]),
            verified_at=datetime.fromisoformat(document["verified_at"])
            if document["verified_at"]
            else None,
            billing=str(document["billing"]),
            model=str(document["model"]),
        )
        return profile_text.decode_extras(profile, document)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _optional(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("a setting is a text or nothing")
    return value
