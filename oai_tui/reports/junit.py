"""The report on a check as JUnit XML, as Jenkins, GitLab, CircleCI and others read it.

One <testsuite> is one check and one <testcase> one stage of it. The stage that failed has a
<failure> with the cause as its type. A run without a verdict has an <error> instead, and a stage
that did not run is <skipped>. Attributes and their order are those of Jenkins' junit-10.xsd.
"""

import re
from collections.abc import Iterator
from html import escape

from oai_tui.domain.decision_tree import Stage
from oai_tui.domain.diagnosis import Diagnosis, StepRecord, Verdict
from oai_tui.knowledge.tree import TREE
from oai_tui.reports.json import iso_utc
from oai_tui.reports.report import Batch, Report
from oai_tui.reports.step_advice import first_steps
from oai_tui.reports.text import UNTESTED

_STAGES = tuple(stage for stage in TREE.stages if stage.id != "save")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may contain, not even escaped."""


def render(report: Report) -> str:
    """Return the document, ending in a newline. Non-ASCII is escaped where that is needed."""
    return _page((report,), unicode=report.style.unicode)


def render_batch(batch: Batch) -> str:
    """Return one document with a suite for each check."""
    return _page(batch.reports, unicode=batch.style.unicode)


def _page(reports: tuple[Report, ...], *, unicode: bool) -> str:
    page = "\n".join(_lines(reports)) + "\n"
    # Elements and attributes have ASCII names, so a reference can replace every other character.
    return page if unicode else page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _lines(reports: tuple[Report, ...]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<testsuites>"
    for report in reports:
        yield from _suite(report)
    yield "</testsuites>"


def _suite(report: Report) -> Iterator[str]:
    diagnosis = report.diagnosis
    cases = list(_cases(report))
    counts = {
        name: sum(f"<{tag}" in case for case in cases)
        for name, tag in (("failures", "failure "), ("errors", "error "), ("skipped", "skipped "))
    }
    attributes = {
        "name": f"oai-tui {report.label}",
        "tests": str(len(cases)),
        **{name: str(count) for name, count in counts.items()},
        "time": _seconds(diagnosis.elapsed_ms),
        "timestamp": iso_utc(diagnosis.started_at).removesuffix("Z"),
    }
    yield f"  <testsuite{_attributes(attributes)}>"
    yield "    <properties>"
    for name, value in _properties(report):
        yield f"      <property{_attributes({'name': name, 'value': value})}/>"
    yield "    </properties>"
    yield from cases
    yield "  </testsuite>"


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    diagnosis = report.diagnosis
    key = diagnosis.credential
    yield "outcome", diagnosis.verdict.outcome
    yield "exit_code", str(report.exit_code)
    yield "base_url", diagnosis.target.base_url
    if key is not None:
        yield "key", key.hint
        yield "fingerprint", key.fingerprint
    if report.environment:
        yield "environment", report.environment
    for warning in diagnosis.verdict.warnings:
        yield "warning", warning


def _cases(report: Report) -> Iterator[str]:
    """Yield one element for each stage, on as many lines as its text has."""
    diagnosis = report.diagnosis
    failed_at = _failed_stage(diagnosis)
    for stage in _STAGES:
        records = [record for record in diagnosis.trail if record.stage == stage.id]
        took_ms = sum(record.observation.timings.total_ms or 0 for record in records)
        attributes = {
            "name": stage.title,
            "classname": f"oai-tui.{report.label}",
            "time": _seconds(took_ms),
        }
        content = _content(report, stage, records, failed=stage.id == failed_at)
        start = f"    <testcase{_attributes(attributes)}"
        yield f"{start}>{content}</testcase>" if content else f"{start}/>"


def _failed_stage(diagnosis: Diagnosis) -> str:
    """Return the stage that decided the verdict; "" if everything works."""
    if diagnosis.verdict.outcome == "working":
        return ""
    trail = diagnosis.trail
    decided = [record for record in trail if record.matched_cause == diagnosis.verdict.cause]
    failed = [record for record in trail if record.mark == "failed" and not record.experiment]
    for records in (decided, failed, list(trail)):
        if records:
            return records[-1].stage
    return _STAGES[0].id


def _content(report: Report, stage: Stage, records: list[StepRecord], *, failed: bool) -> str:
    verdict = report.diagnosis.verdict
    if failed and report.severity == "warning":
        return f"<skipped{_attributes({'message': f'warning: {_title(verdict)}'})}/>"
    if failed:
        tag = "failure" if verdict.outcome == "problem" else "error"
        attributes = {"type": verdict.cause or verdict.outcome, "message": _title(verdict)}
        text = _escaped("\n".join(first_steps(verdict)))
        return f"<{tag}{_attributes(attributes)}>{text}</{tag}>"
    if not records:
        return f"<skipped{_attributes({'message': 'not reached'})}/>"
    if all(record.mark == "skipped" for record in records):
        untested = UNTESTED["billing"] if stage.id == "inference" else "skipped"
        return f"<skipped{_attributes({'message': untested})}/>"
    return ""


def _title(verdict: Verdict) -> str:
    return verdict.title or "The check ended without a verdict"


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(
        f' {name}="{_escaped(" ".join(value.split()))}"' for name, value in attributes.items()
    )


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text), quote=True)
