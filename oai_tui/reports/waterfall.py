"""The connection phases of a check as a waterfall: each bar begins where the last one ends.

Only lengths and labels; the command line and the wizard add colours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oai_tui.domain.diagnosis import StepRecord
from oai_tui.domain.phases import ConnectionPhase, PhaseId, PhaseMark

TITLES: Mapping[PhaseId, str] = {
    "settings": "settings",
    "name": "name",
    "connect": "connect",
    "proxy": "proxy",
    "tls": "TLS",
    "answer": "answer",
}
BLOCK = "▇"
CELLS = 16
"""The width of the waterfall in cells, which leaves space for the detail of each phase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBar:
    """One line of the waterfall."""

    title: str
    mark: PhaseMark
    before: int
    """Blank cells before the bar."""
    length: int
    """Cells of the bar."""
    took: str
    """The duration in words, "" if it was not measured."""
    detail: str

    @property
    def is_timed(self) -> bool:
        """True for a phase that takes time; the settings have no bar."""
        return self.title != TITLES["settings"]

    @property
    def drawn(self) -> str:
        """The bar after its blank cells."""
        return " " * self.before + BLOCK * self.length


def phases_of(trail: Sequence[StepRecord]) -> tuple[ConnectionPhase, ...]:
    """Return the phases of a walk, settings first, without those of experiments.

    For a step that ran twice, the phases of its last run.
    """
    by_step: dict[str, tuple[ConnectionPhase, ...]] = {
        record.step: record.observation.phases
        for record in trail
        if record.observation.phases and not record.experiment
    }
    return tuple(phase for phases in by_step.values() for phase in phases)


def bars(phases: Sequence[ConnectionPhase], cells: int = CELLS) -> tuple[PhaseBar, ...]:
    """Return the phases as bars of a waterfall `cells` wide.

    A measured phase has at least one cell.
    """
    total_ms = max((phase.at_ms + (phase.ms or 0.0) for phase in phases), default=0.0)
    return tuple(_bar(phase, total_ms, cells) for phase in phases)


def _bar(phase: ConnectionPhase, total_ms: float, cells: int) -> PhaseBar:
    before = length = 0
    if phase.ms is not None and total_ms > 0:
        before = min(cells - 1, round(phase.at_ms / total_ms * cells))
        length = max(1, min(cells - before, round(phase.ms / total_ms * cells)))
    return PhaseBar(
        title=TITLES[phase.id],
        mark=phase.mark,
        before=before,
        length=length,
        took=_duration(phase.ms),
        detail=phase.detail or ("not reached" if phase.mark == "skipped" else ""),
    )


def _duration(ms: float | None) -> str:
    if ms is None:
        return ""
    return f"{ms:.0f} ms" if ms >= 1 else "<1 ms"
