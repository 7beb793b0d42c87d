"""The HTTP client: sends one request within its limits and returns a redacted Observation.

- The key goes only where `may_carry_key` and `may_take_route` allow, in the Authorization header
  of one request: never across a redirect (none is followed), never over plain http beyond this
  machine unless the user permitted it for this host.
- Time and body size are limited. Nothing is retried.
- Texts of responses and exceptions are redacted before they leave this module.
"""

import asyncio
import json
import ssl
import sys
import time
import uuid
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from oai_tui import __version__
from oai_tui.domain.answer_parsing import parse_json
from oai_tui.domain.cut_text import cut_text
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.redaction import Redactor, masked_mail, unescape_key_characters
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact, Observation, Request
from oai_tui.domain.ports import Call
from oai_tui.domain.responder import Responder
from oai_tui.domain.target import Target, is_loopback, receiver_of_plain_http
from oai_tui.probes.admin_routes import may_take_route
from oai_tui.probes.failure_kinds import failed_phase_of, failure_of
from oai_tui.probes.network.certificates import chain_of
from oai_tui.probes.network.proxies import proxy_for
from oai_tui.probes.request_trace import Trace
from oai_tui.probes.response_facts import (
    EXCERPT_LIMIT,
    exception_chain_text,
    facts_of_connection,
    facts_of_failure,
    host_kind,
    response_facts,
)
from oai_tui.probes.response_parts import ResponseParts
from oai_tui.system.deadline import use_daemon_threads

# httpx imports its own command line interface and with it rich and pygments, wherever these are
# installed. Nothing here uses it, and it takes a third of the time that importing httpx takes.
# None is how Python marks a module that must not be imported. simulator/transport.py does the same.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
import httpx  # noqa: E402

Transport = httpx.AsyncBaseTransport
"""Carries requests. An alias for callers that pass one on without importing httpx."""
MAX_BYTES = 2_000_000
"""Bytes of a body that are read. No response that we ask for is larger: 100 models take 15 kB."""
MAX_HEADERS = 60
"""Headers of a response that are kept as evidence."""
MAX_HEADER_NAME = 64
"""Characters of a header's name. Headers with longer names are not kept."""
MAX_HEADER_VALUE = 1000
"""Characters of a header's value that are kept."""
MAX_REASON = 200
"""Characters of the reason phrase that are kept."""

_UNSENDABLE = "clients can't send these characters in a header"


class KeyWouldLeakError(RuntimeError):
    """A probe asked to send the key to an endpoint that may not get it: a bug of this package."""


