"""The experiment with the other certificate store: one handshake against certifi's, and nothing is sent on it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from oai_tui.domain.observation import Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import HttpClient
from oai_tui.probes.network import certificates
from oai_tui.probes.network.checks import CHECK_TIMEOUT_S, other_store
from oai_tui.probes.network.dialer import Dialer
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.system.deadline import run_with_deadline


@dataclass(frozen=True, slots=True)
class OtherStoreProbe:
    """Whether certifi's store trusts the certificate that this machine's does not."""

    wire: HttpClient
    ground: NetworkEnvironment

    async def __call__(self, call: Call) -> Observation:
        proxy = self.wire.proxy(call.target)
        if not self.wire.is_real or (proxy and not proxy.startswith("http://")):
            return Observation(probe="other-store", facts={"other_store": "not known"})
        limit = min(CHECK_TIMEOUT_S, call.limit_s)
        try:
            parts = urlsplit(call.target.base_url)
            way = Dialer(host=parts.hostname or "", port=parts.port or 443, proxy=proxy)
            trusted = await run_with_deadline(
                limit, certificates.trusted_by, way, lambda: other_store(self.ground), limit
            )
        except (OSError, ValueError):
            return Observation(probe="other-store", facts={"other_store": "not known"})
        return Observation(
            probe="other-store",
            facts={"other_store": "trusts it", "other_store_knows": "certifi"}
            if trusted
            else {"other_store": "does not trust it"},
        )
