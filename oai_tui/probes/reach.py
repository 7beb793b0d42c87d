"""The probe without the key: GET /v1/models, concurrent network checks, permission for the key.

OpenAI answers such a request with 401, its own headers and `www-authenticate: Bearer
realm="OpenAI API"` (three captures, 2025-12 to 2026-08).

While the network is healthy, nothing waits for the checks: later steps reuse the connection of
this request, and besides it only one address of the other family is tried. If no response comes,
network/checks.py checks each connection phase separately.
"""

import asyncio
import re
import time
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

from oai_tui.domain.answer_parsing import NEVER_ANSWERS
from oai_tui.domain.observation import Fact, FailureKind, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Target, is_loopback
from oai_tui.probes.http_client import ApiRequest, HttpClient, Reply
from oai_tui.probes.network.call_phases import with_phases
from oai_tui.probes.network.certificates import is_public
from oai_tui.probes.network.checks import NetworkChecks, issuer_words, open_state
from oai_tui.probes.network.client_compat import certificate_compat_notes, proxy_compat_notes
from oai_tui.probes.network.dns import NOT_RESOLVED, RESOLVER_S, ResolvedAddresses, look_up
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.network.proxy_words import proxy_facts
from oai_tui.probes.response_facts import API_RESPONDERS, host_kind

_CONNECT_SHARE = 0.5
"""Share of the probe's time for connecting. The rest is left for the network checks."""
_PROXIED_SHARE = 0.6
"""Share of the probe's time for a request through a proxy. The rest is left for the request
without it."""
_NAME_SHARE = 0.45
"""Share of the probe's time for the look-up: less than for connecting, which includes another."""
_WAIT_S = 0.05
"""Seconds that a request which was answered waits for the concurrent checks."""
_RACE_MS = 200.0
"""Milliseconds. If connecting takes longer, the address that was tried first stayed silent: anyio
tries the next one after 250."""
_IPV6_S = 0.4
"""Seconds for the check of IPv6, if the request went over IPv4 already."""
_STATES = {
    "open": "opens",
    "refused": "is refused",
    "silent": "doesn't respond",
    "unreachable": "has no route",
    "none": "has no address",
    "reset": "is reset",
}
_NEEDS_ROUTE: frozenset[FailureKind] = frozenset(
    {"dns", "unreachable", "connect-timeout", "proxy-unreachable"}
)
"""Kinds of failure that a machine without a network has."""
_CONNECT_WORDS: dict[FailureKind, str] = {
    "connect-timeout": NEVER_ANSWERS,
    "unreachable": "can't be reached: this machine, or a router in between, has no route to it",
}
_AIRPORT = re.compile(r"(?<![0-9a-f])[0-9a-f]{8,}+-([A-Z]{3})\Z")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachResult:
    """The request and the results of the checks that ran concurrently.

    `reply`: None if the resolver did not answer in time, so that the request could not begin.
    `ipv4`, `ipv6`: if the name has addresses of both families, the state of a TCP connection to
    one of each, as `open_state` returns it; "" if not known.
    """

    reply: Reply | None
    names: ResolvedAddresses = NOT_RESOLVED
    ipv4: str = ""
    ipv6: str = ""


