"""The smallest billed request: what it sends, what counts as success, and chat completions."""

import json
from collections.abc import Callable

import httpx
import pytest

from oai_tui.domain.observation import Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.inference import InferenceProbe
from tests.probes.http_probe import call, http_client

GATEWAY = "https://gateway.example/v1"
CHAT = {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}
Answer = Callable[[httpx.Request], httpx.Response]


async def _infer(to_probe: Call, answer: Answer) -> tuple[Observation, list[httpx.Request]]:
    requests: list[httpx.Request] = []

    def keep(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer(request)

    async with http_client(keep) as client:
        return await InferenceProbe(client)(to_probe), requests


def _refusal(
    status: int, code: str | None = None, message: str = "no", param: str | None = None
) -> httpx.Response:
    return httpx.Response(
        status,
        json={
            "error": {
                "message": message,
                "type": "invalid_request_error",
                "param": param,
                "code": code,
            }
        },
    )


async def test_what_is_sent_is_the_least() -> None:
    seen, requests = await _infer(
        call("https://api.openai.com/v1", facts={"model_for_inference": "gpt-6-luna"}),
        lambda _: httpx.Response(200, json={"usage": {"input_tokens": 8, "output_tokens": 16}}),
    )
    assert (requests[0].method, requests[0].url.path) == ("POST", "/v1/responses")
    assert json.loads(requests[0].content) == {
        "model": "gpt-6-luna",
        "input": "ping",
        "max_output_tokens": 16,
        "store": False,
    }
    assert seen.request is not None
    assert seen.request.billed
    assert (seen.facts["billing"], seen.facts["usage"]) == ("tested", "8 + 16 tokens")


async def test_an_incomplete_answer_is_a_pass() -> None:
    seen, _ = await _infer(
        call("https://api.openai.com/v1", model="gpt-6-luna"),
        lambda _: httpx.Response(
            200,
            json={"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
        ),
    )
    assert (seen.status, seen.facts["billing"]) == (200, "tested")


async def test_without_a_model_nothing_is_sent() -> None:
    seen, requests = await _infer(call("https://api.openai.com/v1"), lambda _: httpx.Response(200))
    assert (seen.failure, requests) == ("crashed", [])


@pytest.mark.parametrize("status", [401, 404, 429, 500])
async def test_a_refusal_is_asked_for_once_at_openai(status: int) -> None:
    seen, requests = await _infer(
        call("https://api.openai.com/v1", model="m"), lambda _: _refusal(status)
    )
    assert (seen.status, len(requests), "billing" in seen.facts) == (status, 1, False)


async def test_a_gateway_without_the_route_is_asked_for_a_chat() -> None:
    seen, requests = await _infer(
        call(GATEWAY, model="m", agreed=True),
        lambda request: (
            _refusal(404)
            if request.url.path.endswith("/responses")
            else httpx.Response(200, json=CHAT)
        ),
    )
    assert [request.url.path for request in requests] == ["/v1/responses", "/v1/chat/completions"]
    assert json.loads(requests[1].content) == {
        "model": "m",
        "messages": [{"role": "user", "content": "ping"}],
        "max_completion_tokens": 16,
    }
    assert (seen.status, seen.facts["usage"]) == (200, "1 + 2 tokens")


async def test_a_gateway_that_says_something_else_than_a_model_has_not_been_billed() -> None:
    seen, _ = await _infer(
        call(GATEWAY, model="m", agreed=True),
        lambda request: httpx.Response(200, json={"status": "ok"}),
    )
    assert seen.facts["no_model_answer"]
    assert "billing" not in seen.facts


async def test_the_older_name_of_the_limit_is_tried_once() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/responses"):
            return _refusal(405)
        return (
            _refusal(400, "unsupported_parameter", "Unknown parameter: max_completion_tokens")
            if b"max_completion_tokens" in request.content
            else httpx.Response(200, json={})
        )

    seen, requests = await _infer(call(GATEWAY, model="m", agreed=True), answer)
    assert (seen.status, len(requests)) == (200, 3)


async def test_a_missing_model_is_no_missing_route() -> None:
    _, requests = await _infer(
        call(GATEWAY, model="m", agreed=True), lambda _: _refusal(404, "model_not_found")
    )
    assert len(requests) == 1
