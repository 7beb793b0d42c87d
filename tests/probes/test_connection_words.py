"""A machine without a network, a blocked host and a silent proxy are distinguished."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.network.proxy_words import proxy_facts, squid_words
from oai_tui.probes.reach import ReachProbe
from oai_tui.services.explain_text import explain_text
from tests.fault_server import refusing, serving, silent
from tests.network_lab.fault import Fault, Machine
from tests.network_lab.run_fault import run_fault
from tests.probes.http_probe import call, http_client


@pytest.mark.parametrize(("has_route", "route"), [(True, "there"), (False, "none")])
async def test_the_routing_table_is_asked_when_a_name_does_not_resolve(
    has_route: bool, route: str
) -> None:
    def no_name(host: str, family: int) -> tuple[str, ...]:
        raise OSError("no such name")

    environment = NetworkEnvironment(resolve=no_name, has_route=lambda: has_route, name_servers="")
    async with http_client() as client:
        seen = await ReachProbe(client, environment)(call("https://api.openai.invalid/v1"))
    assert seen.failure == "dns"
    assert seen.facts["route"] == route


async def test_a_refused_port_of_this_machine_asks_no_routing_table() -> None:
    with refusing() as port:
        async with http_client() as client:
            environment = NetworkEnvironment(has_route=lambda: False)
            seen = await ReachProbe(client, environment)(call(f"http://127.0.0.1:{port}/v1"))
    assert seen.failure == "refused"
    assert "route" not in seen.facts


async def test_a_proxy_that_opens_no_tunnel_is_the_hop_that_failed() -> None:
    with serving(silent) as proxy:
        machine = Machine(
            base_url="https://127.0.0.1:9/v1",
            env={"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"},
        )
        outcome = await run_fault(
            Fault(stage=lambda: nullcontext(machine), cause="proxy-interference", limit_s=4)
        )
    verdict = outcome.diagnosis.verdict
    assert verdict.cause == "proxy-interference"
    assert (
        "it accepted the connection but didn't open a tunnel to 127.0.0.1 in time"
        in verdict.explanation
    )
    assert outcome.diagnosis.facts["failed_phase"] == "proxy"


TEXTS = {
    "httpx.ConnectError: [Errno 101] Network is unreachable": "connection-timeout",
    "net::ERR_INTERNET_DISCONNECTED": "machine-offline",
    "request to https://api.openai.com/v1 failed, reason: connect ECONNREFUSED 172.17.0.1:1080": (
        "proxy-unreachable"
    ),
    "connect EHOSTUNREACH 104.18.7.192:443": "connection-timeout",
    "ConnectionRefusedError: [Errno 111] Connection refused, https://api.openai.com/v1/models": (
        "connection-blocked"
    ),
    "ConnectionRefusedError: [Errno 111] Connection refused, http://localhost:1234/v1/models": (
        "connection-refused"
    ),
    "httpx.ProxyError: 401 Unauthorized": "proxy-auth-required",
}


@pytest.mark.parametrize(("text", "cause"), TEXTS.items())
def test_a_text_is_read_the_same_way(text: str, cause: str) -> None:
    assert explain_text(text, now=0.0)[0].verdict.cause == cause


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("certificate has expired", "TLS certificate has expired"),
        (
            "Hostname mismatch, certificate is not valid for 'x'",
            "TLS certificate is for another host",
        ),
    ],
)
def test_a_title_says_which_flaw_a_certificate_has(words: str, title: str) -> None:
    text = f"ssl.SSLCertVerificationError: certificate verify failed: {words} (_ssl.c:1006)"
    assert explain_text(text, now=0.0)[0].verdict.title == title


def test_the_codes_of_squid_have_words() -> None:
    assert squid_words("ERR_DNS_FAIL 0", "h") == "it can't resolve the name h"
    assert squid_words("ERR_UNHEARD_OF 0", "h") == ""


async def test_a_password_of_the_proxy_is_in_no_advice() -> None:
    async with http_client() as client:
        environment = NetworkEnvironment()
        seen = await ReachProbe(client, environment)(call("http://127.0.0.1:9/v1", direct=True))
    wanted = seen.with_facts(proxy_schemes="Basic")
    facts = proxy_facts(
        replace(wanted, failure="proxy-auth"), "http://me:hush@proxy.example:3128", "https_proxy"
    )
    assert facts["proxy_login_command"] == (
        "export https_proxy=http://USER:PASSWORD@proxy.example:3128"
    )
    assert "hush" not in repr(facts)
