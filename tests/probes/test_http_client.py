"""The HTTP client: where the key goes, what is sent with it, and what is kept of a response.

No response brings the key back into anything that is kept.
"""

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.target import Target
from oai_tui.probes.http_client import ApiRequest, KeyWouldLeakError, may_carry_key
from tests import fault_server as faults
from tests.domain.keys.fake_keys import PROJECT_KEY, leaks
from tests.fault_server import answering, json_answer, serving
from tests.probes.http_probe import GO, ask, call, credential, http_client, reach, walked

LIST = json.dumps({"object": "list", "data": []}).encode()
OPENAI = "https://api.openai.com/v1"
KEYED = ApiRequest(probe="models", path="/models", key=True)
KEYLESS = ApiRequest(probe="reach", path="/models")

EARNED: dict[str, tuple[Target, dict[str, Fact], bool]] = {
    "OpenAI's own host": (Target(), {}, True),
    "a regional host": (Target(base_url="https://eu.api.openai.com/v1"), {}, True),
    "OpenAI's name over plain http": (
        Target(base_url="http://api.openai.com/v1"),
        {**GO, "host": "api.openai.com"},
        False,
    ),
    "OpenAI's name over plain http, agreed": (
        Target(base_url="http://api.openai.com/v1", agreed=True),
        {**GO, "host": "api.openai.com"},
        False,
    ),
    "a name that only looks like it": (
        Target(base_url="https://api.openai.com.evil.example/v1"),
        {},
        False,
    ),
    "another name that only looks like it": (
        Target(base_url="https://evil-openai.com/v1"),
        {},
        False,
    ),
    "a host before an @": (Target(base_url="https://api.openai.com@evil.example/v1"), {}, False),
    "another host": (Target(base_url="https://evil.example/v1"), {}, False),
    "another host over plain http, agreed": (
        Target(base_url="http://gateway.example/v1", agreed=True),
        {**GO, "host": "gateway.example"},
        False,
    ),
    "another host over plain http, permitted": (
        Target(base_url="http://gateway.example/v1", agreed=True, allow_http=True),
        {},
        True,
    ),
    "another host over plain http, permitted and not agreed": (
        Target(base_url="http://gateway.example/v1", allow_http=True),
        {},
        False,
    ),
    "another host that was agreed": (
        Target(base_url="https://gateway.example/v1", agreed=True),
        {},
        True,
    ),
    "another host that was agreed, plain": (
        Target(base_url="http://gateway.example/v1", agreed=True),
        {**GO, "host": "gateway.example"},
        False,
    ),
    "a host proved in this run": (
        Target(base_url="https://gateway.example/v1"),
        {**GO, "host": "gateway.example"},
        True,
    ),
    "another host than the one proved": (
        Target(base_url="https://evil.example/v1"),
        {**GO, "host": "gateway.example"},
        False,
    ),
    "this machine, before it answered": (Target(base_url="http://127.0.0.1:8000/v1"), {}, False),
    "this machine, refused": (
        Target(base_url="http://127.0.0.1:8000/v1"),
        {"key_may_go": False, "host": "127.0.0.1"},
        False,
    ),
    "this machine": (
        Target(base_url="http://127.0.0.1:8000/v1"),
        {**GO, "host": "127.0.0.1"},
        True,
    ),
    "this machine by another of its names": (
        Target(base_url="http://localhost:8000/v1"),
        {**GO, "host": "127.0.0.1"},
        True,
    ),
    "this machine, after another host was proved": (
        Target(base_url="http://localhost:8000/v1"),
        {**GO, "host": "gateway.example"},
        False,
    ),
    "this machine by IPv6": (Target(base_url="http://[::1]:8000/v1"), {**GO, "host": "::1"}, True),
    "a name that begins like this machine": (
        Target(base_url="http://127.0.0.1.evil.example/v1"),
        {**GO, "host": "127.0.0.1.evil.example"},
        False,
    ),
}


@pytest.mark.parametrize(("target", "facts", "earned"), EARNED.values(), ids=EARNED)
def test_where_the_key_may_go(target: Target, facts: dict[str, Fact], earned: bool) -> None:
    assert may_carry_key(target, facts) is earned


@pytest.mark.parametrize(
    ("target", "facts"),
    [(target, facts) for target, facts, earned in EARNED.values() if not earned],
)
async def test_a_key_that_may_not_go_is_not_sent(target: Target, facts: dict[str, Fact]) -> None:
    received: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(200)

    async with http_client(answer) as client:
        with pytest.raises(KeyWouldLeakError):
            await client.ask(
                call(
                    target.base_url,
                    facts={"host": "", **facts},
                    agreed=target.agreed,
                    allow_http=target.allow_http,
                ),
                KEYED,
            )
    assert received == []


