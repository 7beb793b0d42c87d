"""One patient under examination: which key, which target, what was learnt and what was changed for this run. No Textual here."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from oai_tui.diagnosis.live_comparison import Comparison, compare, is_left_open, stages_meeting
from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import StepRecord, Verdict
from oai_tui.domain.discovery_result import Surroundings
from oai_tui.domain.events import Ended, Event
from oai_tui.domain.explained import Explained
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Ask
from oai_tui.domain.profile import Profile
from oai_tui.domain.profile_diff import since
from oai_tui.domain.target import Origin, Target
from oai_tui.tui.formatting import CHANGE_DONE
from oai_tui.tui.walk_progress import Progress

if TYPE_CHECKING:
    from oai_tui.services.build import Permanent, Services


_OF_ONE_RUN = frozenset({"saved_as", "profile_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A change that was made for this run: what, and the lines that make it permanent."""

    text: str
    permanent: tuple["Permanent", ...] = ()


@dataclass(slots=True, kw_only=True)
class Sitting:
    """`surroundings` is what was read when the sitting began (None for a profile), so that a later look can tell what the person mended outside.

    `pasted`: what a text says that this sitting is to confirm; `was_confirmed`: whether a walk has met it.
    `profile`: the saved one that is walked with, so that the verdict says what has changed since it worked. `rotating`: the key is a new one that is to take its place.
    """

    services: "Services"
    target: Target
    credential: Credential | None
    surroundings: Surroundings | None = None
    profile: Profile | None = None
    rotating: bool = False
    made: list[Made] = field(default_factory=list)
    notice: str = ""
    pasted: Explained | None = None
    was_confirmed: bool = False

    def beside_text(
        self, found: Verdict | None, records: Sequence[StepRecord]
    ) -> Comparison | None:
        """What a walk says about the pasted text, None where none was pasted; a cause that was met once counts as confirmed from then on. `found` and `records` as `compare` takes them."""
        if self.pasted is None:
            return None
        compared = compare(
            self.pasted.verdict, found, records, self.services.tree, self.services.catalogue
        )
        self.was_confirmed = self.was_confirmed or compared.standing in {"confirmed", "settled"}
        return compared

    def begin(self, start: str | None = None, progress: Progress | None = None) -> Progress:
        """A fresh Progress for a walk from `start` (a step's id; None for the whole walk), keeping what earlier stages of `progress` found."""
        tree = self.services.tree
        if start is None or progress is None:
            return Progress(tree=tree, sought=self._sought())
        return Progress(
            tree=tree,
            sought=self._sought(),
            records=list(progress.records_before(tree.steps[start].stage)),
            facts={name: fact for name, fact in progress.facts.items() if name not in _OF_ONE_RUN},
        )

    def _sought(self) -> str:
        """The stage where what the text says can show first."""
        stages = (
            stages_meeting(self.services.tree, self.pasted.verdict, self.services.catalogue)
            if self.pasted and not is_left_open(self.pasted.verdict)
            else ()
        )
        return stages[0].id if stages else ""

    async def walk(
        self,
        ask: Ask,
        progress: Progress,
        start: str | None = None,
        before: tuple[StepRecord, ...] = (),
    ) -> AsyncIterator[Event]:
        """The events of a walk from `start`."""
        async with aclosing(
            self.services.walk(
                target=self.target,
                credential=self.credential,
                ask=ask,
                start=start,
                before=before,
                facts=progress.facts,
            )
        ) as events:  # type: ignore[type-var]
            async for event in events:
                yield self._compared(event) if isinstance(event, Ended) else event

    def _compared(self, ended: Ended) -> Ended:
        """The end with what has changed since the profile last worked among the warnings, where that is worth a word."""
        found = ended.diagnosis
        if self.profile is None or self.rotating or found.verdict.outcome == "aborted":
            return ended
        beside = since(self.profile, found, found.started_at)
        if beside is None or (found.verdict.outcome == "working" and not beside.differences):
            return ended
        return replace(
            ended,
            diagnosis=replace(
                found,
                verdict=replace(found.verdict, warnings=(*found.verdict.warnings, beside.text)),
            ),
        )

    def counts_elsewhere(self, facts: Mapping[str, Fact]) -> str:
        """For which other organization or project calls count than those of the profile did (of its old key, while that is being replaced), in a sentence; "" where they count for the same or nothing tells it."""
        if self.profile is None:
            return ""
        seen, then = (
            self.profile.seen,
            "the old key's for" if self.rotating else "when it was verified for",
        )
        pairs = (
            ("organization", seen.organization, str(facts.get("organization_seen", ""))),
            ("project", seen.project, str(facts.get("project_seen", ""))),
        )
        moved = [
            f"the {what} {after}, {then} {before}"
            for what, before, after in pairs
            if before and after and before != after
        ]
        return f"Its calls count for {' and '.join(moved)}." if moved else ""

    def apply(self, fix: Fix, progress: Progress) -> str:
        """Make the change of a fix for this run. Gives the step to begin with; ValueError when the fix has nothing to apply."""
        if fix.apply is None:
            raise ValueError("this fix has nothing to apply")
        applied = self.services.applied(fix.apply, self.target, self.credential, progress.facts)
        value = str(progress.facts.get(fix.apply.fact, ""))
        self.made.append(
            Made(
                text=f"{CHANGE_DONE[fix.apply.kind]} {value}".strip(),
                permanent=tuple(applied.permanent),
            )
        )
        self.target, self.credential, self.notice = applied.target, applied.credential, ""
        return applied.restart

    def look_again(self, progress: Progress) -> str | None:
        """Read what the person may have mended outside, and give the step to check again from: None for the whole walk, because the key or a setting is another now.

        In the demo nobody can mend anything outside, so the demo does it, and `notice` says so.
        """
        self.notice = ""
        if self.services.mode == "demo" and self.services.cure():
            self.notice = "The demo did for you what you would have done outside."
        if self.surroundings is not None:
            fresh = self.services.surroundings()
            found = _same_place(fresh, self.credential.origin if self.credential else None)
            old = self.credential.secret.fingerprint if self.credential else ""
            read_then = _same_place(
                self.surroundings, self.credential.origin if self.credential else None
            )
            mended = (
                found is not None
                and (read_then is None or found.secret.fingerprint != read_then.secret.fingerprint)
                and found.secret.fingerprint != old
            )
            moved = fresh.target != self.surroundings.target
            if mended or moved:
                self.credential = found if mended else self.credential
                self.target = fresh.target if moved else self.target
                self.surroundings, self.made = fresh, [] if moved else self.made
                self.notice = (
                    self.notice
                    or "Something changed outside: the walk begins again with what is there now."
                )
                return None
        return self.services.tree.first_of(progress.failed_stage())

    def take_key(self, credential: Credential) -> None:
        """Go on with another key."""
        self.credential, self.notice = credential, ""


def _same_place(around: Surroundings, origin: Origin | None) -> Credential | None:
    """The credential now found where `origin` points (a line number may have moved); the first of all when there was none."""
    if origin is None:
        return next(iter(around.credentials), None)
    return next(
        (
            each
            for each in around.credentials
            if (each.origin.kind, each.origin.name) == (origin.kind, origin.name)
        ),
        None,
    )
