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
from dataclasses import dataclass, field
from typing import Any

import httpx

from oai_tui import __version__
from oai_tui.domain.credential import Credential
from oai_tui.domain.deadline import DaemonExecutor
from oai_tui.domain.observation import ErrorBody, Fact, Observation, Request, Timings
from oai_tui.domain.ports import Call
from oai_tui.domain.reading import facts_of_error, facts_of_headers, is_html, parse_error, parse_json
from oai_tui.domain.redaction import Redactor
from oai_tui.domain.speaker import Speaker, who_speaks
from oai_tui.domain.target import Target
from oai_tui.probes.failures import failure_of
from oai_tui.probes.proxies import proxy_for

Transport = httpx.AsyncBaseTransport
"""What carries requests, for those who pass one on without knowing httpx."""
MOST_BYTES = 2_000_000
"""No answer that we ask for is larger: a list of 100 models has about 15 kB."""
EXCERPT = 4_000
"""Characters of a body that are kept as evidence."""
MOST_HEADERS = 60
"""Headers of an answer that are kept as evidence."""


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
    proved = bool(facts.get("key_may_go")) and facts.get("host") == target.host
    secure = target.base_url.lower().startswith("https://")
    return (target.is_loopback and proved) or (secure and (target.agreed or proved))


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One question: what to send, as which probe, and whether the key goes with it."""

    probe: str
    path: str
    method: str = "GET"
    key: bool = False
    body: Mapping[str, Any] | None = None
    billed: bool = False
    keep_body: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """An observation, and beside it the whole scrubbed JSON value of the answer, for the probe that asked; None when there was none."""

    observation: Observation
    value: Any = None


@dataclass(slots=True)
class _Trace:
    """Collects httpcore's trace events into timings, and tells how far a request got."""

    began: float = field(default_factory=time.perf_counter)
    marks: dict[str, float] = field(default_factory=dict)

    async def __call__(self, name: str, info: Mapping[str, Any]) -> None:
        self.marks.setdefault(name.removeprefix("connection.").removeprefix("http11.").removeprefix("proxy."), time.perf_counter())

    @property
    def connected(self) -> bool:
        return "connect_tcp.complete" in self.marks or "send_request_headers.started" in self.marks

    def between(self, start: str, end: str) -> float | None:
        if start not in self.marks or end not in self.marks:
            return None
        return round((self.marks[end] - self.marks[start]) * 1000, 1)

    def timings(self, name_ms: float | None = None) -> Timings:
        return Timings(
            name_ms=name_ms, connect_ms=self.between("connect_tcp.started", "connect_tcp.complete"), tls_ms=self.between("start_tls.started", "start_tls.complete"),
            first_byte_ms=self.between("send_request_headers.started", "receive_response_headers.complete"), total_ms=round((time.perf_counter() - self.began) * 1000, 1),
        )


