"""A round of `oai-tui watch` as JSON lines: one object a check."""

import json
from collections.abc import Iterator

from oai_tui.reports.json import SCHEMA_VERSION, document
from oai_tui.reports.report import Report
from oai_tui.reports.watch_state import Status, StatusChange, WatchState

_FIELDS = ("exit_code", "verdict", "credential", "limits", "started_at", "elapsed_ms")
"""The fields that are those of a check."""


def lines(state: WatchState, changes: tuple[StatusChange, ...]) -> Iterator[str]:
    """Yield one line a check, ASCII only. The results in `state` are redacted already."""
    changed = {change.name: change for change in changes if change.before is not None}
    for check in state.checks:
        result = check.result
        whole = document(Report(diagnosis=result.diagnosis, mode="watch", exit_code=result.code))
        change = changed.get(check.name)
        yield json.dumps(
            {
                "schema_version": SCHEMA_VERSION,
                "mode": "watch",
                "round": state.round,
                "name": check.name,
                **({"environment": result.environment} if result.environment else {}),
                "changed": change is not None,
                "previous": None if change is None else _status(change.before),
                "latency_ms": _rounded(check.latencies[-1]),
                **{name: whole[name] for name in _FIELDS},
            }
        )


def _status(status: Status | None) -> dict[str, object] | None:
    return None if status is None else {"exit_code": status.code, "cause": status.cause or None}


def _rounded(milliseconds: float | None) -> int | None:
    return None if milliseconds is None else round(milliseconds)
