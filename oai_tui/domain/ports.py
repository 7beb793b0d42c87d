"""The seams: what the core needs from the outside. Tests put fakes here and patch nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from oai_tui.domain.decision_tree import Question
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.profile import Profile, ProfileNotes, VerifiedProfile
from oai_tui.domain.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a probe is given. `facts`: gathered so far. `so_far`: the diagnosis as it would stand if the walk ended here, for the probe that saves. `limit_s`: seconds after which the probe must have given up."""

    target: Target
    credential: Credential | None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    so_far: Diagnosis | None = None
    limit_s: float = 10.0


class Probes(Protocol):
    """Runs a probe by name. Failures of the outside world are Observations; an exception is a bug, which the walk turns into one."""

    async def run(self, name: str, call: Call) -> Observation: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the person said: the option's id, and the text typed with it."""

    option: str
    text: str = ""


class Ask(Protocol):
    """Puts a question to the person, or answers it out of flags."""

    async def __call__(self, question: Question, facts: Mapping[str, Fact]) -> Answer: ...


class Clock(Protocol):
    """Wall clock in UTC and a steady clock in seconds."""

    def now(self) -> datetime: ...

    def steady(self) -> float: ...


class Entries(Protocol):
    """A keyring as a small table of texts. Blocking; any method may raise KeyringProblem; `get` gives None for an absent entry and `delete` of an absent entry does nothing.

    `put` takes the text itself: the vault alone turns a Secret into text, so that no store needs to. `name` never blocks.
    """

    @property
    def name(self) -> str: ...

    def get(self, service: str, user: str) -> Secret | None: ...

    def put(self, service: str, user: str, text: str) -> None: ...

    def delete(self, service: str, user: str) -> None: ...


class Vault(Protocol):
    """Profiles in a keyring. Every method keeps a deadline whatever the back end does, and raises KeyringProblem when the keyring fails, KeyError when the profile is not there."""

    @property
    def backend(self) -> str: ...

    async def names(self) -> tuple[str, ...]: ...

    async def profiles(self) -> tuple[Profile, ...]: ...

    async def load(self, name: str) -> tuple[Profile, Secret]: ...

    async def save(self, verified: VerifiedProfile) -> Profile: ...

    async def set_notes(self, name: str, notes: ProfileNotes) -> Profile: ...

    async def rename(self, name: str, new: str) -> None: ...

    async def indexed(self) -> tuple[str, ...]: ...

    async def delete(self, name: str) -> None: ...
