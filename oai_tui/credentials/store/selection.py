"""Which of the two stores keeps the profiles: the operating system's keyring, or the encrypted file where OAI_TUI_STORE says so. Nothing is opened here."""

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
"""Seconds that a keyring may take, somebody typing its password included; below a probe's limit, so that the keyring is named and not the network."""
FILE_LIMIT_S = 25.0
"""Seconds that the encrypted file may take, a command that prints its passphrase included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLocation:
    """Where the encrypted file is, whether it is to be used, and what is wrong with the setting, "" when nothing is."""

    path: Path
    used: bool = False
    problem: str = ""


class BrokenStore:
    """Entries that are nowhere, because the setting names no place: every call says so."""

    name = "no store"

    def __init__(self, problem: str) -> None:
        self._problem = problem

    def get(self, service: str, user: str) -> Secret | None:
        """Never."""
        raise KeyringError("unavailable", self._problem)

    def put(self, service: str, user: str, text: str) -> None:
        """Never."""
        raise KeyringError("unavailable", self._problem)

    def delete(self, service: str, user: str) -> None:
        """Never."""
        raise KeyringError("unavailable", self._problem)


def store_location(env: Mapping[str, str], platform: str) -> StoreLocation:
    """What OAI_TUI_STORE says: "keyring" or nothing, "file" for the user's folder for data, or "file:PATH"."""
    chosen = env.get(VARIABLE, "")
    kind, _, path = chosen.partition(":")
    usual = data_folder(env, platform) / "profiles.enc"
    if kind not in {"", "keyring", "file"} or (path and kind != "file"):
        return StoreLocation(
            path=usual,
            problem=f'{VARIABLE} is "{visible(chosen)}"; it can be keyring, file or file:PATH',
        )
    return StoreLocation(
        path=Path(os.path.abspath(os.path.expanduser(path))) if path else usual, used=kind == "file"
    )


def default_file(place: StoreLocation, env: Mapping[str, str]) -> FileEntries:
    """The encrypted file, whose passphrase comes from where the environment says, if anywhere."""
    file = FileEntries(place.path, lambda: given(env))
    file.is_used = place.used
    return file


def vault_of(place: StoreLocation, file: FileEntries, keyring: Entries) -> Vault:
    """The profiles in what the setting chooses."""
    if place.problem:
        return KeyringVault(BrokenStore(place.problem))
    return file_vault(file) if place.used else KeyringVault(keyring, deadline_s=KEYRING_LIMIT_S)


def select_store(
    env: Mapping[str, str], platform: str, *, may_prompt: bool = True
) -> tuple[Vault, FileEntries]:
    """The profiles where the setting says, and the encrypted file, which may come to be used later. `may_prompt`: whether the keyring may ask somebody to unlock it."""
    from oai_tui.credentials.store.keyring_store import KeyringEntries

    place = store_location(env, platform)
    file = default_file(place, env)
    return vault_of(place, file, KeyringEntries(may_prompt=may_prompt)), file


def file_vault(file: FileEntries) -> Vault:
    """The profiles in the encrypted file."""
    return KeyringVault(file, deadline_s=FILE_LIMIT_S)