async def _sent(api_request: ApiRequest, **target: Any) -> httpx.Request:
    received: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(200, json={})

    async with http_client(answer) as client:
        await client.ask(call(OPENAI, **target), api_request)
    assert len(received) == 1
    return received[0]


async def test_a_keyed_request_has_the_key_in_authorization_alone() -> None:
    request = await _sent(KEYED)
    assert [name for name, value in request.headers.items() if PROJECT_KEY in value] == [
        "authorization"
    ]
    assert request.headers["authorization"] == f"Bearer {PROJECT_KEY}"
    assert PROJECT_KEY not in str(request.url)


async def test_a_keyless_request_has_no_authorization_and_names_nobody() -> None:
    request = await _sent(KEYLESS, organization="org-fake1", project="proj_fake1")
    assert {"authorization", "openai-organization", "openai-project"} & set(
        request.headers
    ) == set()


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ({}, {}),
        ({"organization": "org-fake1"}, {"openai-organization": "org-fake1"}),
        ({"project": "proj_fake1"}, {"openai-project": "proj_fake1"}),
        (
            {"organization": "", "project": "proj_fake1"},
            {"openai-organization": "", "openai-project": "proj_fake1"},
        ),
    ],
)
async def test_exactly_the_settings_of_the_target_are_sent(
    target: dict[str, str], headers: dict[str, str]
) -> None:
    request = await _sent(KEYED, **target)
    assert {
        name: value for name, value in request.headers.items() if name.startswith("openai-")
    } == headers


async def test_every_request_has_an_id_of_its_own_that_is_shown() -> None:
    received: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        received.append(request.headers["x-client-request-id"])
        return httpx.Response(200)

    async with http_client(answer) as client:
        seen = [(await client.ask(call(OPENAI), KEYLESS)).observation for _ in range(3)]
    assert len(set(received)) == 3
    assert [one.request.client_request_id for one in seen if one.request] == received


@pytest.mark.parametrize("status", [401, 408, 409, 429, 500, 503])
async def test_nothing_is_retried(status: int) -> None:
    with serving(
        answering(
            json_answer(
                f"{status} No",
                b"{}",
                b"Retry-After: 0",
                b"x-should-retry: true",
                b"Connection: close",
            )
        )
    ) as server:
        seen = await ask(server.url(), keyed=True)
    assert seen.status == status
    assert len(server.received) == 1


async def test_a_reset_is_not_retried() -> None:
    with serving(faults.reset_after_request) as server:
        await ask(server.url(), keyed=True)
    assert server.connections == 1


async def test_one_connection_is_reused() -> None:
    with serving(answering(json_answer("200 OK", LIST), keep_open=True)) as server:
        async with http_client() as client:
            seen = [
                (await client.ask(call(server.url(), facts=GO), KEYED)).observation
                for _ in range(4)
            ]
    assert [one.status for one in seen] == [200] * 4
    assert (server.connections, len(server.received)) == (1, 4)
    assert [one.timings.connect_ms is not None for one in seen] == [True, False, False, False]


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_this_machine_is_asked_through_the_proxy_unless_no_proxy_names_it(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """As the official SDK does."""
    with (
        serving(answering(json_answer("200 OK", LIST, b"Connection: close"))) as server,
        serving(answering(faults.PROXY_407)) as proxy,
    ):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        seen = await ask(server.url(), keyed=True)
        assert (seen.status, "proxy" in seen.facts) == (407, True)
        assert (server.connections, proxy.connections) == (0, 1)
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
        seen = await ask(server.url(), keyed=True)
    assert (seen.status, "proxy" in seen.facts) == (200, False)
    assert (server.connections, proxy.connections) == (1, 1)


async def test_a_key_for_this_machine_goes_unencrypted_through_no_proxy_elsewhere() -> None:
    local = call("http://127.0.0.1:9/v1", facts=GO)
    async with http_client(proxy_of=lambda _: "http://proxy.example:3128") as client:
        with pytest.raises(KeyWouldLeakError):
            await client.ask(local, KEYED)


async def test_a_password_in_the_proxy_variable_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks9://user:hushhush@127.0.0.1:1")
    seen = await ask(OPENAI)
    assert "hushhush" not in repr(seen)


async def test_a_key_that_cannot_be_sent_is_not_tried() -> None:
    with serving(answering(json_answer("200 OK", LIST))) as server:
        seen = await ask(server.url(), keyed=True, key=PROJECT_KEY + "\n")
    assert seen.failure == "unsendable"
    assert server.connections == 0


async def test_a_key_in_the_organization_is_not_shown() -> None:
    async with http_client(lambda _: httpx.Response(200)) as client:
        seen = (
            await client.ask(
                call(OPENAI, organization=PROJECT_KEY, project="sk-proj-" + "z" * 40), KEYED
            )
        ).observation
    assert not leaks(PROJECT_KEY, repr(seen))
    assert "z" * 12 not in repr(seen)


def _escaped(key: str, form: str) -> str:
    return "".join(form.format(ord(char)) for char in key)


ECHOES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "quoted for a URL": lambda key: quote(key, safe=""),
    "every character quoted for a URL": lambda key: _escaped(key, "%{:02X}"),
    "escaped in JSON": lambda key: _escaped(key, "\\u{:04x}"),
    "escaped in Python": lambda key: _escaped(key, "\\x{:02x}"),
    "escaped in HTML": lambda key: _escaped(key, "&#{};"),
    "escaped in HTML, in hexadecimal": lambda key: _escaped(key, "&#x{:x};"),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 of the whole header": lambda key: base64.b64encode(f"Bearer {key}".encode()).decode(),
    "hexadecimal": lambda key: key.encode().hex(),
    "upper case": str.upper,
    "lower case": str.lower,
    "case reversed": str.swapcase,
    "halves": lambda key: f"{key[:80]} {key[80:]}",
    "in a URL": lambda key: f"https://evil.example/?q={key}",
}


