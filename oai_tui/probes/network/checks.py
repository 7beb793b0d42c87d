"""Where a call without an answer breaks: looks at one rung at a time, with plain sockets, side by side, and says what it found as facts. Only run when the call itself failed.

Nothing of a key passes here: no look is given one, and none sends more than a CONNECT, a TLS greeting or a HEAD without anything in it.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from oai_tui.domain.answer_parsing import is_html
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Fact, FailureKind, Observation
from oai_tui.domain.responder import Responder, identify_issuer, identify_responder
from oai_tui.domain.target import Target
from oai_tui.probes.network import certificates
from oai_tui.probes.network import dialer as dial
from oai_tui.probes.network.dns import ResolvedAddresses, look_up, resolution_error
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.system.deadline import run_with_deadline

CHECK_TIMEOUT_S = 3.0
"""Seconds that one look may take, and no more than the probe has left."""
Facts = dict[str, Fact]
_ON_PURPOSE = {302, 307, 401, 403, 451, 511}
"""Statuses by which a proxy refuses because it was told to; 5xx is what it says of a way that failed."""
_CUT: tuple[FailureKind, ...] = (
    "reset",
    "malformed-answer",
    "read-timeout",
    "connect-timeout",
    "tls-protocol",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkChecks:
    """Looks closer at a call that failed. `speakers`: the table that tells a proxy's page."""

    environment: NetworkEnvironment
    responders: tuple[Responder, ...] = ()

    async def run(
        self,
        target: Target,
        seen: Observation,
        names: ResolvedAddresses,
        proxy: str,
        limit_s: float,
    ) -> Facts:
        """What every look that bears on this failure found. `proxy`: the one that was used, with its password. Never longer than `limit_s`."""
        limit = min(CHECK_TIMEOUT_S, limit_s)
        way = _dialer(target, names, proxy)
        looks = (
            [look(way, limit) for look in self._checks_for(seen, names, proxy)]
            if way is not None
            else []
        )
        found: Facts = {}
        for facts in await asyncio.gather(*(self._within(look, limit) for look in looks)):
            found |= facts
        return found

    async def _within(self, look: Awaitable[Facts], limit_s: float) -> Facts:
        """A look that fails or takes too long has found nothing: it is evidence beside the failure, never in its place."""
        try:
            async with asyncio.timeout(limit_s):
                return await look
        except Exception:  # noqa: BLE001  sockets, OpenSSL and what reads a stranger's certificate fail in many ways, and the failure that is told stands already
            return {}

    def _checks_for(
        self, seen: Observation, names: ResolvedAddresses, proxy: str
    ) -> list[Callable[[dial.Dialer, float], Awaitable[Facts]]]:
        kind, rung = seen.failure, seen.facts.get("failed_phase")
        plain_proxy = proxy.startswith("http://")
        if kind == "dns":
            return [lambda _, limit: self._name(names, limit)]
        if kind == "proxy-unreachable":
            return [self._hop]
        if proxy and not plain_proxy:
            return []
        if rung == "connect":
            return [self._families]
        if kind in {"proxy-auth", "proxy-refused"}:
            return [self._tunnel]
        if kind in {"tls-untrusted", "tls-invalid"}:
            return [
                lambda way, limit: self._certificate(
                    way, limit, str(seen.facts.get("tls_problem", ""))
                )
            ]
        if rung == "tls":
            return [self._plain, *([self._unnamed] if kind in _CUT else [])]
        return []

    async def _name(self, names: ResolvedAddresses, limit_s: float) -> Facts:
        problem, says = await resolution_error(self.environment, limit_s, silent=names.silent)
        return {"name_problem": problem, "name_error": says}

    async def _families(self, way: dial.Dialer, limit_s: float) -> Facts:
        """Each address family by itself."""
        v4 = [text for text in way.addresses if ":" not in text]
        v6 = [text for text in way.addresses if ":" in text]
        states = await asyncio.gather(
            *(
                open_state(group[0], way.port, limit_s * 0.8) if group else _no_address()
                for group in (v4, v6)
            )
        )
        return {"ipv4": states[0], "ipv6": states[1]}

    async def _hop(self, way: dial.Dialer, limit_s: float) -> Facts:
        """The proxy's own name and port."""
        parts = urlsplit(way.proxy)
        host, port = (
            parts.hostname or "",
            parts.port or (1080 if parts.scheme.startswith("socks") else 80),
        )
        names = await look_up(self.environment.resolve, host, limit_s * 0.5)
        if not names.all:
            return {"proxy_hop": "no-name", "failed_phase": "name"}
        return {
            "proxy_hop": await open_state(names.all[0], port, limit_s * 0.4),
            "failed_phase": "connect",
            "addresses": ", ".join(names.all),
        }

    async def _tunnel(self, way: dial.Dialer, limit_s: float) -> Facts:
        """The proxy's own answer to CONNECT: its status, what it wants, and whose page it shows."""
        try:
            (await run_with_deadline(limit_s, way.open, limit_s)).close()
        except dial.ProxyRefused as refused:
            return self._refusal(refused)
        return {"proxy_status": 200}

    def _refusal(self, refused: dial.ProxyRefused) -> Facts:
        redact = Redactor()
        facts: Facts = {"proxy_status": refused.status}
        if wanted := refused.headers.get("proxy-authenticate"):
            facts["proxy_schemes"] = redact(
                ", ".join(
                    part.strip().split(" ")[0]
                    for part in wanted.split(",")
                    if "=" not in part.split(" ")[0]
                )
            )[:80]
        page = redact(refused.body)
        if (
            speaker := identify_responder(
                self.responders,
                refused.status,
                refused.headers,
                page,
                html=is_html(page, refused.headers.get("content-type", "")),
            )
        ) and speaker.kind in {"filter", "cloudflare"}:
            facts["proxy_named"] = speaker.name
            if refused.status in _ON_PURPOSE:
                facts |= {"proxy_page": speaker.kind, "speaker_name": speaker.name}
        elif (
            via := refused.headers.get("via")
            or refused.headers.get("server")
            or refused.headers.get("proxy-agent")
        ):
            facts["proxy_named"] = redact(via)[:60]
        if squid := refused.headers.get("x-squid-error"):
            facts["proxy_error"] = redact(squid)[:60]
        return facts

    async def _certificate(self, way: dial.Dialer, limit_s: float, problem: str) -> Facts:
        """The certificate that was refused: whose it is, who issued it, and when it is valid."""
        return certificate_facts(
            await run_with_deadline(limit_s, certificates.fetch_certificate, way, limit_s),
            self.environment,
            problem,
        )

    async def _plain(self, way: dial.Dialer, limit_s: float) -> Facts:
        return (
            {"plain_http": True}
            if await run_with_deadline(limit_s, dial.speaks_plain_http, way, limit_s * 0.8)
            else {}
        )

    async def _unnamed(self, way: dial.Dialer, limit_s: float) -> Facts:
        """Whether the handshake comes about when it names no host: then something on the way goes by the name."""
        return (
            {"name_filter": True}
            if await run_with_deadline(
                limit_s, certificates.answers_without_name, way, limit_s * 0.8
            )
            else {}
        )


