"""Puts the rooms together: the only module that knows every one of them. `real_services` for the world, `demo_services` for the simulator.

Importing it is cheap: httpx, keyring and the simulator are imported when they are first needed.
"""

import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Literal

from oai_tui import __version__
from oai_tui.credentials.sources.discovery import ACTIVE_SOURCES, INACTIVE_SOURCES, discover
from oai_tui.credentials.sources.dotenv import reading_of
from oai_tui.diagnosis.text import unescape_key_characters
from oai_tui.diagnosis.text.unknown_secrets import without_secrets
from oai_tui.diagnosis.verdict import fill_template
from oai_tui.diagnosis.walk import WalkState, apply_change, walk
from oai_tui.domain.cause import Catalogue
from oai_tui.domain.decision_tree import Tree
from oai_tui.domain.diagnosis import StepRecord
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.events import Event
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.credential import Credential, kind_of
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Ask, Call, Clock, Vault
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import policy_of
from oai_tui.domain.target import Change, ChangeKind, Origin, Target
from oai_tui.knowledge import links
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.intercepting_issuers import INTERCEPTING_ISSUERS
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.knowledge.permanent_fixes import LINES, SettingPlace
from oai_tui.knowledge.responders import RESPONDERS
from oai_tui.knowledge.tree import TREE
from oai_tui.services.explain_text import explain_text as explain_text
from oai_tui.services.profile_store import ProfileStore, repair_facts

if TYPE_CHECKING:
    from oai_tui.credentials.store.encrypted_file import FileEntries
    from oai_tui.credentials.store.memory import MemoryEntries
    from oai_tui.probes.http_client import HttpClient, Transport
    from oai_tui.probes.network.network_environment import NetworkEnvironment
    from oai_tui.probes.registry import ProbeRegistry
    from oai_tui.simulator.scenario import ClientSetup, Scenario
    from oai_tui.simulator.simulator import Simulator

Mode = Literal["real", "demo"]

RESTART_STEP: dict[ChangeKind, str] = {
    "unset-organization": "key",
    "unset-project": "key",
    "use-base-url": "settings",
    "use-cleaned-key": "credential",
    "use-model": "model",
    "use-other-key": "credential",
    "skip-proxy": "reach",
}
"""The step from which to walk again after a change: the first whose answer it can alter."""
_FIELD: dict[ChangeKind, str] = {
    "unset-organization": "organization",
    "unset-project": "project",
    "use-base-url": "base_url",
    "use-model": "model",
}


