"""Verdicts about single answers of servers that the person chose: cause, certainty, advice, retry.

Each situation is a server's answer to the call without the key, to the list with the key, and to
a billed request. The words are those of the products' sources and documents.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from .checking import check

KEY = "sk-test-" + "k" * 30
HERE = "http://127.0.0.1:4000/v1"
FAR = "https://gateway.example/v1"
LIST = {"object": "list", "data": [{"id": "gpt-test", "object": "model"}]}
CHAT = {"choices": [{"message": {"role": "assistant", "content": "pong"}}]}
NGINX = "<html><head><title>{0}</title></head><body><hr><center>nginx/1.22.1</center></body></html>"
SIGN_IN = '<html><title>Sign in</title><form><input type="password"></form></html>'


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: str
    headers: Mapping[str, str]


def answer(status: int, body: object = "", **headers: str) -> Answer:
    """A reply; a text that begins with `<` is a page, any other value than a text is JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if not isinstance(body, str):
        kind, body = "application/json", json.dumps(body)
    else:
        kind = "text/html" if body.startswith("<") else "text/plain"
    return Answer(status=status, body=body, headers={"content-type": kind, **named})


def refusal(status: int, message: str, **headers: str) -> Answer:
    return answer(status, {"error": {"message": message}}, **headers)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """`open`: the answer without the key; `listed`: with it (the same, if None); `billed`: to a
    POST, which is sent only if there is one. `paths`: answers by path, before all others.

    `advice`: words of the first advice. `others`: the alternatives.
    """

    open: Answer
    listed: Answer | None = None
    billed: Answer | None = None
    paths: Mapping[str, Answer] = field(default_factory=dict)
    base_url: str = HERE
    cause: str | None
    confidence: str = "certain"
    says: str = ""
    advice: str = ""
    others: tuple[str, ...] = ()
    retry: bool = False
    after_s: float | None = None