@dataclass(frozen=True, slots=True)
class ReachProbe:
    """Sends the request without the key."""

    http: HttpClient
    environment: NetworkEnvironment

    async def __call__(self, call: Call) -> Observation:
        began = time.perf_counter()
        result = await self._ask_and_check(call)
        seen = _observation(call.target, result)
        facts: dict[str, Fact] = {
            **_other_base_urls(call.target),
            **_address_facts(result, seen),
        }
        if seen.failure is not None and self.http.is_real:
            left_s = call.limit_s - (time.perf_counter() - began)
            facts |= await self._check_phases(call.target, seen, result.names, left_s)
        elif result.reply is not None and seen.status is not None:
            facts |= self._certificate_facts(result.reply, seen) | _egress_facts(seen)
        facts |= self._connection_facts(call.target, replace(seen, facts={**seen.facts, **facts}))
        facts |= self._facts_of_proxy(call, replace(seen, facts={**seen.facts, **facts}))
        facts |= key_permission(call.target, seen)
        if call.target.direct and seen.facts.get("speaker") in API_RESPONDERS:
            facts["direct_host"] = call.target.host
        if seen.facts.get("own_terms") and _is_list(result.reply):
            facts["lists_without_key"] = True
        if (
            seen.status in {200, 401, 403}
            and seen.facts.get("speaker") in API_RESPONDERS
            and not seen.facts.get("refused_in_200")
            and call.target.base_url == call.facts.get("bare_host_url")
        ):
            facts["other_base_url"] = call.target.base_url
        notes: tuple[str, ...] = ()
        if not (call.target.direct and seen.failure is not None):
            notes = (
                *self._compat_notes(call.target, facts, seen),
                *_failure_notes({**seen.facts, **facts}, call.target.host),
            )
        https = call.target.base_url.lower().startswith("https://")
        return with_phases(replace(seen, facts={**seen.facts, **facts}, notes=notes), tls=https)

    async def _ask_and_check(self, call: Call) -> ReachResult:
        """Send the request and check the name and its addresses concurrently.

        When this returns or raises, every task has ended.
        """
        if not self.http.resolves(call.target):
            return ReachResult(reply=await self._ask(call))
        async with asyncio.TaskGroup() as tasks:
            request = tasks.create_task(self._ask(call))
            lookup = tasks.create_task(self._look_up(call))
            ipv4 = tasks.create_task(self._ipv4_state(call, lookup))
            try:
                return await self._first_results(call, request, lookup, ipv4)
            finally:
                for task in (request, lookup, ipv4):
                    task.cancel()

    async def _first_results(
        self,
        call: Call,
        request: asyncio.Task[Reply],
        lookup: asyncio.Task[ResolvedAddresses],
        ipv4: asyncio.Task[str],
    ) -> ReachResult:
        """Wait for the request, and a limited time for the checks.

        `ipv4` ends after `lookup`. A request is given up when the resolver stays silent.
        """
        await asyncio.wait({request, ipv4}, return_when=asyncio.FIRST_COMPLETED)
        if not request.done() and _result(lookup, NOT_RESOLVED).silent:
            return ReachResult(reply=None, names=lookup.result())
        reply = await request
        answered = reply.observation.failure is None
        wait_s = _WAIT_S if answered else min(RESOLVER_S, call.limit_s / 2)
        await asyncio.wait({ipv4}, timeout=wait_s)
        result = ReachResult(
            reply=reply, names=_result(lookup, NOT_RESOLVED), ipv4=_result(ipv4, "")
        )
        if answered:
            return await self._with_families(call, reply.observation, result)
        if result.names.silent and reply.observation.failure == "connect-timeout":
            return replace(result, reply=None)
        return result

    async def _ask(self, call: Call) -> Reply:
        limit_s = call.limit_s * (_PROXIED_SHARE if self.http.proxy(call.target) else 1.0)
        return await self.http.ask(
            replace(call, limit_s=limit_s),
            ApiRequest(probe="reach", path="/models", connect_s=call.limit_s * _CONNECT_SHARE),
        )

    async def _look_up(self, call: Call) -> ResolvedAddresses:
        """The addresses of the target's name; the host itself if it is an address already."""
        address = _literal_address(call.target.host)
        if ":" in address:
            return ResolvedAddresses(v6=(address,))
        if address:
            return ResolvedAddresses(v4=(address,))
        return await look_up(self.environment.resolve, call.target.host, _check_limit_s(call))

    async def _ipv4_state(self, call: Call, lookup: asyncio.Task[ResolvedAddresses]) -> str:
        """Try IPv4 if the name has addresses of both families, else return "".

        IPv6 is what the request itself tries first.
        """
        names = await lookup
        if not (names.v4 and names.v6):
            return ""
        return await open_state(names.v4[0], _port(call.target), _check_limit_s(call))

    async def _with_families(
        self, call: Call, seen: Observation, result: ReachResult
    ) -> ReachResult:
        """Add what the response shows about both families, if the name has addresses of both.

        IPv6 is tried if the request took long to go over IPv4.
        """
        used = str(seen.facts.get("address_used", ""))
        names = result.names
        if not (names.v4 and names.v6) or not used:
            return result
        if ":" in used:
            return replace(result, ipv6="open")
        connect_ms = _with_name_timing(seen, names).timings.connect_ms or 0.0
        ipv6 = "unreachable"
        if connect_ms > _RACE_MS:
            ipv6 = await open_state(names.v6[0], _port(call.target), _IPV6_S)
        return replace(result, ipv4="open", ipv6=ipv6)

    async def _check_phases(
        self, target: Target, seen: Observation, names: ResolvedAddresses, left_s: float
    ) -> dict[str, Fact]:
        """Check each connection phase after a failure. The facts are those of NetworkChecks."""
        checks = NetworkChecks(environment=self.environment, responders=self.http.responders)
        return await checks.run(target, seen, names, self.http.proxy(target), max(0.1, left_s))

    def _connection_facts(self, target: Target, seen: Observation) -> dict[str, Fact]:
        """Facts: route, route_said, connect_said, blocked_said; each only after a failure."""
        facts: dict[str, Fact] = {}
        if seen.failure in _NEEDS_ROUTE and not is_loopback(_host_called(target, self.http)):
            if self.environment.has_route():
                facts["route"] = "there"
            else:
                facts |= {
                    "route": "none",
                    "route_said": "this machine has no route to other networks",
                }
        if seen.failure in _CONNECT_WORDS:
            facts["connect_said"] = _CONNECT_WORDS[seen.failure]
        if words := _blocked_words(seen):
            facts["blocked_said"] = words
        return facts

    def _facts_of_proxy(self, call: Call, seen: Observation) -> dict[str, Fact]:
        """The facts of `proxy_facts`, and what a proxy that answered itself says in its headers."""
        proxy = self.http.proxy(call.target)
        if not proxy:
            return {}
        facts: dict[str, Fact] = {}
        if seen.facts.get("speaker") == "proxy" and (code := seen.headers.get("x-squid-error")):
            facts["proxy_error"] = code[:60]
        variable = str(call.facts.get("proxy_variable", ""))
        whole = replace(seen, facts={**seen.facts, **facts})
        return facts | proxy_facts(whole, proxy, variable)

    def _certificate_facts(self, reply: Reply, seen: Observation) -> dict[str, Fact]:
        """Compare the certificate's authority with certifi's store.

        Facts: certifi; tls_who and tls_product for an authority that certifi does not know.
        """
        if not reply.chain:
            return {}
        known = is_public(reply.chain, self.environment.public_store())
        if known is None:
            return {}
        if known:
            return {"certifi": "knows it"}
        issuer = str(seen.facts.get("tls_issuer", "its own CA"))
        who = issuer_words(self.environment, issuer, issuer)
        facts: dict[str, Fact] = {"certifi": "does not know it", "tls_who": who}
        if who != issuer:
            facts["tls_product"] = who
        return facts

    def _compat_notes(
        self, target: Target, facts: dict[str, Fact], seen: Observation
    ) -> tuple[str, ...]:
        """Sentences about what works here and will fail in the user's own client."""
        env = self.environment.env()
        notes: tuple[str, ...] = ()
        if facts.get("certifi") == "does not know it":
            notes += certificate_compat_notes(env, str(facts["tls_who"]))
        if "proxy" in seen.facts and facts["key_may_go"]:
            notes += proxy_compat_notes(env, self.environment.proxy_of(target.base_url))
        if facts.get("dead_family") == "IPv6":
            notes += (
                (
                    f"IPv6 to {target.host} doesn't respond, but IPv4 does: programs that try "
                    "one address after the other, such as the synchronous openai-python client, "
                    "wait for IPv6 first. Fix or turn off IPv6."
                ),
            )
        return notes


