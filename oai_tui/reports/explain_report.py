"""The data of a report on a pasted text or a log, and the verdict for all of its results."""

from dataclasses import dataclass
from datetime import datetime

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import ExplainResult, FailureReport
from oai_tui.reports.exit_codes import WORST_FIRST, exit_code
from oai_tui.reports.style import PLAIN, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainReport:
    """An explained text or log. It contains no secret."""

    explanation: ExplainResult
    verdict: Verdict
    """The verdict of the worst result."""
    exit_code: int
    """The exit code of the worst result."""
    version: str
    started_at: datetime
    """In UTC."""
    elapsed_ms: float
    style: Style = PLAIN


def worst_verdict(results: tuple[FailureReport, ...]) -> Verdict:
    """Return the verdict of the worst result, in the order of WORST_FIRST.

    Of equally bad results the first counts, which is the most frequent. Raises ValueError for no
    results.
    """
    verdicts = (result.verdict for result in results)
    return min(verdicts, key=lambda verdict: WORST_FIRST.index(exit_code(verdict)))
