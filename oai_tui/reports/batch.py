"""The reports on several keys on one page; each format has one row in BATCH_FORMATS.

`check --profile NAME` reports in full on one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.profile_diff import ProfileDiff
from oai_tui.reports.exit_codes import WORKS, exit_code, worst
from oai_tui.reports.report import Batch, Report, Severity, redact_strings
from oai_tui.reports.style import PLAIN, Style

BATCH_FORMATS: Mapping[str, str] = {
    "text": "batch_text",
    "json": "batch_json",
    "markdown": "batch_markdown",
    "junit": "junit",
    "github": "github",
    "prometheus": "prometheus",
}
"""Each format of a report on several keys with the module whose `render_batch` renders it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The check of one key. `name`: that of the profile, or the origin of the key.

    environment: such as "production"; may be empty.
    key_age_days: for how many whole days the key has been saved; None for a key of no profile.
    """

    name: str
    diagnosis: Diagnosis
    since: ProfileDiff | None = None
    environment: str = ""
    severity: Severity = "error"
    key_age_days: int | None = None

    @property
    def code(self) -> int:
        """The exit code of this check alone."""
        return exit_code(self.diagnosis.verdict)


def batch_exit_code(results: Sequence[Result]) -> int:
    """Return the exit code for several results: the worst of those with the severity "error"."""
    return worst(WORKS if result.severity == "warning" else result.code for result in results)


def render_batch(
    format: str,
    results: Sequence[Result],
    *,
    mode: str,
    version: str,
    style: Style = PLAIN,
    redact: Redactor | None = None,
    has_matrix: bool = False,
) -> str:
    """Return the report on several keys, ending in a newline.

    Raises KeyError for another format. has_matrix: see Batch.
    """
    redact_once = cache(redact or Redactor())  # the results repeat each other
    module: Any = import_module(f"oai_tui.reports.{BATCH_FORMATS[format]}")
    reports = tuple(_report(redact_strings(result, redact_once), mode, style) for result in results)
    page = str(
        module.render_batch(
            Batch(
                reports=reports,
                mode=mode,
                version=version,
                exit_code=batch_exit_code(results),
                style=style,
                has_matrix=has_matrix,
            )
        )
    )
    return page if format == "json" else style.encodable(page)


def _report(result: Result, mode: str, style: Style) -> Report:
    return Report(
        diagnosis=result.diagnosis,
        mode=mode,
        exit_code=result.code,
        style=style,
        since=result.since,
        name=result.name,
        environment=result.environment,
        severity=result.severity,
        key_age_days=result.key_age_days,
    )