def _is_list(reply: Reply | None) -> bool:
    """Return True if a server answered with a list of models."""
    if reply is None or reply.observation.status != 200 or not isinstance(reply.value, dict):
        return False
    return isinstance(reply.value.get("data"), list)


def _observation(target: Target, result: ReachResult) -> Observation:
    """The observation of the request, or one of a resolver that did not answer."""
    if result.reply is not None:
        return _with_name_timing(result.reply.observation, result.names)
    return Observation(
        probe="reach",
        failure="dns",
        detail="this machine's resolver didn't answer in time",
        facts={
            "host": target.host,
            "host_kind": host_kind(target),
            "failed_phase": "name",
        },
    )


def _result(task: "asyncio.Task[T]", default: T) -> T:
    return task.result() if task.done() else default


def _check_limit_s(call: Call) -> float:
    """Seconds for the look-up, and again for the check of IPv4."""
    return min(RESOLVER_S, call.limit_s * _NAME_SHARE)


def _port(target: Target) -> int:
    """The port of a base URL that the settings probe accepted."""
    parts = urlsplit(target.base_url)
    return parts.port or (443 if parts.scheme.lower() == "https" else 80)


def _literal_address(host: str) -> str:
    """The host if it is an IP address, else ""."""
    try:
        return str(ip_address(host))
    except ValueError:
        return ""


