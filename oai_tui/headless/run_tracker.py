"""Follows one run: keeps what is known of it at every moment, and tells a terminal what is being done."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace

from oai_tui import __version__
from oai_tui.diagnosis.walk import WalkState, aborted, diagnosis_of
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.events import Decided, Ended, Event, StepStarted
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.target import Target
from oai_tui.services.build import Services


class RunTracker:
    """What is known of a run so far. `diagnosis` may be asked for at any time, also from another thread and after the run was broken off. `draws`: whether a terminal may see the steps."""

    def __init__(self, services: Services, timeout_s: float, *, draws: bool = True) -> None:
        self._services = services
        self._timeout_s = timeout_s
        self._case = WalkState(
            target=Target(),
            credential=None,
            version=__version__,
            started_at=services.clock.now(),
            began=services.clock.steady(),
        )
        self._ended: Diagnosis | None = None
        self._notes: tuple[str, ...] = ()
        self._draws = (
            draws
            and sys.stderr is not None
            and sys.stderr.isatty()
            and os.environ.get("TERM") != "dumb"
        )

    def begin(
        self,
        target: Target,
        credential: Credential | None,
        facts: Mapping[str, Fact],
        notes: tuple[str, ...] = (),
    ) -> None:
        """A walk with this target and key is about to start. `notes` are told among the warnings of the report."""
        self._notes = notes
        self._case.target, self._case.credential, self._case.facts = target, credential, dict(facts)

    def see(self, event: Event) -> None:
        """Take note of one event of the walk."""
        match event:
            case StepStarted(step=step):
                self._draw(f"… {step.title}")
            case Decided(record=record, current_match=held):
                self._case.records.append(record)
                self._case.facts |= record.observation.facts
                self._case.current_match = held
            case Ended(diagnosis=diagnosis):
                self._ended = self._joined(diagnosis)
                self.clear()
            case _:
                pass

    def diagnosis(self) -> Diagnosis:
        """The record of the run: the walk's own when it ended; before that what is known, with the verdict that stands or the note that the time was over."""
        found = self._found()
        return replace(
            found,
            verdict=replace(
                found.verdict,
                warnings=tuple(dict.fromkeys((*found.verdict.warnings, *self._notes))),
            ),
        )

    def clear(self) -> None:
        """Take the progress off the terminal."""
        self._draw("")

    def _found(self) -> Diagnosis:
        if self._ended is not None:
            return self._ended
        known = diagnosis_of(self._case, self._services.catalogue, self._services.clock)
        if self._case.current_match is not None:
            return known
        return aborted(
            known,
            f"The check took longer than the {self._timeout_s:g} seconds it was given. Give it more with --timeout, or look at the step it was at.",
        )

    def _joined(self, diagnosis: Diagnosis) -> Diagnosis:
        """A later walk of the same run, with the time and the warnings of the walks before it."""
        before = self._ended
        if before is None:
            return diagnosis
        warnings = tuple(dict.fromkeys((*before.verdict.warnings, *diagnosis.verdict.warnings)))
        return replace(
            diagnosis,
            started_at=before.started_at,
            elapsed_ms=before.elapsed_ms + diagnosis.elapsed_ms,
            verdict=replace(diagnosis.verdict, warnings=warnings),
        )

    def _draw(self, text: str) -> None:
        """One line on a terminal, drawn over the one before; nothing anywhere else."""
        if self._draws:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
