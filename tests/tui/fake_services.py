"""Scripted services, so that screens can be tested without a network or a keyring."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import cast

from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.events import Event
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.credential import Credential, kind_of
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer, Ask
from oai_tui.domain.profile import Profile, ProfileNotes
from oai_tui.domain.target import Change, Origin, Target
from oai_tui.knowledge.keyring_advice import KeyringStep, next_step, state_sentence
from oai_tui.services.services import Services, WalkPlan
from oai_tui.tui.app import OaiTui
from tests.tui.fakes import (
    KEY,
    KINDS,
    NOW,
    OTHER_KEY,
    PASSPHRASE,
    FakeFile,
    FakeVault,
    credential,
    discovery,
)
from tests.tui.sample_tree import CATALOGUE, TREE
from tests.tui.scripted_walk import ScriptedApi, ScriptedWalk

_USUAL_API = ScriptedApi()


@dataclass(frozen=True)
class FakeAppliedFix:
    """A result of `FakeServices.apply_fix`, in the shape of `AppliedFix`."""

    target: Target
    credential: Credential | None
    restart: str
    permanent: tuple["FakePermanentFix", ...]


@dataclass(frozen=True)
class FakePermanentFix:
    """A line that makes a change permanent."""

    where: str
    text: str


def _no_failures(text: str) -> tuple[FailureReport, ...]:
    return ()


class FakeProfileStore:
    """The profile store over a fake vault and a fake encrypted file."""

    def __init__(self, vault: FakeVault, file: FakeFile | None) -> None:
        self._vault = vault
        self.file = file
        self.passphrases: list[Secret] = []
        """Every passphrase that opened the encrypted file."""
        self.default: str | None = None

    def choose_default(self, name: str | None) -> None:
        self.default = name

    @property
    def backend(self) -> str:
        return self._vault.backend

    @property
    def uses_file(self) -> bool:
        return self.file is not None and self.file.is_used

    def next_step(self, state: str) -> KeyringStep:
        return next_step(
            state, "desktop", file=self.file.path if self.file and self.uses_file else None
        )

    def state_message(self, state: str) -> str:
        return state_sentence(state, file=self.uses_file)

    def error_text(self, error: KeyringError) -> str:
        step = self.next_step(error.state)
        return f"{self.state_message(error.state)}\n{step.text}\n\n{step.command}"

    async def unlock_file(self, passphrase: Secret) -> None:
        assert self.file is not None
        if self.file.exists and passphrase != Secret(PASSPHRASE):
            raise KeyringError("locked", "wrong passphrase for ~/profiles.enc")
        self.passphrases.append(passphrase)
        self.file.is_used = self.file.is_open = True
        self._vault.state = "works"

    async def names(self) -> tuple[str, ...]:
        return await self._vault.names()

    async def load(self, name: str) -> tuple[Profile, Secret]:
        return await self._vault.load(name)

    async def profiles(self) -> tuple[Profile, ...]:
        return await self._vault.profiles()

    async def set_notes(self, name: str, notes: ProfileNotes) -> Profile:
        return await self._vault.set_notes(name, notes)

    async def rename(self, name: str, new: str) -> None:
        await self._vault.rename(name, new)

    async def delete(self, name: str) -> None:
        await self._vault.delete(name)


class FakeServices:
    """Services of a machine with these keys, and with an organization that is not theirs.

    `explained` returns the failures in a pasted text.
    """

    tree, catalogue = TREE, CATALOGUE
    scenario = None
    environment = SimpleNamespace(simulator=None, keyring=None)
    rotate_days = 90

    def __init__(
        self,
        *keys: Credential,
        mode: str = "real",
        vault: FakeVault | None = None,
        api: ScriptedApi = _USUAL_API,
        file: FakeFile | None = None,
        inactive: tuple[Credential, ...] = (),
        explained: Callable[[str], tuple[FailureReport, ...]] = _no_failures,
    ) -> None:
        self.mode = mode
        self.vault = vault or FakeVault()
        self.api = api
        self.profiles = FakeProfileStore(self.vault, file)
        self.explained = explained
        self.discovered = discovery(*keys, inactive=inactive)
        self.walks: list[tuple[str | None, Target]] = []
        """The step and the target of every walk."""
        self.answers: list[Answer] = []
        """Every answer to a question of a walk."""
        self.was_fixed_outside = False
        self.is_closed = False

    def use_rotation_days(self, days: int) -> None:
        self.rotate_days = days

    async def status_text(self, target: Target) -> str:
        return "OpenAI's status page reports no incident."

    def discover(self, *, opt_in: tuple[str, ...] = ()) -> DiscoveryResult:
        if not opt_in:
            return self.discovered
        origin = Origin(kind="program", name=opt_in[0], place="~/.codex/auth.json")
        of_program = credential(OTHER_KEY, origin)
        return replace(self.discovered, inactive=(*self.discovered.inactive, of_program))

    async def saved_profiles(self) -> tuple[Profile, ...]:
        return await self.vault.profiles()

    async def load_profile(self, name: str) -> tuple[Target, Credential]:
        saved, _ = await self.vault.load(name)
        return saved.target, credential(KEY, Origin(kind="keyring", name=name))

    def credential(self, secret: Secret, origin: Origin) -> Credential:
        return Credential(secret=secret, origin=origin, kind=kind_of(secret, KINDS))

    def redactor(self) -> Callable[[str], str]:
        return Redactor(key.secret for key in self.discovered.credentials)

    def explain(self, text: str) -> tuple[FailureReport, ...]:
        return self.explained(self.redactor()(text))

    def sample_output(self) -> str:
        return "" if self.mode == "real" else "a sample"

    def apply_fix(
        self,
        change: Change,
        target: Target,
        key: Credential | None,
        facts: Mapping[str, Fact],
    ) -> FakeAppliedFix:
        return FakeAppliedFix(
            target=target.changed(change, facts),
            credential=key,
            restart="key",
            permanent=(
                FakePermanentFix("shell", "unset OPENAI_ORG_ID"),
                FakePermanentFix("code", "client = OpenAI(organization=None)"),
            ),
        )

    def demo_key(self) -> Secret | None:
        return Secret(OTHER_KEY) if self.mode == "demo" else None

    def demo_fix_outside(self) -> bool:
        """Remove the organization in the demo. Return True if that was done."""
        self.was_fixed_outside = self.mode == "demo"
        if self.was_fixed_outside:
            self.discovered = discovery(*self.discovered.credentials, organization=None)
        return self.was_fixed_outside

    async def aclose(self) -> None:
        self.is_closed = True

    async def walk(self, plan: WalkPlan, ask: Ask) -> AsyncGenerator[Event, None]:
        self.walks.append((plan.start, plan.target))
        walk = ScriptedWalk(
            api=self.api,
            vault=self.vault,
            target=plan.target,
            credential=plan.credential,
            ask=ask,
            answers=self.answers,
            records=list(plan.before),
            facts=dict(plan.facts or {}),
        )
        async for event in walk.events(plan.start or "credential"):
            yield event


def as_services(fake: object) -> Services:
    """Return fake services in the type that the wizard declares."""
    return cast(Services, fake)


def wizard(services: FakeServices) -> OaiTui:
    """Return the wizard over fake services, at the time NOW."""
    return OaiTui(as_services(services), now=lambda: NOW, quiet_s=0)
