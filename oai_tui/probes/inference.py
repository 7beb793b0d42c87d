"""The smallest billed request: POST /v1/responses with 16 output tokens (the schema's minimum, API reference 2026-08), not stored, and nothing that some model refuses.

A reasoning model that runs out of its 16 tokens answers 200 with status "incomplete": that is a pass.
"""

from dataclasses import dataclass, replace
from typing import Any

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient, Reply

_CHAT_LIMITS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True)
class InferenceProbe:
    """Sends the billed request; on a server without /responses, the same as a chat completion."""

    http: HttpClient

    async def __call__(self, call: Call) -> Observation:
        model = str(call.facts.get("model_for_inference") or call.target.model or "")
        if not model:
            return Observation(
                probe="inference",
                failure="crashed",
                detail="no model is known that could be asked",
                facts={"model_wanted": ""},
            )
        reply = await self._ask(
            call,
            "/responses",
            {"model": model, "input": "ping", "max_output_tokens": 16, "store": False},
        )
        if self._has_no_such_route(reply, call):
            reply = await self._chat(call, model)
        seen = reply.observation
        facts: dict[str, Fact] = {"model_wanted": model}
        if seen.status == 200:
            facts |= {"billing": "tested", "usage": _usage(reply.value)}
        return replace(seen, facts={**seen.facts, **facts})

    async def _ask(self, call: Call, path: str, body: dict[str, Any]) -> Reply:
        return await self.http.ask(
            call,
            ApiRequest(
                probe="inference", method="POST", path=path, key=True, body=body, billed=True
            ),
        )

    def _has_no_such_route(self, reply: Reply, call: Call) -> bool:
        """Whether this is a gateway that knows chat completions only."""
        error = reply.observation.error
        return (
            reply.observation.status in {404, 405}
            and not call.target.is_openai
            and (error is None or error.code != "model_not_found")
        )

    async def _chat(self, call: Call, model: str) -> Reply:
        """A chat completion; the older name of the token limit is tried once where the newer one is refused."""
        reply = Reply(Observation(probe="inference"))
        for limit in _CHAT_LIMITS:
            reply = await self._ask(
                call,
                "/chat/completions",
                {"model": model, "messages": [{"role": "user", "content": "ping"}], limit: 16},
            )
            error = reply.observation.error
            if (
                reply.observation.status != 400
                or error is None
                or limit not in f"{error.param} {error.message}"
            ):
                break
        return reply


def _usage(value: Any) -> str:
    usage = value.get("usage") if isinstance(value, dict) else None
    if not isinstance(usage, dict):
        return ""
    first, second = (
        next((usage[name] for name in names if isinstance(usage.get(name), int)), 0)
        for names in (("input_tokens", "prompt_tokens"), ("output_tokens", "completion_tokens"))
    )
    return f"{first} + {second} tokens"