class BearerAuth(httpx.Auth):
    """Adds the key to one request, after every hook and log has seen the request without it."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["Authorization"] = f"Bearer {self._credential.secret.reveal()}"
        yield request


def may_carry_key(target: Target, facts: Mapping[str, Fact], proxy: str = "") -> bool:
    """Return True if the key may be sent to this target, through this proxy if it is not "".

    That is: a host below openai.com over TLS, this machine once it has answered as an API, or a
    server that the user agreed to. Over plain http the key leaves this machine only if the user
    permitted it for this host.
    """
    if target.is_openai:
        return True
    if not target.allow_http and receiver_of_plain_http(target, proxy):
        return False
    may_go = bool(facts.get("key_may_go"))
    if target.is_loopback:  # every name of this machine counts as the one that was proved
        return may_go and is_loopback(str(facts.get("host", "")))
    is_web = target.base_url.lower().startswith(("https://", "http://"))
    return is_web and (target.agreed or (may_go and facts.get("host") == target.host))


@dataclass(slots=True, kw_only=True)
class ApiRequest:
    """One request to the API, as a probe describes it."""

    probe: str
    path: str
    method: str = "GET"
    key: bool = False
    """Send the key, the organization and the project."""
    body: Mapping[str, Any] | None = None
    billed: bool = False
    keep_body: bool = True
    connect_s: float | None = None
    """Seconds that connecting may take; None for the whole time limit of the call."""
    learns_if_admin: bool = False
    """Send a key of an unknown shape to the admin API, to learn whether it is an admin key."""
    keep_masked_email: bool = False
    """Keep the first letter and the domain of e-mail addresses in the response instead of hiding
    the whole address."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of one request.

    `value`: the whole redacted JSON value of the body, or None. `chain`: the certificates of the
    connection in DER, leaf first; may be empty.
    """

    observation: Observation
    value: Any = None
    chain: tuple[bytes, ...] = ()


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One request that is being sent: turns it and its response or failure into an Observation.

    `headers`: the request's headers without Authorization. `proxy`: its URL with the password,
    or "". `trace`: filled while the request is in flight. `now`: seconds since 1970.
    """

    call: Call
    api_request: ApiRequest
    headers: Mapping[str, str]
    proxy: str = field(repr=False)
    redact: Redactor = field(repr=False)
    responders: Sequence[Responder] = field(repr=False)
    now: Callable[[], float]
    trace: Trace = field(default_factory=Trace)

    @property
    def url(self) -> str:
        """The full URL of the request. Not redacted."""
        return self.call.target.base_url.rstrip("/") + self.api_request.path

    @property
    def credential(self) -> Credential | None:
        """The key that goes with the request, or None."""
        return self.call.credential if self.api_request.key else None

    def sent(self) -> Request:
        """Describe the request, redacted and without its key."""
        body = self.api_request.body
        return Request(
            method=self.api_request.method,
            url=self.redact(self.url),
            headers={name: self.redact(value) for name, value in self.headers.items()},
            body="" if body is None else json.dumps(dict(body)),
            key_sent=self.credential is not None,
            billed=self.api_request.billed,
            client_request_id=self.headers["X-Client-Request-Id"],
        )

    def not_sent(self) -> Reply:
        """Describe a request that was not tried because its key cannot be put into a header."""
        return Reply(
            Observation(
                probe=self.api_request.probe,
                request=self.sent(),
                failure="unsendable",
                detail=_UNSENDABLE,
                facts=self._request_facts(),
            )
        )

    def answered(self, response: httpx.Response, body: bytes, *, complete: bool) -> Reply:
        """Describe the response. `body`: at most MAX_BYTES; `complete`: whether that is all."""
        parts = self._parts(response, body, complete=complete)
        facts, error = response_facts(parts, self.call, responders=self.responders, now=self.now())
        observation = Observation(
            probe=self.api_request.probe,
            request=self.sent(),
            status=response.status_code,
            reason=cut_text(
                self.redact(unescape_key_characters(response.reason_phrase)), MAX_REASON
            ),
            error=error,
            headers=parts.headers,
            body=cut_text(parts.text, EXCERPT_LIMIT) if self.api_request.keep_body else "",
            facts={
                **self._request_facts(),
                **self._proxy_facts(),
                **self.trace.connection,
                **facts,
            },
            timings=self.trace.timings(),
        )
        return Reply(observation, parts.value, self.trace.chain)

    def failed(self, error: Exception) -> Reply:
        """Describe a request that got no response, or none that could be read."""
        proxied = bool(self.proxy)
        https = self.call.target.base_url.lower().startswith("https://")
        kind = failure_of(error, connected=self.trace.connected, proxied=proxied)
        if kind == "unsendable":
            detail = _UNSENDABLE
        else:
            detail = self.redact(unescape_key_characters(exception_chain_text(error)))
        phase = failed_phase_of(kind, self.trace.reached(tls=https, proxied=proxied))
        observation = Observation(
            probe=self.api_request.probe,
            request=self.sent(),
            failure=kind,
            detail=cut_text(detail, EXCERPT_LIMIT),
            facts={
                **self._request_facts(),
                **self._proxy_facts(),
                "failed_phase": phase,
                **facts_of_failure(error),
            },
            timings=self.trace.timings(),
        )
        return Reply(observation)

    def _parts(self, response: httpx.Response, body: bytes, *, complete: bool) -> ResponseParts:
        """The response, redacted. Of an incomplete body only an excerpt is kept."""
        kept = [
            (
                self.redact(name.lower()),
                cut_text(self.redact(unescape_key_characters(value)), MAX_HEADER_VALUE),
            )
            for name, value in list(response.headers.items())[:MAX_HEADERS]
            if len(name) <= MAX_HEADER_NAME
        ]
        text = unescape_key_characters(
            (body if complete else body[:EXCERPT_LIMIT]).decode("utf-8", "replace")
        )
        if self.api_request.keep_masked_email:
            text = masked_mail(text)
        text = self.redact(text)
        return ResponseParts(
            status=response.status_code,
            headers={name: value for name, value in kept if name != "set-cookie"},
            text=text,
            value=parse_json(text) if complete else None,
            complete=complete,
        )

    def _request_facts(self) -> dict[str, Fact]:
        """Facts: host, host_kind, key_sent, organization_named, project_named."""
        target = self.call.target
        facts: dict[str, Fact] = {"host": target.host, "host_kind": host_kind(target)}
        if self.credential is not None:
            facts["key_sent"] = True
        named = {"OpenAI-Organization": "organization_named", "OpenAI-Project": "project_named"}
        for header, name in named.items():
            if header in self.headers:
                facts[name] = self.redact(self.headers[header])
        return facts

    def _proxy_facts(self) -> dict[str, Fact]:
        """Facts: proxy; proxy_forwards if the proxy itself can answer, as it can over http."""
        if not self.proxy:
            return {}
        facts: dict[str, Fact] = {"proxy": self.redact(self.proxy)}
        if self.call.target.base_url.lower().startswith("http://"):
            facts["proxy_forwards"] = True
        return facts


