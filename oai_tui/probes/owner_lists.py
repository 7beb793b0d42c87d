"""Reads objects of the admin API: the rows of its lists, tolerant of what is missing."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from oai_tui.domain.cut_text import cut_text
from oai_tui.domain.durations import DAY_S
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.owner_view import (
    Attention,
    ClientCertificate,
    ModelPermissions,
    OwnedKey,
    OwnedProject,
    ProjectRateLimit,
    SpendLimit,
)

MAX_NAME = 80
"""Characters of a name that are kept."""
MAX_MODELS = 200
"""Models of a list of permissions that are kept."""
SOON_DAYS = 14
"""Days before the end of a key from which it is listed."""
UNUSED_DAYS = 30
"""Days after which a key that was never used is listed."""
_MAX_NUMBER = 10**15
"""The largest number that is believed. A larger one may not fit into a float."""
_MIN_TAIL = 3
_ENDS = re.compile(r"([^.…*]*)[.…*]+([^.…*]*)")
_ID = re.compile(r"[A-Za-z0-9][\w-]*", re.ASCII)
Row = Mapping[str, Any]


def can_be_in_path(project_id: str) -> bool:
    """Return True for an id that can be part of a path: one with ".." could lead elsewhere."""
    return _ID.fullmatch(project_id) is not None


def has_ends(secret: Secret, redacted: str) -> bool:
    """Return True if a redacted value ("sk-proj-...wxyz") can be this key's."""
    ends = _ENDS.fullmatch(redacted.strip())
    if ends is None:
        return False
    head, tail = ends[1], ends[2]
    last = secret.masked.rpartition("…")[2]  # of the repaired key
    if len(tail) < _MIN_TAIL or not last or last[-len(tail) :] != tail[-len(last) :]:
        return False
    return secret.matches(re.compile(rf"{re.escape(head)}.*{re.escape(tail)}"))


def text_of(row: Row, name: str) -> str:
    """Return a text of a row in one line, with control characters shown; "" if it is none."""
    value = row.get(name)
    return cut_text(_one_line(value), MAX_NAME) if isinstance(value, str) else ""


def _one_line(text: str) -> str:
    """Show control characters, and put a space for line breaks and tabs, which `visible` keeps."""
    return " ".join(visible(text).split())


def time_of(row: Row, name: str) -> datetime | None:
    """Return a time that is given in seconds since 1970, or None."""
    value = _number(row, name)
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def project_of(row: Row) -> OwnedProject:
    """Return the project of a row."""
    status = text_of(row, "status") or ("archived" if row.get("archived_at") else "active")
    return OwnedProject(
        id=text_of(row, "id"),
        name=text_of(row, "name"),
        status=status,
        residency=text_of(row, "residency"),
    )


def key_of(row: Row, project: OwnedProject) -> OwnedKey:
    """Return the key of a row."""
    owner = _object(row, "owner")
    owner_type = text_of(owner, "type")
    access = row.get("owner_project_access")
    return OwnedKey(
        id=text_of(row, "id"),
        name=text_of(row, "name"),
        redacted=text_of(row, "redacted_value"),
        project=project,
        created_at=time_of(row, "created_at"),
        last_used_at=time_of(row, "last_used_at"),
        expires_at=time_of(row, "expires_at"),
        owner_type=owner_type,
        owner=_owner_name(owner, owner_type),
        has_access=None if access not in {"active", "inactive"} else access == "active",
    )


def _owner_name(owner: Row, owner_type: str) -> str:
    """Return a service account's name, or a person's masked address or initial.

    The HTTP client has masked the address.
    """
    if owner_type == "service_account":
        return text_of(_object(owner, "service_account"), "name")
    person = _object(owner, "user")
    name = text_of(person, "name")
    return text_of(person, "email") or (f"{name[0]}…" if name else "")


def spend_limit_of(value: object, of: str) -> SpendLimit | None:
    """Return the spend limit of an answer, or None."""
    row = value if isinstance(value, Mapping) else {}
    cents = _number(row, "threshold_amount")
    if cents is None:
        return None
    return SpendLimit(
        of="project" if of == "project" else "organization",
        amount_usd=cents / 100,
        interval=text_of(row, "interval") or "month",
        enforcing=_object(row, "enforcement").get("status") == "enforcing",
    )


def model_permissions_of(value: object) -> ModelPermissions | None:
    """Return the model permissions of an answer, or None."""
    row = value if isinstance(value, Mapping) else {}
    mode, models = row.get("mode"), row.get("model_ids")
    if mode not in {"allow_list", "deny_list"} or not isinstance(models, list):
        return None
    names = [name for name in models[:MAX_MODELS] if isinstance(name, str)]
    return ModelPermissions(
        mode=mode, models=tuple(cut_text(_one_line(name), MAX_NAME) for name in names)
    )


def rate_limit_of(row: Row) -> ProjectRateLimit:
    """Return the rate limit of a row."""
    return ProjectRateLimit(
        model=text_of(row, "model"),
        requests=_whole(row, "max_requests_per_1_minute"),
        tokens=_whole(row, "max_tokens_per_1_minute"),
    )


def certificate_of(row: Row, of: Literal["organization", "project"]) -> ClientCertificate:
    """Return the certificate of a row. of: whose list it is in."""
    return ClientCertificate(
        of=of,
        id=text_of(row, "id"),
        name=text_of(row, "name") or text_of(row, "id"),
        active=row.get("active") is True,
        expires_at=time_of(_object(row, "certificate_details"), "expires_at"),
    )


def attention_of(
    row: Row, project: OwnedProject, now_s: float, rotation_days: int
) -> tuple[Attention, float] | None:
    """Return why the key of a row needs attention, and the time that makes it urgent, or None.

    Works on the row itself, because most keys need none. rotation_days: 0 for no rotation age. Both
    times are in seconds since 1970. The keys of an archived project don't work any more.
    """
    if project.is_archived:
        return None
    created, end = _number(row, "created_at"), _number(row, "expires_at")
    if row.get("owner_project_access") == "inactive":
        return "owner-removed", created or 0.0
    if end is not None and end <= now_s + SOON_DAYS * DAY_S:
        return ("expired" if end <= now_s else "expiring"), end
    if created is None:
        return None
    age_s = now_s - created
    if rotation_days and age_s >= rotation_days * DAY_S:
        return "old", created
    if row.get("last_used_at") is None and age_s >= UNUSED_DAYS * DAY_S:
        return "never-used", created
    return None


def _number(row: Row, name: str) -> float | None:
    """Return a number of a row; None if it is none, or NaN, or too large to be meant."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= _MAX_NUMBER else None


def _object(row: Row, name: str) -> Row:
    value = row.get(name)
    return value if isinstance(value, Mapping) else {}


def _whole(row: Row, name: str) -> int | None:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MAX_NUMBER else None
