"""The one place that speaks HTTP: sends a request within its limits, and turns whatever comes back into a scrubbed Observation.

It promises: the key goes only where `may_carry_key` allows, in the Authorization header of this request alone, never across a redirect (none is followed), never over plain http
beyond this machine. Time and body are bounded. Nothing is retried. The texts of answers and exceptions are scrubbed before they leave this file.
"""

import asyncio
import ssl
import time
import uuid
import zlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from oai_tui import __version__
from oai_tui.domain.answer_parsing import parse_json
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.redaction import Redactor, masked_mail, unescape_key_characters
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact, Observation, Request
from oai_tui.domain.ports import Call
from oai_tui.domain.responder import Responder
from oai_tui.domain.target import Target, is_loopback
from oai_tui.probes.failure_kinds import broken_at, failure_of
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
from oai_tui.system.deadline import use_daemon_threads

Transport = httpx.AsyncBaseTransport
"""What carries requests, for those who pass one on without knowing httpx."""
MAX_BYTES = 2_000_000
"""No answer that we ask for is larger: a list of 100 models has about 15 kB."""
MAX_HEADERS = 60
"""Headers of an answer that are kept as evidence."""
MAX_HEADER_NAME = 64
"""Characters of a header's name beyond which the header is not kept."""

_UNSENDABLE = "no client can put these characters into a header"


class KeyWouldLeak(RuntimeError):
    """A probe asked to send the key to a place that has not earned it: a bug of ours, stopped here."""


class BearerAuth(httpx.Auth):
    """Puts the key into the one request it is given to, after every hook and log has seen the request without it."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["Authorization"] = f"Bearer {self._credential.secret.reveal()}"
        yield request


def may_carry_key(target: Target, facts: Mapping[str, Fact]) -> bool:
    """Whether the key may go to this target: TLS proves an openai.com host; this machine; a server the person agreed to; over plain http this machine only."""
    if target.is_openai:
        return True
    may_go = bool(facts.get("key_may_go"))
    if target.is_loopback:  # another name of this machine is as good as the one that was proved
        return may_go and is_loopback(str(facts.get("host", "")))
    return target.base_url.lower().startswith("https://") and (
        target.agreed or (may_go and facts.get("host") == target.host)
    )


@dataclass(slots=True, kw_only=True)
class ApiRequest:
    """One question: what to send, as which probe, and whether the key goes with it. `connect_s`: seconds that the connection may take, None for all the time there is.

    `person`: whether e-mail addresses in the answer are kept by their first letter and domain; they are hidden otherwise.
    """

    probe: str
    path: str
    method: str = "GET"
    key: bool = False
    body: Mapping[str, Any] | None = None
    billed: bool = False
    keep_body: bool = True
    connect_s: float | None = None
    person: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An observation, and beside it the whole scrubbed JSON value of the answer, for the probe that asked; None when there was none. `chain`: the certificates of the connection in DER."""

    observation: Observation
    value: Any = None
    chain: tuple[bytes, ...] = ()


