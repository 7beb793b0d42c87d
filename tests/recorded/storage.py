"""Reads and writes the recordings: one JSON file for each group of cases.

A value that occurs several times in a file is written once, in the table "shared", and replaced by
a reference elsewhere.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "recordings"
_REFERENCE = "$shared"
_MIN_SHARED = 60
"""Characters from which a repeated value is shared."""
_WIDTH = 150
"""Maximum characters of a line of the file, unless one value is longer."""

Record = dict[str, Any]


def load(group: str) -> dict[str, Record]:
    """Return the recordings of a group by case id; empty if there are none."""
    path = FOLDER / f"{group}.json"
    if not path.exists():
        return {}
    whole = json.loads(path.read_text("utf-8"))
    shared: dict[str, Any] = whole["shared"]
    return {name: _expanded(record, shared) for name, record in whole["cases"].items()}


def save(group: str, records: Mapping[str, Record]) -> None:
    """Write the recordings of a group, in the order given."""
    counted = Counter(_key(value) for record in records.values() for value in _values(record))
    repeated = {key for key, count in counted.items() if count > 1}
    shared: dict[str, Any] = {}
    cases = {name: _compact(record, repeated, shared) for name, record in records.items()}
    whole = {"shared": dict(sorted(shared.items())), "cases": cases}
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{group}.json").write_text(_page(whole, "") + "\n", encoding="utf-8")


def _page(value: Any, indent: str) -> str:
    """Return JSON with one line for every value that fits on one."""
    short = _json(value)
    if not isinstance(value, dict | list) or len(indent) + len(short) <= _WIDTH:
        return short
    inner = indent + " "
    if isinstance(value, dict):
        start, end = "{}"
        parts = [f"{_json(name)}: {_page(item, inner)}" for name, item in value.items()]
    else:
        start, end = "[]"
        parts = [_page(item, inner) for item in value]
    return f"{start}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{end}"


def _values(value: Any) -> Iterator[Any]:
    """Yield every value inside a record that is long enough to be shared."""
    items: Iterable[Any] = ()
    if isinstance(value, dict):
        items = value.values()
    elif isinstance(value, list):
        items = value
    for item in items:
        if _is_sharable(item):
            yield item
            yield from _values(item)


def _compact(value: Any, repeated: set[str], shared: dict[str, Any]) -> Any:
    """Return the value with references instead of repeated values, and add those to `shared`."""

    def one(item: Any) -> Any:
        if not _is_sharable(item):
            return item
        key = _key(item)
        if key not in repeated:
            return _compact(item, repeated, shared)
        if key not in shared:
            shared[key] = _compact(item, repeated, shared)
        return {_REFERENCE: key}

    if isinstance(value, dict):
        return {name: one(item) for name, item in value.items()}
    return [one(item) for item in value] if isinstance(value, list) else value


def _expanded(value: Any, shared: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        if set(value) == {_REFERENCE}:
            return _expanded(shared[value[_REFERENCE]], shared)
        return {name: _expanded(item, shared) for name, item in value.items()}
    return [_expanded(item, shared) for item in value] if isinstance(value, list) else value


def _is_sharable(value: Any) -> bool:
    return isinstance(value, dict | list | str) and len(_json(value)) >= _MIN_SHARED


def _key(value: Any) -> str:
    return hashlib.sha256(_json(value).encode()).hexdigest()[:12]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
