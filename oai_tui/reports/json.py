"""The report as one JSON document.

Scripts rely on its structure, which schema.json describes: add to it, never change or remove.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import CredentialSummary, Diagnosis, StepRecord, Verdict
from oai_tui.domain.identity import accounts_of
from oai_tui.domain.observation import Fact
from oai_tui.domain.phases import ConnectionPhase
from oai_tui.domain.profile_diff import ProfileDiff
from oai_tui.reports.report import Report

SCHEMA_VERSION: Final = 1


def render(report: Report) -> str:
    """Return one JSON document and a newline.

    Non-ASCII is escaped if the stream cannot encode it.
    """
    return json.dumps(document(report), indent=2, ensure_ascii=not report.style.unicode) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Return the document as plain values.

    Times are in UTC, durations with the suffix _ms in milliseconds, with _s in seconds. Unknown
    values are null.
    """
    diagnosis = report.diagnosis
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "oai-tui", "version": diagnosis.version},
        "mode": report.mode,
        "exit_code": report.exit_code,
        "verdict": verdict_document(diagnosis.verdict),
        "target": {
            "base_url": diagnosis.target.base_url,
            "organization": diagnosis.target.organization,
            "project": diagnosis.target.project,
            "model": diagnosis.target.model,
            "kind": diagnosis.target.kind,
            "server": _server(diagnosis),
        },
        "credential": None if diagnosis.credential is None else _credential(diagnosis.credential),
        "identity": {
            "organization": _text(diagnosis.facts, "organization_seen"),
            "project": _text(diagnosis.facts, "project_seen"),
            **_reachable(diagnosis),
        },
        "limits": {
            "requests": _limits(diagnosis.facts, "requests"),
            "tokens": _limits(diagnosis.facts, "tokens"),
        },
        "steps": [_step(record) for record in diagnosis.trail],
        "started_at": iso_utc(diagnosis.started_at),
        "elapsed_ms": round(diagnosis.elapsed_ms),
        **({"since": _since(report.since)} if report.since else {}),
    }


def _reachable(diagnosis: Diagnosis) -> dict[str, Any]:
    """Return what the key can use once a header was left out, if the check asked that."""
    facts = diagnosis.facts
    if diagnosis.verdict.family != "organization-and-project" or (
        "reachable_organizations" not in facts and "own_project" not in facts
    ):
        return {}
    return {
        "reachable_organizations": [
            {"id": each.id, "title": each.title or None, "default": each.is_default}
            for each in accounts_of(facts)
        ],
        "reachable_organization_count": facts.get("organization_count"),
        "own_project": _text(facts, "own_project"),
    }


def _since(since: ProfileDiff) -> dict[str, Any]:
    return {
        "worked_at": iso_utc(since.worked_at),
        "text": since.text,
        "changed": [
            {
                "what": difference.what,
                "then": difference.then or None,
                "now": difference.now or None,
            }
            for difference in since.differences
        ],
    }


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain values."""
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
        "retry": {
            "helps": verdict.retry.helps,
            "after_s": verdict.retry.after_s,
            "known": verdict.retry.known,
        },
        "fixes": [_fix(fix) for fix in verdict.fixes],
        "untested": list(verdict.untested),
        "warnings": list(verdict.warnings),
        "hop": verdict.hop,
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
    observation = record.observation
    return {
        "id": record.step,
        "stage": record.stage,
        "experiment": record.experiment,
        "outcome": record.mark,
        "branch": record.branch,
        "status": observation.status,
        "failure": observation.failure,
        "error_code": (observation.error.code or None) if observation.error else None,
        "request_id": observation.request_id or None,
        "client_request_id": (observation.request.client_request_id or None)
        if observation.request
        else None,
        "elapsed_ms": None
        if observation.timings.total_ms is None
        else round(observation.timings.total_ms),
        **(
            {"rungs": [_phase(phase) for phase in observation.phases]} if observation.phases else {}
        ),
    }


def _phase(phase: ConnectionPhase) -> dict[str, Any]:
    return {
        "id": phase.id,
        "outcome": phase.mark,
        "at_ms": phase.at_ms,
        "elapsed_ms": phase.ms,
        "detail": phase.detail,
    }


def _server(diagnosis: Diagnosis) -> str | None:
    """Return the product of a gateway where it shows: the server's own, else the front server's."""
    if diagnosis.target.kind == "openai":
        return None
    return _text(diagnosis.facts, "server") or _text(diagnosis.facts, "front_server")


def _limits(facts: Mapping[str, Fact], unit: str) -> dict[str, Fact]:
    names = {
        "limit": f"limit_{unit}",
        "remaining": f"remaining_{unit}",
        "reset_s": f"reset_{unit}_s",
    }
    return {name: facts[fact] for name, fact in names.items() if fact in facts}


def _text(facts: Mapping[str, Fact], name: str) -> str | None:
    return str(facts[name]) if facts.get(name) else None


def iso_utc(moment: datetime) -> str:
    """Return a time in ISO 8601, in UTC and to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
