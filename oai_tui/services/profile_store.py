"""The profile store of this run (OS keyring or encrypted file), and the advice when it fails."""

import os
import platform
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Literal

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Vault
from oai_tui.domain.profile import Profile, ProfileNotes, VerifiedProfile
from oai_tui.knowledge.keyring_advice import KeyringStep, next_step, state_sentence
from oai_tui.system.deadline import run_with_deadline
from oai_tui.system.machine import machine_of

if TYPE_CHECKING:
    from oai_tui.credentials.store.encrypted_file import FileEntries
    from oai_tui.credentials.store.vault import KeyringVault

Mode = Literal["real", "demo"]


def _keyring_program() -> str:
    """Return how to call keyring's command: pipx and uv don't put it on PATH."""
    if sys.platform == "win32" or shutil.which("keyring") is not None:
        return "keyring"
    return f"{quote(sys.executable)} -m keyring"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveResult:
    """The outcome of one save: either the saved profile or the error of the keyring.

    Neither if the result of a check was not saved because the profile has changed meanwhile.
    """

    profile: Profile | None = None
    error: KeyringError | None = None


class ProfileStore:
    """Reads and writes profiles in the OS keyring or in the encrypted file.

    Every method that reads or writes has the deadline of the vault, and raises KeyringError when
    the store fails and KeyError for a profile that does not exist.

    file: the encrypted file; None in the demo, and without a home folder.
    has_bad_setting: OAI_TUI_STORE names no store.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        mode: Mode,
        env: Mapping[str, str],
        file: "FileEntries | None" = None,
        has_bad_setting: bool = False,
    ) -> None:
        self._vault = vault
        self._mode = mode
        self._env = env
        self.file = file
        self._has_bad_setting = has_bad_setting
        self._demo_default: str | None = None

    @property
    def backend(self) -> str:
        """Return the name of the back end, as its users know it; may be empty."""
        return self._vault.backend

    @property
    def calls_answered(self) -> int:
        """Return how often the store has answered; shows the progress of a long read."""
        return self._vault.calls_answered

    @property
    def uses_file(self) -> bool:
        """Return True if profiles are saved in the encrypted file."""
        return self.file is not None and self.file.is_used

    @property
    def uses_keyring(self) -> bool:
        """Return True if profiles are saved in the OS keyring."""
        return not self.uses_file and not self._has_bad_setting

    async def names(self) -> tuple[str, ...]:
        """Return the names of all profiles."""
        return await self._vault.names()

    async def profiles(self) -> tuple[Profile, ...]:
        """Return all profiles."""
        return await self._vault.profiles()

    async def load(self, name: str) -> tuple[Profile, Secret]:
        """Return a profile and its key."""
        return await self._vault.load(name)

    def load_all(self) -> AsyncIterator[tuple[Profile, Secret]]:
        """Yield all profiles with their keys; reads each entry once."""
        return self._vault.load_all()

    async def variables(self, name: str, env: Mapping[str, str]) -> dict[str, str | None]:
        """Return the environment variables for a program that is to use a profile.

        The key is among the values. A variable of value None has to be removed.

        env: the environment that the program would have without the profile.
        """
        from oai_tui.credentials.store.vault import variables_of

        profile, secret = await self.load(name)
        return variables_of(profile.target, secret, env)

    async def save(self, name: str, diagnosis: Diagnosis, credential: Credential) -> SaveResult:
        """Save a key that a healthy diagnosis verified; both front ends save through this method.

        A failure of the keyring is part of the result. ValueError for an unhealthy diagnosis, for
        another key than the diagnosed one, and for an invalid name.
        """
        verified = VerifiedProfile(name=name, diagnosis=diagnosis, credential=credential)
        try:
            return SaveResult(profile=await self._vault.save(verified))
        except KeyringError as error:
            return SaveResult(error=error)

    async def save_reverified(
        self, name: str, diagnosis: Diagnosis, credential: Credential
    ) -> SaveResult:
        """Save that the key of a saved profile works; much faster than `save`.

        Nothing is saved if the profile was deleted or has another key by now.
        """
        verified = VerifiedProfile(name=name, diagnosis=diagnosis, credential=credential)
        try:
            return SaveResult(profile=await self._vault.save_reverified(verified))
        except KeyringError as error:
            return SaveResult(error=error)

    async def save_refusal(self, name: str, key: Secret, diagnosis: Diagnosis) -> SaveResult:
        """Note in a saved profile when and why its key was refused; other notes stay.

        Nothing is saved if the profile was deleted or has another key by now, or no proof.
        """
        cause = diagnosis.verdict.cause or ""
        try:
            return SaveResult(
                profile=await self._vault.save_refusal(name, key, diagnosis.started_at, cause)
            )
        except KeyringError as error:
            return SaveResult(error=error)

    async def set_notes(self, name: str, notes: ProfileNotes) -> Profile:
        """Replace the notes of a profile."""
        return await self._vault.set_notes(name, notes)

    async def rename(self, name: str, new: str) -> None:
        """Rename a profile. FileExistsError when `new` is taken."""
        await self._vault.rename(name, new)

    async def delete(self, name: str) -> None:
        """Delete a profile with its key."""
        await self._vault.delete(name)

    @property
    def admin_keys(self) -> "KeyringVault":
        """Return the store as one of admin keys, which are no profiles."""
        from oai_tui.credentials.store.vault import KeyringVault

        if not isinstance(self._vault, KeyringVault):
            raise RuntimeError("this store keeps no admin keys")
        return self._vault

    async def admin_names(self) -> tuple[str, ...]:
        """Return the names of saved admin keys; none where the store keeps none."""
        from oai_tui.credentials.store.vault import KeyringVault

        return await self._vault.admin_names() if isinstance(self._vault, KeyringVault) else ()

    @property
    def default(self) -> str | None:
        """Return the name of the default profile, or None."""
        from oai_tui.credentials.store.default_profile import default_profile

        return self._demo_default if self._mode == "demo" else default_profile(self._env)

    def choose_default(self, name: str | None) -> None:
        """Make a profile the default one, None for no default.

        OSError if the choice cannot be stored. The demo keeps it in memory.
        """
        from oai_tui.credentials.store.default_profile import choose_default

        if self._mode == "demo":
            self._demo_default = name
        else:
            choose_default(self._env, name)

    async def unlock_file(self, passphrase: Secret) -> None:
        """Use the encrypted file for profiles from now on.

        KeyringError if the passphrase is wrong or the file cannot be read; then nothing changes.
        """
        from oai_tui.credentials.store.selection import FILE_LIMIT_S, file_vault

        if self.file is None:
            raise RuntimeError("this run has no encrypted file")
        await run_with_deadline(FILE_LIMIT_S, self.file.unlock, passphrase)
        self.file.is_used = True
        self._vault = file_vault(self.file)

    def next_step(self, state: str) -> KeyringStep:
        """Return the advice for this machine about a store in this state (KeyringError.state)."""
        machine = machine_of(self._env, sys.platform, platform.release(), os.path.exists)
        backend_named = bool(self._env.get("PYTHON_KEYRING_BACKEND"))
        file = self.file if self.uses_file else None
        return next_step(
            state,
            machine,
            backend_named=backend_named,
            file=None if file is None else file.path,
            bad_setting=self._has_bad_setting and file is None,
            keyring_program=_keyring_program(),
        )

    def state_message(self, state: str) -> str:
        """Return the state of the store as a sentence."""
        return state_sentence(state, file=not self.uses_keyring)

    def error_text(self, error: KeyringError) -> str:
        """Return the failure, the next step and its command, for a dialog."""
        step = self.next_step(error.state)
        return f"{self.state_message(error.state)}\n{step.text}\n\n{step.command}"

    def error_facts(self, error: KeyringError) -> dict[str, Fact]:
        """Return the failure as facts for the verdict, with the next step on this machine.

        The demo's keyring is simulated, so there is no next step on this machine.
        """
        facts: dict[str, Fact] = {
            "keyring": error.state,
            "keyring_name": self.backend or "The keyring",
            "keyring_detail": error.detail,
        }
        if self._mode == "demo":
            return facts
        step = self.next_step(error.state)
        return facts | {
            "keyring_step": step.text.rstrip("."),
            "keyring_command": step.command,
        }

    async def save_observation(
        self, name: str, diagnosis: Diagnosis, credential: Credential
    ) -> Observation:
        """Save as `save` does, and return the outcome as an observation for the walk."""
        result = await self.save(name, diagnosis, credential)
        if result.error is not None:
            return Observation(probe="save", facts=self.error_facts(result.error))
        return Observation(
            probe="save",
            facts={"keyring": "works", "keyring_name": self.backend, "saved_as": name},
        )