def _is_hidden(seen: Observation, value: object, echo: str) -> bool:
    kept = repr(seen) + repr(value)
    return not leaks(PROJECT_KEY, kept) and not any(
        echo[i : i + 24] in kept
        for i in range(len(echo) - 24)
        if echo[i : i + 24] not in "https://evil.example/?q=[key hidden]"
    )


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
@pytest.mark.parametrize(
    "place",
    [
        "json",
        "text",
        "html",
        "header",
        "location",
        "header name",
        "reason",
        "code",
        "model id",
        "organization title",
        "title",
    ],
)
async def test_an_echo_of_the_key_is_hidden(echo: Callable[[str], str], place: str) -> None:
    """Whatever the server does with the key it received, it is in nothing that is kept."""
    text = echo(PROJECT_KEY)
    inner = text if text.startswith("\\u") else json.dumps(text)[1:-1]
    answers: dict[str, Callable[[], httpx.Response]] = {
        "json": lambda: _raw(
            401,
            f'{{"error": {{"message": "Incorrect API key provided: {inner}", "type": "x", '
            '"code": null}}',
        ),
        "text": lambda: _raw(500, f"no such thing {text} here"),
        "html": lambda: _raw(403, f"<html><body>{text}</body></html>"),
        "header": lambda: httpx.Response(401, headers={"x-ECHO-ed": text, "x-request-id": text}),
        "location": lambda: httpx.Response(
            302, headers={"location": f"https://evil.example/{text}"}
        ),
        "header name": lambda: httpx.Response(
            401, headers={"".join(char for char in text if char.isalnum() or char in "-_"): "1"}
        ),
        "reason": lambda: httpx.Response(401, extensions={"reason_phrase": text.encode()}),
        "code": lambda: _raw(
            401,
            f'{{"error": {{"message": "", "code": "{inner}", "param": "{inner}", '
            f'"type": "{inner}"}}}}',
        ),
        "model id": lambda: _raw(200, f'{{"object": "list", "data": [{{"id": "{inner}"}}]}}'),
        "organization title": lambda: _raw(
            200, f'{{"orgs": {{"data": [{{"id": "org-fake1", "title": "{inner}"}}]}}}}'
        ),
        "title": lambda: _raw(200, f"<html><title>{text}</title></html>"),
    }
    async with http_client(lambda _: answers[place]()) as client:
        reply = await client.ask(call(OPENAI), KEYED)
    assert reply.observation.status is not None, reply.observation.detail
    assert _is_hidden(reply.observation, reply.value, text)


def _raw(status: int, body: str) -> httpx.Response:
    return httpx.Response(status, content=body.encode())


