"""The simulator as an httpx transport: no socket, but the trace events and failures of one.

ASGI has no timeouts, host names or TLS; they are added here. Unknown hosts do not resolve, faults
raise what httpx raises (transport_faults.py), and `network_stream` has an address and a TLS
session.
"""

import asyncio
import re
import sys
from collections.abc import Mapping
from typing import Any

import httpcore

from oai_tui.simulator.simulator import Simulator
from oai_tui.simulator.transport_faults import FAULT_PHASE, Fault, Phase, root_error

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
"""The exceptions of httpx 0.28 and httpcore 1.0 for the faults that do not raise ConnectError."""
_PACE_SHARES: Mapping[Phase, float] = {"connect": 0.3, "tls": 0.3, "answer": 0.4}
"""The share of each phase in the delay of a request."""


class SimulatedTls:
    """The `ssl_object` of a valid TLS session with a host."""

    def __init__(self, host: str) -> None:
        self._host = host

    def version(self) -> str:
        """Return the protocol version."""
        return "TLSv1.3"

    def cipher(self) -> tuple[str, str, int]:
        """Return cipher, protocol and number of bits."""
        return ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256)

    def selected_alpn_protocol(self) -> str:
        """Return the application protocol."""
        return "http/1.1"

    def getpeercert(self, binary_form: bool = False) -> dict[str, Any] | bytes:
        """Return the certificate in the form of the ssl module; the binary form is empty."""
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
    """The `response.extensions["network_stream"]` of a connection."""

    def __init__(self, host: str, address: str, port: int, *, tls: bool) -> None:
        self._details: dict[str, object] = {
            "server_addr": (address, port),
            "client_addr": ("198.51.100.20", 50_000),
            "ssl_object": SimulatedTls(host) if tls else None,
        }

    def get_extra_info(self, name: str) -> object:
        """Return one detail of the connection, or None."""
        return self._details.get(name)


class SimulatorTransport(httpx.AsyncBaseTransport):
    """Serves every host of the simulated world in process.

    `pace_s`: an artificial delay of each request in seconds, for people who watch.
    """

    def __init__(self, simulator: Simulator, pace_s: float = 0.0) -> None:
        self._simulator = simulator
        self._inner = httpx.ASGITransport(app=simulator.app)
        self._pace_s = pace_s
        self._connected: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the simulated answer, or raise the failure that the world has for this host."""
        if any(_ILLEGAL.search(value) for _, value in request.headers.raw):
            raise httpx.LocalProtocolError("Illegal header value", request=request)
        fault = self._fault_of(request)
        if request.extensions.get("proxied"):
            # a proxy that opens TLS adds this header to the calls that it passes on
            request.headers["Via"] = "1.1 proxy.example.com"
        stream = SimulatedStream(
            request.url.host,
            self._simulator.address(request.url.host) or "",
            _port_of(request),
            tls=request.url.scheme == "https",
        )
        await self._connect(request, fault, stream)
        for event in ("http11.send_request_headers", "http11.send_request_body"):
            await self._run_phase(request, None, event, None, None)
        response = await self._inner.handle_async_request(request) if fault is None else None
        await self._run_phase(request, "answer", "http11.receive_response_headers", fault, response)
        assert response is not None
        response.extensions |= {
            "http_version": b"HTTP/1.1",
            "reason_phrase": response.reason_phrase.encode(),
            "network_stream": stream,
        }
        return response

    def _fault_of(self, request: httpx.Request) -> Fault | None:
        """Return the fault that this request meets, or None."""
        fault = self._simulator.fault
        if fault is None:
            return "dns" if self._simulator.address(request.url.host) is None else None
        if FAULT_PHASE[fault] == "tls" and request.url.scheme != "https":
            return None  # without TLS no certificate is checked
        if fault in {"proxy-auth", "proxy-unreachable"} and not request.extensions.get("proxied"):
            return None  # the call does not use the proxy
        return fault

    async def _connect(
        self, request: httpx.Request, fault: Fault | None, stream: SimulatedStream
    ) -> None:
        """Connect to a host that has no connection yet."""
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        if origin in self._connected:
            return
        phase = FAULT_PHASE[fault] if fault else None
        met = fault if phase == "connect" else None
        await self._run_phase(request, "connect", "connection.connect_tcp", met, stream)
        if request.url.scheme == "https":
            met = fault if phase == "tls" else None
            await self._run_phase(request, "tls", "connection.start_tls", met, stream)
        self._connected.add(origin)

    async def _run_phase(
        self,
        request: httpx.Request,
        phase: Phase | None,
        event: str,
        fault: Fault | None,
        result: object,
    ) -> None:
        """Send the trace events of one phase, wait for its share of the delay, raise its fault."""
        await _trace(request, f"{event}.started", {"request": request})
        if self._pace_s and phase:
            await asyncio.sleep(self._pace_s * _PACE_SHARES[phase])
        if fault is not None:
            error = failure(fault, request)
            await _trace(request, f"{event}.failed", {"exception": error})
            raise error
        await _trace(request, f"{event}.complete", {"return_value": result})


def failure(fault: Fault, request: httpx.Request) -> httpx.TransportError:
    """Return the exception that httpx raises for a fault, with its causes."""
    httpx_error, httpcore_error = _KINDS.get(fault, (httpx.ConnectError, httpcore.ConnectError))
    root = root_error(fault, request.url.host, _port_of(request))
    inner = httpcore_error(root or "407 Proxy Authentication Required")
    # httpcore's pool raises once more "from None": the context stays, the cause does not
    inner.__context__ = root
    inner.__suppress_context__ = True
    outer_error = httpx_error(str(inner), request=request)
    outer_error.__cause__ = outer_error.__context__ = inner
    return outer_error


def _port_of(request: httpx.Request) -> int:
    return request.url.port or (443 if request.url.scheme == "https" else 80)


async def _trace(request: httpx.Request, name: str, info: Mapping[str, object]) -> None:
    trace = request.extensions.get("trace")
    if trace is not None:
        await trace(name, info)
