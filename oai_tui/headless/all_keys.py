"""Collects the keys for `check --all`: environment, .env files (each key once), and profiles."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.profile import Profile
from oai_tui.headless.batch_check import BatchItem
from oai_tui.headless.console import print_note
from oai_tui.headless.select_key import (
    KeySelection,
    selection_of,
    unreadable,
    with_overrides,
)
from oai_tui.headless.timeout import TimeLimitReached
from oai_tui.headless.with_profiles import (
    NO_ANSWER,
    keyring_command_error,
    run_with_store,
    unknown_profile_error,
)
from oai_tui.knowledge.keyring_advice import state_clause
from oai_tui.services.services import Services


def collect_all_keys(services: Services, flags: Mapping[str, str | None]) -> tuple[BatchItem, ...]:
    """Return every key of this machine, the environment's first, with `flags` applied.

    A machine without a keyring has no profiles; a note says so. If the keyring fails in another
    way, there is one more item, whose verdict is that failure.

    flags: setting -> value of its option (see `with_overrides`).
    """
    items = _discovered(services)
    saved, error = load_profiles(services, ())
    items += [*saved, *_failed(services, error)]
    return tuple(
        replace(
            item,
            selection=replace(item.selection, target=with_overrides(item.selection.target, flags)),
        )
        for item in items
    )


def load_profiles(
    services: Services, names: Sequence[str]
) -> tuple[list[BatchItem], KeyringError | None]:
    """Return the named profiles, each once, in order, and the error of the keyring or None.

    No names stand for all profiles. The profiles that were loaded before an error are returned.
    CommandError for a profile that does not exist.
    """
    loaded: list[BatchItem] = []

    async def load() -> KeyringError | None:
        discovered = services.discover()
        try:
            async for profile, secret in _read(services, names):
                selection = selection_of(services, profile, secret, discovered)
                loaded.append(BatchItem(name=profile.name, selection=selection))
        except KeyringError as error:
            return error
        return None

    try:
        error = run_with_store(
            services, load(), when_blocked=keyring_command_error(services, NO_ANSWER).report
        )
    except TimeLimitReached:
        error = NO_ANSWER
    return loaded, error


async def _read(services: Services, names: Sequence[str]) -> AsyncIterator[tuple[Profile, Secret]]:
    """The named profiles, or all, with their keys."""
    if not names:
        async for loaded in services.profiles.load_all():
            yield loaded
    for name in dict.fromkeys(names):
        try:
            yield await services.profiles.load(name)
        except KeyError:
            raise await unknown_profile_error(services, name) from None


def _discovered(services: Services) -> list[BatchItem]:
    discovered = services.discover()
    for problem in discovered.problems:
        print_note(problem)
    items, seen = [], set()
    for credential in discovered.credentials:
        if credential.secret in seen:
            continue
        seen.add(credential.secret)
        selection = KeySelection(
            target=discovered.target, credential=credential, notes=discovered.notes
        )
        name = credential.origin.place or credential.origin.name
        items.append(BatchItem(name=name, selection=selection))
    return items


def _failed(services: Services, error: KeyringError | None) -> list[BatchItem]:
    if error is None:
        return []
    if error.state == "unavailable":
        print_note(f"{state_clause('unavailable')}; profiles were not checked")
        return []
    return [BatchItem(name="keyring", selection=unreadable(services, error))]
