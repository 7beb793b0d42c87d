"""All probes by name, one line each. The walk runs them through `run`."""

import time
from collections.abc import Awaitable, Callable, Mapping

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import HttpClient
from oai_tui.probes.identity import IdentityProbe
from oai_tui.probes.inference import InferenceProbe
from oai_tui.probes.key_check import CredentialProbe
from oai_tui.probes.limits import LimitsProbe
from oai_tui.probes.model_list import ModelListHolder
from oai_tui.probes.models import ListProbe, ModelProbe, ModelTable
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.other_keys import OtherKeysProbe
from oai_tui.probes.other_trust_store import OtherStoreProbe
from oai_tui.probes.reach import ReachProbe
from oai_tui.probes.server_clock import ClockProbe
from oai_tui.probes.settings import SettingsProbe
from oai_tui.probes.status_page import StatusProbe

RunProbe = Callable[[Call], Awaitable[Observation]]


class ProbeRegistry:
    """The probes of one run, which share one HTTP client.

    `today`: YYYY-MM-DD in UTC, compared with shutdown dates. `now`: seconds since 1970.
    `advise`: returns facts about a damaged key.
    """

    def __init__(
        self,
        *,
        http: HttpClient,
        models: ModelTable,
        environment: NetworkEnvironment,
        today: str,
        now: Callable[[], float] = time.time,
        advise: Callable[[Credential], Mapping[str, Fact]] = lambda credential: {},
    ) -> None:
        model_list = ModelListHolder()
        self.model_list = model_list
        """The models that the last listing returned."""
        self._probes: dict[str, RunProbe] = {
            "credential": CredentialProbe(now, advise),
            "settings": SettingsProbe(environment),
            "reach": ReachProbe(http, environment),
            "other-store": OtherStoreProbe(http, environment),
            "status": StatusProbe(http, environment),
            "clock": ClockProbe(http),
            "models": ListProbe(http, model_list),
            "other-keys": OtherKeysProbe(http),
            "identity": IdentityProbe(http),
            "model": ModelProbe(http, model_list, models, today),
            "inference": InferenceProbe(http),
            "limits": LimitsProbe(),
        }

    @property
    def names(self) -> frozenset[str]:
        """The names that a tree may use."""
        return frozenset(self._probes)

    async def run(self, name: str, call: Call) -> Observation:
        """Run one probe; KeyError for a name that is not registered."""
        return await self._probes[name](call)
