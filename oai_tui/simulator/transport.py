"""The simulator as an httpx transport: the same app without a socket, with the trace events, the stream's details and the failures that a real connection has.

ASGI alone knows no time limits, no names and no TLS, so those are added here: unknown hosts do not resolve, faults raise what httpx raises (faults.py), and
`network_stream` tells of an address and a TLS session. `pace_s` is artificial waiting per request, for people who watch.
"""

import asyncio
import re
import sys
from collections.abc import Mapping
from typing import Any

import httpcore

from oai_tui.simulator.simulator import Simulator
from oai_tui.simulator.transport_faults import WHERE, Fault, root_of

# Keeps httpx's own command line interface from being imported: see probes/http_client.py.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
import httpx  # noqa: E402

_ILLEGAL = re.compile(rb"[\0\r\n]|^[ \t]|[ \t]$")
_KINDS: Mapping[Fault, tuple[type[httpx.TransportError], type[Exception]]] = {
    "connect-timeout": (httpx.ConnectTimeout, httpcore.ConnectTimeout),
    "read-timeout": (httpx.ReadTimeout, httpcore.ReadTimeout),
    "reset": (httpx.ReadError, httpcore.ReadError),
    "proxy-auth": (httpx.ProxyError, httpcore.ProxyError),
}
"""Exceptions of httpx 0.28 and httpcore 1.0 for the faults that are no ConnectError."""
_SHARES: Mapping[str, float] = {"connect": 0.3, "tls": 0.3, "answer": 0.4}


class SimulatedTls:
    """What an `ssl_object` tells of a sound session with OpenAI's host."""

    def __init__(self, host: str) -> None:
        self._host = host

    def version(self) -> str:
        """Protocol version."""
        return "TLSv1.3"

    def cipher(self) -> tuple[str, str, int]:
        """Cipher, protocol, bits."""
        return ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256)

    def selected_alpn_protocol(self) -> str:
        """Application protocol."""
        return "http/1.1"

    def getpeercert(self, binary_form: bool = False) -> dict[str, Any] | bytes:
        """The certificate in ssl's own shape; there is no binary form."""
        if binary_form:
            return b""
        issuer = (
            (("countryName", "US"),),
            (("organizationName", "Simulated Trust Services"),),
            (("commonName", "Simulated CA"),),
        )
        return {
            "subject": ((("commonName", self._host),),),
            "issuer": issuer,
            "subjectAltName": (("DNS", self._host),),
        }


class SimulatedStream:
    """What `response.extensions["network_stream"]` tells of the connection."""

    def __init__(self, host: str, address: str, port: int, *, tls: bool) -> None:
        self._details: dict[str, object] = {
            "server_addr": (address, port),
            "client_addr": ("198.51.100.20", 50_000),
            "ssl_object": SimulatedTls(host) if tls else None,
        }

    def get_extra_info(self, name: str) -> object:
        """One detail, None for one it does not know."""
        return self._details.get(name)


class SimulatorTransport(httpx.AsyncBaseTransport):
    """Serves every host of the simulated world in process."""

    def __init__(self, simulator: Simulator, pace_s: float = 0.0) -> None:
        self._simulator = simulator
        self._inner = httpx.ASGITransport(app=simulator.app)
        self._pace_s = pace_s
        self._connected: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, or the failure that the world has in store for this host."""
        if any(_ILLEGAL.search(value) for _, value in request.headers.raw):
            raise httpx.LocalProtocolError("Illegal header value", request=request)
        host, is_tls = request.url.host, request.url.scheme == "https"
        address = self._simulator.address(host)
        fault = self._simulator.fault or ("dns" if address is None else None)
        if fault is not None and WHERE[fault] == "tls" and not is_tls:
            fault = None  # without TLS there is no certificate to be at fault
        if fault in {"proxy-auth", "proxy-unreachable"} and not request.extensions.get("proxied"):
            fault = None  # a call without the proxy does not meet it
        at = WHERE[fault] if fault else None
        if request.extensions.get("proxied"):
            request.headers["Via"] = (
                "1.1 proxy.example.com"  # as a proxy that opens TLS marks what it passes on
            )
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        stream = SimulatedStream(
            host, address or "", request.url.port or (443 if is_tls else 80), tls=is_tls
        )
        if origin not in self._connected:
            await self._stage(
                request,
                "connect",
                "connection.connect_tcp",
                fault if at == "connect" else None,
                stream,
            )
            if is_tls:
                await self._stage(
                    request, "tls", "connection.start_tls", fault if at == "tls" else None, stream
                )
            self._connected.add(origin)
        for step in ("http11.send_request_headers", "http11.send_request_body"):
            await self._stage(request, "", step, None, None)
        response = await self._inner.handle_async_request(request) if fault is None else None
        await self._stage(request, "answer", "http11.receive_response_headers", fault, response)
        assert response is not None
        response.extensions |= {
            "http_version": b"HTTP/1.1",
            "reason_phrase": response.reason_phrase.encode(),
            "network_stream": stream,
        }
        return response

    async def _stage(
        self, request: httpx.Request, share: str, name: str, fault: Fault | None, result: object
    ) -> None:
        """One part of an exchange: its trace events, its share of the pace, and its fault."""
        await _tell(request, f"{name}.started", {"request": request})
        if self._pace_s and share:
            await asyncio.sleep(self._pace_s * _SHARES[share])
        if fault is not None:
            error = failure(fault, request)
            await _tell(request, f"{name}.failed", {"exception": error})
            raise error
        await _tell(request, f"{name}.complete", {"return_value": result})


def failure(fault: Fault, request: httpx.Request) -> httpx.TransportError:
    """What httpx would raise for this request, with httpcore's error and the operating system's below it."""
    outer, core = _KINDS.get(fault, (httpx.ConnectError, httpcore.ConnectError))
    root = root_of(
        fault, request.url.host, request.url.port or (443 if request.url.scheme == "https" else 80)
    )
    below = core(root) if root is not None else core("407 Proxy Authentication Required")
    # httpcore's pool raises once more "from None": the context stays, the cause does not
    below.__context__, below.__suppress_context__ = root, True
    above = outer(str(below), request=request)
    above.__cause__ = above.__context__ = below
    return above


async def _tell(request: httpx.Request, name: str, info: Mapping[str, object]) -> None:
    trace = request.extensions.get("trace")
    if trace is not None:
        await trace(name, info)