class Wire:
    """The HTTP client of one run. `transport`: what carries the requests, None for real sockets. `new_id`: makes X-Client-Request-Id. `proxy_of`: the proxy for a URL, "" for none. `now`: seconds since 1970."""

    def __init__(
        self, speakers: Sequence[Speaker], *, transport: Transport | None = None, new_id: Callable[[], str] | None = None, proxy_of: Callable[[str], str] = proxy_for, now: Callable[[], float] = time.time,
    ) -> None:
        self._speakers = speakers
        self._transport = transport
        self._new_id = new_id or (lambda: str(uuid.uuid4()))
        self._proxy_of = proxy_of
        self._now = now
        self._clients: dict[str, httpx.AsyncClient] = {}

    def resolves(self, target: Target) -> bool:
        """Whether this machine looks the target's name up itself: over real sockets and without a proxy."""
        return self._transport is None and bool(target.host) and (target.is_loopback or not self._proxy_of(target.base_url))

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def ask(self, call: Call, exchange: Exchange, *, name_ms: float | None = None) -> Reply:
        """Send one request and return what was seen. Raises KeyWouldLeak alone."""
        target, credential = call.target, call.credential if exchange.key else None
        if credential is not None and not may_carry_key(target, call.facts):
            raise KeyWouldLeak("the endpoint has not earned the key")
        redact = _redactor(call.credential)
        sent = self._request(target, exchange, credential, redact)
        if credential is not None and not credential.secret.sendable:
            return Reply(Observation(probe=exchange.probe, request=sent, failure="unsendable", detail=_UNSENDABLE, facts={"host": target.host}))
        trace, proxy = _Trace(), "" if target.is_loopback else self._proxy_of(target.base_url)
        about: dict[str, Fact] = {"host": target.host}
        if proxy:
            about["proxy"] = redact(proxy)
        try:
            async with asyncio.timeout(call.limit_s):
                return await self._exchange(call, exchange, credential, sent, trace, proxy, redact, about, name_ms)
        except Exception as error:  # noqa: BLE001  every failure of the outside world is an observation; what is none is marked as our own fault
            kind = failure_of(error, connected=trace.connected, proxied=bool(proxy))
            detail = redact(_chain(error)) if kind != "unsendable" else _UNSENDABLE
            return Reply(Observation(probe=exchange.probe, request=sent, failure=kind, detail=detail[:EXCERPT], facts=about | _tls_facts(error), timings=trace.timings(name_ms)))

    def _request(self, target: Target, exchange: Exchange, credential: Credential | None, redact: Redactor) -> Request:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": f"oai-tui/{__version__}", "X-Client-Request-Id": self._new_id()}
        if exchange.key and target.organization is not None:
            headers["OpenAI-Organization"] = target.organization
        if exchange.key and target.project is not None:
            headers["OpenAI-Project"] = target.project
        return Request(
            method=exchange.method, url=redact(target.base_url.rstrip("/") + exchange.path), headers=headers, body=_json_text(exchange.body), key_sent=credential is not None,
            billed=exchange.billed, client_request_id=headers["X-Client-Request-Id"],
        )

    def _client(self, proxy: str) -> httpx.AsyncClient:
        if proxy not in self._clients:
            transport, through = self._transport, httpx.Proxy(proxy) if proxy else None
            if transport is None:
                asyncio.get_running_loop().set_default_executor(DaemonExecutor())
                limits = httpx.Limits(max_connections=4, keepalive_expiry=120)
                transport = httpx.AsyncHTTPTransport(verify=_trust(), trust_env=False, limits=limits, proxy=through)
            self._clients[proxy] = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
        return self._clients[proxy]

    async def _exchange(
        self, call: Call, exchange: Exchange, credential: Credential | None, sent: Request, trace: _Trace, proxy: str, redact: Redactor, about: dict[str, Fact], name_ms: float | None,
    ) -> Reply:
        url = call.target.base_url.rstrip("/") + exchange.path
        auth = BearerAuth(credential) if credential is not None else None
        request = self._client(proxy).build_request(
            exchange.method, url, headers=dict(sent.headers), json=exchange.body, extensions={"trace": trace, "timeout": dict.fromkeys(("connect", "read", "write", "pool"), call.limit_s)},
        )
        response = await self._client(proxy).send(request, auth=auth, stream=True)
        try:
            body, whole = await _bounded(response)
            about = about | _connection_facts(response)
        finally:
            await response.aclose()
        headers = {name.lower(): redact(value)[:1000] for name, value in list(response.headers.items())[:MOST_HEADERS] if name.lower() != "set-cookie"}
        text = redact(body.decode("utf-8", "replace"))
        value = parse_json(text) if whole else None
        facts, error = self._read(response.status_code, headers, text, whole, value, call)
        seen = Observation(
            probe=exchange.probe, request=sent, status=response.status_code, reason=response.reason_phrase, error=error, headers=headers,
            body=text[:EXCERPT] if exchange.keep_body else "", facts=about | facts, timings=trace.timings(name_ms),
        )
        return Reply(seen, value)

    def _read(self, status: int, headers: Mapping[str, str], text: str, whole: bool, value: Any, call: Call) -> tuple[dict[str, Fact], ErrorBody | None]:
        """Facts and error object of an answer."""
        html = is_html(text, headers.get("content-type", ""))
        kind = "too-large" if not whole else "json" if value is not None else "html" if html else "empty" if not text.strip() else "binary" if "\ufffd" in text[:200] else "text"
        error = parse_error(value)
        facts: dict[str, Fact] = {"body_kind": kind, **facts_of_headers(headers, self._now()), **_speaker_facts(self._speakers, status, headers, text, html, value)}
        if error is not None:
            facts |= facts_of_error(error)
        if named := _url_of_host(str(facts.get("named_host", "")), call.target):
            facts["named_host_url"] = named
        if "location" in headers:
            facts["location"] = headers["location"]
            facts["location_host"] = httpx.URL(headers["location"]).host or call.target.host if _is_url(headers["location"]) else ""
        if call.credential is not None and "echoed_last_four" in facts:
            facts["echo_differs"] = facts["echoed_last_four"] != call.credential.secret.ends
        return facts, error


