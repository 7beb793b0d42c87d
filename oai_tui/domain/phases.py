"""One rung of the ladder to the API: settings, name, connect, proxy, TLS, answer. What it took and what it showed, as the waterfall draws it."""

from dataclasses import dataclass
from typing import Literal

PhaseMark = Literal["passed", "failed", "warning", "skipped"]
PhaseId = Literal["settings", "name", "connect", "proxy", "tls", "answer"]
PHASES: tuple[PhaseId, ...] = ("settings", "name", "connect", "proxy", "tls", "answer")
"""Every rung, in the order in which a call takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionPhase:
    """One part of the way. `mark`: passed, failed (the way breaks here), warning, or skipped (not reached). `at_ms`: when it began, counted from the first; `ms`: how long it took, None where that was not measured.

    `detail`: the evidence in a few words, scrubbed.
    """

    id: PhaseId
    mark: PhaseMark
    at_ms: float = 0.0
    ms: float | None = None
    detail: str = ""
