"""The phases of a connection to the API, as the waterfall draws them."""

from dataclasses import dataclass
from typing import Literal

PhaseMark = Literal["passed", "failed", "warning", "skipped"]
PhaseId = Literal["settings", "name", "connect", "proxy", "tls", "answer"]
PHASES: tuple[PhaseId, ...] = ("settings", "name", "connect", "proxy", "tls", "answer")
"""Every phase, in the order in which a call goes through them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionPhase:
    """One phase of a call.

    `mark`: "failed" if the call failed here, "skipped" if it did not get here.
    `at_ms`: when the phase began, in milliseconds since the beginning of the first one.
    `ms`: how long it took, or None if that was not measured.
    `detail`: the evidence in a few words, redacted.
    """

    id: PhaseId
    mark: PhaseMark
    at_ms: float = 0.0
    ms: float | None = None
    detail: str = ""
