"""The call without a key: asks GET /v1/models, looks the name up beside it, and decides whether the key may follow. Where no answer comes, the ladder looks closer.

OpenAI answers such a call with 401, its own headers and `www-authenticate: Bearer realm="OpenAI API"` (three captures, 2025-12 to 2026-08).
On a healthy way nothing waits for evidence: the call's own connection is the one that later steps use, and beside it only one address of the other family is tried.
"""

import asyncio
import re
import time
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Target
from oai_tui.probes.http_client import ApiRequest, HttpClient, Reply
from oai_tui.probes.network.call_phases import with_phases
from oai_tui.probes.network.certificates import is_public
from oai_tui.probes.network.checks import NetworkChecks, issuer_words, open_state
from oai_tui.probes.network.client_compat import certificate_compat_notes, proxy_compat_notes
from oai_tui.probes.network.dns import NOT_RESOLVED, RESOLVER_S, ResolvedAddresses, look_up
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.response_facts import host_kind

_CONNECT_SHARE = 0.5
"""Share of the probe's time that the connection may take, so that some is left for looking closer."""
_PROXIED_SHARE = 0.6
"""Share of the probe's time that a call through a proxy may take: some is left for the call without it."""
_NAME_SHARE = 0.45
"""Share of the probe's time that the look-up may take: a little less than the connection, which holds one of its own."""
_WAIT_S = 0.05
"""Seconds that an answered call waits for the look-ups beside it."""
_RACE_MS = 200.0
"""Milliseconds of a connection above which the address that was tried first has stayed silent: anyio tries the next one after 250."""
_STATES = {
    "open": "opens",
    "refused": "is refused",
    "silent": "stays silent",
    "unreachable": "has no route",
    "none": "has no address",
    "reset": "is cut",
}
_LOST_S = 0.4
"""Seconds that IPv6 is given by itself, where the call has gone over IPv4 already."""
_COLO = re.compile(r"[0-9a-f]{8,}-([A-Z]{3})\Z")


@dataclass(slots=True, kw_only=True)
class ConcurrentChecks:
    """What was looked at while the call was under way, filled as it comes: the name; and where it has addresses of both kinds, how TCP to one of each went, "" where that is not known."""

    names: ResolvedAddresses = NOT_RESOLVED
    ipv4: str = ""
    ipv6: str = ""


