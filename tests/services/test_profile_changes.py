"""Changing the name and notes of a profile, and deleting it: the default follows."""

from dataclasses import replace
from pathlib import Path

import pytest

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.services.profile_changes import ProfileEdit, apply_edit, delete_profile
from oai_tui.services.profile_store import ProfileStore
from tests.credentials.profile_factory import key, verified

EDIT = ProfileEdit(name="work", note="", expires_on=None, rotate_days=None, is_default=False)


@pytest.fixture(params=["real", "demo"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> ProfileStore:
    vault = KeyringVault(MemoryEntries())
    await vault.save(verified("work", key("a")))
    env = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path), "APPDATA": str(tmp_path)}
    return ProfileStore(vault, mode=request.param, env=env)


async def test_notes_and_name_are_stored_and_the_default_follows(store: ProfileStore) -> None:
    profile, _ = await store.load("work")
    await apply_edit(store, profile, replace(EDIT, name="new", note="ask Kim", is_default=True))
    changed, _ = await store.load("new")
    assert (changed.notes.note, store.default, await store.names()) == ("ask Kim", "new", ("new",))


async def test_default_is_given_up(store: ProfileStore) -> None:
    store.choose_default("work")
    profile, _ = await store.load("work")
    await apply_edit(store, profile, EDIT)
    assert store.default is None


async def test_deleting_the_default_leaves_none(store: ProfileStore) -> None:
    store.choose_default("work")
    await delete_profile(store, "work")
    assert (store.default, await store.names()) == (None, ())


def test_demo_leaves_the_choice_of_this_machine_alone(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    demo = ProfileStore(KeyringVault(MemoryEntries()), mode="demo", env=env)
    demo.choose_default("work")
    assert demo.default == "work"
    assert list(tmp_path.iterdir()) == []
