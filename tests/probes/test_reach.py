"""The request without the key: whether the key may follow, and its concurrent checks."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator, Sequence

import httpx
import pytest

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.target import Target
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.network.proxies import proxy_for
from oai_tui.probes.reach import ReachProbe, key_permission
from tests.fault_server import Server, answering, json_answer, serving
from tests.probes.http_probe import call, http_client, reach

GATEWAY = "https://gateway.example/v1"
TRUST: dict[str, tuple[Target, int | None, str, dict[str, Fact]]] = {
    "OpenAI": (Target(), 401, "openai", {"key_may_go": True, "endpoint": "proved"}),
    "OpenAI without its headers": (
        Target(),
        401,
        "openai-like",
        {"key_may_go": True, "endpoint": "proved"},
    ),
    "OpenAI's name, a gateway's response": (
        Target(),
        401,
        "gateway",
        {"key_may_go": False, "endpoint": "doubtful"},
    ),
    "OpenAI's name, a filter's page": (
        Target(),
        403,
        "filter",
        {"key_may_go": False, "endpoint": "doubtful"},
    ),
    "OpenAI's name, a web page": (
        Target(),
        200,
        "web",
        {"key_may_go": False, "endpoint": "doubtful"},
    ),
    "OpenAI's name, no answer": (
        Target(),
        None,
        "openai",
        {"key_may_go": False, "endpoint": "doubtful"},
    ),
    "OpenAI's name over plain http": (
        Target(base_url="http://api.openai.com/v1"),
        401,
        "openai",
        {"key_may_go": False, "endpoint": "doubtful"},
    ),
    "OpenAI's responses from another host": (
        Target(base_url="https://evil.example/v1"),
        401,
        "openai",
        {"key_may_go": False, "endpoint": "doubtful"},
    ),
    "OpenAI's responses from another host, agreed": (
        Target(base_url=GATEWAY, agreed=True),
        401,
        "openai",
        {"key_may_go": True, "endpoint": "agreed"},
    ),
    "a gateway, agreed": (
        Target(base_url=GATEWAY, agreed=True),
        401,
        "gateway",
        {"key_may_go": True, "endpoint": "agreed"},
    ),
    "a filter's page, agreed": (
        Target(base_url=GATEWAY, agreed=True),
        403,
        "filter",
        {"key_may_go": False, "endpoint": "doubtful"},
    ),
    "this machine": (
        Target(base_url="http://localhost:1/v1"),
        401,
        "gateway",
        {"key_may_go": True, "endpoint": "loopback"},
    ),
    "this machine, a web page": (
        Target(base_url="http://localhost:1/v1"),
        200,
        "web",
        {"key_may_go": False, "endpoint": "doubtful"},
    ),
}


@pytest.mark.parametrize(("target", "status", "responder", "facts"), TRUST.values(), ids=TRUST)
def test_whether_the_key_may_follow(
    target: Target, status: int | None, responder: str, facts: dict[str, Fact]
) -> None:
    assert (
        key_permission(
            target, Observation(probe="reach", status=status, facts={"speaker": responder})
        )
        == facts
    )


async def _reach(base_url: str, response: httpx.Response, **target: object) -> Observation:
    async with http_client(lambda _: response) as client:
        return await ReachProbe(client, NetworkEnvironment())(call(base_url, **target))  # type: ignore[arg-type]


def _perfect() -> httpx.Response:
    """A copy of OpenAI's own refusal, down to the last header."""
    headers = {
        "openai-version": "2020-10-01",
        "www-authenticate": 'Bearer realm="OpenAI API"',
        "openai-processing-ms": "3",
        "x-request-id": "req_" + "0" * 32,
        "server": "cloudflare",
    }
    return httpx.Response(
        401,
        headers=headers,
        content=json.dumps(
            {
                "error": {
                    "message": "Missing bearer authentication in header",
                    "type": "invalid_request_error",
                    "param": None,
                    "code": None,
                }
            }
        ).encode(),
    )


async def test_a_perfect_response_does_not_make_a_host_openais() -> None:
    seen = await _reach("https://evil.example/v1", _perfect())
    assert (seen.facts["speaker"], seen.facts["key_may_go"], seen.facts["endpoint"]) == (
        "openai",
        False,
        "doubtful",
    )


async def test_openais_own_refusal_proves_the_endpoint() -> None:
    seen = await _reach("https://api.openai.com/v1", _perfect())
    assert (seen.facts["speaker"], seen.facts["key_may_go"], seen.facts["endpoint"]) == (
        "openai",
        True,
        "proved",
    )


