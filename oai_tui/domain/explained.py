"""The kinds of failure in a pasted text or a log, each with its verdict."""

from dataclasses import dataclass

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.observation import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureReport:
    """One kind of failure in a text and its verdict.

    `count`: how often it occurs. `first_seen`, `last_seen`: its times as the text writes them; may
    be empty.
    """

    observation: Observation
    verdict: Verdict
    count: int = 1
    first_seen: str = ""
    last_seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainResult:
    """Everything that one input shows.

    `results`: most frequent first. A paste has exactly one, a log without failures has none.
    `is_log`: True for a whole log, and for a text with several failures.
    """

    results: tuple[FailureReport, ...]
    is_log: bool
