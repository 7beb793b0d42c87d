"""Connection phases of a request, and what the network checks consist of."""

import socket
import ssl
from pathlib import Path

import httpx
import pytest
import trustme

from oai_tui.domain.observation import Fact, Observation, Timings
from oai_tui.domain.phases import PhaseId
from oai_tui.domain.responder import identify_issuer
from oai_tui.knowledge.intercepting_issuers import INTERCEPTING_ISSUERS
from oai_tui.probes.network.call_phases import phases_of
from oai_tui.probes.network.certificates import is_public, parse_certificate
from oai_tui.probes.network.dns import ResolvedAddresses, look_up, resolution_error
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.request_trace import Trace
from oai_tui.probes.status_page import StatusProbe
from tests.probes.http_probe import call, http_client

TIMES = Timings(name_ms=4, connect_ms=11, tls_ms=24, first_byte_ms=109, total_ms=148)


def test_phases_follow_one_another() -> None:
    phases = phases_of(
        Observation(
            probe="reach",
            status=401,
            facts={
                "key_may_go": True,
                "endpoint": "proved",
                "speaker": "openai",
                "addresses": "192.0.2.1",
            },
            timings=TIMES,
        ),
        tls=True,
    )
    assert [(phase.id, phase.mark, phase.at_ms, phase.ms) for phase in phases] == [
        ("name", "passed", 0, 4),
        ("connect", "passed", 4, 11),
        ("tls", "passed", 15, 24),
        ("answer", "passed", 39, 109),
    ]


@pytest.mark.parametrize("at", ["name", "connect", "proxy", "tls", "answer"])
def test_a_connection_fails_in_one_phase(at: PhaseId) -> None:
    phases = phases_of(
        Observation(
            probe="reach",
            failure="reset",
            facts={"failed_phase": at, "proxy": "http://p:1"},
            timings=Timings(name_ms=1, total_ms=9),
        ),
        tls=True,
    )
    assert [phase.id for phase in phases if phase.mark == "failed"] == [at]
    index = [phase.id for phase in phases].index(at)
    assert {phase.mark for phase in phases[index + 1 :]} <= {"skipped"}


@pytest.mark.parametrize(
    ("facts", "status", "mark"),
    [
        ({"speaker": "filter"}, 403, "failed"),
        ({"speaker": "web"}, 200, "failed"),
        ({"speaker": "gateway"}, 401, "warning"),
        ({"speaker": "openai", "key_may_go": True}, 401, "passed"),
        ({"speaker": "openai"}, 503, "failed"),
    ],
)
def test_an_answer_is_marked_by_who_gave_it(facts: dict[str, Fact], status: int, mark: str) -> None:
    assert (
        phases_of(Observation(probe="reach", status=status, facts=facts), tls=False)[-1].mark
        == mark
    )


async def test_a_tunnels_times_are_not_the_requests() -> None:
    trace = Trace()
    for event in (
        "connection.connect_tcp.started",
        "connection.connect_tcp.complete",
        "http11.send_request_headers.started",
        "http11.receive_response_headers.complete",
        "proxy.start_tls.started",
    ):
        await trace(event, {})
    assert trace.reached(tls=True, proxied=True) == "tls"
    assert (trace.timings().proxy_ms is not None, trace.timings().first_byte_ms) == (True, None)
    for event in (
        "proxy.start_tls.complete",
        "http11.send_request_headers.started",
        "http11.receive_response_headers.complete",
    ):
        await trace(event, {})
    assert trace.reached(tls=True, proxied=True) == "answer"
    assert trace.timings().first_byte_ms is not None


async def test_both_families_are_looked_up() -> None:
    names = await look_up(
        lambda host, family: ("192.0.2.1",) if family == socket.AF_INET else ("2001:db8::1",),
        "x.example",
        10,
    )
    assert names.all == ("192.0.2.1", "2001:db8::1")


@pytest.mark.parametrize(
    ("addresses", "inside"),
    [
        (("127.0.0.1",), True),
        (("10.0.0.9", "fd00::1"), True),
        (("0.0.0.0",), True),
        (("10.0.0.9", "104.18.6.192"), False),
        ((), False),
    ],
)
def test_addresses_that_lie_inside(addresses: tuple[str, ...], inside: bool) -> None:
    assert bool(ResolvedAddresses(v4=addresses).inside) == inside