class SharedParts:
    """What the clients of several checks can share, made when it is first needed."""

    def __init__(self) -> None:
        self.redactor_of = cache(Redactor)
        """Returns the redactor of a tuple of keys. Its tables take longer to make than the texts of
        one check to redact."""

    @cached_property
    def trust_store(self) -> ssl.SSLContext:
        """The operating system's certificate store, as the official SDK and curl use it."""
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class HttpClient:
    """The HTTP client of one run.

    `responders`: the table that identifies who answered. `transport`: carries the requests, None
    for real sockets. `new_id`: makes X-Client-Request-Id. `proxy_of`: the proxy for a URL, or "".
    `now`: seconds since 1970. `known`: returns all keys at hand, which are hidden in the responses.
    `shared`: what it shares with other clients.
    """

    def __init__(
        self,
        responders: Sequence[Responder],
        *,
        transport: Transport | None = None,
        new_id: Callable[[], str] | None = None,
        proxy_of: Callable[[str], str] = proxy_for,
        now: Callable[[], float] = time.time,
        known: Callable[[], Iterable[Secret]] = tuple,
        shared: SharedParts | None = None,
    ) -> None:
        self.responders = tuple(responders)
        self._transport = transport
        self._new_id = new_id or (lambda: str(uuid.uuid4()))
        self._proxy_of = proxy_of
        self._now = now
        self._known = known
        self._shared = shared or SharedParts()
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._redactors: dict[Secret | None, Redactor] = {}

    @property
    def is_real(self) -> bool:
        """Return True if requests go over real sockets."""
        return self._transport is None

    def resolves(self, target: Target) -> bool:
        """Return True if this machine looks the target's name up: real sockets and no proxy."""
        return self.is_real and bool(target.host) and not self.proxy(target)

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def ask(self, call: Call, api_request: ApiRequest) -> Reply:
        """Send one request and return what came back, a failure included.

        Raises KeyWouldLeakError and nothing else.
        """
        key = call.credential if api_request.key else None
        proxy = self.proxy(call.target)
        if key is not None and not may_carry_key(call.target, call.facts, proxy):
            raise KeyWouldLeakError("this server is not confirmed, so the key was not sent")
        if key is not None and not may_take_route(
            key, api_request.method, api_request.path, learns=api_request.learns_if_admin
        ):
            raise KeyWouldLeakError("this kind of key doesn't belong on this route")
        attempt = self._attempt(call, api_request, proxy)
        if key is not None and not key.secret.sendable:
            return attempt.not_sent()
        try:
            async with asyncio.timeout(call.limit_s):
                response, body, complete = await self._send(attempt)
                return attempt.answered(response, body, complete=complete)
        except Exception as error:  # noqa: BLE001  every failure of the outside world is an observation; any other one is "crashed"
            return attempt.failed(error)

    def proxy(self, target: Target) -> str:
        """The URL of the proxy for a target, its password included, or "".

        There is none for a target that goes direct, and for a base URL that is not a URL: sending
        the request then reports that.
        """
        try:
            return "" if target.direct else self._proxy_of(target.base_url)
        except ValueError:
            return ""

    def _attempt(self, call: Call, api_request: ApiRequest, proxy: str) -> Attempt:
        return Attempt(
            call=call,
            api_request=api_request,
            headers=self._headers(call.target, api_request),
            proxy=proxy,
            redact=self._redactor(call.credential),
            responders=self.responders,
            now=self._now,
        )

    def _headers(self, target: Target, api_request: ApiRequest) -> dict[str, str]:
        """The headers of a request, without Authorization."""
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"oai-tui/{__version__}",
            "X-Client-Request-Id": self._new_id(),
        }
        if api_request.key and target.organization is not None:
            headers["OpenAI-Organization"] = target.organization
        if api_request.key and target.project is not None:
            headers["OpenAI-Project"] = target.project
        return headers

    def _redactor(self, credential: Credential | None) -> Redactor:
        """Hides all keys at hand; this one as it is, repaired, and in other letter cases.

        A server may return the key as the name of a header, whose letters are lowered.
        """
        secret = credential.secret if credential is not None else None
        if secret not in self._redactors:
            secrets = [] if secret is None else [secret]
            if secret is not None and secret.length >= 12 and not secret.is_found_by_spellings:
                text = secret.reveal()
                secrets += [Secret(form) for form in (text.lower(), text.upper(), text.swapcase())]
            cleaned = secret.cleaned() if secret is not None else None
            secrets += [cleaned] if cleaned else []
            self._redactors[secret] = self._shared.redactor_of((*secrets, *self._known()))
        return self._redactors[secret]

    def _client(self, proxy: str) -> httpx.AsyncClient:
        """The httpx client for one proxy, made on first use. ValueError for an unusable proxy."""
        if proxy not in self._clients:
            transport = self._transport
            httpx_proxy = _httpx_proxy(proxy)
            if transport is None:
                use_daemon_threads()
                transport = httpx.AsyncHTTPTransport(
                    verify=self._shared.trust_store,
                    trust_env=False,
                    limits=httpx.Limits(max_connections=4, keepalive_expiry=120),
                    proxy=httpx_proxy,
                )
            self._clients[proxy] = httpx.AsyncClient(
                transport=transport, trust_env=False, follow_redirects=False
            )
        return self._clients[proxy]

    async def _send(self, attempt: Attempt) -> tuple[httpx.Response, bytes, bool]:
        """Send the request.

        Returns the response, at most MAX_BYTES of its body, and whether that is all of the body.
        """
        api_request, limit_s = attempt.api_request, attempt.call.limit_s
        timeout = {
            "connect": api_request.connect_s or limit_s,
            "read": limit_s,
            "write": limit_s,
            "pool": limit_s,
        }
        client = self._client(attempt.proxy)
        request = client.build_request(
            api_request.method,
            attempt.url,
            headers=dict(attempt.headers),
            json=api_request.body,
            extensions={
                "trace": attempt.trace,
                "timeout": timeout,
                "proxied": bool(attempt.proxy),
            },
        )
        key = attempt.credential
        auth = BearerAuth(key) if key is not None else None
        response = await client.send(request, auth=auth, stream=True)
        try:
            _record_connection(attempt.trace, response)
            body, complete = await _read_body(response)
            return response, body, complete
        finally:
            await response.aclose()


