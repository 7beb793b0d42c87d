"""Keys, profiles, a vault and an encrypted file for tests of the wizard; all fake, in memory."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oai_tui.domain.discovery_result import DiscoveryResult, Setting
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.credential import Credential, KeyKind, kind_of
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.profile import Profile, ProfileNotes
from oai_tui.domain.target import Origin, Target

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KEY = "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 74
OTHER_KEY = "sk-proj-" + "c" * 74 + "T3BlbkFJ" + "d" * 74
ORGANIZATION = "org-fakefakefakefakefake" + "Ab12"
ENVIRONMENT = Origin(kind="environment", name="OPENAI_API_KEY")
PASSPHRASE = "correct horse"
KINDS = (
    KeyKind(
        id="project",
        label="project key",
        role="inference",
        pattern=re.compile(r"sk-proj-.*"),
    ),
    KeyKind(
        id="unknown",
        label="unknown kind of key",
        role="unknown",
        pattern=re.compile(r"(?s).*"),
    ),
)


def credential(text: str = KEY, origin: Origin = ENVIRONMENT, **more: Any) -> Credential:
    """Return a credential with a fake key; `more` are further fields."""
    secret = Secret(text)
    return Credential(secret=secret, origin=origin, kind=kind_of(secret, KINDS), **more)


def profile(name: str = "work", days: int = 3, key: str = KEY) -> Profile:
    """Return a profile that was verified `days` ago."""
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


def discovery(
    *active: Credential,
    inactive: tuple[Credential, ...] = (),
    organization: str | None = ORGANIZATION,
) -> DiscoveryResult:
    """Return what is found on a machine with these keys and this organization."""
    if organization is None:
        return DiscoveryResult(credentials=active, inactive=inactive, target=Target())
    origin = Origin(kind="environment", name="OPENAI_ORG_ID")
    return DiscoveryResult(
        credentials=active,
        inactive=inactive,
        target=Target(organization=organization, origins={"organization": origin}),
        settings=(Setting(name="OPENAI_ORG_ID", value=organization, origin=origin),),
    )


class FakeVault:
    """Profiles by name in `saved`. Every call fails with `state` unless that is "works"."""

    backend = "a keyring in memory"

    def __init__(self, *profiles: Profile, state: str = "works") -> None:
        self.saved = {profile.name: profile for profile in profiles}
        self.state = state

    def check(self) -> None:
        """Raise KeyringError unless the vault works."""
        if self.state != "works":
            raise KeyringError(self.state, "as the test wants it")

    async def names(self) -> tuple[str, ...]:
        self.check()
        return tuple(self.saved)

    async def profiles(self) -> tuple[Profile, ...]:
        self.check()
        return tuple(self.saved.values())

    async def load(self, name: str) -> tuple[Profile, Secret]:
        self.check()
        return self.saved[name], Secret(KEY)

    async def set_notes(self, name: str, notes: ProfileNotes) -> Profile:
        self.check()
        self.saved[name] = replace(self.saved[name], notes=notes)
        return self.saved[name]

    async def rename(self, name: str, new: str) -> None:
        self.check()
        if new in self.saved:
            raise FileExistsError(new)
        self.saved[new] = replace(self.saved.pop(name), name=new)

    async def delete(self, name: str) -> None:
        self.check()
        del self.saved[name]


@dataclass(kw_only=True)
class FakeFile:
    """The encrypted file. If it `exists`, PASSPHRASE opens it."""

    exists: bool = False
    is_used: bool = False
    is_open: bool = False
    name: str = "the encrypted file ~/profiles.enc"
    path: Path = Path("/home/me/profiles.enc")