def _with_name_timing(seen: Observation, names: ResolvedAddresses) -> Observation:
    """Separate the time of the name look-up from the time of connecting.

    httpcore reports both as one: it looks the name up itself, at the same time as `names` was.
    """
    if names.ms is None or not names.all or "proxy" in seen.facts:
        return seen
    times = seen.timings
    if times.connect_ms is None:
        return replace(seen, timings=replace(times, name_ms=names.ms))
    return replace(
        seen,
        timings=replace(
            times,
            name_ms=min(names.ms, times.connect_ms),
            connect_ms=max(0.0, round(times.connect_ms - names.ms, 1)),
        ),
    )


def _host_called(target: Target, http: HttpClient) -> str:
    """The host that the connection goes to: the proxy's, if there is one."""
    proxy = http.proxy(target)
    return (urlsplit(proxy).hostname or "").lower() if proxy else target.host


def _blocked_words(seen: Observation) -> str:
    """What shows that something blocks the way to OpenAI, as the end of a sentence; else ""."""
    facts = seen.facts
    if "points_inside" in facts:
        return f"the name resolves to {facts['points_inside']} here, which is not a public address"
    if facts.get("host_kind") != "openai" or "proxy" in facts:
        return ""
    where = str(facts.get("addresses", "its address"))
    if seen.failure == "refused":
        return f"{where} refused it"
    if seen.failure == "reset" and facts.get("failed_phase") in {"connect", "tls"}:
        return f"the connection to {where} was reset before TLS was established"
    return ""


def _other_base_urls(target: Target) -> dict[str, Fact]:
    """Facts: base_url_with_v1, bare_host_url; each only if it differs from the base URL."""
    base = target.base_url.rstrip("/")
    facts: dict[str, Fact] = {}
    if not base.lower().endswith("/v1"):
        facts["base_url_with_v1"] = base + "/v1"
    try:
        parts = urlsplit(base)
    except ValueError:
        return facts
    bare = f"{parts.scheme}://{parts.netloc}/v1"
    if parts.netloc and bare.lower() not in {base.lower(), f"{base}/v1".lower()}:
        facts["bare_host_url"] = bare
    return facts


def _address_facts(result: ReachResult, seen: Observation) -> dict[str, Fact]:
    """Facts: addresses, points_inside, ipv4, ipv6, dead_family."""
    names = result.names
    facts: dict[str, Fact] = {}
    if names.all:
        facts["addresses"] = ", ".join(names.all)
    if names.inside and seen.facts.get("host_kind") == "openai":
        facts["points_inside"] = names.inside
    if seen.facts.get("address_used"):
        states = {"ipv4": result.ipv4, "ipv6": result.ipv6}
        facts |= {family: state for family, state in states.items() if state}
    if facts.get("ipv6") == "silent":
        facts["dead_family"] = "IPv6"
    return facts


