"""The report on a check as Markdown, for an issue, a chat or a CI summary.

Title, verdict, what to do, what was checked, evidence, request ids. The words of servers are in
code spans, so that none of them becomes markup.
"""

from collections.abc import Iterator

from oai_tui.domain.diagnosis import CredentialSummary, Diagnosis, StepRecord
from oai_tui.domain.observation import Observation
from oai_tui.reports.labels import FAILURE_LABELS
from oai_tui.reports.markdown_blocks import advice, heading, listed, section
from oai_tui.reports.markdown_text import code, item, prose
from oai_tui.reports.report import Report
from oai_tui.reports.step_finding import step_finding
from oai_tui.reports.text import MARKS, UNTESTED


def render(report: Report) -> str:
    """Return the page, ending in a newline."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    diagnosis = report.diagnosis
    verdict = diagnosis.verdict
    yield from heading(verdict)
    yield from advice(verdict)
    yield from section("What was checked", _subject(diagnosis))
    yield from section("Evidence", _evidence(diagnosis.trail))
    yield from section("Request IDs", _request_ids(diagnosis.trail))
    yield from section("Warnings", listed(verdict.warnings))
    yield from section("Not tested", listed(UNTESTED.get(area, area) for area in verdict.untested))
    yield ""
    yield "---"
    yield ""
    yield (
        f"oai-tui {diagnosis.version} · {diagnosis.started_at:%Y-%m-%d %H:%M:%S} UTC · "
        f"{diagnosis.elapsed_ms / 1000:.1f} s · exit code {report.exit_code}"
    )


def _subject(diagnosis: Diagnosis) -> Iterator[str]:
    target = diagnosis.target
    yield from item([f"Base URL: {code(target.base_url) or 'empty'}"])
    yield from item([f"Key: {_key(diagnosis.credential)}"])
    settings = (
        ("Organization", target.organization),
        ("Project", target.project),
        ("Model", target.model),
    )
    for name, value in settings:
        if value:
            yield from item([f"{name}: {code(value)}"])


def _key(key: CredentialSummary | None) -> str:
    if key is None:
        return "none"
    return f"{prose(key.kind_label or 'key')} {code(key.hint)} {prose(key.origin.phrase)}"


def _evidence(trail: tuple[StepRecord, ...]) -> Iterator[str]:
    for record in trail:
        yield from item(_step(record))


def _step(record: StepRecord) -> Iterator[str]:
    observation = record.observation
    mark = MARKS[record.mark][0]
    test = "⟳ " if record.experiment else ""
    took = observation.timings.total_ms
    elapsed = "" if took is None else f" · {took:.0f} ms"
    yield f"{test}{mark} {prose(record.title)} – {_result(record)}{elapsed}"
    if observation.request is not None:
        yield from item([code(f"{observation.request.method} {observation.request.url}")])
    if words := _words(observation):
        yield from item([code(words)])


def _result(record: StepRecord) -> str:
    """Return the result of a step: what it found; status and code, if it was refused."""
    observation = record.observation
    if record.mark in {"skipped", "passed"}:
        return prose(step_finding(record))
    if observation.status is not None:
        error = observation.error
        name = "" if error is None else error.code or error.type
        return code(" ".join(part for part in (str(observation.status), name) if part))
    if observation.failure is not None:
        return prose(FAILURE_LABELS[observation.failure].report)
    return prose(observation.answer or record.branch)


def _words(observation: Observation) -> str:
    """Return the message of the server, or the detail of a failure; may be empty."""
    if observation.error is not None and observation.error.message:
        return observation.error.message
    return observation.detail


def _request_ids(trail: tuple[StepRecord, ...]) -> Iterator[str]:
    for record in trail:
        if record.observation.request_id:
            yield from item([f"{code(record.observation.request_id)} ({prose(record.title)})"])
