"""What a model answers: the Response object and the Chat Completion object, with counts that follow from the request.

A reasoning model spends tokens on thinking first, so the smallest allowance ends in status "incomplete" (API reference: `incomplete_details.reason` is "max_output_tokens").
"""

from collections.abc import Mapping
from typing import Any

from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.world import Model

_TEXT = "Pong. The call went through."
_TEXT_TOKENS = 8
_THINKING = {
    "none": 0,
    "minimal": 8,
    "low": 24,
    "medium": 64,
    "high": 256,
    "xhigh": 512,
    "max": 1024,
}


def input_tokens(body: Mapping[str, Any]) -> int:
    """Tokens of what was sent, about four characters each, and eight around it."""
    return len(str(body.get("input", body.get("messages", "")))) // 4 + 8


def output_allowance(body: Mapping[str, Any]) -> int | None:
    """The most tokens the answer may have, None when it is not limited."""
    for name in ("max_output_tokens", "max_completion_tokens", "max_tokens"):
        if isinstance(body.get(name), int):
            return int(body[name])
    return None


def _spent(model: Model, body: Mapping[str, Any], effort: object) -> tuple[int, int]:
    """Tokens of thinking, and of text, within the allowance."""
    thinking = _THINKING.get(str(effort or "medium"), 64) if model.is_reasoning else 0
    allowance = output_allowance(body)
    if allowance is None:
        return thinking, _TEXT_TOKENS
    thinking = min(thinking, allowance)
    return thinking, min(_TEXT_TOKENS, allowance - thinking)


def response_object(
    request: SimulatedRequest, model: Model, body: Mapping[str, Any]
) -> dict[str, object]:
    """The object of POST /v1/responses."""
    effort = (
        (body.get("reasoning") or {}).get("effort")
        if isinstance(body.get("reasoning"), dict)
        else None
    )
    thinking, text = _spent(model, body, effort)
    is_whole = text == _TEXT_TOKENS
    status = "completed" if is_whole else "incomplete"
    output: list[dict[str, object]] = (
        [{"id": f"rs_{request.serial}", "type": "reasoning", "summary": []}] if thinking else []
    )
    if text:
        content = {"type": "output_text", "annotations": [], "logprobs": [], "text": _words(text)}
        output.append(
            {
                "id": f"msg_{request.serial}",
                "type": "message",
                "status": status,
                "role": "assistant",
                "content": [content],
            }
        )
    read = input_tokens(body)
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
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": thinking + text,
            "output_tokens_details": {"reasoning_tokens": thinking},
            "total_tokens": read + thinking + text,
        },
    }


def chat_object(
    request: SimulatedRequest, model: Model, body: Mapping[str, Any]
) -> dict[str, object]:
    """The object of POST /v1/chat/completions."""
    thinking, text = _spent(model, body, body.get("reasoning_effort"))
    read = input_tokens(body)
    message: dict[str, object] = {
        "role": "assistant",
        "content": _words(text),
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
                "finish_reason": "stop" if text == _TEXT_TOKENS else "length",
            }
        ],
        "usage": {
            "prompt_tokens": read,
            "completion_tokens": thinking + text,
            "total_tokens": read + thinking + text,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": thinking,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": None,
    }


def _words(tokens: int) -> str:
    return _TEXT if tokens >= _TEXT_TOKENS else " ".join(_TEXT.split()[:tokens])
