"""Builds Services for tests: a given environment, and profiles in a keyring in memory."""

from collections.abc import Mapping

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.ports import Vault
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.services.profile_store import ProfileStore
from oai_tui.services.services import Environment, Services
from oai_tui.system.clock import SystemClock


def make_services(
    env: Mapping[str, str],
    *,
    vault: Vault | None = None,
    network: NetworkEnvironment | None = None,
    model: str | None = None,
    dotenv: str = "",
) -> Services:
    """Return real services that read keys from `env` (and the .env text) alone."""
    return Services(
        Environment(
            mode="real",
            env=env,
            clock=SystemClock(),
            sources=("environment",),
            network=network,
            model=model,
            dotenv=dotenv,
        ),
        ProfileStore(vault or KeyringVault(MemoryEntries()), mode="real", env=env),
    )
