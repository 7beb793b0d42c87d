"""Profiles are saved whole or not at all, whatever fails and whenever."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.profile import VerifiedProfile
from oai_tui.domain.target import Origin, Target
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


async def test_saved_profile_says_what_was_proved(vault: KeyringVault) -> None:
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
    place = Origin(kind="keyring", name="work")
    assert profile.target == Target(
        base_url=TARGET.base_url,
        organization="org-fake",
        project="proj_fake",
        origins=dict.fromkeys(("base_url", "organization", "project"), place),
    )


async def test_loaded_key_is_the_saved_one(vault: KeyringVault) -> None:
    await vault.save(verified("work", key("a")))
    assert (await vault.load("work"))[1] == Secret(key("a"))


async def test_key_lies_where_people_script_with_it(
    vault: KeyringVault, entries: MemoryEntries
) -> None:
    await vault.save(verified("work", key("a")))
    assert entries.get("oai-tui", "work") == Secret(key("a"))


async def test_key_is_in_no_other_entry(vault: KeyringVault, entries: MemoryEntries) -> None:
    await vault.save(verified("work", key("a"), TARGET))
    others = [entries.get(*place) for place in entries.entries if place != ("oai-tui", "work")]
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


@pytest.mark.parametrize("found", HALVES.values(), ids=HALVES)
async def test_half_a_profile_is_not_listed(found: dict[tuple[str, str], str]) -> None:
    assert await KeyringVault(MemoryEntries(found)).profiles() == ()


@pytest.mark.parametrize("found", HALVES.values(), ids=HALVES)
async def test_next_save_heals_the_index(found: dict[tuple[str, str], str]) -> None:
    entries = MemoryEntries(found)
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
        for place in entries.entries
        if (text := entries.get(*place))
    ]
    assert max(lengths) <= 2560


@pytest.mark.parametrize("state", ["unavailable", "locked", "refused", "insecure", "differs"])
async def test_keyring_that_fails_says_how(state: str) -> None:
    with pytest.raises(KeyringError) as caught:
        await KeyringVault(MemoryEntries(state=state)).save(verified("work", key("a")))
    assert caught.value.state == state


CALLS: dict[str, Callable[[KeyringVault], object]] = {
    "names": lambda vault: vault.names(),
    "load": lambda vault: vault.load("work"),
    "save": lambda vault: vault.save(verified("work", key("a"))),
    "delete": lambda vault: vault.delete("work"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_keyring_that_never_answers_is_given_up(
    call: Callable[[KeyringVault], object],
) -> None:
    entries = MemoryEntries(state="slow")
    with pytest.raises(KeyringError) as caught:
        await call(KeyringVault(entries, deadline_s=0.05))  # type: ignore[misc]
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
    async with writer_lock(1.0, tmp_path):
        start = time.monotonic()
        with pytest.raises(TimeoutError):
            async with writer_lock(0.1, tmp_path):
                pytest.fail("two writers at once")
    assert time.monotonic() - start < 5


async def test_writer_goes_on_after_the_other(tmp_path: Path) -> None:
    async with writer_lock(1.0, tmp_path):
        pass
    async with writer_lock(1.0, tmp_path):
        pass
    assert (tmp_path / "oai-tui.lock").stat().st_mode & 0o777 == 0o600


async def test_without_a_lock_file_there_is_no_lock(tmp_path: Path) -> None:
    async with writer_lock(0.1, tmp_path / "absent"), writer_lock(0.1, tmp_path / "absent"):
        assert not (tmp_path / "absent").exists()


class Dying(MemoryEntries):
    """Dies for good at the n-th write or deletion, before or after carrying it out."""

    def __init__(
        self, before: dict[tuple[str, str], str], lives: int, *, carries_out: bool
    ) -> None:
        super().__init__(before)
        self.lives = lives
        self.carries_out = carries_out

    def put(self, service: str, user: str, text: str) -> None:
        self._spend(lambda: super(Dying, self).put(service, user, text))

    def delete(self, service: str, user: str) -> None:
        self._spend(lambda: super(Dying, self).delete(service, user))

    def _spend(self, act: Callable[[], None]) -> None:
        self.lives -= 1
        if self.lives > 0 or self.carries_out:
            act()
        if self.lives <= 0:
            self.state = "unavailable"
            raise KeyringError("unavailable", "gone")


async def _texts(*saved: VerifiedProfile) -> dict[tuple[str, str], str]:
    entries = MemoryEntries()
    for profile in saved:
        await KeyringVault(entries).save(profile)
    return {place: text.reveal() for place in entries.entries if (text := entries.get(*place))}


async def _seen(entries: MemoryEntries) -> dict[str, tuple[Secret, str | None]]:
    """What a reader sees: name -> key and organization."""
    vault = KeyringVault(entries)
    return {
        profile.name: ((await vault.load(profile.name))[1], profile.target.organization)
        for profile in await vault.profiles()
    }


OLD = verified("work", key("a"))
OTHER = verified("other", key("o"))


@pytest.mark.parametrize("carries_out", [False, True], ids=["dies before", "dies after"])
@pytest.mark.parametrize("lives", range(1, 8))
@pytest.mark.parametrize("change", ["first", "key", "target", "delete"])
async def test_a_crash_leaves_the_old_or_the_new_profile_whole(
    change: str, lives: int, carries_out: bool
) -> None:
    new = verified("work", key("a") if change == "target" else key("b"), TARGET)
    before = await _texts(OTHER) if change == "first" else await _texts(OTHER, OLD)
    entries = Dying(before, lives, carries_out=carries_out)
    old_view = await _seen(entries)
    new_view = {name: seen for name, seen in old_view.items() if name != "work"} | (
        {}
        if change == "delete"
        else {"work": (Secret(key("a") if change == "target" else key("b")), "org-fake")}
    )
    act = (
        KeyringVault(entries).delete("work")
        if change == "delete"
        else KeyringVault(entries).save(new)
    )
    failed = isinstance((await asyncio.gather(act, return_exceptions=True))[0], KeyringError)
    entries.state, entries.lives = "works", 1000
    assert await _seen(entries) in ((old_view, new_view) if failed else (new_view,))


@pytest.mark.parametrize("lives", range(1, 8))
@pytest.mark.parametrize("change", ["save", "delete"])
async def test_a_save_after_a_crash_heals(change: str, lives: int) -> None:
    entries = Dying(await _texts(OTHER, OLD), lives, carries_out=False)
    act = (
        KeyringVault(entries).delete("work")
        if change == "delete"
        else KeyringVault(entries).save(verified("work", key("b")))
    )
    await asyncio.gather(act, return_exceptions=True)
    entries.state, entries.lives = "works", 1000
    await KeyringVault(entries).save(verified("work", key("c"), TARGET))
    assert await _seen(entries) == {
        "other": (Secret(key("o")), None),
        "work": (Secret(key("c")), "org-fake"),
    }
