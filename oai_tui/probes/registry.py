"""All probes by name. One registry line each; `run` is the port that the walk uses."""

import time
from collections.abc import Awaitable, Callable, Mapping

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import HttpClient
from oai_tui.probes.identity import IdentityProbe
from oai_tui.probes.inference import InferenceProbe
from oai_tui.probes.key_check import CredentialProbe, LimitsProbe
from oai_tui.probes.models import ListProbe, ModelListHolder, ModelProbe, ModelTable
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.other_keys import OtherKeysProbe
from oai_tui.probes.other_trust_store import OtherStoreProbe
from oai_tui.probes.reach import ReachProbe
from oai_tui.probes.server_clock import ClockProbe
from oai_tui.probes.settings import SettingsProbe
from oai_tui.probes.status_page import StatusProbe

RunProbe = Callable[[Call], Awaitable[Observation]]


class ProbeRegistry:
    """The probes of one run over one wire. `ground`: what the ladder stands on; `today`: YYYY-MM-DD in UTC, against which shutdown dates count; `now`: seconds since 1970.

    `advise`: facts that say how a damaged key came about and how to repair it.
    """

    def __init__(
        self,
        *,
        wire: HttpClient,
        models: ModelTable,
        ground: NetworkEnvironment,
        today: str,
        now: Callable[[], float] = time.time,
        advise: Callable[[Credential], Mapping[str, Fact]] = lambda credential: {},
    ) -> None:
        listed = ModelListHolder()
        self._probes: dict[str, RunProbe] = {
            "credential": CredentialProbe(now, advise),
            "settings": SettingsProbe(ground),
            "reach": ReachProbe(wire, ground),
            "other-store": OtherStoreProbe(wire, ground),
            "status": StatusProbe(wire, ground),
            "clock": ClockProbe(wire),
            "models": ListProbe(wire, listed),
            "other-keys": OtherKeysProbe(wire),
            "identity": IdentityProbe(wire),
            "model": ModelProbe(wire, listed, models, today),
            "inference": InferenceProbe(wire),
            "limits": LimitsProbe(),
        }

    @property
    def names(self) -> frozenset[str]:
        """The names that a tree may use."""
        return frozenset(self._probes)

    async def run(self, name: str, call: Call) -> Observation:
        """Run one probe; KeyError for a name that is not registered."""
        return await self._probes[name](call)
