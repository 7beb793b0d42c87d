"""Each fault of the network, over real sockets: what is observed, what is accused, and that it ends within its limit."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from oai_tui.domain.keys.redaction import MASK
from oai_tui.probes import http_client as wire_module
from tests import fault_server as faults
from tests.fault_server import OK, Treat, answering, dripping, serving
from tests.probes.http_probe import GRACE_S, LIMIT_S, ask, reach, walked

TREATS: dict[str, tuple[Treat, str, str]] = {
    "silent after accepting": (faults.silent, "read-timeout", "response-timeout"),
    "reset at once": (faults.reset_at_once, "reset", "connection-reset"),
    "reset after the request": (faults.reset_after_request, "reset", "connection-reset"),
    "reset in the middle of the body": (faults.reset_mid_body, "reset", "connection-reset"),
    "end of file": (faults.end_after_request, "malformed-answer", "connection-reset"),
    "half a header": (
        answering(b"HTTP/1.1 200 OK\r\nContent-Ty"),
        "malformed-answer",
        "connection-reset",
    ),
    "garbage": (
        answering(b"\x00\x01\x02 this is not HTTP\r\n\r\n"),
        "malformed-answer",
        "connection-reset",
    ),
    "too short a body": (
        answering(OK + b"Content-Length: 50\r\n\r\n{}"),
        "malformed-answer",
        "connection-reset",
    ),
    "two lengths": (
        answering(OK + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}"),
        "malformed-answer",
        "connection-reset",
    ),
    "a header of 200 KB": (
        answering(OK + b"X-Big: " + b"a" * 200_000 + b"\r\nContent-Length: 2\r\n\r\n{}"),
        "malformed-answer",
        "connection-reset",
    ),
    "bad gzip": (
        answering(OK + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!"),
        "malformed-answer",
        "connection-reset",
    ),
    "a body in drops": (
        dripping(OK + b"Content-Length: 100000\r\n\r\n", b"x"),
        "read-timeout",
        "response-timeout",
    ),
    "headers in drops": (
        dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        "read-timeout",
        "response-timeout",
    ),
    "headers without end": (
        dripping(b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n"),
        "read-timeout",
        "response-timeout",
    ),
    "early hints without end": (
        dripping(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
        "read-timeout",
        "response-timeout",
    ),
}


@pytest.mark.parametrize(("treat", "failure", "cause"), TREATS.values(), ids=TREATS)
async def test_a_fault_is_seen_as_what_it_is(treat: Treat, failure: str, cause: str) -> None:
    with serving(treat) as server:
        seen = await ask(server.url(), limit_s=LIMIT_S)
    assert (seen.failure, seen.status) == (failure, None), seen.detail


@pytest.mark.parametrize(("treat", "failure", "cause"), TREATS.values(), ids=TREATS)
async def test_a_fault_walks_to_its_cause_within_its_limit(
    treat: Treat, failure: str, cause: str
) -> None:
    began = time.perf_counter()
    with serving(treat) as server:
        diagnosis = await walked(server.url(), timeout_s=LIMIT_S)
    assert diagnosis.verdict.cause == cause, diagnosis.trail[-1]
    assert time.perf_counter() - began < LIMIT_S + GRACE_S


PORTS: dict[str, tuple[Callable[[], AbstractContextManager[int]], str, str]] = {
    "refused": (faults.refusing, "refused", "connection-refused"),
    "full backlog": (faults.full_backlog, "connect-timeout", "connection-timeout"),
}


@pytest.mark.parametrize(("port", "failure", "cause"), PORTS.values(), ids=PORTS)
async def test_a_port_that_takes_no_connection(
    port: Callable[[], AbstractContextManager[int]], failure: str, cause: str
) -> None:
    with port() as number:
        seen = await ask(f"http://127.0.0.1:{number}/v1", limit_s=LIMIT_S)
        diagnosis = await walked(f"http://127.0.0.1:{number}/v1", timeout_s=LIMIT_S)
    assert seen.failure == failure, seen.detail
    assert diagnosis.verdict.cause == cause


async def test_a_name_that_does_not_resolve() -> None:
    assert (await ask("https://name.invalid/v1")).failure == "dns"
    assert (await walked("https://name.invalid/v1")).verdict.cause == "dns-failure"


@pytest.mark.parametrize(
    "url",
    [
        f"https://{'a' * 64}.example/v1",
        "https://exa mple/v1",
        "https://[::1/v1",
        "ftp://api.openai.com/v1",
        "https://127.0.0.1:99999/v1",
    ],
)
async def test_what_is_no_url_is_said_before_anything_is_sent(url: str) -> None:
    diagnosis = await walked(url)
    assert diagnosis.verdict.cause == "base-url-wrong"
    assert [record.step for record in diagnosis.trail if record.observation.request] == []


@pytest.mark.parametrize(
    "url",
    [
        f"https://{'a' * 64}.example/v1",
        "https://exa mple/v1",
        "https://[::1/v1",
        "https://127.0.0.1:99999/v1",
        "https:///v1",
        "nothing",
        "",
    ],
)
async def test_asking_what_is_no_url_is_an_observation(url: str) -> None:
    assert (await ask(url)).failure in {"url", "dns"}


CERTIFICATES: dict[str, tuple[str, str, str, str, str]] = {
    "expired": ("127.0.0.1", "expired", "tls-invalid", "expired", "tls-certificate-invalid"),
    "not yet valid": (
        "127.0.0.1",
        "not-yet-valid",
        "tls-invalid",
        "not-yet-valid",
        "tls-certificate-invalid",
    ),
    "another host's": (
        "intranet.example",
        "valid",
        "tls-invalid",
        "wrong-name",
        "tls-certificate-invalid",
    ),
}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("name", "when", "failure", "problem", "cause"), CERTIFICATES.values(), ids=CERTIFICATES
)
async def test_a_certificate_that_does_not_fit(
    tls, name: str, when: str, failure: str, problem: str, cause: str
) -> None:
    with serving(answering(OK + b"\r\n"), tls(name, when)) as server:
        seen = await reach(server.url("https"))
        diagnosis = await walked(server.url("https"))
    assert (seen.failure, seen.facts["tls_problem"]) == (failure, problem), seen.detail
    assert diagnosis.verdict.cause == cause
    assert server.received == []


async def test_an_untrusted_certificate_names_its_issuer(tls) -> None:
    with serving(answering(OK + b"\r\n"), tls()) as server:
        seen = await reach(server.url("https"))
        diagnosis = await walked(server.url("https"))
    assert seen.failure == "tls-untrusted"
    assert seen.facts["tls_problem"] in {"unknown-issuer", "self-signed"}
    assert seen.facts["tls_issuer"] == "Example Inspection Works"
    assert "Example Inspection Works" in diagnosis.verdict.explanation
    assert server.received == []


@pytest.mark.usefixtures("trusted")
async def test_a_trusted_certificate_shows_its_issuer_and_version(tls) -> None:
    with serving(
        answering(faults.json_answer("200 OK", b'{"object": "list", "data": []}')), tls()
    ) as server:
        seen = await ask(server.url("https"))
    assert (seen.status, seen.facts["tls_issuer"]) == (200, "Example Inspection Works")
    assert str(seen.facts["tls_version"]).startswith("TLSv1.")
    assert seen.timings.tls_ms is not None


async def test_plain_http_on_a_tls_port() -> None:
    with serving(faults.plain_http_only) as server:
        seen = await ask(server.url("https"))
        diagnosis = await walked(server.url("https"))
    assert seen.failure == "tls-protocol", seen.detail
    assert diagnosis.verdict.cause == "tls-protocol"


async def test_a_tls_port_behind_an_http_url(tls) -> None:
    with serving(faults.silent, tls()) as server:
        seen = await ask(server.url("http"), limit_s=1)
        diagnosis = await walked(server.url("http"), timeout_s=1)
    assert seen.failure in {"reset", "malformed-answer"}, seen.detail
    assert diagnosis.verdict.cause == "connection-reset"


async def test_a_silent_handshake_keeps_the_limit() -> None:
    began = time.perf_counter()
    with serving(faults.silent) as server:
        diagnosis = await walked(server.url("https"), timeout_s=LIMIT_S)
    assert diagnosis.verdict.cause == "response-timeout"
    assert time.perf_counter() - began < LIMIT_S + GRACE_S


BIG: dict[str, Treat] = {
    "100 MB": faults.pouring(OK + b"Content-Length: 100000000\r\n\r\n", faults.MEGABYTE, 100),
    "without end": faults.pouring(OK + b"Connection: close\r\n\r\n", faults.MEGABYTE, 2000),
    "chunks without end": faults.pouring(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"F4240\r\n" + faults.MEGABYTE + b"\r\n", 2000
    ),
}


@pytest.mark.parametrize("treat", BIG.values(), ids=BIG)
async def test_a_body_too_large_is_not_read_to_its_end(treat: Treat) -> None:
    with serving(treat) as server:
        seen = await ask(server.url())
    assert (seen.status, seen.facts["body_kind"]) == (200, "too-large")
    assert len(seen.body) <= wire_module.EXCERPT_LIMIT
    assert server.sent < wire_module.MAX_BYTES + 20_000_000


@pytest.mark.parametrize("treat", BIG.values(), ids=BIG)
async def test_a_body_too_large_is_no_green_light(treat: Treat) -> None:
    with serving(treat) as server:
        diagnosis = await walked(server.url())
    assert diagnosis.verdict.outcome != "working"
    assert diagnosis.verdict.family != "key"


async def test_a_gzip_bomb_is_not_unpacked() -> None:
    bomb = faults.gzip_bomb()
    with serving(
        answering(
            OK + f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode() + bomb
        )
    ) as server:
        seen = await ask(server.url())
    assert (seen.status, seen.facts["body_kind"]) == (200, "too-large")
    assert len(seen.body) <= wire_module.EXCERPT_LIMIT


async def test_a_redirect_to_another_host_is_shown_and_not_followed() -> None:
    with serving(
        answering(faults.json_answer("200 OK", b'{"object": "list", "data": []}'))
    ) as other:
        with serving(faults.redirecting_to(other.url(host="localhost") + "/models")) as server:
            seen = await ask(server.url(), keyed=True)
            diagnosis = await walked(server.url())
    assert (seen.status, seen.facts["location_host"]) == (307, "localhost")
    assert diagnosis.verdict.family == "something-else-answered"
    assert other.connections == 0


PROXIES: dict[str, tuple[bytes, str, str]] = {
    "407": (faults.PROXY_407, "proxy-auth", "proxy-auth-required"),
    "403": (faults.PROXY_403, "proxy-refused", "network-filter-blocked"),
    "502": (faults.PROXY_502, "proxy-refused", "proxy-interference"),
}


@pytest.mark.parametrize(("answer", "failure", "cause"), PROXIES.values(), ids=PROXIES)
async def test_a_proxy_that_refuses(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, failure: str, cause: str
) -> None:
    with serving(answering(answer)) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:hush@127.0.0.1:{server.port}")
        seen = await ask("https://api.openai.invalid/v1")
        diagnosis = await walked("https://api.openai.invalid/v1")
    assert seen.failure == failure, seen.detail
    assert diagnosis.verdict.cause == cause
    assert server.received[0].startswith(b"CONNECT api.openai.invalid:443")
    assert "hush" not in repr(diagnosis)
    assert seen.facts["proxy"] == f"http://{MASK}@127.0.0.1:{server.port}"


async def test_a_refused_proxy_is_blamed_and_not_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    with faults.refusing() as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        seen = await ask("https://api.openai.invalid/v1")
        diagnosis = await walked("https://api.openai.invalid/v1")
    assert seen.failure == "proxy-unreachable", seen.detail
    assert diagnosis.verdict.cause == "proxy-unreachable"
    assert str(port) in diagnosis.verdict.explanation


async def test_a_proxy_whose_name_is_unknown_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.invalid:3128")
    assert (await walked("https://api.openai.invalid/v1")).verdict.cause == "proxy-unreachable"


@pytest.mark.parametrize(
    "proxy",
    [
        "gopher://127.0.0.1:1",
        "http://127.0.0.1:notaport",
        "http://[::1",
        "http://127.0.0.1:99999999",
    ],
)
async def test_a_proxy_variable_that_cannot_work(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    seen = await ask("https://api.openai.invalid/v1")
    assert seen.failure == "proxy-settings", seen.detail
    assert (await walked("https://api.openai.invalid/v1")).verdict.cause == "proxy-misconfigured"
