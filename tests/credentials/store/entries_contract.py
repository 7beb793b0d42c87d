"""The contract of every store of entries: the keyring, the encrypted file and the memory.

A subclass has the fixture `entries`.
"""

import asyncio
import json

import pytest

from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.ports import Entries
from oai_tui.domain.target import Target
from tests.credentials.profile_factory import key, verified

VALUES = {
    "a key": key("a"),
    "empty": "",
    "64 KB": "x" * 65536,
    "a newline": "a\nb\n",
    "a NUL": "a\0b",
    "other scripts": "ключ 鍵 🔑",
    "JSON": json.dumps({"a": [1, None]}),
    "quotes": "\"'`$\\",
}


class EntriesContract:
    """Tests to inherit. The subclass defines the fixture `entries`."""

    @pytest.mark.parametrize("text", VALUES.values(), ids=VALUES)
    def test_what_was_put_comes_back(self, entries: Entries, text: str) -> None:
        entries.put("oai-tui", "work", text)
        assert entries.get("oai-tui", "work") == Secret(text)

    def test_what_was_never_put_is_none(self, entries: Entries) -> None:
        assert entries.get("oai-tui", "nobody") is None

    def test_putting_again_replaces(self, entries: Entries) -> None:
        entries.put("oai-tui", "work", "one")
        entries.put("oai-tui", "work", "two")
        assert entries.get("oai-tui", "work") == Secret("two")

    def test_services_and_users_are_separate(self, entries: Entries) -> None:
        entries.put("oai-tui", "work", "one")
        entries.put("oai-tui-profile", "work", "two")
        entries.put("oai-tui", "work#1", "three")
        assert [
            entries.get("oai-tui", "work"),
            entries.get("oai-tui-profile", "work"),
            entries.get("oai-tui", "work#1"),
        ] == [Secret("one"), Secret("two"), Secret("three")]

    def test_deleted_is_gone(self, entries: Entries) -> None:
        entries.put("oai-tui", "work", "one")
        entries.put("oai-tui", "home", "two")
        entries.delete("oai-tui", "work")
        assert [entries.get("oai-tui", "work"), entries.get("oai-tui", "home")] == [
            None,
            Secret("two"),
        ]

    def test_deleting_what_is_not_there_does_nothing(self, entries: Entries) -> None:
        entries.delete("oai-tui", "nobody")
        assert entries.get("oai-tui", "nobody") is None

    def test_it_has_a_name(self, entries: Entries) -> None:
        entries.get("oai-tui", "work")
        assert entries.name

    async def test_profiles_are_saved_listed_loaded_and_deleted(self, entries: Entries) -> None:
        vault = KeyringVault(entries, deadline_s=30)
        await vault.save(verified("work", key("a"), Target(organization="org-fake")))
        await vault.save(verified("home", key("b")))
        loaded, secret = await vault.load("work")
        assert (await vault.names(), loaded.target.organization, secret) == (
            ("home", "work"),
            "org-fake",
            Secret(key("a")),
        )
        await vault.delete("work")
        assert await vault.names() == ("home",)

    async def test_writers_in_one_process_lose_nothing(self, entries: Entries) -> None:
        names = [f"p{number}" for number in range(6)]
        await asyncio.gather(
            *(KeyringVault(entries, deadline_s=60).save(verified(name, key("a"))) for name in names)
        )
        assert await KeyringVault(entries, deadline_s=30).names() == tuple(names)
