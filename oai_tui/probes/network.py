"""The call without a key: resolves the name, asks GET /v1/models, and decides whether the key may follow. Where a certificate is refused, looks who issued it.

OpenAI answers such a call with 401, its own headers and `www-authenticate: Bearer realm="OpenAI API"` (three captures, 2025-12 to 2026-08).
"""

import socket
import ssl
import time
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from oai_tui.domain.deadline import within
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Target
from oai_tui.probes.answer import host_kind, issuer
from oai_tui.probes.wire import Exchange, Wire

_RESOLVER_S = 5.0
"""Seconds that this machine's resolver may take, and no more than half of the probe's time."""
_RIGHT_S = 300
"""Seconds by which a clock may be off: certificates are made with more to spare, and tokens allow about as much."""
_ISSUER_S = 2.0
"""Seconds for the second look at a certificate."""


@dataclass(frozen=True, slots=True)
class ReachProbe:
    """Asks without the key."""

    wire: Wire

    async def __call__(self, call: Call) -> Observation:
        began = time.perf_counter()
        try:
            name_ms, addresses = await self._look_up(call)
        except TimeoutError:
            silent: dict[str, Fact] = {"host": call.target.host, "host_kind": host_kind(call.target), "key_may_go": False, "endpoint": "doubtful"}
            return Observation(probe="reach", failure="dns", detail="the resolver of this machine did not answer in time", facts=silent)
        left = max(0.05, call.limit_s - (time.perf_counter() - began))
        seen = (await self.wire.ask(replace(call, limit_s=left), Exchange(probe="reach", path="/models"), name_ms=name_ms)).observation
        facts: dict[str, Fact] = {**trust_of(call.target, seen)}
        if addresses:
            facts["addresses"] = addresses
        if seen.failure in {"tls-untrusted", "tls-invalid"} and self.wire.resolves(call.target) and (name := await _issuer_of(call.target.base_url, call.limit_s)):
            facts["tls_issuer"] = name
        if not call.target.base_url.rstrip("/").lower().endswith("/v1"):
            facts["base_url_with_v1"] = call.target.base_url.rstrip("/") + "/v1"
        return replace(seen, facts={**seen.facts, **facts})

    async def _look_up(self, call: Call) -> tuple[float | None, str]:
        """Milliseconds of the name's look-up and the addresses; nothing where a proxy resolves the name or it fails, which the call itself then shows. TimeoutError when the resolver does not answer."""
        if not self.wire.resolves(call.target):
            return None, ""
        began = time.perf_counter()
        try:
            found = await within(min(_RESOLVER_S, call.limit_s / 2), socket.getaddrinfo, call.target.host, None, type=socket.SOCK_STREAM)
        except TimeoutError:
            raise
        except (OSError, UnicodeError):
            return None, ""
        return round((time.perf_counter() - began) * 1000, 1), ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class ClockProbe:
    """Asks the same host for its Date over plain HTTP, without the key: the one question that a wrong clock cannot spoil. Any answer will do, a redirect to https as well."""

    wire: Wire

    async def __call__(self, call: Call) -> Observation:
        url = call.target.base_url
        plain = replace(call.target, base_url="http" + url[5:] if url.lower().startswith("https://") else url)
        seen = (await self.wire.ask(replace(call, target=plain), Exchange(probe="clock", path="/models", keep_body=False))).observation
        skew = seen.facts.get("clock_skew_s")
        if not isinstance(skew, (int, float)):
            return seen
        if abs(skew) <= _RIGHT_S:
            return seen.with_facts(clock_state="right")
        state = "ahead" if skew > 0 else "behind"
        return seen.with_facts(clock_state=state, clock_off=f"{_lasting(abs(skew))} {state}")


def _lasting(seconds: float) -> str:
    """A span in the largest unit of which it holds two or more."""
    size, unit = next((size, unit) for size, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds")) if seconds >= 2 * size or size == 1)
    return f"{seconds / size:.0f} {unit}"


async def _issuer_of(url: str, limit_s: float) -> str:
    """Who issued the certificate at a URL, "" where that does not show. A second handshake that checks and sends nothing."""
    try:
        parts = urlsplit(url)
        address = (parts.hostname or "", parts.port or 443)
        return await within(min(_ISSUER_S, limit_s), _issued, address, min(_ISSUER_S, limit_s))
    except (OSError, ValueError):
        return ""


def _issued(address: tuple[str, int], limit_s: float) -> str:
    from cryptography import x509

    certificate = x509.load_pem_x509_certificate(ssl.get_server_certificate(address, timeout=limit_s).encode())
    return issuer([[({"O": "organizationName", "CN": "commonName"}.get(part.rfc4514_attribute_name, ""), str(part.value))] for part in certificate.issuer])


def trust_of(target: Target, seen: Observation) -> dict[str, Fact]:
    """Whether the key may follow, and why: the host is OpenAI's and so is the answer's manner, the server is on this machine, or the person agreed to it."""
    manner = seen.facts.get("speaker")
    if seen.status is None or manner not in {"openai", "openai-like", "gateway"}:
        return {"key_may_go": False, "endpoint": "doubtful"}
    if target.is_openai and manner != "gateway":
        return {"key_may_go": True, "endpoint": "proved"}
    if target.is_loopback:
        return {"key_may_go": True, "endpoint": "loopback"}
    return {"key_may_go": target.agreed, "endpoint": "agreed" if target.agreed else "doubtful"}
