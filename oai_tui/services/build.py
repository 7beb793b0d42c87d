"""Builds Services: `real_services` for this machine, `demo_services` for the simulator.

Importing it is cheap: httpx, keyring and the simulator are imported when they are first needed.
"""

import os
import sys
from collections.abc import Mapping
from itertools import count

from oai_tui.domain.ports import Clock, Vault
from oai_tui.services.profile_store import ProfileStore
from oai_tui.services.services import Environment, Services
from oai_tui.services.settings import load_settings
from oai_tui.system.clock import SystemClock


def real_services(*, env: Mapping[str, str] | None = None) -> Services:
    """Return services over this machine's environment (or `env`), keyring and network.

    OAI_TUI_STORE chooses the store of profiles: keyring (the default), file, or file:PATH.
    """
    from oai_tui.credentials.store.selection import select_store

    env = os.environ if env is None else env
    vault, file, problem = select_store(env, sys.platform)
    return Services(
        Environment(
            mode="real",
            env=env,
            clock=SystemClock(),
            rotation_days=load_settings(env).rotation_days,
        ),
        ProfileStore(vault, mode="real", env=env, file=file, has_bad_setting=bool(problem)),
    )


def real_vault(*, may_prompt: bool = True) -> Vault:
    """Return the vault that OAI_TUI_STORE chooses.

    may_prompt: whether the keyring may ask the person to unlock it.
    """
    from oai_tui.credentials.store.selection import select_store

    return select_store(os.environ, sys.platform, may_prompt=may_prompt)[0]


def demo_services(scenario_id: str, *, pace_s: float = 0.0, clock: Clock | None = None) -> Services:
    """Return services over the simulator, with a keyring in memory.

    KeyError for a scenario that does not exist.

    pace_s: seconds that each simulated request takes.
    """
    from oai_tui.credentials.store.memory import MemoryEntries
    from oai_tui.credentials.store.vault import KeyringVault
    from oai_tui.simulator.scenarios import scenario
    from oai_tui.simulator.simulator import Simulator
    from oai_tui.simulator.transport import SimulatorTransport

    clock = clock or SystemClock()
    simulator = Simulator(scenario(scenario_id), now=clock.now)
    keyring = MemoryEntries(state=simulator.keyring)
    numbers = count(1)
    client = simulator.scenario.client
    return Services(
        Environment(
            mode="demo",
            env=client.environment,
            clock=clock,
            sources=("environment",),
            transport=SimulatorTransport(simulator, pace_s),
            new_id=lambda: f"demo-{next(numbers):04d}",
            simulator=simulator,
            keyring=keyring,
            model=client.model,
            dotenv=client.dotenv,
        ),
        ProfileStore(KeyringVault(keyring), mode="demo", env=client.environment),
    )
