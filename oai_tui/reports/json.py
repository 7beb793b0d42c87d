"""The report as one JSON document. Its shape is a promise to scripts, written down in schema.json beside this file: add to it, never change or remove."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import CredentialSummary, StepRecord, Verdict
from oai_tui.domain.observation import Fact
from oai_tui.domain.phases import ConnectionPhase
from oai_tui.domain.profile_diff import ProfileDiff
from oai_tui.reports.report import Report

SCHEMA_VERSION: Final = 1


def render(report: Report) -> str:
    """One JSON document and a newline. Non-ASCII is escaped where the stream cannot write it."""
    return json.dumps(document(report), indent=2, ensure_ascii=not report.style.unicode) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The document as plain values. Times are UTC; durations named _ms are milliseconds, _s seconds; what is not known is null."""
    found = report.diagnosis
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "oai-tui", "version": found.version},
        "mode": report.mode,
        "exit_code": report.exit_code,
        "verdict": verdict_document(found.verdict),
        "target": {
            "base_url": found.target.base_url,
            "organization": found.target.organization,
            "project": found.target.project,
            "model": found.target.model,
        },
        "credential": None if found.credential is None else _credential(found.credential),
        "identity": {
            "organization": _text(found.facts, "organization_seen"),
            "project": _text(found.facts, "project_seen"),
        },
        "limits": {
            "requests": _limits(found.facts, "requests"),
            "tokens": _limits(found.facts, "tokens"),
        },
        "steps": [_step(record) for record in found.trail],
        "started_at": iso_utc(found.started_at),
        "elapsed_ms": round(found.elapsed_ms),
        **({"since": _since(report.since)} if report.since else {}),
    }


def _since(since: ProfileDiff) -> dict[str, Any]:
    return {
        "worked_at": iso_utc(since.worked_at),
        "text": since.text,
        "changed": [
            {"what": each.what, "then": each.then or None, "now": each.now or None}
            for each in since.differences
        ],
    }


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain values."""
    return {
        "outcome": verdict.outcome,
        "cause": verdict.cause,
        "family": verdict.family,
        "confidence": verdict.confidence,
        "title": verdict.title,
        "explanation": verdict.explanation,
        "alternatives": [
            {"cause": other.cause, "why": other.why} for other in verdict.alternatives
        ],
        "retry": {"helps": verdict.retry.helps, "after_s": verdict.retry.after_s},
        "fixes": [_fix(fix) for fix in verdict.fixes],
        "untested": list(verdict.untested),
        "warnings": list(verdict.warnings),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "text": fix.text,
        "command": fix.command or None,
        "url": fix.url or None,
        "who": fix.who,
        "safe": fix.safe,
    }


def _credential(credential: CredentialSummary) -> dict[str, Any]:
    return {
        "hint": credential.hint,
        "kind": credential.kind,
        "origin": str(credential.origin),
        "fingerprint": credential.fingerprint,
        "shadows": [str(origin) for origin in credential.shadows],
        "defects": list(credential.defects),
    }


def _step(record: StepRecord) -> dict[str, Any]:
    seen = record.observation
    return {
        "id": record.step,
        "stage": record.stage,
        "experiment": record.experiment,
        "outcome": record.mark,
        "branch": record.branch,
        "status": seen.status,
        "failure": seen.failure,
        "error_code": (seen.error.code or None) if seen.error else None,
        "request_id": seen.request_id or None,
        "client_request_id": (seen.request.client_request_id or None) if seen.request else None,
        "elapsed_ms": None if seen.timings.total_ms is None else round(seen.timings.total_ms),
        **({"rungs": [_rung(rung) for rung in seen.phases]} if seen.phases else {}),
    }


def _rung(rung: ConnectionPhase) -> dict[str, Any]:
    return {
        "id": rung.id,
        "outcome": rung.mark,
        "at_ms": rung.at_ms,
        "elapsed_ms": rung.ms,
        "detail": rung.detail,
    }


def _limits(facts: Mapping[str, Fact], what: str) -> dict[str, Fact]:
    names = {
        "limit": f"limit_{what}",
        "remaining": f"remaining_{what}",
        "reset_s": f"reset_{what}_s",
    }
    return {name: facts[fact] for name, fact in names.items() if fact in facts}


def _text(facts: Mapping[str, Fact], name: str) -> str | None:
    return str(facts[name]) if facts.get(name) else None


def iso_utc(when: datetime) -> str:
    """A time as the document writes it: UTC, to the second."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
