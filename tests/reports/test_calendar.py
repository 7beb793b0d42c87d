"""The calendar of due days, read back by the library icalendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from oai_tui.domain.due_dates import DueDate, DueKind, due_dates
from oai_tui.domain.profile import Profile, ProfileNotes
from oai_tui.domain.target import Target
from oai_tui.reports.calendar import event_uid, write_calendar

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


def profile(name: str = "work", *, since: datetime | None = NOW, **notes: object) -> Profile:
    return Profile(
        name=name,
        target=Target(),
        hint="sk-proj-…wxyz",
        kind="project",
        fingerprint="1a2b3c4d",
        verified_at=since,
        key_since=since,
        notes=ProfileNotes(**notes),  # type: ignore[arg-type]
    )


def days(made: Profile, policy_days: int) -> list[tuple[str, date]]:
    return [(due.kind, due.day) for due in due_dates(made, policy_days)]


def test_expiry_and_rotation_are_two_days() -> None:
    made = profile(expires_on=date(2027, 1, 31))
    assert days(made, 30) == [("rotation", date(2026, 12, 23)), ("expiry", date(2027, 1, 31))]


@pytest.mark.parametrize(
    ("made", "policy_days", "expected"),
    [
        (profile(rotate_days=10), 90, [("rotation", date(2026, 12, 3))]),
        (profile(rotate_days=0), 90, []),
        (profile(), 0, []),
        (profile(since=None), 90, []),
    ],
    ids=["own policy", "own policy is never", "no policy", "age not known"],
)
def test_policy(made: Profile, policy_days: int, expected: list[tuple[str, date]]) -> None:
    assert days(made, policy_days) == expected


PHRASES = {
    ("expiry", 4): "expires on 2026-11-27, in 4 days",
    ("expiry", 0): "expires on 2026-11-23, today",
    ("expiry", -1): "expired on 2026-11-22, 1 day ago",
    ("rotation", 1): "rotation is due on 2026-11-24, in 1 day",
    ("rotation", -3): "rotation was due on 2026-11-20, 3 days ago",
}


@pytest.mark.parametrize(("case", "phrase"), PHRASES.items(), ids=PHRASES.values())
def test_phrase(case: tuple[DueKind, int], phrase: str) -> None:
    kind, left = case
    due = DueDate(profile=profile(), kind=kind, day=NOW.date() + timedelta(days=left))
    assert due.phrase(NOW) == phrase


def test_library_reads_the_events_back() -> None:
    dates = due_dates(profile(expires_on=date(2027, 1, 31)), 90)
    calendar = Calendar.from_ical(write_calendar(dates, NOW))
    assert (str(calendar["VERSION"]), "oai-tui" in str(calendar["PRODID"])) == ("2.0", True)
    assert [
        (event.decoded("DTSTART"), str(event["SUMMARY"]), event.decoded("DTSTAMP"))
        for event in calendar.walk("VEVENT")
    ] == [
        (date(2027, 1, 31), "OpenAI key of work expires", NOW),
        (date(2027, 2, 21), "Rotate the OpenAI key of work", NOW),
    ]
    descriptions = [str(event["DESCRIPTION"]) for event in calendar.walk("VEVENT")]
    assert all("\nMake a new key at https://" in text for text in descriptions)
    assert all("profiles rotate work" in text for text in descriptions)
    assert [alarm.decoded("TRIGGER") for alarm in calendar.walk("VALARM")] == [
        timedelta(days=-7)
    ] * 2


@given(NAMES, st.dates())
def test_any_profile_and_day_is_valid(name: str, day: date) -> None:
    due = DueDate(profile=profile(name), kind="expiry", day=day)
    text = write_calendar([due], NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert event.decoded("DTSTART") == day
    assert str(event["SUMMARY"]) == f"OpenAI key of {name} expires"


def test_uid_stays_when_the_key_is_replaced() -> None:
    old = DueDate(profile=profile(), kind="rotation", day=date(2026, 12, 1))
    new_key = replace(old.profile, fingerprint="99999999", hint="sk-proj-…0000")
    new = DueDate(profile=new_key, kind="rotation", day=date(2027, 3, 1))
    assert event_uid(new) == event_uid(old) == "73d016a9-723d-557b-93b0-1cd3683788a7"


def test_uids_differ_by_kind_and_profile() -> None:
    uids = {
        event_uid(DueDate(profile=profile(name), kind=kind, day=date(2026, 12, 1)))
        for name in ("work", "home")
        for kind in ("expiry", "rotation")
    }
    assert len(uids) == 4


def test_no_part_of_a_key_is_in_the_file() -> None:
    text = write_calendar(due_dates(profile(), 90), NOW)
    assert "wxyz" not in text
    assert "1a2b3c4d" not in text


def test_calendar_without_events_is_valid() -> None:
    assert Calendar.from_ical(write_calendar([], NOW)).walk("VEVENT") == []