@dataclass(frozen=True, slots=True)
class ReachProbe:
    """Asks without the key."""

    http: HttpClient
    environment: NetworkEnvironment

    async def __call__(self, call: Call) -> Observation:
        began = time.perf_counter()
        https = call.target.base_url.lower().startswith("https://")
        reply, beside = await self._asked(call)
        if reply is None:
            seen = Observation(
                probe="reach",
                failure="dns",
                detail="the resolver of this machine did not answer in time",
                facts={
                    "host": call.target.host,
                    "host_kind": host_kind(call.target),
                    "failed_phase": "name",
                },
            )
        else:
            seen = _timed(reply.observation, beside.names)
        facts: dict[str, Fact] = {**_urls(call.target), **_concurrent_facts(beside, seen)}
        if seen.failure is not None and self.http.is_real:
            ladder, left = (
                NetworkChecks(environment=self.environment, responders=self.http.responders),
                call.limit_s - (time.perf_counter() - began),
            )
            facts |= await ladder.run(
                call.target, seen, beside.names, self.http.proxy(call.target), max(0.1, left)
            )
        elif reply is not None and seen.status is not None:
            facts |= self._certificate(reply, seen) | _egress(seen)
        facts |= key_permission(call.target, seen)
        if (
            seen.status in {200, 401, 403}
            and seen.facts.get("speaker") in {"openai", "openai-like", "gateway"}
            and call.target.base_url == call.facts.get("bare_host_url")
        ):
            facts["other_base_url"] = call.target.base_url
        notes = (
            ()
            if call.target.direct and seen.failure is not None
            else (
                *self._notes(call.target, facts, seen),
                *_closer({**seen.facts, **facts}, call.target.host),
            )
        )
        return with_phases(replace(seen, facts={**seen.facts, **facts}, notes=notes), tls=https)

    async def _asked(self, call: Call) -> tuple[Reply | None, ConcurrentChecks]:
        """The call, and what was looked at beside it; no reply when the resolver did not answer in time, so that the call could not begin."""
        limit = call.limit_s * (_PROXIED_SHARE if self.http.proxy(call.target) else 1.0)
        asking = asyncio.ensure_future(
            self.http.ask(
                replace(call, limit_s=limit),
                ApiRequest(probe="reach", path="/models", connect_s=call.limit_s * _CONNECT_SHARE),
            )
        )
        beside = ConcurrentChecks()
        looking = (
            asyncio.ensure_future(self._run_concurrent_checks(call, beside))
            if self.http.resolves(call.target)
            else None
        )
        try:
            if looking is None:
                return await asking, beside
            await asyncio.wait({asking, looking}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done() and beside.names.silent:
                return None, beside
            reply = await asking
            answered = reply.observation.failure is None
            await asyncio.wait(
                {looking}, timeout=_WAIT_S if answered else min(RESOLVER_S, call.limit_s / 2)
            )
            if answered:
                await self._ipv6_was_slow(call, reply.observation, beside)
            return (
                None
                if beside.names.silent and reply.observation.failure == "connect-timeout"
                else reply,
                beside,
            )
        finally:
            for task in (asking, looking):
                if task is not None and not task.done():
                    task.cancel()

    async def _run_concurrent_checks(self, call: Call, beside: ConcurrentChecks) -> None:
        """The name's addresses; and, where it has both kinds, whether IPv4 opens. IPv6 is what the call itself tries first."""
        limit = min(RESOLVER_S, call.limit_s * _NAME_SHARE)
        if literal := _literal(call.target.host):
            beside.names = (
                ResolvedAddresses(v6=(literal,))
                if ":" in literal
                else ResolvedAddresses(v4=(literal,))
            )
            return
        beside.names = await look_up(self.environment.resolve, call.target.host, limit)
        if beside.names.v4 and beside.names.v6:
            beside.ipv4 = await open_state(beside.names.v4[0], _port(call.target), limit)

    async def _ipv6_was_slow(self, call: Call, seen: Observation, beside: ConcurrentChecks) -> None:
        """IPv6 by itself, where it is there and the call went over IPv4 all the same, late."""
        used = str(seen.facts.get("address_used", ""))
        if not (beside.names.v4 and beside.names.v6) or not used:
            return
        if ":" in used:
            beside.ipv6 = "open"
            return
        beside.ipv4 = "open"
        late = (_timed(seen, beside.names).timings.connect_ms or 0.0) > _RACE_MS
        beside.ipv6 = (
            await open_state(beside.names.v6[0], _port(call.target), _LOST_S)
            if late
            else "unreachable"
        )

    def _certificate(self, reply: Reply, seen: Observation) -> dict[str, Fact]:
        """Whether the public stores know the certificate's authority too, and whose it is where they do not."""
        known = is_public(reply.chain, self.environment.public_store()) if reply.chain else None
        if known is None:
            return {}
        issuer = str(seen.facts.get("tls_issuer", "an authority of its own"))
        who = issuer_words(self.environment, issuer, issuer)
        return (
            {"certifi": "knows it"}
            if known
            else {
                "certifi": "does not know it",
                "tls_who": who,
                **({"tls_product": who} if who != issuer else {}),
            }
        )

    def _notes(self, target: Target, facts: dict[str, Fact], seen: Observation) -> tuple[str, ...]:
        """What works here and will not in the person's own client."""
        notes = (
            certificate_compat_notes(self.environment.env(), str(facts["tls_who"]))
            if facts.get("certifi") == "does not know it"
            else ()
        )
        if "proxy" in seen.facts and facts["key_may_go"]:
            notes += proxy_compat_notes(
                self.environment.env(), self.environment.proxy_of(target.base_url)
            )
        if facts.get("dead_family") == "IPv6":
            notes += (
                f"IPv6 to {target.host} stays silent and IPv4 answers: programs that try one address after the other, as openai-python does where it is not asynchronous, wait for IPv6 first. Have IPv6 mended or switched off.",
            )
        return notes


def _port(target: Target) -> int:
    """The port of a base URL that the settings found sound."""
    parts = urlsplit(target.base_url)
    return parts.port or (443 if parts.scheme.lower() == "https" else 80)


def _literal(host: str) -> str:
    """The host when it is an address already."""
    try:
        return str(ip_address(host))
    except ValueError:
        return ""


def _timed(seen: Observation, names: ResolvedAddresses) -> Observation:
    """The observation with the name's time told apart from the connection's: httpcore looks the name up once more, at the same time."""
    if names.ms is None or not names.all or "proxy" in seen.facts:
        return seen
    times = seen.timings
    connect = None if times.connect_ms is None else max(0.0, round(times.connect_ms - names.ms, 1))
    return replace(
        seen,
        timings=replace(
            times,
            name_ms=names.ms if times.connect_ms is None else min(names.ms, times.connect_ms),
            connect_ms=connect,
        ),
    )


def _urls(target: Target) -> dict[str, Fact]:
    """The base URL with /v1, and on the bare host, where either is another one."""
    base = target.base_url.rstrip("/")
    facts: dict[str, Fact] = (
        {} if base.lower().endswith("/v1") else {"base_url_with_v1": base + "/v1"}
    )
    try:
        parts = urlsplit(base)
    except ValueError:
        return facts
    bare = f"{parts.scheme}://{parts.netloc}/v1"
    return (
        facts
        if bare.lower() in {base.lower(), f"{base}/v1".lower()} or not parts.netloc
        else facts | {"bare_host_url": bare}
    )


def _concurrent_facts(beside: ConcurrentChecks, seen: Observation) -> dict[str, Fact]:
    names, used = beside.names, str(seen.facts.get("address_used", ""))
    facts: dict[str, Fact] = {"addresses": ", ".join(names.all)} if names.all else {}
    if names.inside and seen.facts.get("host_kind") == "openai":
        facts["points_inside"] = names.inside
    facts |= {
        family: state
        for family, state in (("ipv4", beside.ipv4), ("ipv6", beside.ipv6))
        if state and used
    }
    return facts | ({"dead_family": "IPv6"} if facts.get("ipv6") == "silent" else {})


def _egress(seen: Observation) -> dict[str, Fact]:
    """Where Cloudflare saw this machine come out: the airport's letters at the end of cf-ray."""
    found = _COLO.search(seen.headers.get("cf-ray", ""))
    return {"colo": found[1]} if found else {}


def _closer(facts: dict[str, Fact], host: str) -> tuple[str, ...]:
    """What the closer look found, for the person."""
    notes = []
    if "name_error" in facts:
        notes.append(str(facts["name_error"]))
    if "points_inside" in facts:
        notes.append(
            f"{host} resolves to {facts['points_inside']} here, which is no public address: a filter that works by names, or the file /etc/hosts, sends it there."
        )
    if "ipv4" in facts and "address_used" not in facts:
        notes.append(
            f"Each family by itself: IPv4 {_STATES[str(facts['ipv4'])]}, IPv6 {_STATES[str(facts['ipv6'])]}."
        )
    if facts.get("proxy_hop") == "no-name":
        notes.append("The proxy's own name does not resolve.")
    if "proxy_schemes" in facts:
        basic = "basic" in str(facts["proxy_schemes"]).lower()
        notes.append(
            f"The proxy takes {facts['proxy_schemes']}. "
            + (
                "Basic goes into the proxy's URL."
                if basic
                else "The SDKs speak Basic alone: a helper such as px or cntlm has to sign in for them."
            )
        )
    if "proxy_error" in facts:
        notes.append(f"The proxy's own word for its error: {facts['proxy_error']}.")
    if facts.get("name_filter"):
        notes.append(
            f"A handshake that does not name {host} is answered, and one that does is cut: something on the way goes by the name."
        )
    return tuple(notes)


def key_permission(target: Target, seen: Observation) -> dict[str, Fact]:
    """Whether the key may follow, and why: the host is OpenAI's and so is the answer's manner, the server is on this machine, or the person agreed to it."""
    manner = seen.facts.get("speaker")
    if seen.status is None or manner not in {"openai", "openai-like", "gateway"}:
        return {"key_may_go": False, "endpoint": "doubtful"}
    if target.is_openai and manner != "gateway":
        return {"key_may_go": True, "endpoint": "proved"}
    if target.is_loopback:
        return {"key_may_go": True, "endpoint": "loopback"}
    return {"key_may_go": target.agreed, "endpoint": "agreed" if target.agreed else "doubtful"}
