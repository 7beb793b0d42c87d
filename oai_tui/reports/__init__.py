"""Output formats: Report -> text. One file and one line below for each. Pure: nothing here prints, opens or asks."""

from collections.abc import Callable, Mapping

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.redaction import Redactor
from oai_tui.domain.since import Since
from oai_tui.reports import json, text
from oai_tui.reports.exit_codes import exit_code
from oai_tui.reports.report import Report, scrubbed
from oai_tui.reports.style import PLAIN, Style

REPORTS: Mapping[str, Callable[[Report], str]] = {
    "text": text.render,
    "json": json.render,
}


def render(format: str, diagnosis: Diagnosis, *, mode: str = "check", style: Style = PLAIN, redact: Redactor | None = None, since: Since | None = None) -> str:
    """The finished page, ending in a newline. KeyError for an unknown format. `redact` may know the keys at hand; without it only the shapes of keys are hidden."""
    clean = redact or Redactor()
    page = REPORTS[format](Report(diagnosis=scrubbed(diagnosis, clean), mode=mode, exit_code=exit_code(diagnosis.verdict), style=style, since=scrubbed(since, clean)))
    return style.written(page) if format != "json" else page


__all__ = ["REPORTS", "Report", "exit_code", "render", "scrubbed"]
