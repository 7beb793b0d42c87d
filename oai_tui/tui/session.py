"""One patient under examination: which key, which target, what was learnt and what was changed for this run. No Textual here."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from oai_tui.diagnosis.live_comparison import (
    Comparison,
    compare,
    is_left_open,
    stages_that_can_confirm,
)
from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import StepRecord, Verdict
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.events import Ended, Event
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Ask
from oai_tui.domain.profile import Profile
from oai_tui.domain.target import Origin, Target
from oai_tui.services.profile_comparison import with_profile_comparison
from oai_tui.services.services import WalkPlan
from oai_tui.tui.formatting import CHANGE_DONE
from oai_tui.tui.walk_progress import WalkProgress

if TYPE_CHECKING:
    from oai_tui.services.fixes import PermanentFix
    from oai_tui.services.services import Services


_OF_ONE_RUN = frozenset({"saved_as", "profile_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedChange:
    """A change that was made for this run: what, and the lines that make it permanent."""

    text: str
    permanent: tuple["PermanentFix", ...] = ()


@dataclass(slots=True, kw_only=True)
class CheckSession:
    """`surroundings` is what was read when the sitting began (None for a profile), so that a later look can tell what the person mended outside.

    `pasted`: what a text says that this sitting is to confirm; `was_confirmed`: whether a walk has met it.
    `profile`: the saved one that is walked with, so that the verdict says what has changed since it worked. `rotating`: the key is a new one that is to take its place.
    """

    services: "Services"
    target: Target
    credential: Credential | None
    discovered: DiscoveryResult | None = None
    profile: Profile | None = None
    rotating: bool = False
    changes: list[AppliedChange] = field(default_factory=list)
    notice: str = ""
    pasted: FailureReport | None = None
    was_confirmed: bool = False

    def confirmation_text(
        self, found: Verdict | None, records: Sequence[StepRecord]
    ) -> Comparison | None:
        """What a walk says about the pasted text, None where none was pasted; a cause that was met once counts as confirmed from then on. `found` and `records` as `compare` takes them."""
        if self.pasted is None:
            return None
        compared = compare(
            self.pasted.verdict, found, records, self.services.tree, self.services.catalogue
        )
        self.was_confirmed = self.was_confirmed or compared.outcome in {"confirmed", "settled"}
        return compared

    def begin(self, start: str | None = None, progress: WalkProgress | None = None) -> WalkProgress:
        """A fresh Progress for a walk from `start` (a step's id; None for the whole walk), keeping what earlier stages of `progress` found."""
        tree = self.services.tree
        if start is None or progress is None:
            return WalkProgress(tree=tree, sought=self._expected_stage())
        return WalkProgress(
            tree=tree,
            sought=self._expected_stage(),
            records=list(progress.records_before(tree.steps[start].stage)),
            facts={name: fact for name, fact in progress.facts.items() if name not in _OF_ONE_RUN},
        )

    def _expected_stage(self) -> str:
        """The stage where what the text says can show first."""
        stages = (
            stages_that_can_confirm(
                self.services.tree, self.pasted.verdict, self.services.catalogue
            )
            if self.pasted and not is_left_open(self.pasted.verdict)
            else ()
        )
        return stages[0].id if stages else ""

    async def walk(
        self,
        ask: Ask,
        progress: WalkProgress,
        start: str | None = None,
        before: tuple[StepRecord, ...] = (),
    ) -> AsyncGenerator[Event, None]:
        """The events of a walk from `start`."""
        plan = WalkPlan(
            target=self.target,
            credential=self.credential,
            start=start,
            before=before,
            facts=progress.facts,
        )
        async with aclosing(self.services.walk(plan, ask)) as events:
            async for event in events:
                yield self._compared(event) if isinstance(event, Ended) else event

    def _compared(self, ended: Ended) -> Ended:
        """Return the event with the comparison with the profile's last good run.

        A new key and an aborted walk are not compared.
        """
        diagnosis = ended.diagnosis
        if self.rotating or diagnosis.verdict.outcome == "aborted":
            return ended
        compared, _ = with_profile_comparison(self.profile, diagnosis, now=diagnosis.started_at)
        return replace(ended, diagnosis=compared)

    def account_change_note(self, facts: Mapping[str, Fact]) -> str:
        """For which other organization or project calls count than those of the profile did (of its old key, while that is being replaced), in a sentence; "" where they count for the same or nothing tells it."""
        if self.profile is None:
            return ""
        seen, then = (
            self.profile.last_good_run,
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

    def apply(self, fix: Fix, progress: WalkProgress) -> str:
        """Make the change of a fix for this run. Gives the step to begin with; ValueError when the fix has nothing to apply."""
        if fix.apply is None:
            raise ValueError("this fix has nothing to apply")
        applied = self.services.apply_fix(fix.apply, self.target, self.credential, progress.facts)
        value = str(progress.facts.get(fix.apply.fact, ""))
        self.changes.append(
            AppliedChange(
                text=f"{CHANGE_DONE[fix.apply.kind]} {value}".strip(),
                permanent=tuple(applied.permanent),
            )
        )
        self.target, self.credential, self.notice = applied.target, applied.credential, ""
        return applied.restart

    def recheck(self, progress: WalkProgress) -> str | None:
        """Read what the person may have mended outside, and give the step to check again from: None for the whole walk, because the key or a setting is another now.

        In the demo nobody can mend anything outside, so the demo does it, and `notice` says so.
        """
        self.notice = ""
        if self.services.mode == "demo" and self.services.demo_fix_outside():
            self.notice = "The demo did for you what you would have done outside."
        if self.discovered is not None:
            fresh = self.services.discover()
            found = _same_place(fresh, self.credential.origin if self.credential else None)
            old = self.credential.secret.fingerprint if self.credential else ""
            read_then = _same_place(
                self.discovered, self.credential.origin if self.credential else None
            )
            mended = (
                found is not None
                and (read_then is None or found.secret.fingerprint != read_then.secret.fingerprint)
                and found.secret.fingerprint != old
            )
            moved = fresh.target != self.discovered.target
            if mended or moved:
                self.credential = found if mended else self.credential
                self.target = fresh.target if moved else self.target
                self.discovered, self.changes = fresh, [] if moved else self.changes
                self.notice = (
                    self.notice
                    or "Something changed outside: the walk begins again with what is there now."
                )
                return None
        return self.services.tree.first_of(progress.failed_stage())

    def use_key(self, credential: Credential) -> None:
        """Go on with another key."""
        self.credential, self.notice = credential, ""


def _same_place(around: DiscoveryResult, origin: Origin | None) -> Credential | None:
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
