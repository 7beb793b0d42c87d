"""The causes of a status with the requests of the walk to each, as text, Markdown and JSON. Pure.

A number counts the requests of a whole walk, the one without the key included. "$" marks a walk
with the billed request, for which the walk asks first.
"""

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from oai_tui.diagnosis.walk_costs import CauseRow, StatusTable, WalkCost
from oai_tui.reports.markdown_text import code

_NONE = "-"
_STEP_WIDTH = 11
Tables = Sequence[StatusTable]


def _notes(most: int) -> tuple[str, ...]:
    return (
        "Numbers: requests of the whole check, if the status comes at that step. $: with the "
        "billed request (about $0.00001), sent only after a yes. All others are free.",
        f"A base URL that has to be corrected, or a server without /responses, adds some. No "
        f"check sends more than {most} requests.",
    )


def _text(tables: Tables) -> str:
    lines: list[str] = []
    for table in tables:
        width = max((len(row.cause) for row in table.rows), default=0) + 4
        lines += [_heading(table)]
        if table.rows:
            names = "".join(step.rjust(_STEP_WIDTH) for step in table.steps)
            lines += [" " * width + names]
        for title, rows in _groups(table):
            lines += [title] if title else []
            for row in rows:
                cells = "".join(cell.rjust(_STEP_WIDTH) for cell in _cells(row, table.steps))
                lines.append(f"  {row.cause}".ljust(width) + cells)
        lines.append("")
    return "\n".join([*lines, *_wrapped(_notes(tables[0].most))]) + "\n"


def _wrapped(notes: Sequence[str]) -> Iterator[str]:
    for note in notes:
        yield from textwrap.wrap(note, 80, break_on_hyphens=False)


def _markdown(tables: Tables) -> str:
    lines: list[str] = []
    for table in tables:
        lines += [f"## {_heading(table)}", ""]
        if table.rows:
            lines += [
                "| cause | " + " | ".join(map(code, table.steps)) + " |",
                "| --- |" + " ---: |" * len(table.steps),
            ]
        for title, rows in _groups(table):
            lines += [f"| *{title}* |" + " |" * len(table.steps)] if title else []
            for row in rows:
                cells = (cell.replace("$", r"\$") for cell in _cells(row, table.steps))
                lines.append(f"| {code(row.cause)} | " + " | ".join(cells) + " |")
        lines.append("")
    notes = [note.replace("$", r"\$") for note in _notes(tables[0].most)]
    return "\n\n".join(["\n".join(lines).rstrip(), *notes]) + "\n"


def _json(tables: Tables) -> str:
    document = {
        "schema_version": 1,
        "most_requests": tables[0].most,
        "statuses": [
            {
                "status": table.status,
                "causes": [
                    {
                        "cause": row.cause,
                        "status_named": row.named,
                        "steps": [_cost(step, cost) for step, cost in row.by_step.items()],
                    }
                    for row in table.rows
                ],
            }
            for table in tables
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _cost(step: str, cost: WalkCost) -> dict[str, Any]:
    return {
        "step": step,
        "requests": {"fewest": cost.fewest, "most": cost.most},
        "billed": cost.billed,
    }


def _heading(table: StatusTable) -> str:
    number = len(table.rows)
    return f"{table.status}: {number or 'no'} cause{'' if number == 1 else 's'}"


def _groups(table: StatusTable) -> Iterator[tuple[str, list[CauseRow]]]:
    """Yield the causes that name the status, then the others under a title."""
    named = [row for row in table.rows if row.named]
    others = [row for row in table.rows if not row.named]
    if named:
        yield "", named
    if others:
        yield "only if the code or the words of the error say so:", others


def _cells(row: CauseRow, steps: Sequence[str]) -> Iterator[str]:
    for step in steps:
        cost = row.by_step.get(step)
        yield _NONE if cost is None else str(cost)


TABLE_FORMATS: Mapping[str, Callable[[Tables], str]] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
}
"""Each renders at least one table."""