@pytest.mark.parametrize(
    ("base_url", "with_v1"),
    [
        ("https://api.openai.com", "https://api.openai.com/v1"),
        ("https://api.openai.com/", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1", None),
        ("https://api.openai.com/V1/", None),
        ("https://x.example/api", "https://x.example/api/v1"),
    ],
)
async def test_the_base_url_with_v1(base_url: str, with_v1: str | None) -> None:
    assert (await _reach(base_url, _perfect())).facts.get("base_url_with_v1") == with_v1


async def test_addresses_and_the_time_of_the_look_up_are_reported() -> None:
    with serving(answering(json_answer("401 Unauthorized", b"{}", b"Connection: close"))) as server:
        seen = await reach(server.url(host="localhost"))
    assert "127.0.0.1" in str(seen.facts["addresses"])
    assert seen.timings.name_ms is not None


async def test_over_another_transport_no_name_is_looked_up() -> None:
    seen = await _reach("https://name.invalid/v1", _perfect())
    assert (seen.timings.name_ms, seen.status) == (None, 401)


PROXIES: dict[str, tuple[dict[str, str], str, str]] = {
    "none": ({}, "https://api.openai.com/v1", ""),
    "for https": (
        {"HTTPS_PROXY": "http://proxy.example:3128"},
        "https://api.openai.com/v1",
        "http://proxy.example:3128",
    ),
    "lower case": (
        {"https_proxy": "http://proxy.example:3128"},
        "https://api.openai.com/v1",
        "http://proxy.example:3128",
    ),
    "for all": (
        {"ALL_PROXY": "socks5://proxy.example:1080"},
        "https://api.openai.com/v1",
        "socks5://proxy.example:1080",
    ),
    "for http only": ({"HTTP_PROXY": "http://proxy.example:3128"}, "https://api.openai.com/v1", ""),
    "without a scheme": (
        {"HTTPS_PROXY": "proxy.example:3128"},
        "https://api.openai.com/v1",
        "http://proxy.example:3128",
    ),
    "excepted": (
        {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "api.openai.com"},
        "https://api.openai.com/v1",
        "",
    ),
    "a domain excepted": (
        {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": ".openai.com"},
        "https://api.openai.com/v1",
        "",
    ),
    "another host excepted": (
        {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "example.com,[::1"},
        "https://api.openai.com/v1",
        "http://proxy.example:3128",
    ),
    "all excepted": (
        {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "*"},
        "https://api.openai.com/v1",
        "",
    ),
    "empty": ({"HTTPS_PROXY": ""}, "https://api.openai.com/v1", ""),
}


@pytest.mark.parametrize(("env", "url", "proxy"), PROXIES.values(), ids=PROXIES)
def test_which_proxy_a_call_goes_through(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], url: str, proxy: str
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy


@pytest.fixture
def silent_resolver() -> Iterator[threading.Event]:
    """Set once the test is over, to release whoever waits for it."""
    over = threading.Event()
    yield over
    over.set()


async def test_a_resolver_that_never_answers_is_a_failure_of_the_name(
    monkeypatch: pytest.MonkeyPatch, silent_resolver: threading.Event
) -> None:
    """The standard library's look-up replaces a resolver that never answers."""
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: silent_resolver.wait())
    seen = await reach("https://name.example/v1", limit_s=1.0)
    assert (seen.failure, seen.facts["key_may_go"]) == ("dns", False)
    assert _other_tasks() == set()


async def test_an_answered_request_does_not_leave_a_look_up_behind(
    silent_resolver: threading.Event,
) -> None:
    def resolve(host: str, family: int) -> Sequence[str]:
        silent_resolver.wait()
        return ()

    with serving(answering(json_answer("401 Unauthorized", b"{}", b"Connection: close"))) as server:
        async with http_client() as http:
            probe = ReachProbe(http, NetworkEnvironment(resolve=resolve))
            seen = await probe(call(server.url(host="localhost")))
    assert (seen.status, seen.timings.name_ms) == (401, None)
    assert _other_tasks() == set()


async def test_a_probe_that_is_cancelled_leaves_no_task_behind() -> None:
    connected = threading.Event()

    def never_answer(connection: socket.socket, server: Server) -> None:
        connected.set()
        server.over.wait()

    with serving(never_answer) as server:
        async with http_client() as http:
            probe = ReachProbe(http, NetworkEnvironment())
            running = asyncio.ensure_future(probe(call(server.url(host="localhost"))))
            assert await asyncio.to_thread(connected.wait, 60)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
    assert _other_tasks() == set()


def _other_tasks() -> set[asyncio.Task[object]]:
    return asyncio.all_tasks() - {asyncio.current_task()}
