"""Where profiles are kept in this run, and what to do when that place fails: the part of the wiring that knows the two stores and the words about them."""

import os
import platform
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import KeyringError, Vault
from oai_tui.knowledge.key_repairs import advice_for
from oai_tui.knowledge.keyring_advice import FILE_MESSAGES, KEYRING_MESSAGES, KeyringStep, next_step
from oai_tui.system.deadline import within
from oai_tui.system.machine import machine_of

if TYPE_CHECKING:
    from oai_tui.credentials.store.encrypted_file import FileEntries


class ProfileStore:
    """What Services are, as far as keeping profiles goes. `vault`: the profiles; `file`: the encrypted file that may keep them, None in the demo."""

    mode: str
    vault: Vault
    file: "FileEntries | None"
    _env: Mapping[str, str]
    _probes: Any

    @property
    def env(self) -> Mapping[str, str]:
        """The environment of this run."""
        return self._env

    @property
    def uses_file(self) -> bool:
        """Whether profiles are kept in the encrypted file."""
        return self.file is not None and self.file.is_used

    def keyring_step(self, state: str) -> KeyringStep:
        """What to do about a keyring (or the encrypted file) in that state, on this machine."""
        machine = machine_of(self._env, sys.platform, platform.release(), os.path.exists)
        return next_step(
            state,
            machine,
            backend_named=bool(self._env.get("PYTHON_KEYRING_BACKEND")),
            file=self.uses_file,
        )

    def keyring_said(self, state: str) -> str:
        """The state as a sentence."""
        return (FILE_MESSAGES if self.uses_file else KEYRING_MESSAGES).get(
            state, "The keyring failed."
        )

    def keyring_facts(self, state: str) -> Mapping[str, Fact]:
        """The same as facts for the walk; none in the demo, whose keyring is nobody's."""
        step = self.keyring_step(state)
        return (
            {"keyring_step": step.text.rstrip("."), "keyring_command": step.command}
            if self.mode == "real"
            else {}
        )

    async def open_file(self, passphrase: Secret) -> None:
        """Keep profiles in the encrypted file from now on, under this passphrase. KeyringProblem when it is not the passphrase of the file, or the file cannot be read; nothing is changed then."""
        from oai_tui.credentials.store.selection import FILE_LIMIT_S, file_vault

        if self.file is None:
            raise RuntimeError("this run has no encrypted file")
        await within(FILE_LIMIT_S, self.file.unlock, passphrase)
        self.file.is_used = True
        self.vault = file_vault(self.file)
        self._probes = None


def keyring_error_text(services: ProfileStore, error: KeyringError) -> str:
    """Return what failed in the keyring, what to do on this machine, and the exact command."""
    step = services.keyring_step(error.state)
    return f"{services.keyring_said(error.state)}\n{step.text}\n\n{step.command}"


def repair_facts(credential: Credential) -> Mapping[str, Fact]:
    """How a damaged key came about, and the command that repairs it where it stands."""
    advice = advice_for([defect.id for defect in credential.defects], credential.origin)
    return {} if advice is None else {"key_how": advice.how, "key_repair_command": advice.command}
