"""Output formats: a Report or an ExplainReport as text, JSON, Markdown and for other programs.

Each format is one module with a `render` function and one row in the tables below. This package
does no I/O.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.reports.exit_codes import exit_code
from oai_tui.reports.explain_report import ExplainReport
from oai_tui.reports.report import Redact, Report, redact_strings
from oai_tui.reports.style import PLAIN, Style

if TYPE_CHECKING:
    from oai_tui.domain.profile_diff import ProfileDiff

REPORTS: Mapping[str, str] = {
    "text": "text",
    "json": "json",
    "markdown": "markdown",
    "junit": "junit",
    "github": "github",
    "prometheus": "prometheus",
}
"""Each format of a check with the module that renders it, which is imported when it is needed."""
EXPLANATIONS: Mapping[str, str] = {
    "text": "explain_text",
    "json": "explain_json",
    "markdown": "explain_markdown",
    "github": "explain_github",
    "json-lines": "explain_json_lines",
}
"""The same for an explained text."""


def render(
    format: str,
    diagnosis: Diagnosis,
    *,
    mode: str = "check",
    style: Style = PLAIN,
    redact: Redact | None = None,
    since: "ProfileDiff | None" = None,
    key_age_days: int | None = None,
) -> str:
    """Return the report on a check, ending in a newline. Raises KeyError for an unknown format.

    `redact` hides the keys that it knows; without it only texts with the shape of a key are hidden.
    `key_age_days`: for how many whole days the key has been saved, if it is a profile's.
    """
    redact = redact or Redactor()
    report = Report(
        diagnosis=redact_strings(diagnosis, redact),
        mode=mode,
        exit_code=exit_code(diagnosis.verdict),
        style=style,
        since=redact_strings(since, redact),
        key_age_days=key_age_days,
    )
    page = _render_with(REPORTS[format], report)
    return page if format == "json" else style.encodable(page)


def render_explanation(format: str, report: ExplainReport, *, redact: Redact | None = None) -> str:
    """Return the report on an explained text or log, ending in a newline.

    Raises KeyError for an unknown format.
    """
    page = _render_with(EXPLANATIONS[format], redact_strings(report, redact or Redactor()))
    return page if format == "json" else report.style.encodable(page)


def _render_with(name: str, report: Report | ExplainReport) -> str:
    module: Any = import_module(f"{__name__}.{name}")
    return str(module.render(report))


__all__ = [
    "EXPLANATIONS",
    "REPORTS",
    "ExplainReport",
    "Report",
    "exit_code",
    "redact_strings",
    "render",
    "render_explanation",
]
