"""An explained text or log as one JSON document, with the schema of the other reports.

Fields that a text cannot fill are left out. One failure has `verdict` and `evidence`. A log has
`results`, most frequent first, each with its own verdict; `exit_code` and `verdict` of the document
are those of the worst result.
"""

import json
from typing import Any

from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation
from oai_tui.reports.exit_codes import exit_code
from oai_tui.reports.explain_report import ExplainReport
from oai_tui.reports.json import SCHEMA_VERSION, iso_utc, verdict_document
from oai_tui.reports.text_evidence import evidence_of


def render(report: ExplainReport) -> str:
    """Return one JSON document and a newline.

    Non-ASCII is escaped if the stream cannot encode it.
    """
    return json.dumps(document(report), indent=2, ensure_ascii=not report.style.unicode) + "\n"


def document(report: ExplainReport) -> dict[str, Any]:
    """Return the document as plain values."""
    explanation = report.explanation
    content: dict[str, Any]
    if explanation.is_log:
        content = {"results": [result_document(failure) for failure in explanation.results]}
    else:
        content = {"evidence": _evidence(explanation.results[0].observation)}
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "oai-tui", "version": report.version},
        "mode": "explain",
        "exit_code": report.exit_code,
        "verdict": verdict_document(report.verdict),
        **content,
        "started_at": iso_utc(report.started_at),
        "elapsed_ms": round(report.elapsed_ms),
    }


def result_document(failure: FailureReport) -> dict[str, Any]:
    """Return one kind of failure as plain values."""
    return {
        "count": failure.count,
        "first_seen": failure.first_seen or None,
        "last_seen": failure.last_seen or None,
        "exit_code": exit_code(failure.verdict),
        "verdict": verdict_document(failure.verdict),
        "evidence": _evidence(failure.observation),
    }


def _evidence(observation: Observation) -> dict[str, Any]:
    evidence = evidence_of(observation)
    return {
        "status": evidence.status,
        "failure": evidence.failure,
        "error_code": evidence.code or None,
        "error_type": evidence.type or None,
        "request_id": evidence.request_id or None,
        "excerpt": evidence.excerpt,
    }
