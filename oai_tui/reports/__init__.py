"""Output formats: Report -> text, Reading -> text. One file and one line below for each. Pure: nothing here prints, opens or asks."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.reports.exit_codes import exit_code
from oai_tui.reports.explain_report import ExplainReport
from oai_tui.reports.report import Report, redact_strings
from oai_tui.reports.style import PLAIN, Style

if TYPE_CHECKING:
    from oai_tui.domain.profile_diff import ProfileDiff

REPORTS: Mapping[str, str] = {"text": "text", "json": "json"}
EXPLANATIONS: Mapping[str, str] = {"text": "explain_text", "json": "explain_json"}
"""Format -> the module of this package whose `render` writes it, loaded when it is needed."""


def render(
    format: str,
    diagnosis: Diagnosis,
    *,
    mode: str = "check",
    style: Style = PLAIN,
    redact: Redactor | None = None,
    since: "ProfileDiff | None" = None,
) -> str:
    """The finished page, ending in a newline. KeyError for an unknown format. `redact` may know the keys at hand; without it only the shapes of keys are hidden."""
    clean = redact or Redactor()
    page = _written(
        REPORTS[format],
        Report(
            diagnosis=redact_strings(diagnosis, clean),
            mode=mode,
            exit_code=exit_code(diagnosis.verdict),
            style=style,
            since=redact_strings(since, clean),
        ),
    )
    return style.written(page) if format != "json" else page


def render_reading(format: str, reading: ExplainReport, *, redact: Redactor | None = None) -> str:
    """The finished page about an explained text or log, ending in a newline. KeyError for an unknown format."""
    page = _written(EXPLANATIONS[format], redact_strings(reading, redact or Redactor()))
    return reading.style.written(page) if format != "json" else page


def _written(module: str, report: Report | ExplainReport) -> str:
    writer: Any = import_module(f"{__name__}.{module}")
    return str(writer.render(report))


__all__ = [
    "EXPLANATIONS",
    "REPORTS",
    "ExplainReport",
    "Report",
    "exit_code",
    "redact_strings",
    "render",
    "render_reading",
]
