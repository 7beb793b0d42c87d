"""What a pasted text or a log shows, kind by kind, each with the verdict over it."""

from dataclasses import dataclass

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.observation import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureReport:
    """What a text showed and what it means. `count`: how often it was there; `first_seen`, `last_seen`: the time as the text writes it, "" where it writes none."""

    observation: Observation
    verdict: Verdict
    count: int = 1
    first_seen: str = ""
    last_seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainResult:
    """All that one input shows. `is_log`: whether it holds several failures or is a whole log; one paste has exactly one result. `results`: most frequent first; a log without failures has none."""

    results: tuple[FailureReport, ...]
    is_log: bool
