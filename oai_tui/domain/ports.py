"""Protocols that the core depends on: probes, user prompts, clock, profile store.

Tests implement them with fakes and patch nothing.
"""

from collections.abc import AsyncIterator, Mapping
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
    """The input of a probe.

    `facts`: those gathered up to now.
    `limit_s`: seconds within which the probe must return.
    """

    target: Target
    credential: Credential | None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    limit_s: float = 10.0


class Probes(Protocol):
    """Runs a probe by name.

    Failures of the outside world are Observations. An exception is a bug, which the walk turns into
    an Observation too.
    """

    async def run(self, name: str, call: Call) -> Observation: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The user's answer: the id of the option, and the text typed with it."""

    option: str
    text: str = ""


class Ask(Protocol):
    """Asks the user; the command line answers from its options instead."""

    async def __call__(self, question: Question, facts: Mapping[str, Fact]) -> Answer: ...


class SaveProfile(Protocol):
    """Saves a verified key under a name; the outcome is an observation with the fact "keyring"."""

    async def __call__(
        self, name: str, diagnosis: Diagnosis, credential: Credential
    ) -> Observation: ...


class Clock(Protocol):
    """A wall clock in UTC, and a monotonic clock in seconds."""

    def now(self) -> datetime: ...

    def steady(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkPorts:
    """What a walk needs from the outside."""

    probes: Probes
    ask: Ask
    save: SaveProfile
    clock: Clock


class Entries(Protocol):
    """A keyring as a small table of texts. The methods block and may raise KeyringError.

    `get` returns None for an entry that is missing; `delete` then does nothing.
    `put` takes the text itself, because only the vault turns a Secret into text.
    `name`: what the back end is called; never blocks.
    """

    @property
    def name(self) -> str: ...

    def get(self, service: str, user: str) -> Secret | None: ...

    def put(self, service: str, user: str, text: str) -> None: ...

    def delete(self, service: str, user: str) -> None: ...


class Vault(Protocol):
    """Profiles in a keyring.

    Every method returns within a deadline, whatever the back end does. KeyringError if the keyring
    fails, KeyError if there is no such profile.
    """

    @property
    def backend(self) -> str: ...

    @property
    def calls_answered(self) -> int:
        """How often the keyring has answered; shows the progress of a long read."""
        ...

    async def names(self) -> tuple[str, ...]: ...

    async def profiles(self) -> tuple[Profile, ...]: ...

    async def load(self, name: str) -> tuple[Profile, Secret]: ...

    def load_all(self) -> AsyncIterator[tuple[Profile, Secret]]: ...

    async def save(self, verified: VerifiedProfile) -> Profile: ...

    async def save_reverified(self, verified: VerifiedProfile) -> Profile | None:
        """Save a new check of a saved profile; None if it has another key by now, or no key."""
        ...

    async def save_refusal(
        self, name: str, key: Secret, refused_at: datetime, refused_for: str
    ) -> Profile | None:
        """Note that this key was refused; None if the profile has another key, or no proof."""
        ...

    async def set_notes(self, name: str, notes: ProfileNotes) -> Profile: ...

    async def rename(self, name: str, new: str) -> None: ...

    async def indexed(self) -> tuple[str, ...]: ...

    async def delete(self, name: str) -> None: ...