async def test_why_a_name_is_unknown(tmp_path: Path) -> None:
    def none(host: str, family: int) -> tuple[str, ...]:
        raise OSError

    servers = tmp_path / "resolv.conf"
    servers.write_text("# comment\nnameserver 192.0.2.53\nsearch example\n", "utf-8")
    online, offline = (
        NetworkEnvironment(resolve=resolve, control="control.example", name_servers=str(servers))
        for resolve in (lambda host, family: ("192.0.2.1",), none)
    )
    assert [
        (await resolution_error(environment, 10, silent=False))[0]
        for environment in (online, offline)
    ] == [
        "this-name",
        "offline",
    ]
    assert (await resolution_error(offline, 10, silent=True))[0] == "resolver-silent"
    assert "192.0.2.53" in (await resolution_error(offline, 10, silent=False))[1]


def test_an_authority_is_found_in_a_store_by_its_name(tmp_path: Path) -> None:
    mine, other = trustme.CA(organization_name="Mine"), trustme.CA(organization_name="Other")
    stores = tmp_path / "mine.pem", tmp_path / "other.pem"
    for store, authority in zip(stores, (mine, other), strict=True):
        authority.cert_pem.write_to_path(str(store))
    chain = [
        ssl.PEM_cert_to_DER_cert(mine.issue_cert("x.example").cert_chain_pems[0].bytes().decode())
    ]
    assert [is_public(chain, str(store)) for store in stores] == [True, False]
    assert (is_public([], str(stores[0])), is_public(chain, str(tmp_path / "none"))) == (None, None)
    assert is_public([b"\x30"], str(stores[0])) is False
    leaf = parse_certificate(chain[0], chain)
    assert (leaf.issuer, leaf.names, leaf.self_signed) == ("Mine", ("x.example",), False)


@pytest.mark.parametrize(
    ("issuer", "name"),
    [
        ("CN=Zscaler Intermediate Root CA", "Zscaler"),
        ("CN=mitmproxy,O=mitmproxy", "mitmproxy"),
        ("CN=DO_NOT_TRUST_FiddlerRoot", "Fiddler"),
        ("O=Google Trust Services,CN=WE1", ""),
        ("O=Let's Encrypt,CN=E7", ""),
        ("O=DigiCert Inc", ""),
        ("O=Sectigo Limited", ""),
    ],
)
def test_products_are_identified_by_their_issuers(issuer: str, name: str) -> None:
    product = identify_issuer(INTERCEPTING_ISSUERS, issuer)
    assert (product.name if product else "") == name


STATUS: dict[str, tuple[httpx.Response, str]] = {
    "up": (
        httpx.Response(
            200, json={"status": {"indicator": "none", "description": "All Systems Operational"}}
        ),
        "none",
    ),
    "an incident": (
        httpx.Response(200, json={"status": {"indicator": "critical", "description": "Down"}}),
        "critical",
    ),
    "another word": (httpx.Response(200, json={"status": {"indicator": "fine"}}), "not known"),
    "no JSON": (httpx.Response(200, text="<html>ok</html>"), "not known"),
    "a list": (httpx.Response(200, json=["none"]), "not known"),
    "a fault that speaks well of itself": (
        httpx.Response(503, json={"status": {"indicator": "none"}}),
        "not known",
    ),
    "a redirect": (
        httpx.Response(302, headers={"location": "https://elsewhere.example"}),
        "not known",
    ),
}


@pytest.mark.parametrize(("response", "state"), STATUS.values(), ids=STATUS)
async def test_what_the_status_page_says(response: httpx.Response, state: str) -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return response

    async with http_client(answer) as client:
        seen = await StatusProbe(client, NetworkEnvironment(status_url="https://status.example/"))(
            call("https://api.openai.com/v1")
        )
    assert seen.facts["status_page"] == state
    assert [(str(request.url), "authorization" in request.headers) for request in requests] == [
        ("https://status.example/api/v2/status.json", False)
    ]
    assert seen.notes


async def test_a_status_page_that_cannot_be_reached_is_not_up() -> None:
    async with http_client() as client:
        seen = await StatusProbe(client, NetworkEnvironment(status_url="https://status.invalid"))(
            call("https://api.openai.com/v1")
        )
    assert seen.facts["status_page"] == "not known"
