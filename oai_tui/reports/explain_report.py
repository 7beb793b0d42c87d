"""What a report about a pasted text or a log is made of, and the verdict that stands for all of it. Holds no secret and does no I/O."""

from dataclasses import dataclass
from datetime import datetime

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import ExplainResult, FailureReport
from oai_tui.reports.exit_codes import WORST_FIRST, exit_code
from oai_tui.reports.style import PLAIN, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainReport:
    """One input that was explained. `verdict` and `exit_code`: those of its worst result, so that one number can stand for all. `started_at` in UTC."""

    explanation: ExplainResult
    verdict: Verdict
    exit_code: int
    version: str
    started_at: datetime
    elapsed_ms: float
    style: Style = PLAIN


def worst_verdict(results: tuple[FailureReport, ...]) -> Verdict:
    """The verdict of the worst result, by the order of the exit codes; of equals the most frequent. ValueError when there are none."""
    return min(
        (one.verdict for one in results), key=lambda verdict: WORST_FIRST.index(exit_code(verdict))
    )
