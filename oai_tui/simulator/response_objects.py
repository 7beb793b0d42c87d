"""The answers of a model: Response and Chat Completion objects with plausible token counts.

A reasoning model spends tokens on reasoning first, therefore the smallest maximum of output tokens
ends in status "incomplete" (API reference: `incomplete_details.reason` is "max_output_tokens").
"""

from collections.abc import Mapping
from typing import Any

from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.world import Model

_TEXT = "Pong. The call went through."
_TEXT_TOKENS = 8
_REASONING_TOKENS = {
    "none": 0,
    "minimal": 8,
    "low": 24,
    "medium": 64,
    "high": 256,
    "xhigh": 512,
    "max": 1024,
}


def input_tokens(body: Mapping[str, Any]) -> int:
    """Return the number of prompt tokens: about four characters each, and eight for the frame."""
    return len(str(body.get("input", body.get("messages", "")))) // 4 + 8


def max_output_tokens(body: Mapping[str, Any]) -> int | None:
    """Return the maximum of output tokens that the request sets, or None."""
    for name in ("max_output_tokens", "max_completion_tokens", "max_tokens"):
        if isinstance(body.get(name), int):
            return int(body[name])
    return None


def _output_counts(model: Model, body: Mapping[str, Any], effort: object) -> tuple[int, int]:
    """Return the numbers of reasoning tokens and text tokens, within the maximum of the request."""
    reasoning_tokens = (
        _REASONING_TOKENS.get(str(effort or "medium"), 64) if model.is_reasoning else 0
    )
    limit = max_output_tokens(body)
    if limit is None:
        return reasoning_tokens, _TEXT_TOKENS
    reasoning_tokens = min(reasoning_tokens, limit)
    return reasoning_tokens, min(_TEXT_TOKENS, limit - reasoning_tokens)


def response_object(
    request: SimulatedRequest, model: Model, body: Mapping[str, Any]
) -> dict[str, object]:
    """Return the object of POST /v1/responses."""
    reasoning = body.get("reasoning")
    effort = reasoning.get("effort") if isinstance(reasoning, dict) else None
    reasoning_tokens, text_tokens = _output_counts(model, body, effort)
    is_whole = text_tokens == _TEXT_TOKENS
    status = "completed" if is_whole else "incomplete"
    output: list[dict[str, object]] = (
        [{"id": f"rs_{request.serial}", "type": "reasoning", "summary": []}]
        if reasoning_tokens
        else []
    )
    if text_tokens:
        content = {
            "type": "output_text",
            "annotations": [],
            "logprobs": [],
            "text": _first_words(text_tokens),
        }
        output.append(
            {
                "id": f"msg_{request.serial}",
                "type": "message",
                "status": status,
                "role": "assistant",
                "content": [content],
            }
        )
    prompt_tokens = input_tokens(body)
    return {
        "id": f"resp_{request.serial}",
        "object": "response",
        "created_at": request.now,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None if is_whole else {"reason": "max_output_tokens"},
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": None,
        "model": model.id,
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {
            "effort": effort or ("medium" if model.is_reasoning else None),
            "summary": None,
        },
        "service_tier": "default",
        "store": body.get("store", True),
        "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": "medium"},
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": 0,
        "top_p": 1.0,
        "truncation": "disabled",
        "user": None,
        "metadata": body.get("metadata") or {},
        "usage": {
            "input_tokens": prompt_tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": reasoning_tokens + text_tokens,
            "output_tokens_details": {"reasoning_tokens": reasoning_tokens},
            "total_tokens": prompt_tokens + reasoning_tokens + text_tokens,
        },
    }


def chat_object(
    request: SimulatedRequest, model: Model, body: Mapping[str, Any]
) -> dict[str, object]:
    """Return the object of POST /v1/chat/completions."""
    reasoning_tokens, text_tokens = _output_counts(model, body, body.get("reasoning_effort"))
    prompt_tokens = input_tokens(body)
    message: dict[str, object] = {
        "role": "assistant",
        "content": _first_words(text_tokens),
        "refusal": None,
        "annotations": [],
    }
    return {
        "id": f"chatcmpl-{request.serial}",
        "object": "chat.completion",
        "created": request.now,
        "model": model.id,
        "choices": [
            {
                "index": 0,
                "message": message,
                "logprobs": None,
                "finish_reason": "stop" if text_tokens == _TEXT_TOKENS else "length",
            }
        ],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": reasoning_tokens + text_tokens,
            "total_tokens": prompt_tokens + reasoning_tokens + text_tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": reasoning_tokens,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": None,
    }


def _first_words(tokens: int) -> str:
    return _TEXT if tokens >= _TEXT_TOKENS else " ".join(_TEXT.split()[:tokens])