class HttpClient:
    """The HTTP client of one run. `transport`: what carries the requests, None for real sockets. `new_id`: makes X-Client-Request-Id. `proxy_of`: the proxy for a URL, "" for none. `now`: seconds since 1970."""

    def __init__(
        self,
        speakers: Sequence[Responder],
        *,
        transport: Transport | None = None,
        new_id: Callable[[], str] | None = None,
        proxy_of: Callable[[str], str] = proxy_for,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.speakers = tuple(speakers)
        self._transport = transport
        self._new_id = new_id or (lambda: str(uuid.uuid4()))
        self._proxy_of = proxy_of
        self._now = now
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._redactors: dict[Secret | None, Redactor] = {}

    @property
    def is_real(self) -> bool:
        """Whether requests go over real sockets."""
        return self._transport is None

    def resolves(self, target: Target) -> bool:
        """Whether this machine looks the target's name up itself: over real sockets and without a proxy."""
        return self.is_real and bool(target.host) and not self.proxy(target)

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def ask(self, call: Call, exchange: ApiRequest) -> Reply:
        """Send one request and return what was seen. Raises KeyWouldLeak alone."""
        target, credential = call.target, call.credential if exchange.key else None
        if credential is not None and not may_carry_key(target, call.facts):
            raise KeyWouldLeak("the endpoint has not earned the key")
        redact = self._redactor(call.credential)
        headers = self._headers(target, exchange)
        sent = Request(
            method=exchange.method,
            url=redact(_url(target, exchange)),
            headers={name: redact(value) for name, value in headers.items()},
            body=_json_text(exchange.body),
            key_sent=credential is not None,
            billed=exchange.billed,
            client_request_id=headers["X-Client-Request-Id"],
        )
        about: dict[str, Fact] = {
            "host": target.host,
            "host_kind": host_kind(target),
            **({"key_sent": True} if credential is not None else {}),
            **(
                {"project_named": redact(headers["OpenAI-Project"])}
                if "OpenAI-Project" in headers
                else {}
            ),
        }
        if credential is not None and not credential.secret.sendable:
            return Reply(
                Observation(
                    probe=exchange.probe,
                    request=sent,
                    failure="unsendable",
                    detail=_UNSENDABLE,
                    facts=about,
                )
            )
        trace, proxy = Trace(), self.proxy(target)
        if proxy:
            about["proxy"] = redact(proxy)
        try:
            async with asyncio.timeout(call.limit_s):
                response, body, whole = await self._send(
                    call, exchange, credential, headers, trace, proxy
                )
                return self._reply(
                    call,
                    exchange,
                    sent,
                    response,
                    body,
                    whole,
                    redact,
                    about | trace.connection,
                    trace,
                )
        except Exception as error:  # noqa: BLE001  every failure of the outside world is an observation; what is none is marked as our own fault
            kind = failure_of(error, connected=trace.connected, proxied=bool(proxy))
            detail = (
                redact(unescape_key_characters(exception_chain_text(error)))
                if kind != "unsendable"
                else _UNSENDABLE
            )
            about["failed_phase"] = broken_at(
                kind,
                trace.reached(
                    tls=target.base_url.lower().startswith("https://"), proxied=bool(proxy)
                ),
            )
            return Reply(
                Observation(
                    probe=exchange.probe,
                    request=sent,
                    failure=kind,
                    detail=detail[:EXCERPT_LIMIT],
                    facts=about | facts_of_failure(error),
                    timings=trace.timings(),
                )
            )

    def _headers(self, target: Target, exchange: ApiRequest) -> dict[str, str]:
        """The headers of a request but for the key's."""
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"oai-tui/{__version__}",
            "X-Client-Request-Id": self._new_id(),
        }
        if exchange.key and target.organization is not None:
            headers["OpenAI-Organization"] = target.organization
        if exchange.key and target.project is not None:
            headers["OpenAI-Project"] = target.project
        return headers

    def proxy(self, target: Target) -> str:
        """The proxy for a target, its password included, "" for none: never for this machine nor where the target goes direct, and none for what is no URL, which the request itself then shows."""
        try:
            return "" if target.is_loopback or target.direct else self._proxy_of(target.base_url)
        except ValueError:
            return ""

    def _redactor(self, credential: Credential | None) -> Redactor:
        """Hides the key as it is, repaired, and with the case of its letters changed, as a header's name would have it."""
        secret = credential.secret if credential is not None else None
        if secret not in self._redactors:
            text = secret.reveal() if secret is not None else ""
            forms = (
                {text, text.lower(), text.upper(), text.swapcase()} if len(text) >= 12 else {text}
            )
            cleaned = secret.cleaned() if secret is not None else None
            self._redactors[secret] = Redactor(
                [*(Secret(form) for form in sorted(forms)), *([cleaned] if cleaned else [])]
            )
        return self._redactors[secret]

    def _client(self, proxy: str) -> httpx.AsyncClient:
        if proxy not in self._clients:
            transport, through = self._transport, _through(proxy)
            if transport is None:
                use_daemon_threads()
                limits = httpx.Limits(max_connections=4, keepalive_expiry=120)
                transport = httpx.AsyncHTTPTransport(
                    verify=_trust(), trust_env=False, limits=limits, proxy=through
                )
            self._clients[proxy] = httpx.AsyncClient(
                transport=transport, trust_env=False, follow_redirects=False
            )
        return self._clients[proxy]

    async def _send(
        self,
        call: Call,
        exchange: ApiRequest,
        credential: Credential | None,
        headers: Mapping[str, str],
        trace: Trace,
        proxy: str,
    ) -> tuple[httpx.Response, bytes, bool]:
        """Send the request; its answer, at most MOST_BYTES of the body, and whether that is all of it."""
        client, timeout = (
            self._client(proxy),
            {
                **dict.fromkeys(("read", "write", "pool"), call.limit_s),
                "connect": exchange.connect_s or call.limit_s,
            },
        )
        request = client.build_request(
            exchange.method,
            _url(call.target, exchange),
            headers=dict(headers),
            json=exchange.body,
            extensions={"trace": trace, "timeout": timeout, "proxied": bool(proxy)},
        )
        response = await client.send(
            request, auth=BearerAuth(credential) if credential is not None else None, stream=True
        )
        try:
            stream = response.extensions.get("network_stream")
            tls, address = (
                (stream.get_extra_info("ssl_object"), stream.get_extra_info("server_addr"))
                if stream is not None
                else (None, None)
            )
            trace.connection = facts_of_connection(tls, address)
            trace.chain = tuple(chain_of(tls)) if tls is not None else ()
            return response, *await _bounded(response)
        finally:
            await response.aclose()

    def _reply(
        self,
        call: Call,
        exchange: ApiRequest,
        sent: Request,
        response: httpx.Response,
        body: bytes,
        whole: bool,
        redact: Redactor,
        about: Mapping[str, Fact],
        trace: Trace,
    ) -> Reply:
        """The scrubbed observation of an answer."""
        kept = [
            (redact(name.lower()), redact(unescape_key_characters(value))[:1000])
            for name, value in list(response.headers.items())[:MAX_HEADERS]
            if len(name) <= MAX_HEADER_NAME
        ]
        headers: dict[str, str] = {name: value for name, value in kept if name != "set-cookie"}
        raw = unescape_key_characters(
            (body if whole else body[:EXCERPT_LIMIT]).decode("utf-8", "replace")
        )
        text = redact(masked_mail(raw) if exchange.person else raw)
        value = parse_json(text) if whole else None
        facts, error = response_facts(
            self.speakers,
            response.status_code,
            headers,
            text,
            value,
            call,
            whole=whole,
            now=self._now(),
        )
        seen = Observation(
            probe=exchange.probe,
            request=sent,
            status=response.status_code,
            reason=redact(unescape_key_characters(response.reason_phrase))[:200],
            error=error,
            headers=headers,
            body=text[:EXCERPT_LIMIT] if exchange.keep_body else "",
            facts={**about, **facts},
            timings=trace.timings(),
        )
        return Reply(seen, value, trace.chain)


