"""Probe: the smallest billed request.

It is POST /v1/responses with 16 output tokens (the schema's minimum, API reference 2026-08), not
stored, and without any parameter that some model refuses. A reasoning model that runs out of its
16 tokens answers 200 with status "incomplete", which is a success.
"""

from dataclasses import dataclass, replace
from typing import Any

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient, Reply

_MAX_TOKENS = 16
_CHAT_LIMITS = ("max_completion_tokens", "max_tokens")
"""Names of the token limit of a chat completion, the newer one first."""


@dataclass(frozen=True, slots=True)
class InferenceProbe:
    """Sends the billed request, as a chat completion if the server has no /responses.

    Facts: model_wanted; billing and usage if it succeeds.
    """

    http: HttpClient

    async def __call__(self, call: Call) -> Observation:
        model = str(call.facts.get("model_for_inference") or call.target.model or "")
        if not model:
            return Observation(
                probe="inference",
                failure="crashed",
                detail="no known model to test",
                facts={"model_wanted": ""},
            )
        reply = await self._ask(
            call,
            "/responses",
            {"model": model, "input": "ping", "max_output_tokens": _MAX_TOKENS, "store": False},
        )
        if self._has_no_responses_route(reply, call):
            reply = await self._chat(call, model)
        seen = reply.observation
        facts: dict[str, Fact] = {"model_wanted": model}
        if call.facts.get("list_missing"):
            facts["list_missing"] = True
        if seen.status == 200 and seen.facts.get("own_terms") and not _is_answer(reply.value):
            facts["no_model_answer"] = True
        elif seen.status == 200:
            facts |= {"billing": "tested", "usage": _usage(reply.value)}
        return replace(seen, facts={**seen.facts, **facts})

    async def _ask(self, call: Call, path: str, body: dict[str, Any]) -> Reply:
        return await self.http.ask(
            call,
            ApiRequest(
                probe="inference", method="POST", path=path, key=True, body=body, billed=True
            ),
        )

    def _has_no_responses_route(self, reply: Reply, call: Call) -> bool:
        """Return True if the response is that of a gateway with chat completions only."""
        error = reply.observation.error
        return (
            reply.observation.status in {404, 405}
            and not call.target.is_openai
            and (error is None or error.code != "model_not_found")
        )

    async def _chat(self, call: Call, model: str) -> Reply:
        """Send a chat completion, and once more with the older name of the token limit.

        The second is sent only if the first is rejected because of the newer name.
        """
        reply = Reply(Observation(probe="inference"))
        for limit in _CHAT_LIMITS:
            reply = await self._ask(
                call,
                "/chat/completions",
                {
                    "model": model,
                    "messages": [{"role": "user", "content": "ping"}],
                    limit: _MAX_TOKENS,
                },
            )
            error = reply.observation.error
            if (
                reply.observation.status != 400
                or error is None
                or limit not in f"{error.param} {error.message}"
            ):
                break
        return reply


def _is_answer(value: Any) -> bool:
    """Return True for a response or a chat completion."""
    return isinstance(value, dict) and ("output" in value or "choices" in value)


def _usage(value: Any) -> str:
    """The tokens of a response or chat completion in words; "" if it does not report them."""
    usage = value.get("usage") if isinstance(value, dict) else None
    if not isinstance(usage, dict):
        return ""
    sent = _count(usage, "input_tokens", "prompt_tokens")
    received = _count(usage, "output_tokens", "completion_tokens")
    return f"{sent} + {received} tokens"


def _count(usage: dict[str, Any], *names: str) -> int:
    """The first of these values that is a number, or 0."""
    return next((usage[name] for name in names if isinstance(usage.get(name), int)), 0)