NO_KEY = refusal(401, "Missing bearer authentication in header")
SITUATIONS: dict[str, Situation] = {
    "a web interface on this machine": Situation(
        open=answer(200, "<!doctype html><title>Open WebUI</title>"),
        cause="base-url-wrong",
        confidence="likely",
        says="returned the web page “Open WebUI”, not an API response",
        advice="Compare the path of",
        others=("other-server-answered",),
    ),
    "a web interface elsewhere": Situation(
        open=answer(200, "<!doctype html><title>Open WebUI</title>"),
        base_url=FAR,
        cause="base-url-wrong",
        confidence="likely",
        advice="Compare the path of",
        others=("other-server-answered", "network-filter-blocked"),
    ),
    "a page for signing in": Situation(
        open=answer(200, SIGN_IN),
        cause="gateway-refused",
        confidence="likely",
        says="a browser sign-in page, “Sign in”. The key was not sent.",
        advice="Ask the operator for the address of the API",
    ),
    "any path answers JSON": Situation(
        open=answer(200, {"status": "ok"}),
        cause="base-url-wrong",
        confidence="possible",
        says="answers, but not as an API",
        others=("other-server-answered",),
    ),
    "any call answers JSON": Situation(
        open=answer(200, {"status": "ok"}),
        billed=answer(200, {"status": "ok"}),
        cause="base-url-wrong",
        confidence="possible",
        others=("other-server-answered",),
    ),
    "LM Studio with another path": Situation(
        open=answer(200, {"error": "Unexpected endpoint or method. (GET /api/models)"}),
        base_url="http://127.0.0.1:1234/api",
        cause="base-url-wrong",
        confidence="possible",
        advice="Compare the path of",
        others=("other-server-answered",),
    ),
    "LM Studio without /v1": Situation(
        open=answer(200, {"error": "Unexpected endpoint or method. (GET /models)"}),
        paths={"/v1/models": answer(200, LIST)},
        base_url="http://127.0.0.1:1234",
        cause="base-url-wrong",
        says="answers as an API with /v1 at the end of the base URL",
        advice="Use http://127.0.0.1:1234/v1.",
    ),
    "a model list that fails, and calls that work": Situation(
        open=NO_KEY,
        listed=answer(500, {"status": "failure", "message": "Something went wrong"}),
        billed=answer(200, CHAT),
        cause=None,
    ),
    "a model list that fails": Situation(
        open=NO_KEY,
        listed=answer(500, {"status": "failure", "message": "Something went wrong"}),
        cause="gateway-refused",
        confidence="likely",
        advice="Send a billed test request",
        others=("gateway-upstream-down", "gateway-key-refused"),
    ),
    "no list, and a model that it does not have": Situation(
        open=NO_KEY,
        listed=answer(404, {"error": {"code": "404", "message": "Resource not found"}}),
        billed=answer(
            404,
            {
                "error": {
                    "code": "DeploymentNotFound",
                    "message": "The API deployment does not exist",
                }
            },
        ),
        cause="gateway-refused",
        says="The API deployment does not exist",
        advice="Compare the model name",
    ),
    "Ollama without a model": Situation(
        open=answer(200, {"object": "list", "data": None}), cause=None
    ),
    "a list under another name": Situation(open=NO_KEY, listed=answer(200, [LIST]), cause=None),
    "nginx, 502": Situation(
        open=answer(502, NGINX.format("502 Bad Gateway")),
        cause="gateway-upstream-down",
        confidence="likely",
        says="returned 502, which usually means that the server behind it doesn't answer",
        advice="Start the server behind nginx",
        others=("gateway-refused",),
        retry=True,
    ),
    "nginx, 504": Situation(
        open=answer(504, NGINX.format("504 Gateway Time-out")),
        cause="gateway-upstream-down",
        confidence="likely",
        says="timed out",
        advice="Check whether the server behind nginx",
        others=("gateway-refused",),
        retry=True,
    ),
    "Envoy without an upstream": Situation(
        open=answer(503, "no healthy upstream"),
        cause="gateway-upstream-down",
        says="the server behind it doesn't answer",
        retry=True,
    ),
    "a page about maintenance": Situation(
        open=answer(503, "<html><title>Back soon</title></html>"),
        cause="gateway-upstream-down",
        confidence="possible",
        says="returned 503: “Back soon”. Either the server behind it",
        advice="Start the server behind the gateway",
        others=("gateway-refused",),
        retry=True,
    ),
    "llama.cpp loads its model": Situation(
        open=refusal(503, "Loading model", server="llama.cpp"),
        cause="gateway-refused",
        confidence="likely",
        says="“Loading model”",
        advice="Wait until the server has loaded its model",
        others=("gateway-upstream-down", "gateway-key-refused"),
        retry=True,
    ),
    "a limit with a time to wait": Situation(
        open=NO_KEY,
        listed=refusal(429, "Rate limit reached for key", retry_after="12"),
        cause="gateway-refused",
        advice="Call that server less often",
        retry=True,
        after_s=12.0,
    ),
    "a budget, said with 429": Situation(
        open=NO_KEY,
        listed=refusal(429, "Budget has been exceeded! Current cost: 2.0"),
        cause="gateway-refused",
        advice="Ask for a higher budget",
    ),
    "a redirect to the same address with a slash": Situation(
        open=answer(301, location="/v1/models/"),
        cause="gateway-refused",
        confidence="possible",
        says="the same address with a trailing slash",
        advice="Ask the operator to remove this redirect",
    ),
    "a redirect elsewhere": Situation(
        open=answer(302, location="/web/"),
        base_url=FAR,
        cause="gateway-refused",
        confidence="possible",
        advice="Open https://gateway.example/web/ in a browser",
        others=("network-filter-blocked",),
    ),
    "a redirect that only a call with a key gets": Situation(
        open=NO_KEY,
        listed=answer(302, location="https://other.example/v1/models"),
        cause="base-url-wrong",
        confidence="likely",
        says="redirects to https://other.example/v1/models. The redirect was not followed.",
        advice="Use https://other.example/v1",
        others=("other-server-answered",),
    ),
    "a redirect to a login that only a call with a key gets": Situation(
        open=NO_KEY,
        listed=answer(302, location="/login"),
        cause="gateway-refused",
        confidence="likely",
        says="a browser sign-in page",
        advice="Ask the operator for the address of the API",
    ),
    "a login that only a call with a key gets": Situation(
        open=NO_KEY,
        listed=answer(401, www_authenticate='Basic realm="x"'),
        cause="gateway-refused",
        says="requires a Basic login for the realm “x”",
        advice="Ask for an API address without a Basic login",
    ),
    "an answer without content": Situation(
        open=answer(204),
        cause="base-url-wrong",
        confidence="possible",
        others=("other-server-answered",),
    ),
    "OpenRouter's words for a key that it does not know": Situation(
        open=refusal(401, "No cookie auth credentials found"),
        cause="auth-header-malformed",
        confidence="likely",
        says="returned 401 as if there were none: “No cookie auth credentials found”",
        others=("gateway-key-refused", "key-missing", "key-shadowed"),
    ),
    "Azure": Situation(
        open=NO_KEY,
        listed=refusal(
            401,
            "Access denied due to invalid subscription key or wrong API endpoint.",
            apim_request_id="0",
        ),
        cause="gateway-key-refused",
        confidence="likely",
        says="Azure OpenAI at",
        advice="Use a key for the server at",
        others=("gateway-refused", "auth-header-malformed"),
    ),
    "Cloudflare's AI Gateway": Situation(
        open=answer(
            400,
            {
                "success": False,
                "error": [
                    {"code": 2001, "message": "Please configure AI Gateway in the dashboard"}
                ],
            },
        ),
        cause="gateway-refused",
        confidence="likely",
        says="Cloudflare AI Gateway at 127.0.0.1:4000 returned 400: “Please configure AI Gateway",
        others=("gateway-key-refused",),
    ),
    "Portkey": Situation(
        open=NO_KEY,
        listed=refusal(401, "Portkey Error: Invalid API Key. Error Code: 03"),
        cause="gateway-key-refused",
        says="Portkey at",
    ),
}


