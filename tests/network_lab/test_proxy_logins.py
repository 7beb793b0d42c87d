"""A proxy that asks for a login, or refuses one: the schemes, the hop, and the command to run."""

import contextlib
import socket
from collections.abc import Iterator

import pytest

from oai_tui.reports import render
from tests.fault_server import Handler, Server, answering, read_request, serving
from tests.network_lab.fault import HOST, Fault, Machine
from tests.network_lab.run_fault import Outcome, run_fault


def refusal(status: str, *headers: str) -> bytes:
    """The answer of a proxy to CONNECT."""
    lines = (f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def forbids_who_signs_in(connection: socket.socket, server: Server) -> None:
    """It answers 407 without a login, and 403 to one."""
    request = read_request(connection, server).lower()
    asks = refusal("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="p"')
    forbids = refusal("403 Forbidden")
    connection.sendall(forbids if b"proxy-authorization:" in request else asks)


async def behind(proxy: Handler, login: str = "") -> Outcome:
    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with serving(proxy) as server:
            yield Machine(
                base_url=f"https://{HOST}/v1",
                env={"HTTPS_PROXY": f"http://{login}127.0.0.1:{server.port}"},
            )

    return await run_fault(Fault(stage=stage, cause=None))


@pytest.mark.parametrize(
    ("challenges", "schemes"),
    [
        ('Basic realm="corp proxy, main", charset="UTF-8"', "Basic"),
        ('Negotiate, NTLM, Basic realm="x y=z, q"', "Negotiate, NTLM, Basic"),
        ('Digest realm="a", qop="auth,auth-int", nonce="x", Basic realm="b"', "Digest, Basic"),
        ("Basic realm=corp, charset = UTF-8", "Basic"),
        ("NTLM", "NTLM"),
    ],
)
async def test_a_parameter_of_a_challenge_is_no_scheme(challenges: str, schemes: str) -> None:
    answer = refusal("407 Proxy Authentication Required", f"Proxy-Authenticate: {challenges}")
    outcome = await behind(answering(answer))
    assert outcome.diagnosis.verdict.cause == "proxy-auth-required"
    assert any(
        f"The proxy supports {schemes}. " in note for note in outcome.diagnosis.verdict.warnings
    )


async def test_the_command_for_the_login_survives_the_redaction_of_the_report() -> None:
    answer = refusal("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="p"')
    outcome = await behind(answering(answer), login="user:wrong@")
    for report in (outcome.page, render("json", outcome.diagnosis)):
        assert "export HTTPS_PROXY=http://USER:PASSWORD@127.0.0.1:" in report
        assert "wrong@" not in report


async def test_a_403_to_a_login_is_likely_about_the_login() -> None:
    verdict = (await behind(forbids_who_signs_in, login="user:wrong@")).diagnosis.verdict
    assert (verdict.cause, verdict.confidence, verdict.hop) == (
        "proxy-auth-required",
        "likely",
        "proxy",
    )
    assert "returns 403 for the user name and password in HTTPS_PROXY" in verdict.explanation
    assert [other.cause for other in verdict.alternatives] == ["network-filter-blocked"]


async def test_a_403_with_and_without_a_login_is_a_rule_of_the_proxy() -> None:
    verdict = (await behind(answering(refusal("403 Forbidden")), "user:right@")).diagnosis.verdict
    assert (verdict.cause, verdict.hop) == ("network-filter-blocked", "proxy")


async def test_the_advice_about_a_proxy_names_the_host_that_is_called() -> None:
    verdict = (await behind(answering(refusal("502 Bad Gateway")))).diagnosis.verdict
    assert verdict.cause == "proxy-interference"
    assert "openai.com" not in str(verdict.fixes)
    assert any(f"https://{HOST}/v1/models" in fix.command for fix in verdict.fixes)
