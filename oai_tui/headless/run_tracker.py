"""Tracks one run, for a partial diagnosis at any time, and draws its progress."""

from dataclasses import replace

from oai_tui import __version__
from oai_tui.diagnosis.walk import WalkState, aborted, diagnosis_of
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.events import Decided, Ended, Event, StepStarted
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.profile import Profile
from oai_tui.domain.target import Target
from oai_tui.headless.console import ProgressLine
from oai_tui.headless.select_key import KeySelection
from oai_tui.services.services import Services, WalkPlan


class RunTracker:
    """The state of one run.

    `diagnosis` may be called at any time, from any thread, and after the run was cancelled.

    selection: the key that is checked, None until it is selected.
    timeout_s: seconds, for the message that the time was over.
    draws: show the current step on a terminal.
    """

    def __init__(self, services: Services, timeout_s: float, *, draws: bool = True) -> None:
        self.selection: KeySelection | None = None
        self._services = services
        self._timeout_s = timeout_s
        self._state = WalkState(
            target=Target(),
            credential=None,
            version=__version__,
            started_at=services.clock.now(),
            began=services.clock.steady(),
        )
        self._ended: Diagnosis | None = None
        self._notes: tuple[str, ...] = ()
        self._line = ProgressLine(enabled=draws)

    @property
    def profile(self) -> Profile | None:
        """Return the profile whose key is checked, or None."""
        return self.selection.profile if self.selection is not None else None

    @property
    def redactor(self) -> Redactor:
        """Return a redactor that knows the selected key and all others at hand."""
        credential = self.selection.credential if self.selection is not None else None
        selected = () if credential is None else (credential.secret,)
        return Redactor((*selected, *self._services.known_secrets()))

    def begin(self, plan: WalkPlan, notes: tuple[str, ...] = ()) -> None:
        """Start tracking a walk. notes: sentences for the warnings of the report."""
        self._notes = notes
        self._state.target = plan.target
        self._state.credential = plan.credential
        self._state.facts = dict(plan.facts or {})

    def add_note(self, text: str) -> None:
        """Add a sentence to the warnings of the report."""
        self._notes = (*self._notes, text)

    def record(self, event: Event) -> None:
        """Record one event of the walk."""
        match event:
            case StepStarted(step=step):
                self._line.draw(f"… {step.title}")
            case Decided(record=record, current_match=current_match):
                self._state.records.append(record)
                self._state.facts |= record.observation.facts
                self._state.current_match = current_match
            case Ended(diagnosis=diagnosis):
                self._ended = self._joined(diagnosis)
                self.clear()
            case _:
                pass

    def diagnosis(self) -> Diagnosis:
        """Return the diagnosis of the run.

        Before the walk has ended it is a partial one, with the cause found so far or the note that
        the time is over. A working run over several models names the model of the selection.
        """
        diagnosis = self._ended or self._partial_diagnosis()
        cause = diagnosis.verdict.cause
        bearing = self._services.discover().notes_bearing_on(cause) if cause else ()
        warnings = tuple(dict.fromkeys((*diagnosis.verdict.warnings, *self._notes, *bearing)))
        diagnosis = replace(diagnosis, verdict=replace(diagnosis.verdict, warnings=warnings))
        if diagnosis.verdict.outcome != "working" or self.selection is None:
            return diagnosis
        model = self.selection.target.model
        return replace(diagnosis, target=replace(diagnosis.target, model=model))

    def clear(self) -> None:
        """Erase the progress."""
        self._line.clear()

    def _partial_diagnosis(self) -> Diagnosis:
        partial = diagnosis_of(self._state, self._services.catalogue, self._services.clock)
        if self._state.current_match is not None:
            return partial
        return aborted(
            partial,
            f"The check exceeded its {self._timeout_s:g} s time limit. "
            "Raise it with --timeout, or look at the last step.",
        )

    def _joined(self, diagnosis: Diagnosis) -> Diagnosis:
        """Add the time and the warnings of the earlier walks of the same run."""
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