class Replay(httpx.AsyncBaseTransport):
    """Answers as the situation says."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self.keys_sent = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.keys_sent += "authorization" in request.headers
        reply = self._reply(request)
        return httpx.Response(
            reply.status,
            headers=dict(reply.headers),
            stream=httpx.ByteStream(reply.body.encode()),
        )

    def _reply(self, request: httpx.Request) -> Answer:
        situation, path = self._situation, request.url.path
        if path.endswith("/me"):
            return answer(404)
        if path in situation.paths:
            return situation.paths[path]
        if request.method == "POST":
            return situation.billed or answer(404)
        has_key = "authorization" in request.headers
        return situation.listed or situation.open if has_key else situation.open


async def found(situation: Situation) -> Mapping[str, Any]:
    report = await check(
        situation.base_url,
        KEY,
        inference=situation.billed is not None,
        transport=Replay(situation),
    )
    verdict: Mapping[str, Any] = report["verdict"]
    return verdict


@pytest.mark.parametrize("name", SITUATIONS)
async def test_the_verdict_about_an_answer(name: str) -> None:
    situation = SITUATIONS[name]
    verdict = await found(situation)
    assert verdict["cause"] == situation.cause, verdict
    assert situation.says in verdict["explanation"]
    words = json.dumps(verdict).lower()
    assert "openai.com" not in words
    assert "openai's support" not in words
    if situation.cause is None:
        return
    assert verdict["confidence"] == situation.confidence
    assert tuple(each["cause"] for each in verdict["alternatives"]) == situation.others
    assert situation.advice in verdict["fixes"][0]["text"]
    assert verdict["retry"] == {
        "helps": situation.retry,
        "after_s": situation.after_s,
        "known": True,
    }


async def test_what_an_experiment_has_refuted_is_not_advised() -> None:
    verdict = await found(SITUATIONS["LM Studio with another path"])
    assert "Use http" not in str(verdict["fixes"])
    proved = await found(SITUATIONS["LM Studio without /v1"])
    assert "export OPENAI_BASE_URL=http://127.0.0.1:1234/v1" in str(proved["fixes"])


async def test_a_gateway_is_not_said_to_have_accepted_an_organization() -> None:
    verdict = await found(Situation(open=NO_KEY, listed=answer(200, LIST), cause=None))
    assert verdict["explanation"] == (
        "The server accepts the key and lists its models. A billed request was not tested."
    )


@pytest.mark.parametrize("name", SITUATIONS)
async def test_that_the_key_was_kept_is_said_where_it_was_and_only_there(name: str) -> None:
    situation = SITUATIONS[name]
    transport = Replay(situation)
    report = await check(
        situation.base_url, KEY, inference=situation.billed is not None, transport=transport
    )
    is_kept = "The key was not sent." in report["verdict"]["explanation"]
    assert is_kept == (transport.keys_sent == 0)


async def test_without_a_list_and_a_billed_request_nothing_is_decided() -> None:
    situation = Situation(open=NO_KEY, listed=refusal(404, "Resource not found"), cause="unknown")
    verdict = await found(situation)
    assert (verdict["outcome"], verdict["cause"]) == ("undecided", "unknown")
    assert "Send a billed test request to find out." in verdict["explanation"]
    assert "support" not in json.dumps(verdict)