async def test_the_key_is_hidden_in_the_text_of_an_exception() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError(f"Illegal header value {request.headers['authorization']!r}")

    def other(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError(f"cannot read {request.headers['authorization']}")

    for raising in (answer, other):
        async with http_client(raising) as client:
            seen = (await client.ask(call(OPENAI), KEYED)).observation
        assert seen.failure in {"unsendable", "reset"}
        assert not leaks(PROJECT_KEY, repr(seen))


async def test_a_host_that_an_answer_names_gets_nothing_unless_it_is_openais() -> None:
    body = json.dumps(
        {
            "error": {
                "message": "Attempted to access resource with incorrect regional hostname. "
                "Please make your request to evil.example",
                "code": "incorrect_hostname",
                "type": "x",
            }
        }
    )
    async with http_client(lambda _: _raw(401, body)) as client:
        seen = (await client.ask(call(OPENAI), KEYED)).observation
    assert "named_host_url" not in seen.facts


@pytest.mark.parametrize(
    ("named", "url"),
    [
        ("eu.api.openai.com", "https://eu.api.openai.com/v1"),
        ("https://eu.api.openai.com/v1/", "https://eu.api.openai.com/v1"),
        ("evil.example", None),
        ("eu-api-openai.com", None),
        ("openai.com.evil.example", None),
        ("127.0.0.1:9", None),
        ("localhost:9", None),
    ],
)
async def test_which_named_host_is_taken_up(named: str, url: str | None) -> None:
    body = json.dumps(
        {
            "error": {
                "message": f"incorrect regional hostname. Please make your request to {named}.",
                "code": "incorrect_hostname",
                "type": "x",
            }
        }
    )
    async with http_client(lambda _: _raw(401, body)) as client:
        seen = (await client.ask(call(OPENAI), KEYED)).observation
    assert seen.facts.get("named_host_url") == url


async def test_a_named_port_of_this_machine_is_taken_up_only_when_this_machine_says_so() -> None:
    body = json.dumps(
        {
            "error": {
                "message": "Please make your request to localhost:9.",
                "code": "incorrect_hostname",
                "type": "x",
            }
        }
    )
    async with http_client(lambda _: _raw(401, body)) as client:
        seen = (await client.ask(call("http://127.0.0.1:8/v1", facts=GO), KEYED)).observation
    assert seen.facts.get("named_host_url") == "http://localhost:9/v1"


async def test_a_walk_sends_an_evil_named_host_nothing() -> None:
    body = json.dumps(
        {
            "error": {
                "message": "Please make your request to {}",
                "code": "incorrect_hostname",
                "type": "x",
            }
        }
    )
    with serving(answering(json_answer("200 OK", LIST))) as evil:
        named = body.replace("{}", f"evil.example:{evil.port}").encode()
        with serving(
            answering(
                json_answer(
                    "401 Unauthorized", named, b"openai-version: 2020-10-01", b"Connection: close"
                )
            )
        ) as server:
            diagnosis = await walked(server.url())
    assert diagnosis.verdict.cause == "regional-host-wrong"
    assert evil.connections == 0


async def test_headers_are_kept_within_bounds() -> None:
    many = [(f"x-{number}", "v" * 5000) for number in range(99)]
    async with http_client(
        lambda _: httpx.Response(200, headers=[("set-cookie", "session=hush"), *many])
    ) as client:
        seen = (await client.ask(call(OPENAI), KEYLESS)).observation
    assert len(seen.headers) <= 60
    assert max(map(len, seen.headers.values())) <= 1000
    assert "set-cookie" not in seen.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ratelimit-limit-requests": "\u00b2"},
        {"date": "\u00b2"},
        {"retry-after": "nan"},
        {"x-ratelimit-reset-tokens": "9" * 400},
        {"content-type": "\x7f"},
        {"location": "https://[::1"},
    ],
)
async def test_strange_headers_are_survived(headers: dict[str, str]) -> None:
    async with http_client(
        lambda _: httpx.Response(
            200,
            headers=[(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            json={},
        )
    ) as client:
        seen = (await client.ask(call(OPENAI), KEYLESS)).observation
    assert seen.status == 200, seen.detail


async def test_timings_have_the_phases() -> None:
    with serving(answering(json_answer("200 OK", LIST, b"Connection: close"))) as server:
        seen = await reach(server.url(host="localhost"))
    assert None not in (
        seen.timings.name_ms,
        seen.timings.connect_ms,
        seen.timings.first_byte_ms,
        seen.timings.total_ms,
    )
    assert seen.timings.tls_ms is None


async def test_only_a_loop_over_real_sockets_gets_daemon_threads() -> None:
    """A resolver that never answers must not hold up the end of the program."""
    with serving(answering(json_answer("200 OK", LIST, b"Connection: close"))) as server:
        await ask(server.url())
    done = await asyncio.get_running_loop().run_in_executor(
        None, __import__("threading").current_thread
    )
    assert done.daemon
    assert credential().secret


@pytest.mark.parametrize("module", ["oai_tui.probes.http_client", "oai_tui.simulator.transport"])
def test_importing_httpx_leaves_its_command_line_interface_out(module: str) -> None:
    """It would import rich and pygments, which take a third of httpx's import time."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert "httpx" in loaded
    assert not loaded & {"rich", "pygments"}
