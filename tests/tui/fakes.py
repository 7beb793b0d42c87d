"""Services that are scripted instead of real: they yield the engine's events for one patient, so that the screens can be tested without a tree, a network or a keyring."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oai_tui.domain.cause import Alternative, Cause, Fix
from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Branch, Mark, Option, Probe, Question, Stage, Step, Tree
from oai_tui.domain.diagnosis import (
    CauseMatch,
    CredentialSummary,
    Diagnosis,
    Retry,
    StepRecord,
    Verdict,
)
from oai_tui.domain.discovery_result import DiscoveryResult, Setting
from oai_tui.domain.events import Decided, Ended, Event, Observed, QuestionAsked, StepStarted
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.credential import Credential, KeyKind, kind_of
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import ErrorBody, Fact, Observation, Request, Timings
from oai_tui.domain.ports import Answer, Ask, KeyringError
from oai_tui.domain.profile import Profile
from oai_tui.domain.target import Change, Origin, Target
from oai_tui.knowledge.keyring_advice import FILE_MESSAGES, KEYRING_MESSAGES, KeyringStep, next_step

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KEY = "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 74
OTHER_KEY = "sk-proj-" + "c" * 74 + "T3BlbkFJ" + "d" * 74
BASE = "https://api.openai.com/v1"
ORGANIZATION = "org-fakefakefakefakefake" + "Ab12"
ENVIRONMENT = Origin(kind="environment", name="OPENAI_API_KEY")

_ANY = re.compile(r"(?s).*")
_PROJECT = re.compile(r"sk-proj-.*")
KINDS = (
    KeyKind(id="project", label="project key", role="inference", pattern=_PROJECT),
    KeyKind(id="unknown", label="unknown kind of key", role="unknown", pattern=_ANY),
)


def credential(text: str = KEY, origin: Origin = ENVIRONMENT, **more: Any) -> Credential:
    """A credential of a fake key."""
    secret = Secret(text)
    return Credential(secret=secret, origin=origin, kind=kind_of(secret, KINDS), **more)


def surroundings(*found: Credential, organization: str | None = ORGANIZATION) -> DiscoveryResult:
    """What an environment with these keys says."""
    origin = Origin(kind="environment", name="OPENAI_ORG_ID")
    target = Target(
        organization=organization, origins={"organization": origin} if organization else {}
    )
    settings = (
        (Setting(name="OPENAI_ORG_ID", value=organization, origin=origin),) if organization else ()
    )
    return DiscoveryResult(credentials=found, target=target, settings=settings)


_END = Branch(when=When(), label="end", mark="passed")
SAVE = Question(
    id="save",
    text="Under which name should it be saved?",
    options=(Option(id="save", label="Save"), Option(id="no", label="Do not save")),
    text_fact="profile_name",
)
INFERENCE = Question(
    id="inference",
    text="Send the smallest billed request?",
    options=(
        Option(id="yes", label="Yes, send it"),
        Option(id="no", label="No, leave billing untested"),
    ),
)
GATEWAY = Question(
    id="gateway",
    text="The endpoint is not OpenAI's.",
    options=(Option(id="yes", label="Yes, send the key"), Option(id="no", label="No")),
)


def _step(
    name: str,
    stage: str,
    title: str,
    act: Probe | Question,
    *,
    experiment: bool = False,
    skip_to: str | None = None,
) -> Step:
    return Step(
        id=name,
        stage=stage,
        title=title,
        why=f"Why {name} is asked.",
        act=act,
        branches=(_END,),
        experiment=experiment,
        skip_to=skip_to,
    )


STEPS = (
    _step("credential", "credential", "Which key is used?", Probe(name="credential")),
    _step("reach", "reach", "Is OpenAI at the other end?", Probe(name="reach")),
    _step("key", "key", "Does OpenAI accept the key?", Probe(name="key")),
    _step(
        "without-organization",
        "key",
        "The same without the organization",
        Probe(name="key", change=Change(kind="unset-organization")),
        experiment=True,
    ),
    _step("identity", "identity", "Who is behind the key?", Probe(name="me"), skip_to="model"),
    _step("model", "model", "Which model can be used?", Probe(name="model"), skip_to="inference"),
    _step(
        "ask-inference", "inference", "May one billed request be sent?", INFERENCE, skip_to="limits"
    ),
    _step(
        "inference",
        "inference",
        "Does a billed request go through?",
        Probe(name="inference"),
        skip_to="limits",
    ),
    _step("limits", "limits", "How much room is left?", Probe(name="limits"), skip_to="ask-save"),
    _step("ask-save", "save", "Save it?", SAVE),
    _step("save", "save", "Keep it in the keyring", Probe(name="save")),
)
STAGES = tuple(
    Stage(id=name, title=name.capitalize())
    for name in ("credential", "reach", "key", "identity", "model", "inference", "limits", "save")
)
TREE = Tree(stages=STAGES, steps={step.id: step for step in STEPS}, start="credential")

MISMATCH = Cause(
    id="organization-mismatch",
    family="organization-and-project",
    title="The organization you name is not this key's",
    meaning="Every call names an organization that the key does not belong to, so every call is refused.",
    fixes=(
        Fix(
            text="Send no organization header: the key knows its own.",
            who="you",
            command="unset OPENAI_ORG_ID",
            apply=Change(kind="unset-organization"),
        ),
        Fix(
            text="Set the id of the key's own organization.",
            who="you",
            url="https://platform.openai.com/settings/organization/general",
        ),
    ),
    alternatives=(
        Alternative(
            cause="organization-membership",
            why="the person behind the key left the organization; the call without the header would fail as well",
        ),
    ),
)
MISSING = Cause(
    id="key-missing",
    family="key",
    title="No key reaches the API",
    meaning="No call can work without a key.",
    fixes=(Fix(text="Set OPENAI_API_KEY where the program runs.", who="you"),),
)
LOCKED = Cause(
    id="keyring-locked",
    family="this-machine",
    title="The keyring is locked",
    meaning="Nothing could be stored.",
    fixes=(Fix(text="Unlock the keyring and try again.", who="you"),),
)
BAD = Cause(
    id="key-invalid",
    family="key",
    title="OpenAI does not know this key",
    meaning="It was mistyped, revoked or deleted.",
    fixes=(Fix(text="Create a new key.", who="owner"),),
)
CATALOGUE = {cause.id: cause for cause in (MISMATCH, MISSING, LOCKED, BAD)}


def answer(
    probe: str,
    path: str = "/models",
    status: int = 200,
    *,
    target: Target,
    key_sent: bool = True,
    error: ErrorBody | None = None,
    body: str = "",
    ms: float = 180,
    **facts: Fact,
) -> Observation:
    """An observation of a request to the target."""
    headers = {"X-Client-Request-Id": "00000000-0000-4000-8000-000000000001"} | (
        {"OpenAI-Organization": target.organization} if target.organization else {}
    )
    return Observation(
        probe=probe,
        request=Request(
            method="GET",
            url=f"{target.base_url}{path}",
            headers=headers,
            key_sent=key_sent,
            client_request_id="00000000-0000-4000-8000-000000000001",
        ),
        status=status,
        reason={200: "OK", 401: "Unauthorized"}.get(status, ""),
        error=error,
        headers={"x-request-id": "req_" + "8f" * 16},
        body=body,
        facts=facts,
        timings=Timings(first_byte_ms=ms - 4, total_ms=ms),
    )


class FakeVault:
    """Profiles in a dict; `state` makes every call fail in that manner."""

    def __init__(self, *profiles: Profile, state: str = "works") -> None:
        self.held = {profile.name: profile for profile in profiles}
        self.state = state

    backend = "a keyring in memory"

    def _check(self) -> None:
        if self.state != "works":
            raise KeyringError(self.state, "as the test wants it")

    async def names(self) -> tuple[str, ...]:
        self._check()
        return tuple(self.held)

    async def profiles(self) -> tuple[Profile, ...]:
        self._check()
        return tuple(self.held.values())

    async def load(self, name: str) -> tuple[Profile, Secret]:
        self._check()
        return self.held[name], Secret(KEY)

    async def save(self, verified: Any) -> Profile:
        self._check()
        self.held[verified.name] = verified.profile
        return verified.profile  # type: ignore[no-any-return]

    async def delete(self, name: str) -> None:
        self._check()
        del self.held[name]


def profile(name: str = "work", days: int = 3, key: str = KEY) -> Profile:
    """A profile verified `days` ago."""
    secret = Secret(key)
    return Profile(
        name=name,
        target=Target(),
        hint=secret.masked,
        kind="project",
        fingerprint=secret.fingerprint,
        verified_at=NOW.replace(day=NOW.day - days),
        billing="tested",
        model="gpt-5.4-nano",
    )


@dataclass
class FakeFile:
    """The encrypted file; `passphrase` opens it when it `exists`."""

    exists: bool = False
    is_used: bool = False
    is_open: bool = False
    passphrase: Secret = Secret("correct horse")  # noqa: RUF009  immutable
    name: str = "the encrypted file ~/profiles.enc"


@dataclass(frozen=True)
class FakeApplied:
    target: Target
    credential: Credential | None
    restart: str
    permanent: tuple[Any, ...]


@dataclass(frozen=True)
class FakePermanent:
    where: str
    text: str


class FakeServices:
    """Answers as an API would to a patient whose organization header is foreign. `hang`: the step that never answers. `body`: what the refusal's body holds. `gateway`: ask that question first. `reports`: what a text shows."""

    tree, catalogue = TREE, CATALOGUE
    scenario: Any = None
    rotate_days = 90

    def __init__(
        self,
        *found: Credential,
        mode: str = "real",
        vault: FakeVault | None = None,
        hang: str = "",
        body: str = "",
        gateway: bool = False,
        good: bool = True,
        file: "FakeFile | None" = None,
        elsewhere: tuple[Credential, ...] = (),
        reports: Callable[[str], tuple[FailureReport, ...]] = lambda text: (),
    ) -> None:
        self.mode, self.vault = mode, vault or FakeVault()
        self.around = replace(surroundings(*found), inactive=elsewhere)
        self.hang, self.body, self.gateway, self.good = hang, body, gateway, good
        self.reports = reports
        self.walks: list[tuple[str | None, Target]] = []
        self.answers: list[Answer] = []
        self.fixed_outside = self.closed = False
        self.file: FakeFile | None = file
        self.opened: list[Secret] = []

    async def status_text(self, target: Target) -> str:
        return "OpenAI's status page tells of no incident."

    def discover(
        self, folder: Path | None = None, *, asked: tuple[str, ...] = ()
    ) -> DiscoveryResult:
        if asked:
            return replace(
                self.around,
                inactive=(
                    *self.around.inactive,
                    credential(
                        OTHER_KEY, Origin(kind="program", name=asked[0], place="~/.codex/auth.json")
                    ),
                ),
            )
        return self.around

    @property
    def uses_file(self) -> bool:
        return self.file is not None and self.file.is_used

    def keyring_step(self, state: str) -> KeyringStep:
        return next_step(state, "desktop", file=self.uses_file)

    def keyring_said(self, state: str) -> str:
        return (FILE_MESSAGES if self.uses_file else KEYRING_MESSAGES)[state]

    async def open_file(self, passphrase: Secret) -> None:
        assert self.file is not None
        if self.file.exists and passphrase != self.file.passphrase:
            raise KeyringError("locked", "this is not the passphrase of ~/profiles.enc")
        self.opened.append(passphrase)
        self.file.is_used = self.file.is_open = True
        self.vault.state = "works"

    async def saved_profiles(self) -> tuple[Profile, ...]:
        return await self.vault.profiles()

    async def load_profile(self, name: str) -> tuple[Target, Credential]:
        found, _ = await self.vault.load(name)
        return found.target, credential(KEY, Origin(kind="keyring", name=name))

    def credential(self, secret: Secret, origin: Origin) -> Credential:
        return Credential(secret=secret, origin=origin, kind=kind_of(secret, KINDS))

    def redactor(self) -> Callable[[str], str]:
        return Redactor(each.secret for each in self.around.credentials)

    def explain(self, text: str) -> tuple[FailureReport, ...]:
        return self.reports(self.redactor()(text))

    def sample_output(self) -> str:
        return "" if self.mode == "real" else "a sample"

    def apply_fix(
        self, change: Change, target: Target, found: Credential | None, facts: Mapping[str, Fact]
    ) -> FakeApplied:
        return FakeApplied(
            target.changed(change, facts),
            found,
            "key",
            (
                FakePermanent("shell", "unset OPENAI_ORG_ID"),
                FakePermanent("code", "client = OpenAI(organization=None)"),
            ),
        )

    def demo_fix_outside(self) -> bool:
        self.fixed_outside = self.mode == "demo"
        if self.fixed_outside:
            self.around = surroundings(*self.around.credentials, organization=None)
        return self.fixed_outside

    async def aclose(self) -> None:
        self.closed = True

    async def walk(
        self,
        *,
        target: Target,
        credential: Credential | None,
        ask: Ask,
        start: str | None = None,
        before: tuple[StepRecord, ...] = (),
        only: frozenset[str] = frozenset(),
        facts: Mapping[str, Fact] | None = None,
        timeout_s: float | None = None,
    ) -> AsyncIterator[Event]:
        self.walks.append((start, target))
        run = _Run(self, target, credential, ask, list(before), dict(facts or {}))
        async for event in run.events(start or "credential"):
            yield event


