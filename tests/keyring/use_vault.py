"""A program that uses the vault on the real keyring, as its own process: `use_vault.py save NAME LETTER | load NAME | names | delete NAME [DEADLINE_S]`.

Prints one JSON document: {"result": …} or {"state": …, "detail": …}, with the back end's name and the seconds it took.
"""

import asyncio
import json
import os
import sys
import time

from oai_tui.credentials.keyring_store import KeyringEntries
from oai_tui.credentials.vault import KeyringVault
from oai_tui.domain.ports import KeyringProblem
from tests.credentials.proofs import key, verified


async def main(action: str, name: str = "", letter: str = "a") -> dict[str, object]:
    """Carry out one action."""
    vault = KeyringVault(KeyringEntries(), deadline_s=float(os.environ.get("DEADLINE_S", "5")))
    start = time.monotonic()
    found: dict[str, object]
    try:
        match action:
            case "save":
                found = {"result": (await vault.save(verified(name, key(letter)))).name}
            case "load":
                profile, secret = await vault.load(name)
                found = {"result": [profile.name, secret.fingerprint, profile.verified_at is not None]}
            case "delete":
                await vault.delete(name)
                found = {"result": None}
            case _:
                found = {"result": list(await vault.names())}
    except KeyringProblem as problem:
        found = {"state": problem.state, "detail": problem.detail}
    return {**found, "backend": vault.backend, "seconds": time.monotonic() - start}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))), flush=True)
