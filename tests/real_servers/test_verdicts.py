"""What `check` says about real servers: the cause, the hop, the exit code and the first advice."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from . import haproxy, litellm_proxy, mocks, nginx
from .checking import check, first_advice, summary
from .processes import Running
from .upstream import KEY, MODEL, Behind

Started = Callable[[Callable[[], contextlib.AbstractContextManager[Running]]], Running]
WRONG_KEY = "sk-wrong-" + "0" * 20


async def _check(
    server: Running,
    key: str = KEY,
    *,
    base_url: str = "",
    model: str | None = None,
    inference: bool = False,
) -> Mapping[str, Any]:
    """The JSON report of a check of a server that is named on the command line."""
    found = await check(base_url or server.base_url, key, model=model, inference=inference)
    assert found["target"]["kind"] == "gateway"
    assert key not in str(found)
    assert "openai.com" not in str(found["verdict"]).lower(), found["verdict"]
    return found


async def test_nginx_with_a_dead_server_behind_it(real_server: Started) -> None:
    server = real_server(nginx.dead_upstream)
    found = await _check(server)
    assert summary(found) == ("gateway-upstream-down", "front-server", 8, "nginx")
    assert found["verdict"]["explanation"] == (
        f"nginx at 127.0.0.1:{server.port} returned 502, which usually means that the server "
        "behind it doesn't answer. The key is not the problem. The key was not sent."
    )
    assert found["verdict"]["confidence"] == "likely"
    assert first_advice(found).startswith("Start the server behind nginx")


async def test_nginx_that_wants_a_login(real_server: Started, behind_servers: Behind) -> None:
    server = real_server(lambda: nginx.basic_auth(behind_servers.fast.origin))
    found = await _check(server)
    assert summary(found) == ("gateway-refused", "front-server", 8, "nginx")
    assert "Basic login for the realm “Internal tools”" in found["verdict"]["explanation"]
    assert "The key was not sent." in found["verdict"]["explanation"]
    assert "without a Basic login" in first_advice(found)


async def test_nginx_that_redirects_to_another_path(
    real_server: Started, behind_servers: Behind
) -> None:
    server = real_server(lambda: nginx.redirecting(308, "/openai$request_uri"))
    found = await _check(server)
    origin = f"http://127.0.0.1:{server.port}"
    assert summary(found) == ("base-url-wrong", "front-server", 8, "nginx")
    assert f"redirects to {origin}/openai/v1/models" in found["verdict"]["explanation"]
    assert "The redirect was not followed. The key was not sent." in found["verdict"]["explanation"]
    assert found["verdict"]["fixes"][0]["command"] == (f"export OPENAI_BASE_URL={origin}/openai/v1")


async def test_nginx_that_redirects_to_a_login_page(real_server: Started) -> None:
    server = real_server(lambda: nginx.redirecting(302, "/login"))
    found = await _check(server)
    assert summary(found) == ("gateway-refused", "front-server", 8, "nginx")
    assert "/login, a browser sign-in page" in found["verdict"]["explanation"]


async def test_nginx_that_takes_the_authorization_header_away(
    real_server: Started, behind_servers: Behind
) -> None:
    server = real_server(lambda: nginx.stripping_authorization(behind_servers.fast.origin))
    found = await _check(server)
    assert summary(found) == ("auth-header-malformed", "server", 4, None)
    assert first_advice(found) == (
        f"Configure the server in front of the API at 127.0.0.1:{server.port} to forward the "
        "Authorization header."
    )


async def test_nginx_with_the_api_below_another_path(
    real_server: Started, behind_servers: Behind
) -> None:
    server = real_server(lambda: nginx.sub_path(behind_servers.fast.origin))
    right = await _check(server)
    assert summary(right) == (None, None, 0, None)
    wrong_key = await _check(server, WRONG_KEY)
    assert summary(wrong_key) == ("gateway-key-refused", "server", 4, None)
    assert "“Incorrect API key provided”" in wrong_key["verdict"]["explanation"]
    wrong_path = await _check(server, base_url=server.base_url.replace("/openai", ""))
    assert summary(wrong_path)[:3] == ("base-url-wrong", "front-server", 8)


async def test_nginx_that_takes_small_requests_only(
    real_server: Started, behind_servers: Behind
) -> None:
    server = real_server(lambda: nginx.small_bodies(behind_servers.fast.origin))
    found = await _check(server, inference=True, model=MODEL)
    assert summary(found) == ("gateway-refused", "front-server", 8, "nginx")
    assert "413" in found["verdict"]["explanation"]
    assert "client_max_body_size" in first_advice(found)


async def test_haproxy_without_a_server(real_server: Started) -> None:
    server = real_server(haproxy.without_servers)
    found = await _check(server)
    assert summary(found) == ("gateway-upstream-down", "front-server", 8, "HAProxy")
    assert first_advice(found).startswith("Start the server behind HAProxy")


async def test_a_mock_that_lists_no_models_works_all_the_same(real_server: Started) -> None:
    server = real_server(mocks.fakellm)
    found = await _check(server, inference=True, model=mocks.MODEL)
    assert summary(found) == (None, None, 0, "fakellm")
    unbilled = await _check(server)
    assert summary(unbilled)[:3] == ("unknown", "server", 11)
    assert unbilled["verdict"]["outcome"] == "undecided"
    assert unbilled["verdict"]["title"] == "The server has no model list"
    assert first_advice(unbilled).startswith("Send a billed test request")


async def test_litellm_with_its_key(litellm_master: Running) -> None:
    key = litellm_proxy.MASTER_KEY
    found = await _check(litellm_master, key, inference=True, model=litellm_proxy.MODEL)
    assert summary(found) == (None, None, 0, "LiteLLM")
    assert found["verdict"]["untested"] == []


async def test_litellm_with_a_wrong_key(litellm_master: Running) -> None:
    found = await _check(litellm_master, WRONG_KEY)
    assert summary(found) == ("gateway-key-refused", "server", 4, "LiteLLM")
    assert found["verdict"]["explanation"].startswith(
        f"LiteLLM at 127.0.0.1:{litellm_master.port} rejected the key with 400: “No connected db”"
    )
    assert first_advice(found) == (
        f"Use a key for the server at 127.0.0.1:{litellm_master.port}; ask its operator for one."
    )


@pytest.mark.parametrize(
    ("model", "cause", "words"),
    [
        (litellm_proxy.REVOKED_MODEL, "gateway-refused", "Your key is not the problem."),
        (litellm_proxy.DEAD_MODEL, "gateway-upstream-down", "couldn't reach the server behind it"),
        ("gpt-unknown", "gateway-refused", "The model `gpt-unknown` does not exist"),
    ],
)
async def test_litellm_with_a_model_that_fails(
    model: str, cause: str, words: str, litellm_master: Running
) -> None:
    key = litellm_proxy.MASTER_KEY
    found = await _check(litellm_master, key, inference=True, model=model)
    assert (found["verdict"]["cause"], found["exit_code"]) == (cause, 8)
    assert words in found["verdict"]["explanation"]
