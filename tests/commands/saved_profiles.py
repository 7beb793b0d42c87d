"""Profiles in a real keyring for tests: imported from a simulator's patient by the program itself."""

import json
import os
from collections.abc import Mapping
from typing import Any

from oai_tui.simulator.server import Running
from tests.secret_service import SecretService

PROGRAM = ("python", "-m", "oai_tui")
VARIABLES = ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL")


def import_profile(
    service: SecretService, simulated: Running, name: str = "work", *more: str, **variables: str
) -> str:
    """Save the patient's key as a profile; gives the key."""
    environment = {**simulated.client.environment, **variables}
    done = service.run(*PROGRAM, "profiles", "import", name, *more, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return environment["OPENAI_API_KEY"]


def show_profile(service: SecretService, name: str = "work") -> dict[str, Any]:
    """What `profiles show --json` says."""
    return dict(json.loads(service.run(*PROGRAM, "profiles", "show", name, "--json").stdout))


def stored_entry(service: SecretService, name: str = "work") -> str:
    """The key, as `keyring get` prints it."""
    return service.run("python", "-m", "keyring", "get", "oai-tui", name).stdout.strip()


def whole_environment(service: SecretService, **variables: str) -> dict[str, str]:
    """The environment of a process in that keyring's session, with the tests' own PATH."""
    return {**service.env, "PATH": os.environ["PATH"], **variables}


def leaks(key: str, *texts: str) -> list[str]:
    """The runs of 12 characters of the key that stand in the texts."""
    return [
        key[at : at + 12]
        for at in range(len(key) - 11)
        if any(key[at : at + 12] in text for text in texts)
    ]


def single_result(variables: Mapping[str, str], *names: str) -> dict[str, str]:
    """Some of the variables."""
    return {name: variables[name] for name in names}
