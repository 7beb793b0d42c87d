"""Renaming a profile and its notes: completely or not at all; entries of earlier versions."""

import contextlib
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.profile_codec import encode_profile
from oai_tui.credentials.store.vault import KeyringVault, variables_of
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.profile import LastGoodRun, Profile, ProfileNotes
from oai_tui.domain.target import Target
from tests.credentials.profile_factory import NOW, key, verified

WORDS = ProfileNotes(
    note="the data team's, ask Kim",
    rotate_days=30,
    expires_on=date(2027, 1, 31),
    refused_at=NOW,
    refused_for="quota-exhausted",
)


@pytest.fixture
def entries() -> MemoryEntries:
    return MemoryEntries()


@pytest.fixture
def vault(entries: MemoryEntries) -> KeyringVault:
    return KeyringVault(entries)


async def test_notes_are_kept(vault: KeyringVault) -> None:
    await vault.save(verified("work", key("a")))
    await vault.set_notes("work", WORDS)
    assert (await vault.load("work"))[0].notes == WORDS


async def test_notes_change_nothing_that_was_proved(vault: KeyringVault) -> None:
    before = await vault.save(verified("work", key("a")))
    assert replace(await vault.set_notes("work", WORDS), notes=ProfileNotes()) == before


async def test_key_that_was_stored_by_hand_takes_no_notes(
    vault: KeyringVault, entries: MemoryEntries
) -> None:
    entries.put("oai-tui", "mine", key("a"))
    with pytest.raises(KeyError):
        await vault.set_notes("mine", WORDS)


async def test_saving_again_keeps_the_words_and_the_age(vault: KeyringVault) -> None:
    await vault.save(verified("work", key("a")))
    await vault.set_notes("work", WORDS)
    later = verified("work", key("a"))
    later = replace(later, diagnosis=replace(later.diagnosis, started_at=NOW + timedelta(days=10)))
    saved = await vault.save(later)
    assert (saved.notes, saved.key_since, saved.verified_at) == (
        replace(WORDS, refused_at=None, refused_for=""),
        NOW,
        NOW + timedelta(days=10),
    )


async def test_renamed_profile_is_the_same(vault: KeyringVault) -> None:
    saved = await vault.save(verified("work", key("a"), Target(organization="org-fake")))
    await vault.rename("work", "office")
    assert [
        (profile.name, profile.fingerprint, profile.target.organization)
        for profile in await vault.profiles()
    ] == [("office", saved.fingerprint, "org-fake")]


async def test_nothing_of_the_old_name_is_left(vault: KeyringVault, entries: MemoryEntries) -> None:
    await vault.save(verified("work", key("a")))
    await vault.rename("work", "office")
    assert not [user for _, user in entries.entries if user.startswith("work")]


async def test_key_that_was_stored_by_hand_can_be_renamed(
    vault: KeyringVault, entries: MemoryEntries
) -> None:
    entries.put("oai-tui", "mine", key("a"))
    await vault.rename("mine", "yours")
    assert (await vault.load("yours"))[1] == Secret(key("a"))


async def test_taken_name_is_refused_and_both_stay(vault: KeyringVault) -> None:
    await vault.save(verified("work", key("a")))
    await vault.save(verified("home", key("b")))
    with pytest.raises(FileExistsError):
        await vault.rename("work", "home")
    assert await vault.names() == ("home", "work")


async def test_rename_of_nothing(vault: KeyringVault) -> None:
    with pytest.raises(KeyError):
        await vault.rename("work", "office")


class StopsAt(MemoryEntries):
    """A keyring that fails at its n-th write."""

    writes = 10**9

    def put(self, service: str, user: str, text: str) -> None:
        self._count()
        super().put(service, user, text)

    def delete(self, service: str, user: str) -> None:
        self._count()
        super().delete(service, user)

    def _count(self) -> None:
        self.writes -= 1
        if self.writes < 0:
            raise KeyringError("unavailable", "gone")


@pytest.mark.parametrize("writes", range(6))
async def test_rename_that_is_interrupted_loses_nothing(writes: int) -> None:
    entries = StopsAt()
    vault = KeyringVault(entries)
    saved = await vault.save(verified("work", key("a")))
    entries.writes = writes
    with contextlib.suppress(KeyringError):
        await vault.rename("work", "office")
    entries.writes = 10**9
    profiles = await vault.profiles()
    assert profiles
    assert {(profile.name, profile.fingerprint) for profile in profiles} <= {
        ("work", saved.fingerprint),
        ("office", saved.fingerprint),
    }


async def test_index_alone_has_the_names(vault: KeyringVault) -> None:
    await vault.save(verified("work", key("a")))
    assert await vault.indexed() == ("work",)


def _document(entries: MemoryEntries, service: str, user: str) -> dict[str, object]:
    text = entries.get(service, user)
    assert text is not None
    return dict(json.loads(text.reveal()))


