"""Profiles in the encrypted file, under the same contract as in the keyring.

Nothing can be read without the passphrase, and nothing is lost whatever is killed and whenever.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oai_tui.credentials.store.encrypted_file import FileEntries
from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.ports import Entries
from oai_tui.domain.target import Target
from oai_tui.system.file_lock import locked_file
from tests.commands.cli_runner import ROOT
from tests.credentials.profile_factory import key, verified
from tests.credentials.store.entries_contract import EntriesContract

PASSPHRASE = Secret("correct horse battery staple")
CHEAP = 2**10
"""scrypt's n, for tests that are not about it."""


def open_file(folder: Path, passphrase: Secret | None = PASSPHRASE) -> FileEntries:
    return FileEntries(folder / "data" / "profiles.enc", lambda: passphrase, cost=CHEAP)


@pytest.fixture
def file(tmp_path: Path) -> FileEntries:
    return open_file(tmp_path)


class TestFile(EntriesContract):
    @pytest.fixture
    def entries(self, file: FileEntries) -> Entries:
        return file


class TestMemory(EntriesContract):
    @pytest.fixture
    def entries(self) -> Entries:
        return MemoryEntries()


def test_another_program_reads_it(file: FileEntries, tmp_path: Path) -> None:
    file.put("oai-tui", "work", key("a"))
    assert open_file(tmp_path).get("oai-tui", "work") == Secret(key("a"))


def test_it_is_readable_by_its_owner_alone(file: FileEntries) -> None:
    file.put("oai-tui", "work", key("a"))
    assert (file.path.stat().st_mode & 0o777, file.path.parent.stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )


def test_nothing_of_the_entries_or_the_passphrase_is_in_it(file: FileEntries) -> None:
    file.put("oai-tui", "work", key("a"))
    raw = file.path.read_bytes()
    assert not [part for part in (b"aaaaaaaa", b"work", b"horse", b"sk-proj") if part in raw]


def test_two_files_of_the_same_entries_differ(tmp_path: Path) -> None:
    contents = []
    for name in "ab":
        file = open_file(tmp_path / name)
        file.put("oai-tui", "work", key("a"))
        contents.append(file.path.read_bytes().partition(b"}\n")[2])
    assert contents[0] != contents[1]


def test_a_read_of_nothing_makes_no_file_and_asks_for_no_passphrase(tmp_path: Path) -> None:
    def never() -> Secret:
        raise AssertionError("asked")

    assert FileEntries(tmp_path / "data" / "profiles.enc", never).get("oai-tui", "work") is None
    assert not (tmp_path / "data").exists()


def test_the_passphrase_is_asked_once(tmp_path: Path) -> None:
    questions = []

    def ask() -> Secret:
        questions.append("passphrase?")
        return PASSPHRASE

    entries = FileEntries(tmp_path / "profiles.enc", ask, cost=CHEAP)
    for name in "abc":
        entries.put("oai-tui", name, "x")
    assert len(questions) == 1


@pytest.mark.parametrize(
    "passphrase",
    [
        None,
        Secret(""),
        Secret("correct horse battery stapl"),
        Secret("Correct horse battery staple"),
    ],
    ids=["none", "empty", "shorter", "another case"],
)
def test_another_passphrase_leaves_it_locked(
    file: FileEntries, tmp_path: Path, passphrase: Secret | None
) -> None:
    file.put("oai-tui", "work", key("a"))
    before = file.path.read_bytes()
    actions: tuple[Callable[[FileEntries], object], ...] = (
        lambda entries: entries.get("oai-tui", "work"),
        lambda entries: entries.put("oai-tui", "work", "x"),
        lambda entries: entries.delete("oai-tui", "work"),
    )
    for action in actions:
        with pytest.raises(KeyringError) as caught:
            action(open_file(tmp_path, passphrase))
        assert caught.value.state == "locked"
    assert file.path.read_bytes() == before


def test_a_wrong_passphrase_does_not_replace_the_right_one(file: FileEntries) -> None:
    file.put("oai-tui", "work", key("a"))
    with pytest.raises(KeyringError):
        file.unlock(Secret("wrong"))
    assert file.get("oai-tui", "work") == Secret(key("a"))