async def _bounded(response: httpx.Response) -> tuple[bytes, bool]:
    """At most MOST_BYTES of the body, decompressed here so that a small answer cannot grow without limit; and whether that is all of it."""
    unpack = zlib.decompressobj(47) if response.headers.get("content-encoding", "").lower() in {"gzip", "deflate", "x-gzip"} else None
    out = bytearray()
    chunks: AsyncIterator[bytes] = response.aiter_raw()
    async for chunk in chunks:
        out += unpack.decompress(chunk, MOST_BYTES + 1 - len(out)) if unpack else chunk
        if len(out) > MOST_BYTES:
            return bytes(out[:MOST_BYTES]), False
    return bytes(out), True


def _trust() -> ssl.SSLContext:
    """The operating system's certificate store, as the official SDK and curl use it."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _speaker_facts(table: Sequence[Speaker], status: int, headers: Mapping[str, str], text: str, html: bool, value: Any) -> dict[str, Fact]:
    """Who answered: a row of the table, or else what the body looks like."""
    if speaker := who_speaks(table, status, headers, text, html=html):
        return {"speaker": speaker.manner, "speaker_name": speaker.name}
    if html:
        title = text[text.lower().find("<title>") + 7 :].split("<")[0].strip()[:60] if "<title>" in text.lower() else ""
        return {"speaker": "web", "speaker_name": f"the web page “{title}”" if title else "a web page"}
    if isinstance(value, dict) and ((isinstance(value.get("error"), dict) and "message" in value["error"]) or value.get("object") in {"list", "model", "response", "chat.completion"}):
        return {"speaker": "openai-like", "speaker_name": "a server in OpenAI's manner"}
    if parse_error(value) is not None:
        return {"speaker": "gateway", "speaker_name": "another server"}
    return {"speaker": "other", "speaker_name": "something else"}


def _connection_facts(response: httpx.Response) -> dict[str, Fact]:
    """TLS version and issuer of the connection, where there is one."""
    stream = response.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    if tls is None:
        return {}
    certificate = tls.getpeercert() or {}
    names = {key: value for part in certificate.get("issuer", ()) for key, value in part}
    issuer = names.get("organizationName") or names.get("commonName") or ""
    return {"tls_version": tls.version() or ""} | ({"tls_issuer": issuer} if issuer else {})


def _tls_facts(error: BaseException) -> dict[str, Fact]:
    """What a failed certificate check says of the certificate."""
    problems = {10: "expired", 9: "not-yet-valid", 62: "wrong-name", 64: "wrong-name", 18: "self-signed", 19: "self-signed", 20: "unknown-issuer", 21: "unknown-issuer"}
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return {"tls_problem": problems.get(seen.verify_code, "unknown-issuer")}
        seen = seen.__cause__ or seen.__context__
    return {}


def _chain(error: BaseException) -> str:
    """The texts of an exception and of what caused it, outermost first, without repetition."""
    texts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(texts) < 8:
        text = f"{type(seen).__name__}: {seen}" if str(seen) else type(seen).__name__
        if not texts or str(seen) not in texts[-1]:
            texts.append(text)
        seen = seen.__cause__ or seen.__context__
    return " ← ".join(texts)


def _redactor(credential: Credential | None) -> Redactor:
    if credential is None:
        return Redactor()
    cleaned = credential.secret.cleaned()
    return Redactor([credential.secret, *([cleaned] if cleaned else [])])


def _json_text(body: Mapping[str, Any] | None) -> str:
    import json

    return "" if body is None else json.dumps(dict(body))


def _url_of_host(host: str, target: Target) -> str:
    """The base URL on a host that an answer names: OpenAI's own, or one on this machine when the answer came from this machine; "" for any other."""
    if host.endswith(".openai.com"):
        return f"https://{host}/v1"
    local = host.startswith(("localhost:", "127.0.0.1:")) and target.is_loopback
    return f"{target.base_url.split('://')[0]}://{host}/v1" if local else ""


def _is_url(text: str) -> bool:
    try:
        httpx.URL(text)
    except httpx.InvalidURL:
        return False
    return True
