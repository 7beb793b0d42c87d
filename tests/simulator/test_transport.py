"""The in-process transport behaves as a connection does: events, stream details, and failures equal to those of real sockets."""

import ssl
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from oai_tui.simulator.scenario import ClientSetup
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.server import running
from oai_tui.simulator.transport import SimulatorTransport
from tests.simulator.ask_simulator import headers, http_client, simulator

FAULTY = [one.id for one in SCENARIOS.values() if one.fault is not None]
CONNECT = [
    "connection.connect_tcp.started",
    "connection.connect_tcp.complete",
    "connection.start_tls.started",
    "connection.start_tls.complete",
]


class Trace:
    """Collects the names of trace events, as httpcore reports them."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def __call__(self, name: str, info: Mapping[str, object]) -> None:
        self.names.append(name)


def chain(error: BaseException) -> list[tuple[object, ...]]:
    """The exceptions from the outermost to the root, by what a diagnosis may look at."""
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
            break  # below it is how asyncio cancelled, which differs from stage to stage
        link = link.__cause__ or link.__context__
    return found


async def failure(
    transport: httpx.AsyncBaseTransport | None, setup: ClientSetup, trust: Path | None
) -> tuple[httpx.TransportError, list[str]]:
    trace, context = Trace(), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trust is not None:
        context.load_verify_locations(trust)
    proxy = None if transport else setup.environment.get("HTTPS_PROXY")
    timeout = httpx.Timeout(5, connect=1, read=0.2)
    async with httpx.AsyncClient(
        transport=transport, verify=context, trust_env=False, timeout=timeout, proxy=proxy
    ) as http:
        with pytest.raises(httpx.TransportError) as caught:
            await http.get(
                f"{setup.base_url}/models",
                extensions={"trace": trace, "proxied": "HTTPS_PROXY" in setup.environment},
            )
    return caught.value, trace.names


@pytest.mark.parametrize("scenario", FAULTY)
async def test_faults_equal_those_of_real_sockets(scenario: str) -> None:
    simulated, simulated_events = await failure(
        SimulatorTransport(simulator(scenario)), SCENARIOS[scenario].client, None
    )
    with running(scenario) as found:
        trust = found.authority if "SSL_CERT_FILE" in found.client.environment else None
        real, real_events = await failure(None, found.client, trust)
    assert chain(simulated) == chain(real)
    if scenario != "proxy-auth-required":  # there the events are those of the talk with the proxy
        last = [name for name in real_events if not name.startswith("http11.response_closed")][-1]
        assert simulated_events[-1] == last


async def test_first_request_connects_and_later_ones_do_not() -> None:
    made, trace = simulator(), Trace()
    async with http_client(made) as http:
        await http.get("models", extensions={"trace": trace})
        first, trace.names = trace.names, []
        await http.get("models", extensions={"trace": trace})
    assert (first[:4], [name for name in trace.names if name.startswith("connection")]) == (
        CONNECT,
        [],
    )


async def test_stream_tells_of_address_and_certificate() -> None:
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
    made = simulator("key-malformed")
    async with http_client(made) as http:
        with pytest.raises(httpx.LocalProtocolError) as caught:
            await http.get("models", headers=headers(made.scenario.client))
    assert str(caught.value) == "Illegal header value"


async def test_cure_ends_a_fault() -> None:
    made = simulator("tls-untrusted")
    made.apply_fix()
    async with http_client(made) as http:
        assert (await http.get("models")).status_code == 401
