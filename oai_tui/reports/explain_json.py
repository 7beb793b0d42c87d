"""An explained text or log as one JSON document, of the same schema as the other reports; what a text cannot tell is left out.

One failure: `verdict` and `evidence`. A log: `results`, most frequent first, each with its own, and above them the `exit_code` and `verdict` of the worst.
"""

import json
from typing import Any

from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation
from oai_tui.reports.exit_codes import exit_code
from oai_tui.reports.explain_report import ExplainReport
from oai_tui.reports.json import SCHEMA_VERSION, iso_utc, verdict_document
from oai_tui.reports.text_evidence import evidence_of


def render(reading: ExplainReport) -> str:
    """One JSON document and a newline. Non-ASCII is escaped where the stream cannot write it."""
    return json.dumps(document(reading), indent=2, ensure_ascii=not reading.style.unicode) + "\n"


def document(reading: ExplainReport) -> dict[str, Any]:
    """The document as plain values."""
    found = reading.explanation
    shown: dict[str, Any] = (
        {"results": [_result(one) for one in found.results]}
        if found.is_log
        else {"evidence": _evidence(found.results[0].observation)}
    )
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "oai-tui", "version": reading.version},
        "mode": "explain",
        "exit_code": reading.exit_code,
        "verdict": verdict_document(reading.verdict),
        **shown,
        "started_at": iso_utc(reading.started_at),
        "elapsed_ms": round(reading.elapsed_ms),
    }


def _result(one: FailureReport) -> dict[str, Any]:
    return {
        "count": one.count,
        "first_seen": one.first_seen or None,
        "last_seen": one.last_seen or None,
        "exit_code": exit_code(one.verdict),
        "verdict": verdict_document(one.verdict),
        "evidence": _evidence(one.observation),
    }


def _evidence(seen: Observation) -> dict[str, Any]:
    told = evidence_of(seen)
    return {
        "status": told.status,
        "failure": told.failure,
        "error_code": told.code or None,
        "error_type": told.type or None,
        "request_id": told.request_id or None,
        "excerpt": told.excerpt,
    }