async def _bounded(response: httpx.Response) -> tuple[bytes, bool]:
    """At most MOST_BYTES of the body, decompressed here so that a small answer cannot grow without limit; and whether that is all of it."""
    unpack = (
        zlib.decompressobj(47)
        if response.headers.get("content-encoding", "").lower() in {"gzip", "deflate", "x-gzip"}
        else None
    )
    out = bytearray()
    chunks: AsyncIterator[bytes] = response.aiter_raw()
    async for chunk in chunks:
        out += unpack.decompress(chunk, MAX_BYTES + 1 - len(out)) if unpack else chunk
        if len(out) > MAX_BYTES:
            return bytes(out[:MAX_BYTES]), False
    return bytes(out), True


def _trust() -> ssl.SSLContext:
    """The operating system's certificate store, as the official SDK and curl use it."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _through(proxy: str) -> httpx.Proxy | None:
    """The proxy for httpx; ValueError that names it where httpx cannot use it."""
    if not proxy:
        return None
    made, why = None, "there is no such port"
    try:
        made = httpx.Proxy(proxy)
    except (httpx.InvalidURL, ValueError) as error:
        why = str(error)
    if made is None or not 0 < (made.url.port or 80) < 65_536:
        raise ValueError(f"the proxy {proxy} cannot be used: {why}")
    return made


def _url(target: Target, exchange: ApiRequest) -> str:
    return target.base_url.rstrip("/") + exchange.path


def _json_text(body: Mapping[str, Any] | None) -> str:
    import json

    return "" if body is None else json.dumps(dict(body))
