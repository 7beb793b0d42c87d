"""Each network fault over real sockets: what is observed, and which cause is selected.

A walk that tests/network_lab does already, with the same server, is not repeated here.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from oai_tui.domain.observation import FailureKind
from oai_tui.probes.http_client import MAX_BYTES
from oai_tui.probes.response_facts import EXCERPT_LIMIT
from tests import fault_server as faults
from tests.fault_server import OK, Handler, answering, dripping, serving
from tests.network_lab import authority
from tests.probes.http_probe import ask, reach, walked

LIMIT_S = 1.0
"""Seconds for a fault that never ends by itself."""
HANG_S = 60
"""Seconds after which a test that ought to have ended fails."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A server, the failure that it causes, and the cause that a walk selects.

    `cause`: None if tests/network_lab walks this fault. `limit_s`: of the request or the walk.
    """

    handler: Handler
    failure: FailureKind
    cause: str | None = None
    limit_s: float = 10.0


FAULTS: dict[str, Fault] = {
    "silent after accepting": Fault(
        handler=faults.silent,
        failure="read-timeout",
        cause="response-timeout",
        limit_s=LIMIT_S,
    ),
    "reset at once": Fault(
        handler=faults.reset_at_once,
        failure="reset",
        cause="connection-reset",
    ),
    "reset after the request": Fault(
        handler=faults.reset_after_request,
        failure="reset",
    ),
    "reset in the middle of the body": Fault(
        handler=faults.reset_mid_body,
        failure="reset",
        cause="connection-reset",
    ),
    "end of file": Fault(
        handler=faults.end_after_request,
        failure="malformed-answer",
        cause="connection-reset",
    ),
    "half a header": Fault(
        handler=answering(b"HTTP/1.1 200 OK\r\nContent-Ty"),
        failure="malformed-answer",
    ),
    "garbage": Fault(
        handler=answering(b"\x00\x01\x02 this is not HTTP\r\n\r\n"),
        failure="malformed-answer",
        cause="connection-reset",
    ),
    "too short a body": Fault(
        handler=answering(OK + b"Content-Length: 50\r\n\r\n{}"),
        failure="malformed-answer",
        cause="connection-reset",
    ),
    "two lengths": Fault(
        handler=answering(OK + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}"),
        failure="malformed-answer",
        cause="connection-reset",
    ),
    "a header of 200 KB": Fault(
        handler=answering(OK + b"X-Big: " + b"a" * 200_000 + b"\r\nContent-Length: 2\r\n\r\n{}"),
        failure="malformed-answer",
        cause="connection-reset",
    ),
    "bad gzip": Fault(
        handler=answering(OK + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!"),
        failure="malformed-answer",
        cause="connection-reset",
    ),
    "a body in drops": Fault(
        handler=dripping(OK + b"Content-Length: 100000\r\n\r\n", b"x"),
        failure="read-timeout",
        limit_s=LIMIT_S,
    ),
    "headers in drops": Fault(
        handler=dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        failure="read-timeout",
        cause="response-timeout",
        limit_s=LIMIT_S,
    ),
    "headers without end": Fault(
        handler=dripping(b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n"),
        failure="read-timeout",
        cause="response-timeout",
        limit_s=LIMIT_S,
    ),
    "early hints without end": Fault(
        handler=dripping(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"),
        failure="read-timeout",
        cause="response-timeout",
        limit_s=LIMIT_S,
    ),
}
MODEL_LIST = faults.json_answer("200 OK", b'{"object": "list", "data": []}')
WALKED = [name for name, fault in FAULTS.items() if fault.cause is not None]


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_seen_as_what_it_is(name: str) -> None:
    fault = FAULTS[name]
    with serving(fault.handler) as server:
        async with asyncio.timeout(HANG_S):
            seen = await ask(server.url(), limit_s=fault.limit_s)
    assert (seen.failure, seen.status) == (fault.failure, None), seen.detail


@pytest.mark.parametrize("name", WALKED)
async def test_a_fault_walks_to_its_cause_within_its_limit(name: str) -> None:
    """A server that never ends its answer is given up: else the walk would hang."""
    fault = FAULTS[name]
    with serving(fault.handler) as server:
        async with asyncio.timeout(HANG_S):
            diagnosis = await walked(server.url(), timeout_s=fault.limit_s)
    assert diagnosis.verdict.cause == fault.cause, diagnosis.trail[-1]


PORTS: dict[str, tuple[Callable[[], AbstractContextManager[int]], FailureKind]] = {
    "refused": (faults.refusing, "refused"),
    "full backlog": (faults.full_backlog, "connect-timeout"),
}


@pytest.mark.parametrize(("port", "failure"), PORTS.values(), ids=PORTS)
async def test_a_port_that_takes_no_connection(
    port: Callable[[], AbstractContextManager[int]], failure: FailureKind
) -> None:
    with port() as number:
        seen = await ask(f"http://127.0.0.1:{number}/v1", limit_s=LIMIT_S)
    assert seen.failure == failure, seen.detail


async def test_a_name_that_does_not_resolve() -> None:
    assert (await ask("https://name.invalid/v1")).failure == "dns"


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


CERTIFICATES: dict[str, tuple[str, str, str]] = {
    "expired": ("127.0.0.1", "expired", "expired"),
    "not yet valid": ("127.0.0.1", "not yet valid", "not-yet-valid"),
    "another host's": ("intranet.example", "valid", "wrong-name"),
}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("name", "when", "problem"), CERTIFICATES.values(), ids=CERTIFICATES)
async def test_a_certificate_that_does_not_fit(name: str, when: str, problem: str) -> None:
    with serving(answering(OK + b"\r\n"), authority.tls(name, when)) as server:
        seen = await reach(server.url("https"))
    assert (seen.failure, seen.facts["tls_problem"]) == ("tls-invalid", problem), seen.detail
    assert server.received == []


async def test_an_untrusted_certificate_names_its_issuer() -> None:
    with serving(answering(OK + b"\r\n"), authority.tls(faults.HOST)) as server:
        seen = await reach(server.url("https"))
        diagnosis = await walked(server.url("https"))
    assert seen.failure == "tls-untrusted"
    assert seen.facts["tls_problem"] in {"unknown-issuer", "self-signed"}
    assert seen.facts["tls_issuer"] == authority.ISSUER
    assert authority.ISSUER in diagnosis.verdict.explanation
    assert server.received == []


@pytest.mark.usefixtures("trusted")
async def test_a_trusted_certificate_shows_its_issuer_and_version() -> None:
    with serving(answering(MODEL_LIST), authority.tls(faults.HOST)) as server:
        seen = await ask(server.url("https"))
    assert (seen.status, seen.facts["tls_issuer"]) == (200, authority.ISSUER)
    assert str(seen.facts["tls_version"]).startswith("TLSv1.")
    assert seen.timings.tls_ms is not None


async def test_plain_http_on_a_tls_port() -> None:
    with serving(faults.plain_http_only) as server:
        seen = await ask(server.url("https"))
    assert seen.failure == "tls-protocol", seen.detail


async def test_a_tls_port_behind_an_http_url() -> None:
    with serving(faults.silent, authority.tls(faults.HOST)) as server:
        seen = await ask(server.url("http"))
        diagnosis = await walked(server.url("http"))
    assert seen.failure in {"reset", "malformed-answer"}, seen.detail
    assert diagnosis.verdict.cause == "connection-reset"


BIG: dict[str, Handler] = {
    "100 MB": faults.pouring(OK + b"Content-Length: 100000000\r\n\r\n", faults.MEGABYTE, 100),
    "without end": faults.pouring(OK + b"Connection: close\r\n\r\n", faults.MEGABYTE, 2000),
    "chunks without end": faults.pouring(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"F4240\r\n" + faults.MEGABYTE + b"\r\n", 2000
    ),
}


@pytest.mark.parametrize("handler", BIG.values(), ids=BIG)
async def test_a_body_too_large_is_not_read_to_its_end(handler: Handler) -> None:
    with serving(handler) as server:
        seen = await ask(server.url())
    assert (seen.status, seen.facts["body_kind"]) == (200, "too-large")
    assert len(seen.body) <= EXCERPT_LIMIT
    assert server.sent < MAX_BYTES + 20_000_000


@pytest.mark.parametrize("name", ["100 MB", "chunks without end"])
async def test_a_body_too_large_is_no_green_light(name: str) -> None:
    with serving(BIG[name]) as server:
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
    assert len(seen.body) <= EXCERPT_LIMIT


async def test_a_redirect_to_another_host_is_shown_and_not_followed() -> None:
    with serving(answering(MODEL_LIST)) as other:
        with serving(faults.redirecting_to(other.url(host="localhost") + "/models")) as server:
            seen = await ask(server.url(), keyed=True)
            diagnosis = await walked(server.url())
    assert (seen.status, seen.facts["location_host"]) == (307, "localhost")
    assert diagnosis.verdict.family == "something-else-answered"
    assert other.connections == 0


PROXIES: dict[str, tuple[bytes, FailureKind, str]] = {
    "407": (faults.PROXY_407, "proxy-auth", "proxy-auth-required"),
    "403": (faults.PROXY_403, "proxy-refused", "network-filter-blocked"),
    "502": (faults.PROXY_502, "proxy-refused", "proxy-interference"),
}


@pytest.mark.parametrize(("answer", "failure", "cause"), PROXIES.values(), ids=PROXIES)
async def test_a_proxy_that_refuses(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, failure: FailureKind, cause: str
) -> None:
    with serving(answering(answer)) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:hush@127.0.0.1:{server.port}")
        seen = await ask("https://api.openai.invalid/v1")
        diagnosis = await walked("https://api.openai.invalid/v1")
    assert seen.failure == failure, seen.detail
    assert diagnosis.verdict.cause == cause
    assert server.received[0].startswith(b"CONNECT api.openai.invalid:443")
    assert "hush" not in repr(diagnosis)
    assert seen.facts["proxy"] == f"http://[key hidden]@127.0.0.1:{server.port}"


async def test_a_refused_proxy_is_blamed_and_not_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    with faults.refusing() as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        seen = await ask("https://api.openai.invalid/v1")
        diagnosis = await walked("https://api.openai.invalid/v1")
    assert seen.failure == "proxy-unreachable", seen.detail
    assert diagnosis.verdict.cause == "proxy-unreachable"
    assert str(port) in diagnosis.verdict.explanation


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