@dataclass(frozen=True, slots=True)
class SystemClock:
    """This machine's clocks."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class PermanentFix:
    """One exact line that makes a change permanent, and where it belongs."""

    where: SettingPlace
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedFix:
    """A fix carried out for this run: what to walk with, from which step, and how to make it permanent (the place that set the old value first)."""

    target: Target
    credential: Credential | None
    restart: str
    permanent: tuple[PermanentFix, ...]


class Services(ProfileStore):
    """Everything a face needs. Build it with `real_services` or `demo_services`; close it with `aclose`."""

    def __init__(
        self,
        *,
        mode: Mode,
        env: Mapping[str, str],
        vault: Vault,
        clock: Clock,
        transport: "Transport | None" = None,
        new_id: Callable[[], str] | None = None,
        sources: tuple[str, ...] = (*ACTIVE_SOURCES, *INACTIVE_SOURCES),
        model: str | None = None,
        simulator: "Simulator | None" = None,
        entries: "MemoryEntries | None" = None,
        dotenv: str = "",
        ground: "NetworkEnvironment | None" = None,
        file: "FileEntries | None" = None,
    ) -> None:
        self.mode: Mode = mode
        self.tree: Tree = TREE
        self.catalogue: Catalogue = CATALOGUE
        self.vault = vault
        self.file = file
        self.clock = clock
        self._env = env
        self._transport = transport
        self._new_id = new_id
        self._sources = sources
        self._model = model
        self._dotenv = dotenv
        self._simulator = simulator
        self._entries = entries
        self._ground = ground
        self._wire: HttpClient | None = None
        self._probes: ProbeRegistry | None = None

    @property
    def scenario(self) -> "Scenario | None":
        """The scenario of the demo, None in the real world."""
        return self._simulator.scenario if self._simulator else None

    def discover(
        self, folder: Path | None = None, *, asked: tuple[str, ...] = ()
    ) -> DiscoveryResult:
        """The keys and settings of the environment and of .env files from `folder` upwards, and what start files hold. `asked`: other programs whose stores to read too. Quick; touches no keyring."""
        found = discover(
            self._env,
            folder or Path.cwd(),
            KEY_KINDS,
            sources=(*self._sources, *asked),
            more=(reading_of(self._dotenv, self._env),) if self._dotenv else (),
        )
        return (
            replace(found, target=replace(found.target, model=self._model))
            if self._model
            else found
        )

    async def saved_profiles(self) -> tuple[Profile, ...]:
        """All profiles of the keyring; KeyringProblem when it fails."""
        return await self.vault.profiles()

    async def load_profile(self, name: str) -> tuple[Target, Credential]:
        """A profile's target and key; KeyError when there is none of that name, KeyringProblem when the keyring fails."""
        profile, secret = await self.vault.load(name)
        return profile.target, self.credential(secret, Origin(kind="keyring", name=name))

    async def variables(self, name: str, env: Mapping[str, str]) -> dict[str, str | None]:
        """What a program needs to run as a profile: variable -> value, None for one that must not be there. `env`: what it would have got. Raises what `load_profile` raises. For the program's environment alone."""
        from oai_tui.credentials.store.vault import variables_of

        profile, secret = await self.vault.load(name)
        return variables_of(profile.target, secret, env)

    @property
    def rotate_days(self) -> int:
        """Days after which a key is due for rotation, 0 for never."""
        return policy_of(self._env)

    def clone_with_own_connections(self) -> "Services":
        """Services over the same world with connections of their own, for a walk beside others."""
        return Services(
            mode=self.mode,
            env=self._env,
            vault=self.vault,
            clock=self.clock,
            transport=self._transport,
            new_id=self._new_id,
            sources=self._sources,
            model=self._model,
            simulator=self._simulator,
            entries=self._entries,
            dotenv=self._dotenv,
        )

    def credential(self, secret: Secret, origin: Origin) -> Credential:
        """A key with its kind, however it came in."""
        return Credential(secret=secret, origin=origin, kind=kind_of(secret, KEY_KINDS))

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
        """Walk the tree and yield its events. `timeout_s`: seconds after which the whole walk must be over, None for no limit but each probe's own."""
        ends_at = None if timeout_s is None else self.clock.steady() + timeout_s
        case = WalkState(
            target=target,
            credential=credential,
            version=__version__,
            only=only,
            ends_at=ends_at,
            facts=dict(facts or {}),
            records=list(before),
        )
        async with aclosing(
            walk(self.tree, self.catalogue, case, self._registry(), ask, self.clock, start)
        ) as events:
            async for event in events:
                yield event

    def apply_fix(
        self,
        change: Change,
        target: Target,
        credential: Credential | None,
        facts: Mapping[str, Fact],
    ) -> AppliedFix:
        """Carry a fix out for this run; nothing outside this run is changed."""
        new_target, new_credential = apply_change(change, target, credential, facts)
        return AppliedFix(
            target=new_target,
            credential=new_credential,
            restart=RESTART_STEP[change.kind],
            permanent=permanent_fixes(change, target, credential, facts),
        )

    def redactor(self) -> Callable[[str], str]:
        """What takes out of a text from outside the keys that are found here now, in any spelling, and anything shaped like a key, a token, a password in a URL or an e-mail address."""
        redact = Redactor(self._secrets())
        return lambda text: without_secrets(redact(unescape_key_characters(text)))

    def explain(self, text: str) -> tuple[FailureReport, ...]:
        """The failures that a pasted text shows, each judged; nothing is asked of anybody. Takes up to a second or so for the longest text; may run in any thread."""
        return explain_text(text, now=self.clock.now().timestamp(), secrets=self._secrets())

    def sample_output(self) -> str:
        """In the demo: a text that its failure would leave behind; "" in the real world."""
        if self._simulator is None:
            return ""
        from oai_tui.simulator.sample_output import sample_output

        return sample_output(self._simulator.scenario)

    def _secrets(self) -> tuple[Secret, ...]:
        return tuple(credential.secret for credential in self.discover().credentials)

    def demo_fix_outside(self) -> bool:
        """In the demo: carry out on the simulator what a person would do outside; False in the real world and where there is nothing to cure."""
        if self._simulator is None:
            return False
        scenario = self._simulator.scenario
        if self._simulator.apply_fix():
            if self._entries is not None:
                self._entries.state = self._simulator.keyring
            return True
        if scenario.fixed_client is None:
            return False
        self._env, self._model, self._dotenv = (
            scenario.fixed_client.environment,
            scenario.fixed_client.model,
            scenario.fixed_client.dotenv,
        )
        return True

    async def status_text(self, target: Target) -> str:
        """What OpenAI's status page says, in a sentence: asked because a person wants to know, without the key, for a few seconds at most. No clear answer means that the state is not known."""
        seen = await self._registry().run("status", Call(target=target, credential=None))
        return " ".join(seen.notes)

    async def aclose(self) -> None:
        """Close every connection."""
        if self._wire is not None:
            await self._wire.aclose()

    def _registry(self) -> "ProbeRegistry":
        """The probes over one wire, so that all walks of this run share its connections."""
        if self._probes is None:
            from oai_tui.knowledge import models
            from oai_tui.probes.http_client import HttpClient
            from oai_tui.probes.models import ModelTable
            from oai_tui.probes.registry import ProbeRegistry

            table = ModelTable(
                preferred=models.PREFERRED,
                cheap=models.CHEAP_WORDS,
                not_text=models.NOT_TEXT,
                shutdown=models.SHUTDOWN,
            )
            ground = self._ground or self._own_ground()
            self._wire = self._wire or HttpClient(
                RESPONDERS,
                transport=self._transport,
                new_id=self._new_id,
                proxy_of=lambda url: ground.proxy_of(url).url,
                now=lambda: self.clock.now().timestamp(),
            )
            self._probes = ProbeRegistry(
                wire=self._wire,
                vault=self.vault,
                models=table,
                ground=ground,
                today=self.clock.now().date().isoformat(),
                now=lambda: self.clock.now().timestamp(),
                advise=repair_facts,
                advise_keyring=self.keyring_facts,
            )
        return self._probes

    def _own_ground(self) -> "NetworkEnvironment":
        """This process's resolver, stores and proxies; in the demo the patient's proxies."""
        from oai_tui.probes.network.network_environment import NetworkEnvironment, system_choice
        from oai_tui.probes.network.proxies import choice_of

        proxy_of = system_choice if self.mode == "real" else lambda url: choice_of(url, self._env)
        return NetworkEnvironment(
            env=lambda: self._env,
            proxy_of=proxy_of,
            issuers=INTERCEPTING_ISSUERS,
            status_url=links.STATUS,
        )