def _record_connection(trace: Trace, response: httpx.Response) -> None:
    """Put the connection's address, TLS facts and certificates into the trace."""
    stream = response.extensions.get("network_stream")
    tls, address = None, None
    if stream is not None:
        tls = stream.get_extra_info("ssl_object")
        address = stream.get_extra_info("server_addr")
    trace.connection = facts_of_connection(tls, address)
    trace.chain = tuple(chain_of(tls)) if tls is not None else ()


async def _read_body(response: httpx.Response) -> tuple[bytes, bool]:
    """At most MAX_BYTES of the body, and whether that is all of it.

    The body is decompressed here, because a small response could otherwise grow without limit.
    """
    encoding = response.headers.get("content-encoding", "").lower()
    unpack = zlib.decompressobj(47) if encoding in {"gzip", "deflate", "x-gzip"} else None
    out = bytearray()
    chunks: AsyncIterator[bytes] = response.aiter_raw()
    async for chunk in chunks:
        out += unpack.decompress(chunk, MAX_BYTES + 1 - len(out)) if unpack else chunk
        if len(out) > MAX_BYTES:
            return bytes(out[:MAX_BYTES]), False
    return bytes(out), True


def _httpx_proxy(proxy: str) -> httpx.Proxy | None:
    """The proxy for httpx, or None for "". ValueError that names it if httpx cannot use it."""
    if not proxy:
        return None
    made, reason = None, "this port doesn't exist"
    try:
        made = httpx.Proxy(proxy)
    except (httpx.InvalidURL, ValueError) as error:
        reason = str(error)
    if made is None or not 0 < (made.url.port or 80) < 65_536:
        raise ValueError(f"the proxy {proxy} can't be used: {reason}")
    return made
