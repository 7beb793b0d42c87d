"""A program that uses the vault on the real keyring, as its own process.

Usage: use_vault.py save NAME LETTER | many LETTER COUNT | load NAME | names | delete NAME

Environment variables:
- DEADLINE_S: the vault's deadline
- DIES_AT: the moment at which to kill this process, or the one with the number in KILLS. There are
  two moments for each write or deletion, one before and one after it.

Prints one JSON document: {"result": …} or {"state": …, "detail": …}, with the back end's name.
"""

import asyncio
import json
import os
import signal
import sys

from oai_tui.credentials.store.keyring_store import KeyringEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.ports import KeyringError
from tests.credentials.profile_factory import key, verified


class KillingEntries:
    """The keyring's entries for a program that is killed at one of its writes."""

    def __init__(self, entries: KeyringEntries, moments: int) -> None:
        self.entries = entries
        self.moments = moments

    @property
    def name(self) -> str:
        return self.entries.name

    def get(self, service: str, user: str) -> Secret | None:
        return self.entries.get(service, user)

    def put(self, service: str, user: str, text: str) -> None:
        self._count()
        self.entries.put(service, user, text)
        self._count()

    def delete(self, service: str, user: str) -> None:
        self._count()
        self.entries.delete(service, user)
        self._count()

    def _count(self) -> None:
        self.moments -= 1
        if self.moments == 0:
            os.kill(int(os.environ.get("KILLS", os.getpid())), signal.SIGKILL)


async def main(action: str, name: str = "", letter: str = "a") -> dict[str, object]:
    """Run one action."""
    vault = KeyringVault(
        KillingEntries(KeyringEntries(), int(os.environ.get("DIES_AT", "0"))),
        deadline_s=float(os.environ.get("DEADLINE_S", "5")),
    )
    outcome: dict[str, object]
    try:
        match action:
            case "save":
                outcome = {"result": (await vault.save(verified(name, key(letter)))).name}
            case "many":
                outcome = {
                    "result": [
                        (await vault.save(verified(f"{name}{number}", key(name)))).name
                        for number in range(int(letter))
                    ]
                }
            case "load":
                profile, secret = await vault.load(name)
                outcome = {
                    "result": [profile.name, secret.fingerprint, profile.verified_at is not None]
                }
            case "delete":
                await vault.delete(name)
                outcome = {"result": None}
            case _:
                outcome = {"result": list(await vault.names())}
    except KeyringError as error:
        outcome = {"state": error.state, "detail": error.detail}
    return {**outcome, "backend": vault.backend}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))), flush=True)
