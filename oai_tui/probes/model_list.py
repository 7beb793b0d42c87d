"""The list of models that a key can use, and the state that two probes share about it.

`ListProbe` writes the list into the `ModelListHolder` of its run and `ModelProbe` reads it. It is
not a fact, because facts are single values that reports show, and a list may have hundreds of
models.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_MAX_ID = 200
"""Characters of a model's id that are kept."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII)
_MAX_SECONDS = 4e9
"""Seconds since 1970 that can be a date: until 2096."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """One model of GET /v1/models. `created`: seconds since 1970. `shutdown`: YYYY-MM-DD or ""."""

    id: str
    created: int = 0
    shutdown: str = ""


@dataclass(slots=True)
class ModelListHolder:
    """Holds the list as the key last got it; None while it is not known.

    One run has one holder. `ListProbe` sets it to None before it asks, because what one key can
    list says nothing about another key.
    """

    listed: tuple[ListedModel, ...] | None = None


def parse_model(entry: Any) -> ListedModel | None:
    """Return the model that a JSON value describes, or None if it has no id."""
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return None
    created = entry.get("created")
    return ListedModel(
        id=entry["id"][:_MAX_ID],
        created=created if isinstance(created, int) else 0,
        shutdown=_day(entry.get("shutdown_date")),
    )


def _day(value: Any) -> str:
    """YYYY-MM-DD of a date, which may be a text or seconds since 1970; "" for another value."""
    if isinstance(value, str):
        return value[:10] if _DAY.match(value) else ""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 < value < _MAX_SECONDS:
        return ""
    return datetime.fromtimestamp(value, UTC).date().isoformat()
