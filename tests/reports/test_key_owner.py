"""Rows about a key that an admin key sees."""

from datetime import UTC, datetime, timedelta

from oai_tui.domain.owner_view import OwnedKey, OwnedProject
from oai_tui.reports.key_owner import key_rows

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def test_day_to_come_is_not_called_today() -> None:
    key = OwnedKey(
        id="key_1",
        name="Build",
        redacted="sk-proj-...wxyz",
        project=OwnedProject(id="proj_1"),
        created_at=NOW + timedelta(days=900),
        last_used_at=NOW + timedelta(minutes=5),
    )
    rows = dict(key_rows(key, NOW))
    assert (rows["created"], rows["last used"]) == ("2029-05-16", "2026-11-28 (today)")