async def test_entry_of_an_earlier_version_is_read(
    vault: KeyringVault, entries: MemoryEntries
) -> None:
    saved = await vault.save(verified("work", key("a")))
    entry = ("oai-tui-profile", f"work#{saved.fingerprint}")
    document = _document(entries, *entry)
    for name in ("key_since", "seen", "remarks"):
        document.pop(name, None)
    entries.put(*entry, json.dumps(document))
    assert (await vault.load("work"))[0] == replace(saved, key_since=None)


@pytest.mark.parametrize(
    "broken",
    [
        {"remarks": []},
        {"seen": "x"},
        {"remarks": {"rotate_days": "x"}},
        {"remarks": {"expires_on": "soon"}},
        {"key_since": "2026-11-23T07:00:00"},
    ],
)
async def test_entry_that_this_program_did_not_write_is_no_profile(
    broken: dict[str, object], vault: KeyringVault, entries: MemoryEntries
) -> None:
    saved = await vault.save(verified("work", key("a")))
    entry = ("oai-tui-profile", f"work#{saved.fingerprint}")
    entries.put(*entry, json.dumps(_document(entries, *entry) | broken))
    assert await vault.profiles() == ()


async def test_full_entry_fits_windows(vault: KeyringVault, entries: MemoryEntries) -> None:
    full = verified(
        "w" * 64,
        key("a"),
        Target(
            base_url="https://eu.api.openai.com/v1",
            organization="org-" + "a" * 24,
            project="proj_" + "b" * 24,
        ),
    )
    facts = {
        **full.diagnosis.facts,
        "organization_seen": "o" * 200,
        "project_seen": "p" * 200,
        "proxy": "x" * 200,
    }
    await vault.save(replace(full, diagnosis=replace(full.diagnosis, facts=facts)))
    await vault.set_notes("w" * 64, replace(WORDS, note="n" * 200))
    assert (
        max(
            len(text.reveal().encode("utf-16-le"))
            for entry in entries.entries
            if (text := entries.get(*entry))
        )
        <= 2560
    )


def test_evidence_of_nothing_takes_no_room() -> None:
    profile = Profile(
        name="work",
        target=Target(),
        hint="",
        kind="",
        fingerprint="",
        last_good_run=LastGoodRun(),
    )
    document = json.loads(encode_profile(profile))
    assert not document.keys() & {"key_since", "billed_at", "seen", "remarks"}


VARIABLES = {"OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"}


def test_variables_of_a_bare_profile_unset_what_would_interfere() -> None:
    variables = variables_of(Target(), Secret(key("a")), {})
    assert {name for name, value in variables.items() if value is not None} == {
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
    }
    assert {
        "OPENAI_ORG_ID",
        "OPENAI_PROJECT_ID",
        "OPENAI_ADMIN_KEY",
        "OPENAI_ORGANIZATION",
        "OPENAI_API_BASE",
    } <= {name for name, value in variables.items() if value is None}


def test_variables_of_a_full_profile() -> None:
    variables = variables_of(
        Target(base_url="http://127.0.0.1:1/v1", organization="org-fake", project="proj_fake"),
        Secret(key("a")),
        {},
    )
    assert {name: value for name, value in variables.items() if name in VARIABLES} == {
        "OPENAI_API_KEY": key("a"),
        "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
        "OPENAI_ORG_ID": "org-fake",
        "OPENAI_PROJECT_ID": "proj_fake",
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("X-Team: a", "unchanged"),
        ("", "unchanged"),
        ("Authorization: Bearer x", None),
        ("authorization : Bearer x\nOpenAI-Project: p\n", None),
        ("X-Team: a\nOpenAI-Organization: org-b\nX-Other: c", "X-Team: a\nX-Other: c"),
    ],
)
def test_custom_headers_lose_what_the_profile_decides(before: str, after: str | None) -> None:
    assert (
        variables_of(Target(), Secret(key("a")), {"OPENAI_CUSTOM_HEADERS": before}).get(
            "OPENAI_CUSTOM_HEADERS", "unchanged"
        )
        == after
    )


@pytest.mark.parametrize(
    ("env", "changed"),
    [
        ({}, {"NO_PROXY": "api.openai.com", "no_proxy": "api.openai.com"}),
        ({"NO_PROXY": "localhost, a.example"}, {"NO_PROXY": "localhost,a.example,api.openai.com"}),
        ({"no_proxy": "*"}, {}),
        ({"no_proxy": "api.openai.com"}, {}),
    ],
)
def test_profile_that_was_checked_without_the_proxy_runs_without_it(
    env: dict[str, str], changed: dict[str, str]
) -> None:
    variables = variables_of(Target(direct=True), Secret(key("a")), env)
    assert {name: variables[name] for name in variables if name.upper() == "NO_PROXY"} == changed
    assert "NO_PROXY" not in variables_of(Target(), Secret(key("a")), env)


async def test_profile_without_the_proxy_is_stored_as_such(vault: KeyringVault) -> None:
    proved = verified("work", key("a"))
    diagnosis = replace(proved.diagnosis, target=replace(proved.diagnosis.target, direct=True))
    await vault.save(replace(proved, diagnosis=diagnosis))
    assert (await vault.load("work"))[0].target.direct
