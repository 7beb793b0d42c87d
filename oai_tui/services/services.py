"""The interface that commands and screens call; built by services/build.py."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from oai_tui import __version__
from oai_tui.credentials.sources.discovery import ACTIVE_SOURCES, INACTIVE_SOURCES, discover
from oai_tui.credentials.sources.dotenv import reading_of
from oai_tui.diagnosis.text.unknown_secrets import without_secrets
from oai_tui.diagnosis.walk import WalkState, walk
from oai_tui.domain.cause import Catalogue
from oai_tui.domain.decision_tree import Tree
from oai_tui.domain.diagnosis import StepRecord
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.endpoints import Endpoint, ScopeResult, scope_result
from oai_tui.domain.events import Ended, Event
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.credential import Credential, kind_of
from oai_tui.domain.keys.redaction import Redactor, unescape_key_characters
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.owner_view import OwnerView, SurveyPlan
from oai_tui.domain.ports import Ask, Call, Clock, WalkPorts
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import policy_of
from oai_tui.domain.target import Change, Origin, Target
from oai_tui.knowledge import links
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.endpoints import ENDPOINTS
from oai_tui.knowledge.intercepting_issuers import INTERCEPTING_ISSUERS
from oai_tui.knowledge.key_repairs import advice_for
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.knowledge.responders import RESPONDERS
from oai_tui.knowledge.tree import TREE
from oai_tui.services.explain_text import explain_text
from oai_tui.services.fixes import AppliedFix, apply_fix, with_fixes_at_origin
from oai_tui.services.one_run import OneRun
from oai_tui.services.profile_store import Mode, ProfileStore

if TYPE_CHECKING:
    from oai_tui.credentials.store.memory import MemoryEntries
    from oai_tui.probes.http_client import HttpClient, Transport
    from oai_tui.probes.model_list import ListedModel
    from oai_tui.probes.network.network_environment import NetworkEnvironment
    from oai_tui.probes.owner import OwnerSurvey
    from oai_tui.probes.registry import ProbeRegistry
    from oai_tui.simulator.scenario import Scenario
    from oai_tui.simulator.simulator import Simulator


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The dependencies of one run.

    sources: the names of the credential sources that are read.
    network: the resolver, proxies and trust stores; None for this machine's.
    transport: replaces the real HTTP transport.
    new_id: replaces the random client request ids.
    simulator: set in the demo only, as all fields below.
    keyring: the demo's keyring, in memory.
    model: the model that the simulated person wants.
    dotenv: the text of the simulated person's .env file.
    rotation_days: the setting of that name in the settings file; None if it has none.
    """

    mode: Mode
    env: Mapping[str, str]
    clock: Clock
    sources: tuple[str, ...] = (*ACTIVE_SOURCES, *INACTIVE_SOURCES)
    network: "NetworkEnvironment | None" = None
    transport: "Transport | None" = None
    new_id: Callable[[], str] | None = None
    simulator: "Simulator | None" = None
    keyring: "MemoryEntries | None" = None
    model: str | None = None
    dotenv: str = ""
    rotation_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPlan:
    """The input of one walk.

    start: the id of the first step; None for the first step of the tree.
    before: records of earlier walks to keep.
    only: the stages asked for; empty for all.
    facts: facts that are known already.
    timeout_s: seconds for the whole walk; None for no limit other than that of each probe.
    """

    target: Target
    credential: Credential | None
    start: str | None = None
    before: tuple[StepRecord, ...] = ()
    only: frozenset[str] = frozenset()
    facts: Mapping[str, Fact] | None = None
    timeout_s: float | None = None


