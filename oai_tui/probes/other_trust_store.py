"""Probe: the same handshake checked against certifi's certificate store. Nothing is sent."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import HttpClient
from oai_tui.probes.network import certificates
from oai_tui.probes.network.checks import CHECK_TIMEOUT_S, other_store
from oai_tui.probes.network.dialer import Dialer
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.system.deadline import run_with_deadline


@dataclass(frozen=True, slots=True)
class OtherStoreProbe:
    """Tests whether certifi's store trusts a certificate that this machine's does not.

    Facts: other_store, which is "trusts it", "does not trust it" or "not known"; other_store_knows.
    """

    http: HttpClient
    environment: NetworkEnvironment

    async def __call__(self, call: Call) -> Observation:
        facts: dict[str, Fact]
        match await self._is_trusted(call):
            case True:
                facts = {"other_store": "trusts it", "other_store_knows": "certifi"}
            case False:
                facts = {"other_store": "does not trust it"}
            case None:
                facts = {"other_store": "not known"}
        return Observation(probe="other-store", facts=facts)

    async def _is_trusted(self, call: Call) -> bool | None:
        """None if it cannot be tested: no real network, no plain http proxy, no handshake."""
        proxy = self.http.proxy(call.target)
        if not self.http.is_real or (proxy and not proxy.startswith("http://")):
            return None
        limit_s = min(CHECK_TIMEOUT_S, call.limit_s)
        try:
            parts = urlsplit(call.target.base_url)
            dialer = Dialer(host=parts.hostname or "", port=parts.port or 443, proxy=proxy)
            return await run_with_deadline(
                limit_s,
                certificates.trusted_by,
                dialer,
                lambda: other_store(self.environment),
                limit_s,
            )
        except (OSError, ValueError):
            return None