class _Run:
    def __init__(
        self,
        services: FakeServices,
        target: Target,
        found: Credential | None,
        ask: Ask,
        records: list[StepRecord],
        facts: dict[str, Fact],
    ) -> None:
        self.services, self.target, self.credential, self.ask, self.records, self.facts = (
            services,
            target,
            found,
            ask,
            records,
            facts,
        )
        self.accusation: CauseMatch | None = None

    async def events(self, start: str) -> AsyncIterator[Event]:
        names = list(TREE.steps)
        for name in names[names.index(start) :]:
            step = TREE.steps[name]
            if self._unneeded(name):
                continue
            yield StepStarted(
                step=step,
                target=replace(self.target, organization=None) if step.experiment else self.target,
            )
            if name == self.services.hang:
                await asyncio.Event().wait()
            if isinstance(step.act, Question):
                yield QuestionAsked(step=step, question=step.act)
            seen, mark, accused = await self._see(step)
            self.facts |= seen.facts
            yield Observed(step=step, observation=seen)
            if accused:
                evidence = (
                    next((r.observation for r in self.records if r.step == "key"), seen)
                    if step.experiment
                    else seen
                )
                self.accusation = CauseMatch(cause=accused, confidence="certain", evidence=evidence)
            record = StepRecord(
                step=name,
                stage=step.stage,
                title=step.title,
                mark=mark,
                branch=str(seen.status or seen.answer or "done"),
                observation=seen,
                matched_cause=accused,
                experiment=step.experiment,
            )
            self.records.append(record)
            yield Decided(step=step, record=record, accusation=self.accusation)
            if self.accusation and name != "key":
                break
            if (
                name == "key"
                and self.accusation
                and self.accusation.cause != "organization-mismatch"
            ):
                break
            if name == "ask-save" and seen.answer == "no":
                break
        yield Ended(diagnosis=self._diagnosis())

    def _unneeded(self, name: str) -> bool:
        return (name == "without-organization" and self.accusation is None) or (
            name == "inference" and self.facts.get("billing") == "no"
        )

    async def _see(self, step: Step) -> tuple[Observation, Mark, str]:
        services, target = self.services, self.target
        if isinstance(step.act, Question):
            given = await self.ask(step.act, {**self.facts, "model_for_inference": "gpt-5.4-nano"})
            services.answers.append(given)
            facts: dict[str, Fact] = {"profile_name": given.text} if given.text else {}
            if step.act.id == "inference":
                facts = {"billing": "tested" if given.option == "yes" else "no"}
            return Observation(probe=step.act.id, answer=given.option, facts=facts), "passed", ""
        match step.id:
            case "credential" if self.credential is None:
                return (
                    Observation(probe="credential", facts={"credential": "none"}),
                    "failed",
                    "key-missing",
                )
            case "credential":
                return (
                    Observation(
                        probe="credential", facts={"key_last_four": self.credential.secret.last4}
                    ),
                    "passed",
                    "",
                )
            case "reach":
                return (
                    answer(
                        "reach",
                        status=401,
                        target=replace(target, organization=None),
                        key_sent=False,
                        ms=148,
                    ),
                    "passed",
                    "",
                )
            case "key" if not services.good:
                return (
                    self._refused("invalid_api_key", "Incorrect API key provided."),
                    "failed",
                    "key-invalid",
                )
            case "key" if target.organization:
                return (
                    self._refused(
                        "mismatched_organization",
                        "OpenAI-Organization header should match organization for API key",
                    ),
                    "failed",
                    "organization-mismatch",
                )
            case "without-organization":
                return (
                    answer("key", target=replace(target, organization=None), ms=131),
                    "passed",
                    "organization-mismatch",
                )
            case "limits":
                return (
                    Observation(
                        probe="limits",
                        facts={
                            "limit_requests": 500,
                            "remaining_requests": 499,
                            "reset_requests_s": 0.12,
                            "limit_tokens": 30000,
                            "remaining_tokens": 29990,
                            "reset_tokens_s": 0.02,
                            "limits_known": True,
                        },
                    ),
                    "passed",
                    "",
                )
            case "save":
                return await self._save()
            case _:
                return (
                    answer(step.id, f"/{step.id}", target=target, organization_seen="acme"),
                    "passed",
                    "",
                )

    def _refused(self, code: str, message: str) -> Observation:
        error = ErrorBody(
            code=code, type="invalid_request_error", message=self.services.body or message
        )
        return answer(
            "key",
            status=401,
            target=self.target,
            error=error,
            body=self.services.body or f'{{"error": {{"code": "{code}"}}}}',
            ms=182,
        )

    async def _save(self) -> tuple[Observation, Mark, str]:
        name = str(self.facts.get("profile_name"))
        try:
            self.services.vault._check()
        except KeyringError as problem:
            return (
                Observation(probe="save", facts={"keyring": problem.state}),
                "failed",
                "keyring-locked",
            )
        self.services.vault.held[name] = profile(name, 0)
        return (
            Observation(
                probe="save",
                facts={"keyring": "works", "saved_as": name, "keyring_name": "a keyring in memory"},
            ),
            "passed",
            "",
        )

    def _diagnosis(self) -> Diagnosis:
        found = self.credential
        summary = (
            None
            if found is None
            else CredentialSummary(
                hint=found.secret.masked,
                kind=found.kind.id,
                kind_label=found.kind.label,
                origin=found.origin,
                fingerprint=found.secret.fingerprint,
            )
        )
        cause = CATALOGUE[self.accusation.cause] if self.accusation else None
        verdict = (
            Verdict(outcome="working", title="Everything answered", explanation="The key works.")
            if cause is None
            else Verdict(
                outcome="problem",
                cause=cause.id,
                family=cause.family,
                title=cause.title,
                explanation=cause.meaning,
                fixes=cause.fixes,
                alternatives=cause.alternatives,
                retry=Retry(),
                untested=("billing",),
            )
        )
        return Diagnosis(
            verdict=verdict,
            trail=tuple(self.records),
            target=self.target,
            credential=summary,
            started_at=NOW,
            elapsed_ms=512,
            version="0",
            facts=dict(self.facts),
        )