def test_composed_and_decomposed_letters_are_one_passphrase(tmp_path: Path) -> None:
    open_file(tmp_path, Secret("caf\u00e9 caf\u00e9")).put("oai-tui", "work", "x")
    assert open_file(tmp_path, Secret("cafe\u0301 cafe\u0301")).get("oai-tui", "work") == Secret(
        "x"
    )


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(offset=st.integers(0, 400), mask=st.integers(1, 255))
def test_a_changed_byte_is_found_and_nothing_is_overwritten(
    tmp_path: Path, offset: int, mask: int
) -> None:
    entries = open_file(tmp_path)
    entries.path.unlink(missing_ok=True)
    entries.put("oai-tui", "work", key("a"))
    raw = bytearray(entries.path.read_bytes())
    raw[offset % len(raw)] ^= mask
    entries.path.write_bytes(raw)
    with pytest.raises(KeyringError) as caught:
        open_file(tmp_path).put("oai-tui", "home", "x")
    assert caught.value.state in {"differs", "locked"}
    assert entries.path.read_bytes() == bytes(raw)


HOSTILE = {
    "empty": b"",
    "another file": b"hello\n",
    "the name alone": b"oai-tui encrypted profiles 1\n",
    "no JSON": b"oai-tui encrypted profiles 1\n{\nxxxx",
    "too much memory": b'oai-tui encrypted profiles 1\n{"n":4194304,"r":32,"p":1,"salt":"'
    + b"00" * 16
    + b'","check":""}\n'
    + b"x" * 40,
    "n is no power of two": b'oai-tui encrypted profiles 1\n{"n":131071,"r":8,"p":1,"salt":"'
    + b"00" * 16
    + b'","check":""}\n'
    + b"x" * 40,
    "n is true": b'oai-tui encrypted profiles 1\n{"n":true,"r":8,"p":1,"salt":"'
    + b"00" * 16
    + b'","check":""}\n'
    + b"x" * 40,
    "no salt": b'oai-tui encrypted profiles 1\n{"n":131072,"r":8,"p":1,"salt":"","check":""}\n'
    + b"x" * 40,
    "deep": b"oai-tui encrypted profiles 1\n" + b"[" * 100_000 + b"\n",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_this_program_did_not_write(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "profiles.enc"
    path.write_bytes(raw)
    with pytest.raises(KeyringError) as caught:
        FileEntries(path, lambda: PASSPHRASE).get("oai-tui", "work")
    assert (caught.value.state, path.read_bytes()) == ("differs", raw)


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(KeyringError) as caught:
        FileEntries(tmp_path, lambda: PASSPHRASE).get("oai-tui", "work")
    assert caught.value.state == "refused"


def test_a_folder_that_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(KeyringError) as caught:
        open_file(tmp_path).put("oai-tui", "work", "x")
    assert caught.value.state == "refused"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "profiles.enc").symlink_to(tmp_path / "real" / "profiles.enc")
    entries = FileEntries(tmp_path / "profiles.enc", lambda: PASSPHRASE, cost=CHEAP)
    entries.put("oai-tui", "work", "x")
    assert (tmp_path / "profiles.enc").is_symlink()
    assert entries.get("oai-tui", "work") == Secret("x")


def test_leftovers_of_a_killed_writer_are_removed(file: FileEntries) -> None:
    file.put("oai-tui", "work", "x")
    (file.path.parent / ".profiles.enc.abc.new").write_text("half")
    file.put("oai-tui", "home", "y")
    assert sorted(path.name for path in file.path.parent.iterdir()) == [
        "profiles.enc",
        "profiles.enc.lock",
    ]


def test_the_lock_makes_others_wait_and_give_up(tmp_path: Path) -> None:
    with (
        locked_file(tmp_path / "lock", 60),
        pytest.raises(TimeoutError),
        locked_file(tmp_path / "lock", 0.1),
    ):
        pytest.fail("two at once")


def test_the_real_cost_is_what_is_promised(tmp_path: Path) -> None:
    entries = FileEntries(tmp_path / "profiles.enc", lambda: PASSPHRASE)
    entries.put("oai-tui", "work", "x")
    header = json.loads(entries.path.read_bytes().split(b"\n")[1])
    assert (header["n"], header["r"], header["p"], len(header["salt"])) == (2**17, 8, 1, 32)


WRITER = """
import asyncio, sys
from pathlib import Path
from oai_tui.credentials.store.encrypted_file import FileEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import Target
from tests.credentials.profile_factory import key, verified

async def main(path, first, count, organization):
    passphrase = Secret("correct horse battery staple")
    vault = KeyringVault(FileEntries(Path(path), lambda: passphrase, cost=2**10), deadline_s=60)
    target = Target(organization=organization or None)
    for number in range(int(count)):
        await vault.save(verified(f"{first}{number}", key(first), target))

asyncio.run(main(*sys.argv[1:]))
"""


def test_two_processes_save_fifty_profiles_each_and_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "profiles.enc"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), letter, "50", ""],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for letter in "ab"
    ]
    assert [writer.wait(240) for writer in writers] == [0, 0]
    entries = FileEntries(path, lambda: PASSPHRASE, cost=CHEAP)
    assert sorted(_names(entries)) == sorted(
        f"{letter}{number}" for letter in "ab" for number in range(50)
    )


