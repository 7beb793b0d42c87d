"""A program that uses the vault on the real keyring, as its own process: `use_vault.py save NAME LETTER | many LETTER COUNT | load NAME | names | delete NAME`.

DEADLINE_S: the vault's deadline. DIES_AT: kill this process (or the one that KILLS names) at that moment: two moments to each write or deletion, one before it and one after.

Prints one JSON document: {"result": …} or {"state": …, "detail": …}, with the back end's name and the seconds it took.
"""

import asyncio
import json
import os
import signal
import sys
import time

from oai_tui.credentials.store.keyring_store import KeyringEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret
from tests.credentials.profile_factory import key, verified


class Dying:
    """The keyring's entries for a program that is killed at one of its writes."""

    def __init__(self, entries: KeyringEntries, lives: int) -> None:
        self.entries, self.lives = entries, lives

    @property
    def name(self) -> str:
        return self.entries.name

    def get(self, service: str, user: str) -> Secret | None:
        return self.entries.get(service, user)

    def put(self, service: str, user: str, text: str) -> None:
        self._spend()
        self.entries.put(service, user, text)
        self._spend()

    def delete(self, service: str, user: str) -> None:
        self._spend()
        self.entries.delete(service, user)
        self._spend()

    def _spend(self) -> None:
        self.lives -= 1
        if self.lives == 0:
            os.kill(int(os.environ.get("KILLS", os.getpid())), signal.SIGKILL)


async def main(action: str, name: str = "", letter: str = "a") -> dict[str, object]:
    """Carry out one action."""
    vault = KeyringVault(
        Dying(KeyringEntries(), int(os.environ.get("DIES_AT", "0"))),
        deadline_s=float(os.environ.get("DEADLINE_S", "5")),
    )
    start = time.monotonic()
    found: dict[str, object]
    try:
        match action:
            case "save":
                found = {"result": (await vault.save(verified(name, key(letter)))).name}
            case "many":
                found = {
                    "result": [
                        (await vault.save(verified(f"{name}{number}", key(name)))).name
                        for number in range(int(letter))
                    ]
                }
            case "load":
                profile, secret = await vault.load(name)
                found = {
                    "result": [profile.name, secret.fingerprint, profile.verified_at is not None]
                }
            case "delete":
                await vault.delete(name)
                found = {"result": None}
            case _:
                found = {"result": list(await vault.names())}
    except KeyringError as problem:
        found = {"state": problem.state, "detail": problem.detail}
    return {**found, "backend": vault.backend, "seconds": time.monotonic() - start}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))), flush=True)
