"""The way to the API as a waterfall: one bar per rung, each beginning where the one before it ended. Pure geometry and labels; the faces add colours."""

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
"""Cells of the longest waterfall: enough to see what took long, and room is left for the evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBar:
    """One line: title, mark, blank cells before the bar, the bar's own cells, the time in words ("" where it was not measured), and the evidence."""

    title: str
    mark: PhaseMark
    before: int
    length: int
    took: str
    detail: str

    @property
    def is_timed(self) -> bool:
        """Whether there is a bar to draw, or room to be left for one."""
        return self.title != TITLES["settings"]

    @property
    def drawn(self) -> str:
        """The bar with its blanks."""
        return " " * self.before + BLOCK * self.length


def phases_of(trail: Sequence[StepRecord]) -> tuple[ConnectionPhase, ...]:
    """The rungs of a walk, settings first; of the last look where one was taken twice, and without the experiments."""
    found: dict[str, tuple[ConnectionPhase, ...]] = {
        record.step: record.observation.phases
        for record in trail
        if record.observation.phases and not record.experiment
    }
    return tuple(rung for rungs in found.values() for rung in rungs)


def bars(rungs: Sequence[ConnectionPhase], cells: int = CELLS) -> tuple[PhaseBar, ...]:
    """The rungs as lines of a waterfall of so many cells. What took any time at all has a cell."""
    whole = max((rung.at_ms + (rung.ms or 0.0) for rung in rungs), default=0.0)
    return tuple(_bar(rung, whole, cells) for rung in rungs)


def _bar(rung: ConnectionPhase, whole: float, cells: int) -> PhaseBar:
    before = length = 0
    if rung.ms is not None and whole > 0:
        before = min(cells - 1, round(rung.at_ms / whole * cells))
        length = max(1, min(cells - before, round(rung.ms / whole * cells)))
    took = "" if rung.ms is None else f"{rung.ms:.0f} ms" if rung.ms >= 1 else "<1 ms"
    return PhaseBar(
        title=TITLES[rung.id],
        mark=rung.mark,
        before=before,
        length=length,
        took=took,
        detail=rung.detail or ("not reached" if rung.mark == "skipped" else ""),
    )