class Services:
    """Discovery, walks, fixes, explanations and profiles over one Environment.

    All walks share one HTTP client, which the caller closes with `aclose`.

    profiles: the saved profiles.
    """

    def __init__(
        self, environment: Environment, profiles: ProfileStore, run: OneRun | None = None
    ) -> None:
        """run: what these services share with others; None if they share nothing."""
        self.environment = environment
        self.profiles = profiles
        self._run = run
        self.tree: Tree = TREE
        self.catalogue: Catalogue = CATALOGUE
        self._http: HttpClient | None = None
        self._probes: ProbeRegistry | None = None
        self._known: dict[Secret, None] = {}

    @property
    def mode(self) -> Mode:
        """Return "real" or "demo"."""
        return self.environment.mode

    @property
    def env(self) -> Mapping[str, str]:
        """Return the environment variables of this run."""
        return self.environment.env

    @property
    def clock(self) -> Clock:
        """Return the clock of this run."""
        return self.environment.clock

    @property
    def scenario(self) -> "Scenario | None":
        """Return the scenario of the demo; None in a real run."""
        simulator = self.environment.simulator
        return simulator.scenario if simulator else None

    @property
    def rotate_days(self) -> int:
        """Return the days after which a key is due for rotation; 0 for never."""
        return policy_of(self.env, self.environment.rotation_days)

    def use_rotation_days(self, days: int) -> None:
        """Use a new value of the setting rotation_days from now on."""
        self.environment = replace(self.environment, rotation_days=days)

    def clone_with_own_connections(self) -> "Services":
        """Return services with the same environment and profiles and their own HTTP client."""
        return Services(self.environment, self.profiles, self._run)

    def for_one_run(self) -> "Services":
        """Return services for one run of checks, which find the keys of this machine once.

        Their clones share with them what was found. Another run needs services of its own.
        """
        return Services(self.environment, self.profiles, self._new_run())

    def _new_run(self) -> OneRun:
        return OneRun(partial(_discover, self.environment))

    def discover(
        self, folder: Path | None = None, *, opt_in: tuple[str, ...] = ()
    ) -> DiscoveryResult:
        """Find the keys and settings of this machine, without the keyring.

        Reads the environment, .env files from `folder` (the working folder by default) upwards,
        shell startup files, and the stores of the programs named in `opt_in`.
        """
        run = self._run or self._new_run()
        discovered = run.discover(folder or Path(), opt_in)
        found = (*discovered.credentials, *discovered.inactive)
        self._known |= dict.fromkeys(credential.secret for credential in found)
        model = self.environment.model
        if model is None:
            return discovered
        return replace(discovered, target=replace(discovered.target, model=model))

    def credential(self, secret: Secret, origin: Origin) -> Credential:
        """Return a key with its origin and kind."""
        self._known[secret] = None
        return Credential(secret=secret, origin=origin, kind=kind_of(secret, KEY_KINDS))

    async def load_profile(self, name: str) -> tuple[Target, Credential]:
        """Return a profile's target and key. Raises what ProfileStore.load raises."""
        profile, secret = await self.profiles.load(name)
        return profile.target, self.credential(secret, Origin(kind="keyring", name=name))

    async def saved_profiles(self) -> tuple[Profile, ...]:
        """Return all saved profiles; KeyringError when the store fails."""
        return await self.profiles.profiles()

    async def walk(self, plan: WalkPlan, ask: Ask) -> AsyncGenerator[Event, None]:
        """Walk the tree and yield its events; `ask` answers its questions."""
        if plan.credential is not None:
            self._known[plan.credential.secret] = None
        ends_at = None if plan.timeout_s is None else self.clock.steady() + plan.timeout_s
        state = WalkState(
            target=plan.target,
            credential=plan.credential,
            version=__version__,
            only=plan.only,
            ends_at=ends_at,
            facts=dict(plan.facts or {}),
            records=list(plan.before),
        )
        ports = WalkPorts(
            probes=self._registry(),
            ask=ask,
            save=self.profiles.save_observation,
            clock=self.clock,
        )
        events = walk(self.tree, self.catalogue, state, ports, plan.start)
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Ended):
                    diagnosis = with_fixes_at_origin(event.diagnosis, plan.credential)
                    event = replace(event, diagnosis=diagnosis)
                yield event

    def apply_fix(
        self,
        change: Change,
        target: Target,
        credential: Credential | None,
        facts: Mapping[str, Fact],
    ) -> AppliedFix:
        """Apply a fix for this run; nothing outside this run is changed."""
        return apply_fix(change, target, credential, facts)

    def redactor(self) -> Callable[[str], str]:
        """Return a function that removes secrets from a text from outside.

        It removes the keys found on this machine and those typed in this run, in any spelling, and
        anything shaped like a key, a token, a password in a URL or an e-mail address.
        """
        redact = Redactor(self._secrets())
        return lambda text: without_secrets(redact(unescape_key_characters(text)))

    def known_secrets(self) -> tuple[Secret, ...]:
        """Return every key that was found, typed, loaded or checked so far, to hide it."""
        return tuple(self._known)

    def explain(self, text: str) -> tuple[FailureReport, ...]:
        """Return a verdict for each failure in a pasted text; sends nothing.

        Takes about a second for the longest text; may run in any thread.
        """
        return explain_text(text, now=self.clock.now().timestamp(), secrets=self._secrets())

    def sample_output(self) -> str:
        """Return the output of a program in the demo's scenario; "" in a real run."""
        if self.scenario is None:
            return ""
        from oai_tui.simulator.sample_output import sample_output

        return sample_output(self.scenario)

    def demo_key(self) -> Secret | None:
        """Return a key that works in the demo's scenario once it is fixed; None in a real run."""
        simulator = self.environment.simulator
        if simulator is None:
            return None
        fixed = simulator.scenario.fixed_client
        text = fixed.environment.get("OPENAI_API_KEY") if fixed is not None else None
        if text is not None:
            return Secret(text)
        today = simulator.world.today
        return next(
            (
                key.secret
                for key in simulator.world.keys
                if key.is_active and (key.expires is None or key.expires > today)
            ),
            None,
        )

    def demo_admin_key(self) -> Secret | None:
        """Return the admin key of the demo's organization; None in a real run."""
        simulator = self.environment.simulator
        if simulator is None:
            return None
        keys = (key for key in simulator.world.keys if "api.management.read" in key.scopes)
        return next((key.secret for key in keys), None)

    def demo_fix_outside(self) -> bool:
        """Apply the scenario's fix to the simulator, as a person would do outside this program.

        Return False in a real run, and for a scenario without such a fix or with one that was
        made before and takes effect by itself.
        """
        environment = self.environment
        if environment.simulator is None or environment.simulator.scenario.takes_effect_after:
            return False
        if environment.simulator.apply_fix():
            if environment.keyring is not None:
                environment.keyring.state = environment.simulator.keyring
            return True
        fixed = environment.simulator.scenario.fixed_client
        if fixed is None:
            return False
        self.environment = replace(
            environment, env=fixed.environment, model=fixed.model, dotenv=fixed.dotenv
        )
        return True

    async def status_text(self, target: Target) -> str:
        """Return what OpenAI's status page says, in a sentence.

        Sent without the key, within a few seconds. No clear answer means that the state is unknown.
        """
        observation = await self._registry().run("status", Call(target=target, credential=None))
        return " ".join(observation.notes)

    async def scopes(
        self,
        target: Target,
        credential: Credential,
        facts: Mapping[str, Fact],
        known: Mapping[str, Observation],
        endpoints: Sequence[Endpoint] = ENDPOINTS,
    ) -> AsyncGenerator[ScopeResult, None]:
        """Yield what a key may do, endpoint by endpoint; nothing is billed or created.

        The server must have been confirmed by a walk with these facts. known: the names of
        endpoints that the walk has asked already, and what it observed.
        """
        from oai_tui.probes.scopes import probe_endpoint

        self._registry()
        if self._http is None:
            raise RuntimeError("the registry has no HTTP client")
        call = Call(target=target, credential=credential, facts=facts)
        for endpoint in endpoints:
            if endpoint.name in known:
                yield scope_result(endpoint, known[endpoint.name])
            else:
                yield await probe_endpoint(self._http, call, endpoint)

    def owner_survey(
        self,
        target: Target,
        credential: Credential,
        facts: Mapping[str, Fact],
        plan: SurveyPlan,
        on_progress: Callable[[OwnerView], None],
    ) -> "OwnerSurvey":
        """Return a survey of the organization of an admin key, which only reads.

        A server on this machine must have been confirmed by a walk with these facts.
        """
        from oai_tui.probes.owner import OwnerSurvey

        self._registry()
        if self._http is None:
            raise RuntimeError("the registry has no HTTP client")
        self._known[credential.secret] = None
        call = Call(target=target, credential=credential, facts=facts)
        return OwnerSurvey(self._http, call, plan, on_progress=on_progress)

    def listed_models(self) -> "tuple[ListedModel, ...] | None":
        """Return the models that the key of the last walk can list; None if it was not asked."""
        return self._probes.model_list.listed if self._probes is not None else None

    async def aclose(self) -> None:
        """Close every connection."""
        if self._http is not None:
            await self._http.aclose()

    def _secrets(self) -> tuple[Secret, ...]:
        self.discover()
        return self.known_secrets()

    def _registry(self) -> "ProbeRegistry":
        """Return the probes; created on first use because they import httpx."""
        if self._probes is None:
            from oai_tui.knowledge import models
            from oai_tui.probes.http_client import HttpClient
            from oai_tui.probes.models import ModelTable
            from oai_tui.probes.registry import ProbeRegistry

            network = self.environment.network or self._default_network()
            run = self._run or self._new_run()
            self._http = HttpClient(
                RESPONDERS,
                transport=self.environment.transport,
                new_id=self.environment.new_id,
                proxy_of=lambda url: network.proxy_of(url).url,
                now=lambda: self.clock.now().timestamp(),
                known=self.known_secrets,
                shared=run.http_parts,
            )
            self._probes = ProbeRegistry(
                http=self._http,
                models=ModelTable(
                    preferred=models.PREFERRED,
                    cheap=models.CHEAP_WORDS,
                    not_text=models.NOT_TEXT,
                    shutdown=models.SHUTDOWN,
                ),
                environment=network,
                today=self.clock.now().date().isoformat(),
                now=lambda: self.clock.now().timestamp(),
                advise=repair_facts,
            )
        return self._probes

    def _default_network(self) -> "NetworkEnvironment":
        """Return the network of this process; in the demo, proxies of the simulated environment."""
        from oai_tui.probes.network.network_environment import (
            NetworkEnvironment,
            system_choice,
            system_has_route,
        )
        from oai_tui.probes.network.proxies import choice_of

        proxy_of = system_choice if self.mode == "real" else lambda url: choice_of(url, self.env)
        simulator = self.environment.simulator
        has_route = system_has_route
        if simulator is not None:
            has_route = lambda: simulator.fault != "unreachable"  # noqa: E731  one of two functions
        return NetworkEnvironment(
            has_route=has_route,
            env=lambda: self.env,
            proxy_of=proxy_of,
            issuers=INTERCEPTING_ISSUERS,
            status_url=links.STATUS,
        )


def _discover(environment: Environment, folder: Path, opt_in: tuple[str, ...]) -> DiscoveryResult:
    dotenv = environment.dotenv
    return discover(
        environment.env,
        folder,
        KEY_KINDS,
        sources=(*environment.sources, *opt_in),
        more=(reading_of(dotenv, environment.env),) if dotenv else (),
    )


def repair_facts(credential: Credential) -> Mapping[str, Fact]:
    """Return the facts key_how (what damages keys so) and key_repair_command; may be empty."""
    advice = advice_for([defect.id for defect in credential.defects], credential.origin)
    if advice is None:
        return {}
    return {"key_how": advice.how, "key_repair_command": advice.command}
