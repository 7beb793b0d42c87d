"""The in-process transport behaves as a connection: events, stream details, real failures."""

import ssl
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from oai_tui.simulator.scenario import ClientSetup
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.server import running
from oai_tui.simulator.transport import SimulatorTransport
from tests.simulator.ask_simulator import http_client, sdk_headers, simulator

FAULTY = [one.id for one in SCENARIOS.values() if one.fault not in {None, "host-unreachable"}]
"""No port of this machine answers as a router without a route to the host does."""
CONNECT = [
    "connection.connect_tcp.started",
    "connection.connect_tcp.complete",
    "connection.start_tls.started",
    "connection.start_tls.complete",
]


class Trace:
    """Collects the names of httpcore's trace events."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def __call__(self, name: str, info: Mapping[str, object]) -> None:
        self.names.append(name)


def chain(error: BaseException) -> list[tuple[object, ...]]:
    """Return the exceptions from the outermost to the root, with what a diagnosis may use."""
    found: list[tuple[object, ...]] = []
    link: BaseException | None = error
    while link is not None:
        numbers = tuple(
            getattr(link, name, None) for name in ("errno", "verify_code", "reason", "library")
        )
        found.append(
            (
                f"{type(link).__module__}.{type(link).__qualname__}",
                numbers,
                link.__suppress_context__,
                link.__cause__ is not None,
            )
        )
        if isinstance(link, TimeoutError):
            break  # its cause is how asyncio cancelled, which differs from phase to phase
        link = link.__cause__ or link.__context__
    return found


async def failure(
    transport: httpx.AsyncBaseTransport | None,
    setup: ClientSetup,
    trust: Path | None,
    limits: httpx.Timeout,
) -> tuple[httpx.TransportError, list[str]]:
    """Return the exception of one call, and the trace events before it."""
    trace = Trace()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trust is not None:
        context.load_verify_locations(trust)
    proxy = None if transport else setup.environment.get("HTTPS_PROXY")
    async with httpx.AsyncClient(
        transport=transport, verify=context, trust_env=False, timeout=limits, proxy=proxy
    ) as http:
        with pytest.raises(httpx.TransportError) as caught:
            await http.get(
                f"{setup.base_url}/models",
                extensions={"trace": trace, "proxied": "HTTPS_PROXY" in setup.environment},
            )
    return caught.value, trace.names


TIMEOUTS = {
    "connection-timeout": httpx.Timeout(20, connect=1),
    "response-timeout": httpx.Timeout(20, read=0.2),
}
"""Short limits for the faults that are a missing answer; the others must not depend on speed."""


@pytest.mark.parametrize("scenario", FAULTY)
async def test_faults_equal_those_of_real_sockets(scenario: str) -> None:
    timeout = TIMEOUTS.get(scenario, httpx.Timeout(20))
    simulated, simulated_events = await failure(
        SimulatorTransport(simulator(scenario)), SCENARIOS[scenario].client, None, timeout
    )
    with running(scenario) as simulation:
        trust = simulation.authority if "SSL_CERT_FILE" in simulation.client.environment else None
        real, real_events = await failure(None, simulation.client, trust, timeout)
    assert chain(simulated) == chain(real)
    if scenario != "proxy-auth-required":  # there the events are those of the call to the proxy
        last = [name for name in real_events if not name.startswith("http11.response_closed")][-1]
        assert simulated_events[-1] == last


async def test_first_request_connects_and_later_ones_do_not() -> None:
    simulated, trace = simulator(), Trace()
    async with http_client(simulated) as http:
        await http.get("models", extensions={"trace": trace})
        first, trace.names = trace.names, []
        await http.get("models", extensions={"trace": trace})
    assert (first[:4], [name for name in trace.names if name.startswith("connection")]) == (
        CONNECT,
        [],
    )


async def test_the_stream_has_address_and_certificate() -> None:
    async with http_client(simulator()) as http:
        stream = (await http.get("models")).extensions["network_stream"]
    tls = stream.get_extra_info("ssl_object")
    assert (stream.get_extra_info("server_addr"), tls.version()) == (("192.0.2.10", 443), "TLSv1.3")
    assert tls.getpeercert()["subjectAltName"] == (("DNS", "api.openai.com"),)


async def test_unknown_host_does_not_resolve() -> None:
    async with http_client(simulator(), "https://nowhere.example.com/v1") as http:
        with pytest.raises(httpx.ConnectError, match="Name or service not known"):
            await http.get("models")


async def test_header_that_cannot_be_sent_is_refused_without_quoting_it() -> None:
    simulated = simulator("key-malformed")
    async with http_client(simulated) as http:
        with pytest.raises(httpx.LocalProtocolError) as caught:
            await http.get("models", headers=sdk_headers(simulated.scenario.client))
    assert str(caught.value) == "Illegal header value"


async def test_the_fix_ends_a_fault() -> None:
    simulated = simulator("tls-untrusted")
    simulated.apply_fix()
    async with http_client(simulated) as http:
        assert (await http.get("models")).status_code == 401
