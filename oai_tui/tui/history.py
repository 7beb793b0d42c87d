"""The checks of this run of the program: which key, when, and the result of each. Pure."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime

from oai_tui import __version__
from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.tui.formatting import State, last4
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress

MAX_CHECKS = 100
"""Checks that are kept; the oldest is dropped first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCheck:
    """One check. `progress` is updated in place while the check is running.

    `session`: a copy that was made when the check started.
    """

    session: CheckSession
    progress: WalkProgress
    started_at: datetime

    @property
    def is_finished(self) -> bool:
        """True if the check has a verdict."""
        return self.progress.diagnosis is not None

    @property
    def key_hint(self) -> str:
        """The last characters of the key, "no key" without one."""
        credential = self.session.credential
        return last4(credential.secret.masked) if credential is not None else "no key"

    @property
    def host(self) -> str:
        """The host that was checked, or the base URL if it names none."""
        target = self.session.target
        return target.host or target.base_url

    @property
    def title(self) -> str:
        """The title of the verdict; without one, the step at which the check is."""
        diagnosis = self.progress.diagnosis
        if diagnosis is not None:
            return diagnosis.verdict.title or _WORKS
        return self._last_step()

    @property
    def cause(self) -> str:
        """The id of the cause; empty if there is none."""
        diagnosis = self.progress.diagnosis
        return (diagnosis.verdict.cause or "") if diagnosis is not None else ""

    def state(self, *, is_open: bool) -> State:
        """Return the mark of this check. `is_open`: its screen is still open."""
        diagnosis = self.progress.diagnosis
        if diagnosis is None:
            return "running" if is_open else "skipped"
        match diagnosis.verdict.outcome:
            case "working":
                return "passed"
            case "problem":
                return "failed"
            case _:
                return "warning"

    def session_to_continue(self) -> CheckSession:
        """Return a session with the key and the target with which this check ended."""
        session = _copy_of(self.session)
        if self.progress.diagnosis is not None:
            session.target = self.progress.diagnosis.target
        return session

    def progress_to_show(self) -> WalkProgress:
        """Return the progress, for a stopped check with a verdict that says so."""
        if self.progress.diagnosis is not None:
            return self.progress
        verdict = Verdict(
            outcome="aborted",
            title="Check stopped",
            explanation=f"It stopped at “{self._last_step()}”. Check again to run it to the end.",
        )
        return replace(
            self.progress,
            current=None,
            diagnosis=Diagnosis(
                verdict=verdict,
                trail=tuple(self.progress.records),
                target=self.session.target,
                credential=None,
                started_at=self.started_at,
                elapsed_ms=0.0,
                version=__version__,
                facts={**self.progress.facts},
            ),
        )

    def _last_step(self) -> str:
        """Return the title of the step that was running when the last event came."""
        progress = self.progress
        if progress.current is not None:
            return progress.current.title
        return progress.records[-1].title if progress.records else progress.tree.stages[0].title


_WORKS = "Everything works"


@dataclass(slots=True, kw_only=True)
class History:
    """The last MAX_CHECKS checks, in the order in which they started."""

    checks: list[PastCheck] = field(default_factory=list)

    def add(self, session: CheckSession, progress: WalkProgress, started_at: datetime) -> None:
        """Keep a check that starts now."""
        check = PastCheck(session=_copy_of(session), progress=progress, started_at=started_at)
        self.checks = [*self.checks, check][-MAX_CHECKS:]

    def newest_first(self) -> Iterator[PastCheck]:
        """Yield the checks, the newest first."""
        return reversed(self.checks)


def _copy_of(session: CheckSession) -> CheckSession:
    """Return a copy that later changes of the session do not affect."""
    result = copy(session)
    result.changes = [*session.changes]
    return result
