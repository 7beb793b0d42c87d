"""Days on which keys are due, as an iCalendar file (RFC 5545) for any calendar program.

An event keeps its UID when the key of the profile is replaced, so that importing a newer file moves
the event. No key, and no part of one, is in the file.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from oai_tui import __version__
from oai_tui.domain.due_dates import DueDate
from oai_tui.knowledge.links import API_KEYS

_LINE_BYTES = 75
"""Bytes of a line without its end (RFC 5545 section 3.1)."""
_NAMESPACE = uuid.UUID("7d1f5b0e-6f0a-5c55-9a65-0b6a6d1f7c11")
"""The namespace of this program's UIDs (RFC 9562 section 5.5)."""
_REMIND_DAYS = 7
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_SUMMARIES = {
    "expiry": "OpenAI key of {name} expires",
    "rotation": "Rotate the OpenAI key of {name}",
}
_TEXTS = {
    "expiry": "The expiry day of the key, as saved in the profile.",
    "rotation": "The key reaches the age of your rotation policy.",
}


def write_calendar(dates: Iterable[DueDate], now: datetime) -> str:
    """Return a calendar with one all-day event for each date, in lines that end with CR LF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//oai-tui//oai-tui {__version__}//EN",
        "CALSCALE:GREGORIAN",
        *(line for due in dates for line in _event(due, now)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def event_uid(due: DueDate) -> str:
    """Return the UID of an event: the same for the same profile and kind, whichever key it has."""
    target = due.profile.target
    parts = (due.profile.name, due.kind, target.base_url, target.organization, target.project)
    return str(uuid.uuid5(_NAMESPACE, "\n".join(part or "" for part in parts)))


def _event(due: DueDate, now: datetime) -> Iterator[str]:
    name = due.profile.name
    command = f"oai-tui profiles rotate {name}"
    description = f"{_TEXTS[due.kind]}\nMake a new key at {API_KEYS}, then run: {command}"
    summary = _escaped(_SUMMARIES[due.kind].format(name=name))
    yield "BEGIN:VEVENT"
    yield f"UID:{event_uid(due)}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{due.day.isoformat().replace('-', '')}"
    yield f"SUMMARY:{summary}"
    yield f"DESCRIPTION:{_escaped(description)}"
    yield "CATEGORIES:oai-tui"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{summary}"
    yield f"TRIGGER:-P{_REMIND_DAYS}D"
    yield "END:VALARM"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    """Return a value of type TEXT (RFC 5545 section 3.3.11)."""
    return text.translate(_ESCAPES)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 bytes; each but the first begins with a blank."""
    part, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LINE_BYTES:
            yield part
            part, size = " ", 1
        part, size = part + character, size + width
    yield part