def _dialer(target: Target, names: ResolvedAddresses, proxy: str) -> dial.Dialer | None:
    try:
        parts = urlsplit(target.base_url)
        return dial.Dialer(
            host=parts.hostname or "",
            port=parts.port or (443 if parts.scheme.lower() == "https" else 80),
            proxy=proxy,
            addresses=names.all,
        )
    except ValueError:
        return None


async def _no_address() -> str:
    return "none"


async def open_state(address: str, port: int, limit_s: float) -> str:
    """What a TCP connection to one address comes to: open, refused, unreachable, reset or silent. Nothing is sent."""
    try:
        async with asyncio.timeout(limit_s):
            _, writer = await asyncio.open_connection(address, port)
    except TimeoutError:
        return "silent"
    except ConnectionRefusedError:
        return "refused"
    except ConnectionError:
        return "reset"
    except OSError:
        return "unreachable"
    writer.close()
    return "open"


def certificate_facts(
    shown: certificates.ServerCertificate, ground: NetworkEnvironment, problem: str
) -> Facts:
    """What a refused certificate tells, as facts and in words. `problem`: the fact tls_problem."""
    who = issuer_words(ground, shown.issuer, shown.issuer_text)
    names = ", ".join(shown.names) or "no host at all"
    facts: Facts = {
        "tls_issuer": shown.issuer,
        "tls_who": f"{who}, nobody but the server itself"
        if shown.self_signed and who == shown.issuer
        else who,
        "tls_names": names,
        "tls_until": shown.last.date().isoformat(),
    }
    trouble = {
        "expired": f"ended on {shown.last:%Y-%m-%d}",
        "not-yet-valid": f"begins on {shown.first:%Y-%m-%d} only",
        "wrong-name": f"is for {names}",
    }.get(problem)
    product = identify_issuer(ground.issuers, shown.issuer_text)
    return (
        facts
        | ({"tls_trouble": trouble} if trouble else {})
        | ({"tls_product": product.name} if product else {})
    )


def issuer_words(ground: NetworkEnvironment, issuer: str, text: str) -> str:
    """An issuer as people say it, with the product where its words name one. `text`: the whole issuer, for recognising it."""
    product = identify_issuer(ground.issuers, text)
    return issuer if product is None else f"{issuer} ({product.name}: {product.purpose})"


def other_store(ground: NetworkEnvironment) -> ssl.SSLContext:
    """The store that was not asked: certifi's."""
    return ssl.create_default_context(cafile=ground.public_store())