def permanent_fixes(
    change: Change, target: Target, credential: Credential | None, facts: Mapping[str, Fact]
) -> tuple[PermanentFix, ...]:
    """The lines that make a change permanent, those for the place that set the old value first, without repetition."""
    origin = (
        credential.origin
        if change.kind in {"use-cleaned-key", "use-other-key"} and credential
        else target.origin(_FIELD.get(change.kind, ""))
    )
    file, _, line = origin.place.rpartition(":")
    value = str(facts.get(change.fact, "")) if change.fact else ""
    words = {
        "value": value,
        "quoted": quote(value) if value else "",
        "literal": json.dumps(value) if value else "",
        "file": quote(file) if file else "",
        "line": line,
        "profile": origin.name if origin.kind == "keyring" else "NAME",
    }
    own = [entry for entry in LINES if entry.change == change.kind and entry.origin == origin.kind]
    rest = [
        entry
        for entry in LINES
        if entry.change == change.kind
        and entry.origin is None
        and entry.where not in {o.where for o in own}
    ]
    filled = [(entry.where, fill_template(entry.text, words)) for entry in [*own, *rest]]
    return tuple(PermanentFix(where=where, text=text) for where, text in filled if text is not None)


def real_services(*, env: Mapping[str, str] | None = None) -> Services:
    """Services over this machine's environment (or the one given), keyring and network. Profiles are where OAI_TUI_STORE says: keyring (also when it is not set), file, or file:PATH."""
    from oai_tui.credentials.store.selection import select_store

    env = os.environ if env is None else env
    vault, file = select_store(env, sys.platform)
    return Services(mode="real", env=env, vault=vault, clock=SystemClock(), file=file)


def real_vault(*, may_prompt: bool = True) -> Vault:
    """The profiles alone, where OAI_TUI_STORE says. `may_prompt`: whether the keyring may ask somebody to unlock it."""
    from oai_tui.credentials.store.selection import select_store

    return select_store(os.environ, sys.platform, may_prompt=may_prompt)[0]


def demo_services(scenario_id: str, *, pace_s: float = 0.0, clock: Clock | None = None) -> Services:
    """Services over the simulator, with a keyring in memory. `pace_s`: seconds that each simulated request takes. KeyError for an unknown scenario."""
    from oai_tui.credentials.store.memory import MemoryEntries
    from oai_tui.credentials.store.vault import KeyringVault
    from oai_tui.simulator.scenarios import scenario
    from oai_tui.simulator.simulator import Simulator
    from oai_tui.simulator.transport import SimulatorTransport

    clock = clock or SystemClock()
    simulator = Simulator(scenario(scenario_id), now=clock.now)
    entries = MemoryEntries(state=simulator.keyring)
    numbers = count(1)
    patient: ClientSetup = simulator.scenario.client
    return Services(
        mode="demo",
        env=patient.environment,
        vault=KeyringVault(entries),
        clock=clock,
        transport=SimulatorTransport(simulator, pace_s),
        new_id=lambda: f"demo-{next(numbers):04d}",
        sources=("environment",),
        model=patient.model,
        simulator=simulator,
        entries=entries,
        dotenv=patient.dotenv,
    )
