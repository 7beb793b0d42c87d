"""The report of `oai-tui models`: the models a key can use, and the state of the wanted one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.suggestions import similar_names

ModelState = Literal["usable", "retiring", "retired"]
WantedState = Literal["usable", "not-listed", "not-allowed", "retired", "unverified", "unknown"]

_WANTED_BY_CAUSE: Mapping[str, WantedState] = {
    "model-retired": "retired",
    "model-not-allowed": "not-allowed",
    "verification-required": "unverified",
    "model-not-found": "not-listed",
}
"""Cause of a verdict -> what it says about the wanted model."""
_MAX_NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """One listed model. shutdown: YYYY-MM-DD (UTC), or "" if none is known."""

    id: str
    state: ModelState
    shutdown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The model that was asked for, its state, and listed models with similar names."""

    id: str
    state: WantedState
    nearest: tuple[str, ...] = ()


def model_rows(
    listed: Sequence[tuple[str, str]], shutdown: Mapping[str, str], today: str
) -> tuple[ModelRow, ...]:
    """Return one row for each listed (id, shutdown date or ""), by id.

    shutdown: known dates of models whose entry has none. today: YYYY-MM-DD in UTC.
    """
    rows = []
    for name, day in sorted(listed):
        end = day or shutdown.get(name, "")
        state: ModelState = "usable"
        if end:
            state = "retired" if end <= today else "retiring"
        rows.append(ModelRow(id=name, state=state, shutdown=end))
    return tuple(rows)


def wanted_model(name: str, diagnosis: Diagnosis, rows: Sequence[ModelRow]) -> Wanted:
    """Return the state of the wanted model, from the verdict and the list."""
    cause = diagnosis.verdict.cause
    if diagnosis.verdict.outcome == "working":
        state: WantedState = "usable"
    else:
        state = _WANTED_BY_CAUSE.get(cause or "", "unknown")
    others = [row.id for row in rows if row.id != name and row.state != "retired"]
    nearest = () if state == "usable" else similar_names(name, others, limit=_MAX_NEAREST)
    return Wanted(id=name, state=state, nearest=tuple(nearest))


def fields(rows: Sequence[ModelRow], wanted: Wanted | None) -> dict[str, Any]:
    """Return the fields `models` and `wanted` of the JSON document."""
    return {
        "models": [
            {"id": visible(row.id), "state": row.state, "shutdown": row.shutdown or None}
            for row in rows
        ],
        "wanted": None
        if wanted is None
        else {
            "id": wanted.id,
            "state": wanted.state,
            "nearest": [visible(name) for name in wanted.nearest],
        },
    }


_MAX_WIDTH = 60
"""Columns for the names of models; a longer name moves its own note only."""
WANTED_TEXT: Mapping[WantedState, str] = {
    "usable": "✓ {id}: this key can use it",
    "not-listed": "✗ {id}: not found for this key",
    "not-allowed": "✗ {id}: not allowed in this project",
    "retired": "✗ {id}: shut down",
    "unverified": "✗ {id}: the organization must be verified first",
    "unknown": "! {id}: the check ended before this model was checked",
}


def lines(
    rows: Sequence[ModelRow], wanted: Wanted | None, *, works: bool, has_list: bool = False
) -> list[str]:
    """Return the lines of the text report.

    works: the check found no problem. has_list: the server returned a list, which may be empty.

    Without a list and with a problem there are none: the verdict says it all.
    """
    out: list[str] = []
    if not rows and not works:
        return out
    if wanted is not None:
        out.append(WANTED_TEXT[wanted.state].format(id=visible(wanted.id)))
        if wanted.nearest:
            similar = ", ".join(visible(name) for name in wanted.nearest)
            out.append(f"  similar models this key can use: {similar}")
        out.append("")
    if not rows:
        return [
            *out,
            "The server returned an empty list of models."
            if has_list
            else "The server returned no list of models.",
        ]
    usable = [row for row in rows if row.state != "retired"]
    out.append(f"{len(usable)} model{'' if len(usable) == 1 else 's'} this key can use")
    names = [visible(row.id) for row in rows]
    width = min(_MAX_WIDTH, max(len(name) for name in names))
    for name, row in zip(names, rows, strict=True):
        note = {
            "usable": "",
            "retiring": f"shuts down {row.shutdown}",
            "retired": f"shut down {row.shutdown}",
        }[row.state]
        out.append(f"  {name.ljust(width)}  {note}".rstrip())
    return out
