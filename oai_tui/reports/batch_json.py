"""The reports on several keys as one JSON document with `results`."""

import json
from typing import Any

from oai_tui.reports.json import SCHEMA_VERSION, document
from oai_tui.reports.report import Batch, Report

_SHARED_KEYS = ("schema_version", "tool", "mode")


def render_batch(batch: Batch) -> str:
    """Return one JSON document and a newline.

    Non-ASCII is escaped if the stream cannot encode it.
    """
    whole = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "oai-tui", "version": batch.version},
        "mode": batch.mode,
        "exit_code": batch.exit_code,
        "results": [_result(report) for report in batch.reports],
    }
    return json.dumps(whole, indent=2, ensure_ascii=not batch.style.unicode) + "\n"


def _result(report: Report) -> dict[str, Any]:
    fields = {name: value for name, value in document(report).items() if name not in _SHARED_KEYS}
    more = {"environment": report.environment} if report.environment else {}
    if report.severity != "error":
        more["severity"] = report.severity
    return {"name": report.name, **more, **fields}
