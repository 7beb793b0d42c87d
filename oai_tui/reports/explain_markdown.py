"""An explained text or log as Markdown. The words of the text are in code spans."""

from collections.abc import Iterator

from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation
from oai_tui.reports.explain_report import ExplainReport
from oai_tui.reports.labels import FAILURE_LABELS
from oai_tui.reports.markdown_blocks import advice, heading, section
from oai_tui.reports.markdown_text import code, item, prose
from oai_tui.reports.text_evidence import evidence_of


def render(report: ExplainReport) -> str:
    """Return the page, ending in a newline."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: ExplainReport) -> Iterator[str]:
    results = report.explanation.results
    if not results:
        yield from heading(report.verdict)
        yield from advice(report.verdict)
    elif not report.explanation.is_log:
        yield from _failure(results[0], level=1)
    else:
        yield f"# Failures in this text: {len(results)}"
        for failure in results:
            yield ""
            yield from _failure(failure, level=2)
    yield ""
    yield "---"
    yield ""
    yield f"oai-tui {report.version} · nothing was sent · exit code {report.exit_code}"


def _failure(failure: FailureReport, level: int) -> Iterator[str]:
    yield from heading(failure.verdict, level)
    yield from advice(failure.verdict, level + 1)
    yield from section("Evidence", _evidence(failure), level + 1)


def _evidence(failure: FailureReport) -> Iterator[str]:
    observation = failure.observation
    evidence = evidence_of(observation)
    if outcome := _outcome(observation):
        yield from item([f"The text says: {outcome}"])
    if evidence.excerpt:
        yield from item([code(evidence.excerpt)])
    if evidence.request_id:
        yield from item([f"Request ID: {code(evidence.request_id)}"])
    if failure.count > 1:
        yield from item([f"Seen {failure.count:,} times"])
    if failure.first_seen:
        yield from item([f"First seen: {code(failure.first_seen)}"])
    if failure.last_seen and failure.last_seen != failure.first_seen:
        yield from item([f"Last seen: {code(failure.last_seen)}"])


def _outcome(observation: Observation) -> str:
    """Return the status and the error code, or the kind of failure; may be empty."""
    error = observation.error
    name = "" if error is None else error.code or error.type
    parts = [part for part in (str(observation.status or ""), name) if part]
    if parts:
        return code(" ".join(parts))
    return prose(FAILURE_LABELS[observation.failure].report) if observation.failure else ""
