"""`profiles due` and `profiles calendar`, with profiles in the encrypted file."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from oai_tui.credentials.store.encrypted_file import FileEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.profile import ProfileNotes
from tests.commands.cli_runner import CliResult, run_cli
from tests.credentials.profile_factory import key, verified

PHRASE = "correct horse battery staple"
STORE = {"OAI_TUI_STORE": "file", "OAI_TUI_PASSPHRASE_COMMAND": f"echo {PHRASE}"}
TODAY = datetime.now(UTC).date()
"""The profiles expire in relation to it: the command reads the clock of the machine."""


def save(home: Path, name: str, letter: str, expires_on: date | None) -> None:
    """Save a profile that is never due for rotation, with this end."""
    entries = FileEntries(
        home / ".local/share/oai-tui/profiles.enc", lambda: Secret(PHRASE), cost=2**10
    )
    vault = KeyringVault(entries, deadline_s=30)
    asyncio.run(vault.save(verified(name, key(letter))))
    asyncio.run(vault.set_notes(name, ProfileNotes(rotate_days=0, expires_on=expires_on)))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a profile that has expired, one that ends in 100 days, one without end."""
    save(tmp_path, "old", "a", TODAY - timedelta(days=400))
    save(tmp_path, "later", "b", TODAY + timedelta(days=100))
    save(tmp_path, "endless", "c", None)
    return tmp_path


def due(home: Path, *arguments: str) -> CliResult:
    return run_cli(["profiles", *arguments], home, STORE)


def test_expired_key_is_due(home: Path) -> None:
    done = due(home, "due")
    assert done.code == 4
    assert done.out.startswith(f"old  expired on {TODAY - timedelta(days=400)}, ")
    assert "oai-tui profiles rotate old" in done.out
    assert "no expiry day and no rotation day is known of: endless" in done.err


def test_days_extend_the_list(home: Path) -> None:
    document = due(home, "due", "--days", "365", "--json").document
    assert [each["profile"] for each in document["due"]] == ["old", "later"]
    assert document["exit_code"] == 4


def test_nothing_due_is_a_success_and_names_the_next(tmp_path: Path) -> None:
    save(tmp_path, "later", "b", TODAY + timedelta(days=100))
    done = due(tmp_path, "due")
    assert (done.code, done.out.splitlines()[0]) == (0, "nothing is due within 14 days")
    assert "next: later, expires on" in done.out


def test_no_profiles_is_a_success(tmp_path: Path) -> None:
    assert due(tmp_path, "due").code == 0


def test_calendar_has_all_days(home: Path) -> None:
    done = due(home, "calendar", "--output", "keys.ics")
    assert done.code == 0
    data = (home / "keys.ics").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert len(Calendar.from_ical(data).walk("VEVENT")) == 2


def test_due_days_as_a_calendar(home: Path) -> None:
    done = due(home, "due", "--format", "ics")
    assert done.code == 4
    assert len(Calendar.from_ical(done.out).walk("VEVENT")) == 1


def test_locked_store_is_not_nothing_due(home: Path) -> None:
    done = run_cli(
        ["profiles", "due"], home, {**STORE, "OAI_TUI_PASSPHRASE_COMMAND": "echo wrong horse"}
    )
    assert (done.code, done.out) == (10, "")
