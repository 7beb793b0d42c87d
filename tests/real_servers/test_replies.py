"""Replies recorded from servers that are not OpenAI's, and the verdict about each.

replies.json holds the answers of 20 products to the calls of a check: measured ones of 2026-11-27
(nginx 1.22.1, HAProxy 2.6.12, Apache 2.4.71, Caddy 2.11.7, Traefik 3.7.15, Envoy 1.40.0, LiteLLM
1.108.7, Portkey 1.15.2, llama.cpp, aimock 1.43.0, fakellm 0.3.5), and for vLLM, Ollama, LM Studio,
OpenRouter, Azure, one-api, new-api and Open WebUI those of their sources and of public issues.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from .checking import check, summary

KEY = "sk-test-" + "k" * 30
BASE_URL = "https://gateway.example/v1"
MODEL = "gpt-test"
RECORDED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "replies.json").read_text(encoding="utf-8")
)
REFUSED = {
    "status": 401,
    "headers": {"content-type": "application/json"},
    "body": '{"error": {"message": "no", "code": "401"}}',
}
LISTED = {
    "status": 200,
    "headers": {"content-type": "application/json"},
    "body": json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}),
}
NOT_FOUND: Mapping[str, Any] = {"status": 404, "headers": {}, "body": ""}


class Replay(httpx.AsyncBaseTransport):
    """Answers as the recorded server did.

    `variant`: which of its replies to a call with the key: "right", "wrong", "unknown model", …
    """

    def __init__(self, replies: Mapping[str, Any], variant: str) -> None:
        self._replies = replies
        self._variant = variant
        self.keys_sent = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        has_key = "authorization" in request.headers
        self.keys_sent += has_key
        reply = self._reply(request.method, request.url.path, has_key=has_key)
        return httpx.Response(
            reply["status"],
            headers=reply["headers"],
            stream=httpx.ByteStream(reply["body"].encode()),
        )

    def _reply(self, method: str, path: str, *, has_key: bool) -> Mapping[str, Any]:
        if path.endswith("/me"):
            return NOT_FOUND
        if method == "GET" and not has_key:
            return self._first("models, no key") or REFUSED
        if method == "GET":
            return self._first(f"models, {self._variant}", "models, right key") or LISTED
        kind = "responses" if path.endswith("/responses") else "chat"
        names = (f"{kind}, {self._variant}", f"chat, {self._variant}", f"{kind}, right key")
        return self._first(*names) or NOT_FOUND

    def _first(self, *names: str) -> Mapping[str, Any] | None:
        return next((self._replies[name] for name in names if name in self._replies), None)


@pytest.mark.parametrize(
    ("recorded", "variant"),
    [(each, variant) for each in RECORDED for variant in each["expected"]],
    ids=[
        f"{each['product']}: {each['situation']}: {variant}".replace(" ", "-")
        for each in RECORDED
        for variant in each["expected"]
    ],
)
async def test_the_verdict_is_about_the_server(recorded: dict[str, Any], variant: str) -> None:
    transport = Replay(recorded["replies"], variant)
    model = "gpt-unknown" if variant == "unknown model" else None
    # A server that redirects to https was asked in plain http.
    base_url = (
        BASE_URL.replace("https", "http") if "to https" in recorded["situation"] else BASE_URL
    )
    found = await check(
        base_url, KEY, model=model, inference=True, allow_http=True, transport=transport
    )
    cause, hop, code, server = summary(found)
    assert [cause, hop, server] == recorded["expected"][variant], found["verdict"]
    assert code == {None: 0, "gateway-key-refused": 4, "auth-header-malformed": 4}.get(cause, 8)
    assert "openai.com" not in str(found["verdict"]).lower()
    assert "OpenAI's support" not in str(found["verdict"])


CLOSED = ("basic auth", "redirect", "dead upstream", "times out", "backend", "TLS port")


@pytest.mark.parametrize(
    "recorded",
    [
        each
        for each in RECORDED
        if each["product"] in {"nginx", "haproxy", "apache", "caddy", "traefik", "envoy"}
        and any(words in each["situation"] for words in CLOSED)
    ],
    ids=lambda each: f"{each['product']}: {each['situation']}".replace(" ", "-"),
)
async def test_no_key_is_sent_where_it_would_not_arrive(recorded: dict[str, Any]) -> None:
    transport = Replay(recorded["replies"], "right key")
    await check(BASE_URL, KEY, inference=True, transport=transport)
    assert transport.keys_sent == 0


async def test_without_a_yes_a_server_gets_no_key_whatever_it_answers() -> None:
    for recorded in RECORDED:
        transport = Replay(recorded["replies"], "right key")
        found = await check(BASE_URL, KEY, inference=True, agreed=False, transport=transport)
        assert (transport.keys_sent, found["verdict"]["outcome"] == "working") == (0, False)
