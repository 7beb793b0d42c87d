"""The result of a new check is saved in few calls, and never over what others have changed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from oai_tui.credentials.store import name_index
from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import INDEX_SERVICE, KeyringVault
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.profile import VerifiedProfile
from oai_tui.domain.target import Target
from tests.credentials.profile_factory import NOW, key, verified
from tests.credentials.store.test_vault import FailingEntries

LATER = NOW + timedelta(hours=1)
PROFILES = 200


class CountingEntries(MemoryEntries):
    """Counts the calls."""

    def __init__(self, entries: Mapping[tuple[str, str], str] | None = None) -> None:
        super().__init__(entries)
        self.reads: list[tuple[str, str]] = []
        self.writes: list[tuple[str, str]] = []

    def get(self, service: str, user: str) -> Secret | None:
        self.reads.append((service, user))
        return super().get(service, user)

    def put(self, service: str, user: str, text: str) -> None:
        self.writes.append((service, user))
        super().put(service, user, text)


def checked_later(name: str = "work", text: str | None = None) -> VerifiedProfile:
    """A check of this profile's key that was healthy an hour later."""
    before = verified(name, text or key("a"))
    return replace(before, diagnosis=replace(before.diagnosis, started_at=LATER))


async def saved(*profiles: VerifiedProfile) -> dict[tuple[str, str], str]:
    """The entries of these profiles."""
    entries = MemoryEntries()
    for profile in profiles:
        await KeyringVault(entries).save(profile)
    return {entry: text.reveal() for entry in entries.entries if (text := entries.get(*entry))}


@pytest.fixture(scope="module")
def many() -> dict[tuple[str, str], str]:
    """The entries of PROFILES profiles."""
    names = [f"key-{number:04}" for number in range(PROFILES)]
    return asyncio.run(saved(*(verified(name, key("a")) for name in names)))


def _pages(stored: Mapping[tuple[str, str], str]) -> int:
    """The reads of the index: its pages, and the one after the last."""
    return sum(service == INDEX_SERVICE for service, _ in stored) + 1


async def test_loading_all_reads_each_entry_once(many: dict[tuple[str, str], str]) -> None:
    entries = CountingEntries(many)
    assert len([loaded async for loaded in KeyringVault(entries).load_all()]) == PROFILES
    assert len(entries.reads) == len(set(entries.reads)) == 2 * PROFILES + _pages(many)


async def test_saving_all_results_reads_the_index_once(many: dict[tuple[str, str], str]) -> None:
    entries = CountingEntries(many)
    vault = KeyringVault(entries)
    for number in range(PROFILES):
        await vault.save_reverified(checked_later(f"key-{number:04}"))
    assert len(entries.reads) == 2 * PROFILES + _pages(many)
    assert len(entries.writes) == PROFILES
    assert {profile.verified_at for profile in await vault.profiles()} == {LATER}


async def test_saving_all_refusals_does_not_read_the_index(
    many: dict[tuple[str, str], str],
) -> None:
    entries = CountingEntries(many)
    for number in range(PROFILES):
        await KeyringVault(entries).save_refusal(
            f"key-{number:04}", Secret(key("a")), LATER, "key-invalid"
        )
    assert (len(entries.reads), len(entries.writes)) == (2 * PROFILES, PROFILES)


async def test_a_save_reads_each_page_of_the_index_once(many: dict[tuple[str, str], str]) -> None:
    entries = CountingEntries(many)
    await KeyringVault(entries).save(checked_later("key-0000"))
    index = [user for service, user in entries.reads if service == INDEX_SERVICE]
    assert index == [name_index.user(number) for number in range(_pages(many))]


async def test_the_same_result_is_written_once() -> None:
    entries = CountingEntries(await saved(verified("work", key("a"))))
    for _ in range(2):
        await KeyringVault(entries).save_reverified(checked_later())
        await KeyringVault(entries).save_refusal("work", Secret(key("a")), NOW, "key-invalid")
        await KeyringVault(entries).save_refusal("work", Secret(key("a")), NOW, "key-invalid")
    assert len(entries.writes) == 4


async def test_a_result_does_not_write_the_key() -> None:
    entries = CountingEntries(await saved(verified("work", key("a"))))
    await KeyringVault(entries).save_reverified(checked_later())
    assert [service for service, _ in entries.writes] == ["oai-tui-profile"]


