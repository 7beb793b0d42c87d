"""Selects the profile store: the operating system's keyring, or the encrypted file.

The environment variable OAI_TUI_STORE decides. Nothing is opened here.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oai_tui.credentials.store.encrypted_file import FileEntries
from oai_tui.credentials.store.passphrase import given
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.ports import Entries, Vault
from oai_tui.system.paths import data_folder

VARIABLE = "OAI_TUI_STORE"
KEYRING_LIMIT_S = 8.0
"""Seconds for one call of the keyring, typing its password included.

Less than a probe's limit, because otherwise the network would be blamed.
"""
_NO_HOME = f"no home folder for the encrypted file; set its full path: {VARIABLE}=file:PATH"
FILE_LIMIT_S = 25.0
"""Seconds for one call of the encrypted file, a command that prints its passphrase included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLocation:
    """The store that OAI_TUI_STORE selects.

    `path`: of the encrypted file; None if there is no folder for it. `used`: whether the file is
    the store. `problem`: what is wrong with the setting, or "".
    """

    path: Path | None
    used: bool = False
    problem: str = ""


class BrokenStore:
    """The store if OAI_TUI_STORE is not valid: every call raises KeyringError with the reason."""

    name = "no store"

    def __init__(self, problem: str) -> None:
        self._problem = problem

    def get(self, service: str, user: str) -> Secret | None:
        """Raise KeyringError."""
        raise KeyringError("unavailable", self._problem)

    def put(self, service: str, user: str, text: str) -> None:
        """Raise KeyringError."""
        raise KeyringError("unavailable", self._problem)

    def delete(self, service: str, user: str) -> None:
        """Raise KeyringError."""
        raise KeyringError("unavailable", self._problem)


def store_location(env: Mapping[str, str], platform: str) -> StoreLocation:
    """Read OAI_TUI_STORE.

    It is "keyring", "file" for a file in the user's data folder, or "file:PATH". `platform`: as
    in `sys.platform`.
    """
    chosen = env.get(VARIABLE, "")
    kind, _, path = chosen.partition(":")
    folder = data_folder(env, platform)
    usual = folder / "profiles.enc" if folder is not None else None
    if kind not in {"", "keyring", "file"} or (path and kind != "file"):
        return StoreLocation(
            path=usual,
            problem=f'{VARIABLE} is "{visible(chosen)}"; it must be keyring, file or file:PATH',
        )
    expanded = os.path.expanduser(path)
    if (kind == "file" and not path and usual is None) or expanded.startswith("~"):
        return StoreLocation(path=None, problem=_NO_HOME)
    if path:
        return StoreLocation(path=Path(os.path.abspath(expanded)), used=True)
    return StoreLocation(path=usual, used=kind == "file")


def default_file(location: StoreLocation, env: Mapping[str, str]) -> FileEntries | None:
    """Return the encrypted file, with the passphrase that the environment leads to, if any.

    None if there is no folder for it.
    """
    if location.path is None:
        return None
    file = FileEntries(location.path, lambda: given(env))
    file.is_used = location.used
    return file


def vault_of(location: StoreLocation, file: FileEntries | None, keyring: Entries) -> Vault:
    """Return the vault over the store that the setting selects."""
    if location.problem:
        return KeyringVault(BrokenStore(location.problem))
    if location.used and file is not None:
        return file_vault(file)
    return KeyringVault(keyring, deadline_s=KEYRING_LIMIT_S)


def select_store(
    env: Mapping[str, str], platform: str, *, may_prompt: bool = True
) -> tuple[Vault, FileEntries | None, str]:
    """Return the vault over the selected store, the encrypted file, and what is wrong with the
    setting, or "".

    The user may switch to the file later. `may_prompt`: whether the keyring may ask the user to
    unlock it.
    """
    from oai_tui.credentials.store.keyring_store import KeyringEntries

    location = store_location(env, platform)
    file = default_file(location, env)
    return vault_of(location, file, KeyringEntries(may_prompt=may_prompt)), file, location.problem


def file_vault(file: FileEntries) -> Vault:
    """Return the vault over the encrypted file."""
    return KeyringVault(file, deadline_s=FILE_LIMIT_S)