def _egress_facts(seen: Observation) -> dict[str, Fact]:
    """Fact: colo, the airport code of the Cloudflare site that answered, from the cf-ray header."""
    match = _AIRPORT.search(seen.headers.get("cf-ray", ""))
    return {"colo": match[1]} if match else {}


def _failure_notes(facts: dict[str, Fact], host: str) -> tuple[str, ...]:
    """Sentences about what the network checks found."""
    notes = []
    if "name_error" in facts:
        notes.append(str(facts["name_error"]))
    if "points_inside" in facts:
        notes.append(
            f"{host} resolves to {facts['points_inside']} here, which is not a public "
            "address: a DNS filter or the file /etc/hosts redirects it."
        )
    if "ipv4" in facts and "address_used" not in facts:
        ipv4, ipv6 = _STATES[str(facts["ipv4"])], _STATES[str(facts["ipv6"])]
        notes.append(f"Tested separately: IPv4 {ipv4}, IPv6 {ipv6}.")
    if facts.get("proxy_hop") == "no-name":
        notes.append("The proxy's host name doesn't resolve.")
    if "proxy_schemes" in facts:
        notes.append(_proxy_login_note(str(facts["proxy_schemes"])))
    if "proxy_error" in facts:
        notes.append(f"The proxy's error code: {facts['proxy_error']}.")
    if facts.get("name_filter"):
        notes.append(
            f"A TLS handshake without the name {host} gets a response, and one with it is "
            "reset: something in between filters by host name."
        )
    return tuple(notes)


def _proxy_login_note(schemes: str) -> str:
    if "basic" in schemes.lower():
        advice = "Put the user name and password for Basic into the proxy's URL."
    else:
        advice = "The SDKs only support Basic: use a helper such as px or cntlm."
    return f"The proxy supports {schemes}. {advice}"


def key_permission(target: Target, seen: Observation) -> dict[str, Fact]:
    """Decide whether the key may be sent to the server that gave this response.

    It may if the host is OpenAI's and the response is in the form of OpenAI's API, if the server
    is on this machine, or if the user agreed to it. What a server that is not OpenAI's answers to
    the call without the key does not matter, unless it shows that the key would not arrive.

    Facts: key_may_go; endpoint, which is proved, loopback, agreed or doubtful.
    """
    responder = seen.facts.get("speaker")
    if seen.facts.get("own_terms"):
        return _gateway_permission(target, seen)
    if seen.status is None or responder not in API_RESPONDERS:
        return {"key_may_go": False, "endpoint": "doubtful"}
    if target.is_openai and responder != "gateway":
        return {"key_may_go": True, "endpoint": "proved"}
    if target.is_loopback:
        return {"key_may_go": True, "endpoint": "loopback"}
    return {"key_may_go": target.agreed, "endpoint": "agreed" if target.agreed else "doubtful"}


def _gateway_permission(target: Target, seen: Observation) -> dict[str, Fact]:
    """Decide whether the key may be sent to a server that answers in its own words.

    It may not where a page, a redirect or a login in front of it stands in the way, or where the
    server behind it is down.
    """
    facts = seen.facts
    is_page = facts.get("body_kind") == "html"
    is_closed = (
        facts.get("upstream_down") != "no"
        or "login_scheme" in facts
        or "https_base_url" in facts
        or bool(facts.get("asks_for_login"))
        or (seen.status is not None and 300 <= seen.status < 400)
        or (is_page and seen.status in {200, 401})
    )
    if is_closed:
        return {"key_may_go": False, "endpoint": "doubtful"}
    if target.is_loopback and not is_page:
        return {"key_may_go": True, "endpoint": "loopback"}
    return {"key_may_go": target.agreed, "endpoint": "agreed" if target.agreed else "doubtful"}