def _names(entries: FileEntries) -> list[str]:
    return list(asyncio.run(KeyringVault(entries, deadline_s=60).names()))


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from oai_tui.credentials.store.encrypted_file import FileEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import Target
from tests.credentials.profile_factory import key, verified

path, at, act = sys.argv[1], int(sys.argv[2]), sys.argv[3]
calls = 0

def trap(event, args):
    global calls
    paths = [str(arg) for arg in args if isinstance(arg, (str, bytes, Path))]
    touches = event in {"open", "os.rename", "os.remove", "os.mkdir"}
    if touches and any("profiles.enc" in path for path in paths):
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(trap)
passphrase = Secret("correct horse battery staple")
vault = KeyringVault(FileEntries(Path(path), lambda: passphrase, cost=2**10), deadline_s=60)
new = verified("work", key("b"), Target(organization="org-new"))
asyncio.run(vault.delete("work") if act == "delete" else vault.save(new))
print(calls)
"""


async def _seen(path: Path) -> dict[str, tuple[str, str | None]]:
    vault = KeyringVault(FileEntries(path, lambda: PASSPHRASE, cost=CHEAP), deadline_s=60)
    return {
        profile.name: ((await vault.load(profile.name))[1].fingerprint, profile.target.organization)
        for profile in await vault.profiles()
    }


async def _prepare(path: Path) -> None:
    vault = KeyringVault(FileEntries(path, lambda: PASSPHRASE, cost=CHEAP), deadline_s=60)
    await vault.save(verified("other", key("o")))
    await vault.save(verified("work", key("a"), Target(organization="org-old")))


OLD = {
    "other": (Secret(key("o")).fingerprint, None),
    "work": (Secret(key("a")).fingerprint, "org-old"),
}
NEW = {
    "save": {**OLD, "work": (Secret(key("b")).fingerprint, "org-new")},
    "delete": {"other": OLD["other"]},
}


@pytest.mark.parametrize("act", ["save", "delete"])
def test_killed_at_any_touch_of_the_file_leaves_the_old_or_the_new_profile(
    tmp_path: Path, act: str
) -> None:
    """The process is killed at each open, rename and removal of the file in turn."""
    exit_codes = []
    for at in range(1, 200):
        path = tmp_path / str(at) / "profiles.enc"
        asyncio.run(_prepare(path))
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), str(at), act],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        found = asyncio.run(_seen(path))
        assert found in (OLD, NEW[act]), f"killed at {at}"
        exit_codes.append(done.returncode)
        if done.returncode == 0:
            assert found == NEW[act]
            break
    assert set(exit_codes[:-1]) == {-signal.SIGKILL}
    assert exit_codes[-1] == 0
    assert len(exit_codes) > 5