async def test_a_note_that_was_changed_during_the_check_stays() -> None:
    entries = MemoryEntries(await saved(verified("work", key("a"))))
    profile, secret = await KeyringVault(entries).load("work")
    vault = KeyringVault(entries)
    notes = replace(profile.notes, note="owner: Ann", rotate_days=30)
    await KeyringVault(entries).set_notes("work", notes)
    refused = await vault.save_refusal("work", secret, LATER, "key-invalid")
    assert refused is not None
    assert refused.notes == replace(notes, refused_at=LATER, refused_for="key-invalid")
    works = await vault.save_reverified(checked_later())
    assert works is not None
    assert (works.notes, works.verified_at) == (notes, LATER)
    assert works == (await vault.load("work"))[0]


async def _rotate(entries: MemoryEntries) -> None:
    await KeyringVault(entries).save(verified("work", key("b"), Target(organization="org-new")))


async def _rotate_by_hand(entries: MemoryEntries) -> None:
    entries.delete("oai-tui-profile", f"work#{Secret(key('a')).fingerprint}")
    entries.put("oai-tui", "work", key("b"))


async def _delete(entries: MemoryEntries) -> None:
    await KeyringVault(entries).delete("work")


async def _rename(entries: MemoryEntries) -> None:
    await KeyringVault(entries).rename("work", "new")


CHANGES = {
    "another key": _rotate,
    "another key, by hand": _rotate_by_hand,
    "deleted": _delete,
    "renamed": _rename,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_result_for_a_key_that_is_gone_changes_nothing(
    change: Callable[[MemoryEntries], Awaitable[None]],
) -> None:
    entries = MemoryEntries(await saved(verified("work", key("a"))))
    vault = KeyringVault(entries)
    assert await vault.names() == ("work",)
    await change(entries)
    before = {entry: entries.get(*entry) for entry in entries.entries}
    assert await vault.save_reverified(checked_later()) is None
    assert await vault.save_refusal("work", Secret(key("a")), LATER, "key-invalid") is None
    assert {entry: entries.get(*entry) for entry in entries.entries} == before


async def test_a_key_stored_by_hand_becomes_a_complete_profile() -> None:
    vault = KeyringVault(MemoryEntries({("oai-tui", "mine"): key("c")}))
    assert await vault.save_refusal("mine", Secret(key("c")), LATER, "key-invalid") is None
    assert await vault.save_reverified(checked_later("mine", key("c"))) is not None
    assert await vault.names() == ("mine",)


async def test_a_name_that_the_index_has_lost_is_added_again() -> None:
    stored = await saved(verified("work", key("a")), verified("other", key("o")))
    entries = MemoryEntries({**stored, (INDEX_SERVICE, "names"): '["other"]'})
    await KeyringVault(entries).save_reverified(checked_later())
    assert await KeyringVault(entries).names() == ("other", "work")


@pytest.mark.parametrize("does_last", [False, True], ids=["fails before", "fails after"])
async def test_a_crash_leaves_the_old_or_the_new_result(does_last: bool) -> None:
    entries = FailingEntries(await saved(verified("work", key("a"))), 1, does_last=does_last)
    with pytest.raises(KeyringError):
        await KeyringVault(entries).save_reverified(checked_later())
    entries.state = "works"
    profile, secret = await KeyringVault(entries).load("work")
    assert (profile.verified_at, secret) == (LATER if does_last else NOW, Secret(key("a")))


class LosingEntries(MemoryEntries):
    """Says that it has written, and has not."""

    def put(self, service: str, user: str, text: str) -> None:
        pass


async def test_a_result_that_does_not_come_back_is_not_called_saved() -> None:
    vault = KeyringVault(LosingEntries(await saved(verified("work", key("a")))))
    with pytest.raises(KeyringError) as result:
        await vault.save_reverified(checked_later())
    with pytest.raises(KeyringError) as refusal:
        await vault.save_refusal("work", Secret(key("a")), LATER, "key-invalid")
    assert (result.value.state, refusal.value.state) == ("differs", "differs")


async def test_results_of_two_runs_at_once_are_all_saved(
    many: dict[tuple[str, str], str],
) -> None:
    entries = MemoryEntries(many)
    names = [f"key-{number:04}" for number in range(8)]
    await asyncio.gather(
        *(
            KeyringVault(entries, deadline_s=60).save_reverified(checked_later(name))
            for name in names
        ),
        *(
            KeyringVault(entries, deadline_s=60).save(verified(f"new-{name}", key("b")))
            for name in names
        ),
    )
    found = {profile.name: profile for profile in await KeyringVault(entries).profiles()}
    assert len(found) == PROFILES + 8
    assert {found[name].verified_at for name in names} == {LATER}
