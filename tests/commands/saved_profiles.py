"""Profiles in a real keyring, saved directly or imported from a simulated client by the program."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.profile import VerifiedProfile
from oai_tui.domain.target import Target
from oai_tui.services.build import real_vault
from oai_tui.simulator.server import Running
from oai_tui.simulator.world import Key
from tests.commands.cli_runner import borrowed_process, client_environment
from tests.credentials.profile_factory import credential, key, proof
from tests.secret_service import SecretService

PROGRAM = ("python", "-m", "oai_tui")


def save_profile(
    service: SecretService,
    name: str = "work",
    text: str | None = None,
    target: Target | None = None,
) -> str:
    """Save a profile with this key as if a check had accepted it; return the key."""
    text = text or key("a")
    profile = VerifiedProfile(
        name=name,
        diagnosis=proof(text, target=target or Target()),
        credential=credential(text),
    )
    with borrowed_process(service.env, Path(service.env["HOME"])):
        asyncio.run(real_vault().save(profile))
    return text


def import_profile(
    service: SecretService, simulated: Running, name: str = "work", *more: str, **variables: str
) -> str:
    """Let the program check the simulated client's key and save it as a profile; return the key."""
    env = {**client_environment(simulated), **variables}
    done = service.run_cli("profiles", "import", name, *more, **env)
    assert done.code == 0, done.out + done.err
    return env["OPENAI_API_KEY"]


def show_profile(service: SecretService, name: str = "work") -> dict[str, Any]:
    """Return the document of `profiles show --json`."""
    return dict(service.run_cli("profiles", "show", name, "--json").document)


def stored_entry(service: SecretService, name: str = "work") -> str:
    """Return the key as another program finds it in the keyring; "" if there is no entry."""
    return service.entry("oai-tui", name)


def whole_environment(service: SecretService, **variables: str) -> dict[str, str]:
    """The environment of a process in that keyring's session, with the tests' own PATH."""
    return {**service.env, "PATH": os.environ["PATH"], **variables}


def leaks(key: str, *texts: str) -> list[str]:
    """Return the runs of 12 characters of the key that occur in the texts."""
    return [
        key[at : at + 12]
        for at in range(len(key) - 11)
        if any(key[at : at + 12] in text for text in texts)
    ]


def add_key(
    simulated: Running, text: str, organizations: Sequence[str], project: str | None
) -> None:
    """Let the simulated API accept one more key, of these organizations and this project."""
    world = simulated.simulator.world
    added = Key(secret=Secret(text), organizations=tuple(organizations), project=project)
    simulated.simulator.world = replace(world, keys=(*world.keys, added))
