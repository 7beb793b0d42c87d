"""State of one check in the wizard: key, target, changes made for this run, pasted error.

Imports no Textual.
"""

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
from oai_tui.domain.endpoints import ScopeResult
from oai_tui.domain.events import Ended, Event
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.facts import ACCOUNT_FACTS
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer, Ask
from oai_tui.domain.profile import Profile
from oai_tui.domain.target import ChangeKind, Origin, Target
from oai_tui.services.profile_comparison import with_profile_comparison
from oai_tui.services.services import WalkPlan
from oai_tui.tui.formatting import change_done
from oai_tui.tui.walk_progress import WalkProgress

if TYPE_CHECKING:
    from oai_tui.services.fixes import PermanentFix
    from oai_tui.services.owner_lookup import OwnerResult
    from oai_tui.services.services import Services

BILLED_QUESTION = "inference"
"""The id of the question whether a billed request may be sent."""
_FACTS_OF_ONE_RUN = frozenset({"saved_as", "profile_name"})
"""Facts that a later run of the same session does not start with."""
_FIXED_BY_DEMO = "The problem was fixed for you."
_CHANGED_OUTSIDE = (
    "A key or setting changed outside the wizard: checking again with the new values."
)


_UNDONE: Mapping[ChangeKind, str] = {
    "unset-organization": "Undone: the organization is sent again.",
    "use-organization": "Undone: the previous organization is used again.",
    "unset-project": "Undone: the project is sent again.",
    "use-base-url": "Undone: the previous base URL is used again.",
    "use-cleaned-key": "Undone: the key is sent as it was found.",
    "use-model": "Undone: the previous model is used again.",
    "use-other-key": "Undone: the previous key is used again.",
    "skip-proxy": "Undone: requests use the proxy again.",
}
"""Kind of a change -> the notice after it was undone."""
_KEY_CHANGES: frozenset[ChangeKind] = frozenset({"use-cleaned-key", "use-other-key"})
"""Changes of the key; all others change the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPoint:
    """The state before a change, and the step to check again from after it is undone."""

    kind: ChangeKind
    target: Target
    credential: Credential | None
    restart: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedChange:
    """A change made for this run, and the lines that make it permanent.

    `undo`: None for a change that cannot be undone.
    """

    text: str
    permanent: tuple["PermanentFix", ...] = ()
    undo: UndoPoint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideChange:
    """A key or target that the user changed outside the wizard; None for one that is the same."""

    credential: Credential | None
    target: Target | None


@dataclass(slots=True, kw_only=True)
class CheckSession:
    """One check: what is checked, and what has happened so far."""

    services: "Services"
    target: Target
    credential: Credential | None
    discovered: DiscoveryResult | None = None
    """The keys and settings when the session began; None for a profile and for a typed key."""
    profile: Profile | None = None
    """The saved profile that is checked, with which the verdict is compared."""
    rotating: bool = False
    """True if the key is a new one for `profile`."""
    changes: list[AppliedChange] = field(default_factory=list)
    notice: str = ""
    """A sentence about the last change, or empty."""
    demo_note: str = ""
    """The sentence that says what the demo fixed for the user, or empty."""
    failed_request_ids: tuple[str, ...] = ()
    """Request ids of the calls that failed in the last check with a problem."""
    pasted: FailureReport | None = None
    """The failure in a pasted text that the walk is to confirm."""
    verification_saved: bool = False
    """True once this check has stored in `profile` that its key works."""
    scopes: tuple[ScopeResult, ...] = ()
    """What the key may do at each endpoint, as far as it was tested since the last check."""
    admin: Credential | None = None
    """The admin key that was used last; kept in memory only."""
    owner: "OwnerResult | None" = None
    """What the admin key sees of the key, since the last check."""
    refused_billing: bool = False
    """True once the user has said no to the billed request."""
    was_confirmed: bool = False
    """True once a walk has met the cause of that failure, or named one where it was left open."""

    def compare_with_paste(
        self, walk_verdict: Verdict | None, records: Sequence[StepRecord]
    ) -> Comparison | None:
        """Compare a walk with the pasted failure. Return None if nothing was pasted.

        The arguments are those of `compare`.
        """
        if self.pasted is None:
            return None
        comparison = compare(
            self.pasted.verdict, walk_verdict, records, self.services.tree, self.services.catalogue
        )
        if comparison.outcome in {"confirmed", "settled"}:
            self.was_confirmed = True
        return comparison

    def begin(self, start: str | None = None, progress: WalkProgress | None = None) -> WalkProgress:
        """Return the progress for a walk from the step `start`, None for the whole walk.

        It keeps what the stages before that step found in `progress`.
        """
        tree = self.services.tree
        self.scopes = ()
        self.owner = None
        if start != tree.first_of("save"):
            self.verification_saved = False
        if start is None or progress is None:
            return WalkProgress(tree=tree, expected_stage=self._expected_stage())
        return WalkProgress(
            tree=tree,
            expected_stage=self._expected_stage(),
            records=list(progress.records_before(tree.steps[start].stage)),
            facts={
                name: fact
                for name, fact in progress.facts.items()
                if name not in self._forgotten_facts(start)
            },
        )

    def _forgotten_facts(self, start: str) -> frozenset[str]:
        """Return the facts that a walk from `start` begins without.

        A walk that comes to the account may be about another key than the one before.
        """
        tree = self.services.tree
        order = [stage.id for stage in tree.stages]
        if order.index(tree.steps[start].stage) <= order.index("identity"):
            return _FACTS_OF_ONE_RUN | ACCOUNT_FACTS
        return _FACTS_OF_ONE_RUN

    def _expected_stage(self) -> str:
        """Return the first stage that can confirm the pasted failure, "" if none can."""
        if self.pasted is None or is_left_open(self.pasted.verdict):
            return ""
        stages = stages_that_can_confirm(
            self.services.tree, self.pasted.verdict, self.services.catalogue
        )
        return stages[0].id if stages else ""

    async def walk(
        self,
        ask: Ask,
        progress: WalkProgress,
        start: str | None = None,
        before: tuple[StepRecord, ...] = (),
    ) -> AsyncGenerator[Event, None]:
        """Yield the events of a walk from the step `start`, None for the whole walk."""
        plan = WalkPlan(
            target=self.target,
            credential=self.credential,
            start=start,
            before=before,
            facts=progress.facts,
        )
        async with aclosing(self.services.walk(plan, ask)) as events:
            async for event in events:
                yield self._with_profile_diff(event) if isinstance(event, Ended) else event

    def _with_profile_diff(self, ended: Ended) -> Ended:
        """Return the event with the comparison with the profile's last good run.

        A new key and an aborted walk are not compared.
        """
        diagnosis = ended.diagnosis
        if self.rotating or diagnosis.verdict.outcome == "aborted":
            return ended
        compared, _ = with_profile_comparison(self.profile, diagnosis, now=diagnosis.started_at)
        return replace(ended, diagnosis=compared)

    def verified_name(self, facts: Mapping[str, Fact]) -> str:
        """Return the profile in which to store that its key works, without asking for a name.

        Empty if another key or other settings were checked than the profile has, if its calls
        count for another account than before, and once that is stored.
        """
        profile, key = self.profile, self.credential
        if profile is None or key is None or self.rotating or self.verification_saved:
            return ""
        is_same = (
            key.secret.fingerprint == profile.fingerprint
            and _settings_of(self.target) == _settings_of(profile.target)
            and not self.account_change_note(facts)
        )
        return profile.name if is_same else ""

    def is_verification(self, facts: Mapping[str, Fact]) -> bool:
        """Return True if the profile that was saved last is the one that was checked."""
        saved_as = facts.get("saved_as")
        return (
            self.verification_saved and self.profile is not None and self.profile.name == saved_as
        )

    def remembered_answer(self, question: str) -> Answer | None:
        """Return the answer to a question, by its id, that is not asked again; None to ask.

        A no to the billed request stays. A yes covers one request only. A pasted failure can need
        the billed request for its confirmation, so there the question is asked each time.
        """
        if question == BILLED_QUESTION and self.refused_billing and self.pasted is None:
            return Answer(option="no")
        return None

    def remember_answer(self, question: str, answer: Answer) -> None:
        """Keep an answer for later runs of this session."""
        if question == BILLED_QUESTION:
            self.refused_billing = answer.option == "no"

    def account_change_note(self, facts: Mapping[str, Fact]) -> str:
        """Return a sentence if calls count for another organization or project than before.

        "Before" is when the profile was verified; during a rotation, with its old key. Empty if
        they count for the same, or if the answers do not name it.
        """
        if self.profile is None:
            return ""
        last = self.profile.last_good_run
        then = "the old key's for" if self.rotating else "when it was verified for"
        pairs = (
            ("organization", last.organization, str(facts.get("organization_seen", ""))),
            ("project", last.project, str(facts.get("project_seen", ""))),
        )
        changed = [
            f"the {what} {after}, {then} {before}"
            for what, before, after in pairs
            if before and after and before != after
        ]
        return f"Its calls count for {' and '.join(changed)}." if changed else ""

    def apply(self, fix: Fix, progress: WalkProgress) -> str:
        """Make the change of a fix for this run. Return the step to check again from.

        Raises ValueError if the fix has no change to make.
        """
        if fix.apply is None:
            raise ValueError("this fix has nothing to apply")
        applied = self.services.apply_fix(fix.apply, self.target, self.credential, progress.facts)
        self.changes.append(
            AppliedChange(
                text=change_done(fix.apply, progress.facts),
                permanent=tuple(applied.permanent),
                undo=UndoPoint(
                    kind=fix.apply.kind,
                    target=self.target,
                    credential=self.credential,
                    restart=applied.restart,
                ),
            )
        )
        self.target = applied.target
        self.credential = applied.credential
        self.notice = ""
        return applied.restart

    def allow_billed_question(self) -> str:
        """Ask again before a billed request. Return the step that asks."""
        self.refused_billing = False
        return self.services.tree.first_of(BILLED_QUESTION)

    @property
    def can_undo(self) -> bool:
        """Return True if the last change of this run can be undone."""
        return bool(self.changes) and self.changes[-1].undo is not None

    def undo(self) -> str | None:
        """Undo the last change of this run. Return the step to check again from.

        None if there is nothing to undo. Only what the change altered is restored: the key or the
        settings.
        """
        if not self.can_undo:
            return None
        point = self.changes.pop().undo
        assert point is not None  # by can_undo
        if point.kind in _KEY_CHANGES:
            self.credential = point.credential
        else:
            self.target = point.target
        self.notice = _UNDONE[point.kind]
        return point.restart

    def recheck(self, progress: WalkProgress) -> str | None:
        """Read again what the user may have fixed outside. Return the step to check again from.

        None means the whole walk, because the key or a setting has changed. In the demo nothing
        can be fixed outside; the demo does it, and `notice` says so.
        """
        self.notice = ""
        if self.services.mode == "demo" and self.services.demo_fix_outside():
            scenario = self.services.scenario
            fixed_by = scenario.fixed_by if scenario is not None else ""
            self.demo_note = self.notice = f"Demo: {fixed_by or _FIXED_BY_DEMO}"
        failed_step = self.services.tree.first_of(progress.failed_stage())
        if self.discovered is None:
            return failed_step
        now = self.services.discover()
        change = outside_change(self.discovered, now, self.credential)
        if change is None:
            return failed_step
        self.discovered = now
        if change.credential is not None:
            self._replace_key(change.credential)
        if change.target is not None:
            self.target = change.target
            self.changes = []
        if not self.notice:
            self.notice = _CHANGED_OUTSIDE
        return None

    def use_key(self, credential: Credential) -> None:
        """Continue with another key."""
        self._replace_key(credential)
        self.notice = ""

    def _replace_key(self, credential: Credential) -> None:
        """Use another key, and forget the changes of the one before."""
        self.credential = credential
        self.changes = [
            change
            for change in self.changes
            if change.undo is None or change.undo.kind not in _KEY_CHANGES
        ]


def _settings_of(target: Target) -> tuple[object, ...]:
    """Return the settings of a target that decide where calls go and which account they use."""
    return (
        target.base_url.rstrip("/"),
        target.organization or None,
        target.project or None,
        target.direct,
        target.allow_http,
    )


def outside_change(
    before: DiscoveryResult, now: DiscoveryResult, current: Credential | None
) -> OutsideChange | None:
    """Compare two discoveries. Return None if neither the key nor a setting has changed.

    `current` is the key in use. A key counts as changed if it differs from `current` and from
    the key that was in the same place before.
    """
    origin = current.origin if current else None
    key_before = _key_at(origin, before)
    key_now = _key_at(origin, now)
    if key_now is not None and _is_same_key(key_now, key_before, current):
        key_now = None
    target = now.target if now.target != before.target else None
    if key_now is None and target is None:
        return None
    return OutsideChange(credential=key_now, target=target)


def _is_same_key(key: Credential, *others: Credential | None) -> bool:
    """Return True if the key equals one of the others, None among them left out."""
    fingerprints = {other.secret.fingerprint for other in others if other is not None}
    return key.secret.fingerprint in fingerprints


def _key_at(origin: Origin | None, discovered: DiscoveryResult) -> Credential | None:
    """Return the key found at `origin`, whose line number may have changed.

    Without an origin, return the first key of all. None if there is none.
    """
    for credential in discovered.credentials:
        found = credential.origin
        if origin is None or (found.kind, found.name) == (origin.kind, origin.name):
            return credential
    return None
