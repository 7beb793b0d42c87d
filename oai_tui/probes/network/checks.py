"""Checks each connection phase separately after a request failed without a response.

The checks run concurrently over plain sockets, and only when the request itself failed. None of
them is given a key, and none sends more than a CONNECT, a TLS greeting or an empty HEAD.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from oai_tui.domain.answer_parsing import is_html
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Fact, FailureKind, Observation
from oai_tui.domain.responder import Responder, identify_issuer, identify_responder
from oai_tui.domain.target import Target
from oai_tui.probes.network import certificates
from oai_tui.probes.network.dialer import Dialer, ProxyRefusedError, speaks_plain_http
from oai_tui.probes.network.dns import ResolvedAddresses, look_up, resolution_error
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.network.proxy_words import LOGIN_STATUSES
from oai_tui.system.deadline import run_with_deadline

CHECK_TIMEOUT_S = 3.0
"""Seconds that one check may take, if the probe has as much left."""
Facts = dict[str, Fact]
Check = Callable[[Dialer, float], Awaitable[Facts]]
"""Given how to connect and seconds; returns facts."""
_REFUSED_BY_RULE = {302, 307, 401, 403, 451, 511}
"""Statuses with which a proxy refuses because it was configured to. With 5xx it reports that its
own connection failed."""
_CUT_KINDS: tuple[FailureKind, ...] = (
    "reset",
    "malformed-answer",
    "read-timeout",
    "connect-timeout",
    "tls-protocol",
)
"""Kinds of failure that a middlebox causes if it cuts handshakes by the host they name."""
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_SCHEME = re.compile(r"(?:^|,)\s*([A-Za-z][\w-]*)(?![\w-]|\s*=)")
_MAX_WORDS = 60
"""Characters of a proxy's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkChecks:
    """The checks. `responders`: the table that identifies a proxy's page."""

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
        """Run every check that bears on this failure, for at most `limit_s`.

        `seen`: the failure, with the fact failed_phase. `proxy`: the URL of the proxy that was
        used, with its password, or "".

        Facts, by the phase that failed:
        - name: name_problem, name_error
        - connect: ipv4, ipv6
        - proxy: proxy_hop, failed_phase, addresses; proxy_status, proxy_reason_phrase,
          proxy_schemes, proxy_named, proxy_page, speaker_name, proxy_error, proxy_login_doubtful
        - tls: those of `certificate_facts`, plain_http, name_filter
        """
        dialer = _dialer(target, names, proxy)
        if dialer is None:
            return {}
        check_limit_s = min(CHECK_TIMEOUT_S, limit_s)
        checks = self._checks_for(seen, names, proxy)
        results = await asyncio.gather(
            *(self._within(check(dialer, check_limit_s), check_limit_s) for check in checks)
        )
        facts: Facts = {}
        for result in results:
            facts |= result
        return facts

    async def _within(self, check: Awaitable[Facts], limit_s: float) -> Facts:
        """The facts of a check; none if it fails or takes too long, because the failure of the
        request is reported in any case."""
        try:
            async with asyncio.timeout(limit_s):
                return await check
        except Exception:  # noqa: BLE001  sockets, OpenSSL and the parser of a foreign certificate fail in many ways, and the failure to report is known already
            return {}

    def _checks_for(self, seen: Observation, names: ResolvedAddresses, proxy: str) -> list[Check]:
        """The checks that bear on a failure, by its kind and by the phase that failed."""
        kind, phase = seen.failure, seen.facts.get("failed_phase")
        if kind == "dns":
            return [lambda _, limit_s: self._check_name(names, limit_s)]
        if kind == "proxy-unreachable":
            return [self._check_proxy_port]
        if proxy and not proxy.startswith("http://"):
            return []
        if phase == "connect":
            return [self._check_families]
        if kind in {"proxy-auth", "proxy-refused"}:
            return [self._check_tunnel]
        if kind in {"tls-untrusted", "tls-invalid"}:
            problem = str(seen.facts.get("tls_problem", ""))
            return [lambda dialer, limit_s: self._check_certificate(dialer, limit_s, problem)]
        if phase == "tls":
            by_name = [self._check_name_filter] if kind in _CUT_KINDS else []
            return [self._check_plain_http, *by_name]
        return []

    async def _check_name(self, names: ResolvedAddresses, limit_s: float) -> Facts:
        problem, text = await resolution_error(self.environment, limit_s, silent=names.silent)
        return {"name_problem": problem, "name_error": text}

    async def _check_families(self, dialer: Dialer, limit_s: float) -> Facts:
        """Connect to the first address of each family."""
        v4 = [address for address in dialer.addresses if ":" not in address]
        v6 = [address for address in dialer.addresses if ":" in address]
        states = await asyncio.gather(
            *(
                open_state(addresses[0], dialer.port, limit_s * 0.8) if addresses else _no_address()
                for addresses in (v4, v6)
            )
        )
        return {"ipv4": states[0], "ipv6": states[1]}

    async def _check_proxy_port(self, dialer: Dialer, limit_s: float) -> Facts:
        """Look the proxy's own name up, and connect to its port."""
        parts = urlsplit(dialer.proxy)
        port = parts.port or (1080 if parts.scheme.startswith("socks") else 80)
        names = await look_up(self.environment.resolve, parts.hostname or "", limit_s * 0.5)
        if not names.all:
            return {"proxy_hop": "no-name", "failed_phase": "name"}
        return {
            "proxy_hop": await open_state(names.all[0], port, limit_s * 0.4),
            "failed_phase": "connect",
            "addresses": ", ".join(names.all),
        }

    async def _check_tunnel(self, dialer: Dialer, limit_s: float) -> Facts:
        """Read the proxy's own response to CONNECT."""
        try:
            (await run_with_deadline(limit_s, dialer.open, limit_s)).close()
        except ProxyRefusedError as refusal:
            facts = self._refusal_facts(refusal)
            if refusal.status == 403 and "@" in dialer.proxy:
                facts |= await self._check_login(dialer, limit_s)
            return facts
        return {"proxy_status": 200}

    async def _check_login(self, dialer: Dialer, limit_s: float) -> Facts:
        """Ask a proxy that answered 403 to its user and password once more, without them.

        Where it then asks for a login, the 403 may be about the login: some proxies answer 403 to
        a wrong one.
        """
        parts = urlsplit(dialer.proxy)
        bare = replace(dialer, proxy=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")
        try:
            (await run_with_deadline(limit_s, bare.open, limit_s)).close()
        except ProxyRefusedError as refusal:
            if refusal.status in LOGIN_STATUSES:
                schemes = self._refusal_facts(refusal).get("proxy_schemes", "a login")
                return {"proxy_schemes": schemes, "proxy_login_doubtful": True}
        except OSError:
            pass
        return {}

    def _refusal_facts(self, refusal: ProxyRefusedError) -> Facts:
        """Its status, the ways to sign in that it offers, whose page it shows, its error code."""
        redact = Redactor()
        headers = refusal.headers
        facts: Facts = {"proxy_status": refusal.status}
        if refusal.reason:
            facts["proxy_reason_phrase"] = redact(refusal.reason)[:_MAX_WORDS]
        # Tinyproxy refuses a wrong password as if it were the server.
        if challenges := headers.get("proxy-authenticate") or headers.get("www-authenticate"):
            facts["proxy_schemes"] = redact(_schemes(challenges))[:80]
        page = redact(refusal.body)
        html = is_html(page, headers.get("content-type", ""))
        responder = identify_responder(self.responders, refusal.status, headers, page, html=html)
        software = headers.get("via") or headers.get("server") or headers.get("proxy-agent")
        if responder and responder.kind in {"filter", "cloudflare"}:
            facts["proxy_named"] = responder.name
            if refusal.status in _REFUSED_BY_RULE:
                facts |= {"proxy_page": responder.kind, "speaker_name": responder.name}
        elif software:
            facts["proxy_named"] = redact(software)[:_MAX_WORDS]
        if refusal.status in _REFUSED_BY_RULE and "speaker_name" not in facts:
            named = f" ({facts['proxy_named']})" if "proxy_named" in facts else ""
            facts["speaker_name"] = f"The proxy{named}"
        if squid_error := headers.get("x-squid-error"):
            facts["proxy_error"] = redact(squid_error)[:_MAX_WORDS]
        return facts

    async def _check_certificate(self, dialer: Dialer, limit_s: float, problem: str) -> Facts:
        """Read the certificate that was refused."""
        certificate = await run_with_deadline(
            limit_s, certificates.fetch_certificate, dialer, limit_s
        )
        return certificate_facts(certificate, self.environment, problem)

    async def _check_plain_http(self, dialer: Dialer, limit_s: float) -> Facts:
        if await run_with_deadline(limit_s, speaks_plain_http, dialer, limit_s * 0.8):
            return {"plain_http": True}
        return {}

    async def _check_name_filter(self, dialer: Dialer, limit_s: float) -> Facts:
        """Try a handshake that names no host. If it succeeds, something filters by the name."""
        if await run_with_deadline(
            limit_s, certificates.answers_without_name, dialer, limit_s * 0.8
        ):
            return {"name_filter": True}
        return {}


def _schemes(challenges: str) -> str:
    """The schemes in a Proxy-Authenticate header: "Basic, NTLM".

    A scheme is a word at the beginning or behind a comma, without "=" behind it. Quoted values may
    hold commas.
    """
    return ", ".join(dict.fromkeys(_SCHEME.findall(_QUOTED.sub('""', challenges))))


def _dialer(target: Target, names: ResolvedAddresses, proxy: str) -> Dialer | None:
    """The dialer for a target; None if its base URL is not a URL."""
    try:
        parts = urlsplit(target.base_url)
        return Dialer(
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
    """Return the result of connecting to an address: open, refused, unreachable, reset or silent.

    Nothing is sent.
    """
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
    certificate: certificates.ServerCertificate, environment: NetworkEnvironment, problem: str
) -> Facts:
    """Describe a refused certificate. `problem`: the fact tls_problem.

    Facts: tls_issuer, tls_who, tls_names, tls_until, tls_trouble, tls_product.
    """
    who = issuer_words(environment, certificate.issuer, certificate.issuer_text)
    if certificate.self_signed and who == certificate.issuer:
        who = f"{who}, by the server itself"
    names = ", ".join(certificate.names) or "no host at all"
    facts: Facts = {
        "tls_issuer": certificate.issuer,
        "tls_who": who,
        "tls_names": names,
        "tls_until": certificate.last.date().isoformat(),
    }
    trouble = {
        "expired": f"expired on {certificate.last:%Y-%m-%d}",
        "not-yet-valid": f"is not valid before {certificate.first:%Y-%m-%d}",
        "wrong-name": f"is for {names}",
    }.get(problem)
    if trouble:
        facts["tls_trouble"] = trouble
    product = identify_issuer(environment.issuers, certificate.issuer_text)
    if product:
        facts["tls_product"] = product.name
    return facts


def issuer_words(environment: NetworkEnvironment, issuer: str, text: str) -> str:
    """Return an issuer in words, with the product that its text identifies.

    `text`: the whole issuer, and those of the chain if known.
    """
    product = identify_issuer(environment.issuers, text)
    return issuer if product is None else f"{issuer} ({product.name}: {product.purpose})"


def other_store(environment: NetworkEnvironment) -> ssl.SSLContext:
    """The certificate store that requests do not use: certifi's."""
    return ssl.create_default_context(cafile=environment.public_store())
