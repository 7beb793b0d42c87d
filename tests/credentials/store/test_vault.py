"""Profiles are saved completely or not at all, whatever fails and whenever."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import ADMIN_SERVICE, KeyringVault
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.credential import Credential, kind_of
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.profile import VerifiedProfile
from oai_tui.domain.target import Origin, Target
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.simulator.fixtures import ADMIN_KEY
from oai_tui.system.file_lock import writer_lock
from tests.credentials.profile_factory import NOW, key, verified

TARGET = Target(
    base_url="https://eu.api.openai.com/v1",
    organization="org-fake",
    project="proj_fake",
    origins={"organization": Origin(kind="environment", name="OPENAI_ORG_ID")},
)


@pytest.fixture
def entries() -> MemoryEntries:
    return MemoryEntries()


@pytest.fixture
def vault(entries: MemoryEntries) -> KeyringVault:
    return KeyringVault(entries)


async def test_saved_profile_is_listed(vault: KeyringVault) -> None:
    saved = await vault.save(verified("work", key("a"), TARGET))
    assert await vault.profiles() == (saved,)


async def test_saved_profile_has_what_was_proved(vault: KeyringVault) -> None:
    saved = await vault.save(verified("work", key("a"), TARGET))
    assert (saved.name, saved.hint, saved.kind, saved.verified_at, saved.billing) == (
        "work",
        "sk-proj-…aaaa",
        "project",
        NOW,
        "untested",
    )


async def test_loaded_settings_come_from_the_keyring(vault: KeyringVault) -> None:
    await vault.save(verified("work", key("a"), TARGET))
    profile, _ = await vault.load("work")
    origin = Origin(kind="keyring", name="work")
    assert profile.target == Target(
        base_url=TARGET.base_url,
        organization="org-fake",
        project="proj_fake",
        origins=dict.fromkeys(("base_url", "organization", "project"), origin),
    )


async def test_loaded_key_is_the_saved_one(vault: KeyringVault) -> None:
    await vault.save(verified("work", key("a")))
    assert (await vault.load("work"))[1] == Secret(key("a"))


async def test_key_is_stored_where_scripts_expect_it(
    vault: KeyringVault, entries: MemoryEntries
) -> None:
    await vault.save(verified("work", key("a")))
    assert entries.get("oai-tui", "work") == Secret(key("a"))


async def test_key_is_in_no_other_entry(vault: KeyringVault, entries: MemoryEntries) -> None:
    await vault.save(verified("work", key("a"), TARGET))
    others = [entries.get(*entry) for entry in entries.entries if entry != ("oai-tui", "work")]
    assert not any("a" * 12 in other.reveal() for other in others if other)


async def test_names_are_in_order(vault: KeyringVault) -> None:
    for name in ("work", "Alpha", "beta"):
        await vault.save(verified(name, key("a")))
    assert await vault.names() == ("Alpha", "beta", "work")


async def test_another_key_replaces_the_old(vault: KeyringVault, entries: MemoryEntries) -> None:
    await vault.save(verified("work", key("a")))
    await vault.save(verified("work", key("b")))
    assert ((await vault.load("work"))[1], len(entries.entries)) == (Secret(key("b")), 3)


async def test_another_target_replaces_the_old(vault: KeyringVault) -> None:
    await vault.save(verified("work", key("a")))
    await vault.save(verified("work", key("a"), TARGET))
    assert (await vault.load("work"))[0].target.organization == "org-fake"


async def test_deleting_leaves_no_entry_of_it(vault: KeyringVault, entries: MemoryEntries) -> None:
    await vault.save(verified("work", key("a")))
    await vault.delete("work")
    assert entries.entries == (("oai-tui-index", "names"),)


@pytest.mark.parametrize("name", ["nobody", "", "no name at all", "a/b"])
async def test_unknown_name(vault: KeyringVault, name: str) -> None:
    with pytest.raises(KeyError):
        await vault.load(name)


async def test_deleting_an_unknown_name(vault: KeyringVault) -> None:
    with pytest.raises(KeyError):
        await vault.delete("nobody")


async def test_key_stored_by_hand_loads_unverified() -> None:
    profile, secret = await KeyringVault(MemoryEntries({("oai-tui", "mine"): key("c")})).load(
        "mine"
    )
    assert (profile.verified_at, profile.fingerprint) == (None, secret.fingerprint)


async def test_key_changed_by_hand_is_unverified(
    vault: KeyringVault, entries: MemoryEntries
) -> None:
    await vault.save(verified("work", key("a"), TARGET))
    entries.put("oai-tui", "work", key("b"))
    assert ((await vault.load("work"))[0].verified_at, await vault.names()) == (None, ())


HALVES: dict[str, dict[tuple[str, str], str]] = {
    "a name alone": {("oai-tui-index", "names"): '["work"]'},
    "a name and a key": {("oai-tui-index", "names"): '["work"]', ("oai-tui", "work"): key("a")},
    "an index that is no list": {("oai-tui-index", "names"): "{}"},
    "an index that is no JSON": {("oai-tui-index", "names"): "\x00["},
    "an index of other things": {
        ("oai-tui-index", "names"): '[1, null, "a b", ["work"], "work", "work"]'
    },
    "what was proved is damaged": {
        ("oai-tui-index", "names"): '["work"]',
        ("oai-tui", "work"): key("a"),
        ("oai-tui-profile", f"work#{Secret(key('a')).fingerprint}"): '{"target":3}',
    },
    "what was proved is of another key": {
        ("oai-tui-index", "names"): '["work"]',
        ("oai-tui", "work"): key("a"),
        ("oai-tui-profile", f"work#{Secret(key('a')).fingerprint}"): json.dumps(
            {
                "target": {"base_url": None, "organization": None, "project": None, "model": None},
                "hint": "",
                "kind": "",
                "fingerprint": "00000000",
                "verified_at": None,
                "billing": "",
                "model": "",
            }
        ),
    },
    "an empty key": {("oai-tui-index", "names"): '["work"]', ("oai-tui", "work"): ""},
}


@pytest.mark.parametrize("stored", HALVES.values(), ids=HALVES)
async def test_half_a_profile_is_not_listed(stored: dict[tuple[str, str], str]) -> None:
    assert await KeyringVault(MemoryEntries(stored)).profiles() == ()


@pytest.mark.parametrize("stored", HALVES.values(), ids=HALVES)
async def test_next_save_heals_the_index(stored: dict[tuple[str, str], str]) -> None:
    entries = MemoryEntries(stored)
    await KeyringVault(entries).save(verified("other", key("b")))
    index = entries.get("oai-tui-index", "names")
    assert index is not None
    assert json.loads(index.reveal()) == ["other"]


async def test_names_beyond_one_page_are_all_listed(vault: KeyringVault) -> None:
    names = tuple(f"{number:02}-{'n' * 61}" for number in range(20))
    for name in names:
        await vault.save(verified(name, key("a")))
    assert await vault.names() == names


async def test_no_entry_is_too_long_for_windows(
    vault: KeyringVault, entries: MemoryEntries
) -> None:
    for number in range(20):
        await vault.save(verified(f"{number:02}-{'n' * 61}", key("a"), TARGET))
    lengths = [
        len(text.reveal().encode("utf-16-le"))
        for entry in entries.entries
        if (text := entries.get(*entry))
    ]
    assert max(lengths) <= 2560


@pytest.mark.parametrize("state", ["unavailable", "locked", "refused", "insecure", "differs"])
async def test_keyring_that_fails_has_its_state(state: str) -> None:
    with pytest.raises(KeyringError) as caught:
        await KeyringVault(MemoryEntries(state=state)).save(verified("work", key("a")))
    assert caught.value.state == state


CALLS: dict[str, Callable[[KeyringVault], Awaitable[object]]] = {
    "names": lambda vault: vault.names(),
    "load": lambda vault: vault.load("work"),
    "save": lambda vault: vault.save(verified("work", key("a"))),
    "delete": lambda vault: vault.delete("work"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_keyring_that_never_answers_is_given_up(
    call: Callable[[KeyringVault], Awaitable[object]],
) -> None:
    entries = MemoryEntries(state="slow")  # never answers, however short the deadline is
    with pytest.raises(KeyringError) as caught:
        await call(KeyringVault(entries, deadline_s=0.05))
    entries.unblock()
    assert caught.value.state == "slow"


async def test_problem_does_not_quote_the_key() -> None:
    with pytest.raises(KeyringError) as caught:
        await KeyringVault(MemoryEntries(state="differs")).save(verified("work", key("a")))
    assert "a" * 12 not in f"{caught.value!r} {caught.value} {caught.value.detail}"


async def test_two_vaults_write_one_after_the_other(entries: MemoryEntries) -> None:
    names = [f"p{number}" for number in range(12)]
    await asyncio.gather(*(KeyringVault(entries).save(verified(name, key("a"))) for name in names))
    assert await KeyringVault(entries).names() == tuple(sorted(names))


async def test_writer_that_waits_too_long_gives_up(tmp_path: Path) -> None:
    async with writer_lock(60, tmp_path):
        with pytest.raises(TimeoutError):
            async with writer_lock(0.1, tmp_path):
                pytest.fail("two writers at once")


async def test_writer_goes_on_after_the_other(tmp_path: Path) -> None:
    for _ in range(2):
        async with writer_lock(60, tmp_path):
            pass
    assert (tmp_path / "oai-tui.lock").stat().st_mode & 0o777 == 0o600


async def test_without_a_lock_file_there_is_no_lock(tmp_path: Path) -> None:
    async with writer_lock(0.1, tmp_path / "absent"), writer_lock(0.1, tmp_path / "absent"):
        assert not (tmp_path / "absent").exists()


class FailingEntries(MemoryEntries):
    """Fails for good at the n-th write or deletion, before or after doing it."""

    def __init__(self, before: dict[tuple[str, str], str], writes: int, *, does_last: bool) -> None:
        super().__init__(before)
        self.writes = writes
        self.does_last = does_last

    def put(self, service: str, user: str, text: str) -> None:
        self._count(lambda: super(FailingEntries, self).put(service, user, text))

    def delete(self, service: str, user: str) -> None:
        self._count(lambda: super(FailingEntries, self).delete(service, user))

    def _count(self, act: Callable[[], None]) -> None:
        self.writes -= 1
        if self.writes > 0 or self.does_last:
            act()
        if self.writes <= 0:
            self.state = "unavailable"
            raise KeyringError("unavailable", "gone")


async def _texts(*saved: VerifiedProfile) -> dict[tuple[str, str], str]:
    entries = MemoryEntries()
    for profile in saved:
        await KeyringVault(entries).save(profile)
    return {entry: text.reveal() for entry in entries.entries if (text := entries.get(*entry))}


async def _seen(entries: MemoryEntries) -> dict[str, tuple[Secret, str | None]]:
    """What a reader sees: name to key and organization."""
    vault = KeyringVault(entries)
    return {
        profile.name: ((await vault.load(profile.name))[1], profile.target.organization)
        for profile in await vault.profiles()
    }


OLD = verified("work", key("a"))
OTHER = verified("other", key("o"))


@pytest.mark.parametrize("does_last", [False, True], ids=["fails before", "fails after"])
@pytest.mark.parametrize("writes", range(1, 8))
@pytest.mark.parametrize("change", ["first", "key", "target", "delete"])
async def test_a_crash_leaves_the_old_or_the_new_profile_complete(
    change: str, writes: int, does_last: bool
) -> None:
    new = verified("work", key("a") if change == "target" else key("b"), TARGET)
    before = await _texts(OTHER) if change == "first" else await _texts(OTHER, OLD)
    entries = FailingEntries(before, writes, does_last=does_last)
    old_view = await _seen(entries)
    new_view = {name: seen for name, seen in old_view.items() if name != "work"}
    if change != "delete":
        new_view["work"] = (new.credential.secret, "org-fake")
    act = (
        KeyringVault(entries).delete("work")
        if change == "delete"
        else KeyringVault(entries).save(new)
    )
    failed = isinstance((await asyncio.gather(act, return_exceptions=True))[0], KeyringError)
    entries.state, entries.writes = "works", 1000
    assert await _seen(entries) in ((old_view, new_view) if failed else (new_view,))


@pytest.mark.parametrize("writes", range(1, 8))
@pytest.mark.parametrize("change", ["save", "delete"])
async def test_a_save_after_a_crash_heals(change: str, writes: int) -> None:
    entries = FailingEntries(await _texts(OTHER, OLD), writes, does_last=False)
    act = (
        KeyringVault(entries).delete("work")
        if change == "delete"
        else KeyringVault(entries).save(verified("work", key("b")))
    )
    await asyncio.gather(act, return_exceptions=True)
    entries.state, entries.writes = "works", 1000
    await KeyringVault(entries).save(verified("work", key("c"), TARGET))
    assert await _seen(entries) == {
        "other": (Secret(key("o")), None),
        "work": (Secret(key("c")), "org-fake"),
    }


async def test_admin_keys_have_names_of_their_own(vault: KeyringVault) -> None:
    assert await vault.admin_names() == ()
    await vault.save_admin_key("boss", admin())
    await vault.save_admin_key("audit", admin())
    await vault.save_admin_key("boss", admin())
    assert await vault.admin_names() == ("audit", "boss")
    assert await vault.indexed() == ()
    await vault.delete_admin_key("boss")
    assert await vault.admin_names() == ("audit",)


async def test_an_admin_key_that_is_gone_is_not_named(
    vault: KeyringVault, entries: MemoryEntries
) -> None:
    await vault.save_admin_key("boss", admin())
    entries.delete(ADMIN_SERVICE, "boss")
    assert await vault.admin_names() == ()


async def test_the_names_of_admin_keys_fit_into_one_entry(vault: KeyringVault) -> None:
    names = [f"{number:03}{'n' * 50}" for number in range(30)]
    for name in names:
        await vault.save_admin_key(name, admin())
    kept = await vault.admin_names()
    assert kept == tuple(names[-len(kept) :])
    assert await vault.load_admin_key(names[0]) == admin().secret


def admin() -> Credential:
    secret = Secret(ADMIN_KEY)
    return Credential(secret=secret, origin=Origin(kind="typed"), kind=kind_of(secret, KEY_KINDS))
