"""The checks of a request body: known fields, their types and sizes, with the API's 400s.

Sources: recorded answers, 2026; API reference, 2026-08, for the minimum of 16 output tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oai_tui.simulator import error_responses
from oai_tui.simulator.world import Reply

MIN_OUTPUT_TOKENS = 16
_INTEGERS = ("max_output_tokens", "max_completion_tokens", "max_tokens")
_JSON_NAMES = {
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    str: "a string",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of one route's body."""

    required: tuple[str, ...]
    """In the order in which they are checked."""
    content: str
    """The field with the prompt."""
    content_types: tuple[type, ...]
    content_type_names: str
    """The types of the prompt as an error message names them."""
    known: frozenset[str]
    min_output_tokens: int
    """The smallest value of a maximum of output tokens."""
    wrong_route_message: str
    """The error for a model that does not answer on this route."""


_SHARED = (
    "model",
    "metadata",
    "parallel_tool_calls",
    "prompt_cache_key",
    "safety_identifier",
    "service_tier",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
)
RESPONSES = Fields(
    required=("model",),
    content="input",
    content_types=(str, list),
    content_type_names="one of a string or array of objects",
    min_output_tokens=MIN_OUTPUT_TOKENS,
    known=frozenset(
        {
            *_SHARED,
            "input",
            "background",
            "conversation",
            "include",
            "instructions",
            "max_output_tokens",
            "max_tool_calls",
            "previous_response_id",
            "prompt",
            "reasoning",
            "text",
            "truncation",
        }
    ),
    wrong_route_message="The model `{model}` is not supported in the v1/responses endpoint.",
)
CHAT = Fields(
    required=("model", "messages"),
    content="messages",
    content_types=(list,),
    content_type_names="an array of objects",
    min_output_tokens=1,
    known=frozenset(
        {
            *_SHARED,
            "messages",
            "audio",
            "frequency_penalty",
            "function_call",
            "functions",
            "logit_bias",
            "logprobs",
            "max_completion_tokens",
            "max_tokens",
            "modalities",
            "n",
            "prediction",
            "presence_penalty",
            "reasoning_effort",
            "response_format",
            "seed",
            "stop",
            "web_search_options",
        }
    ),
    wrong_route_message=(
        "This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did "
        "you mean to use v1/completions?"
    ),
)


def check_body(body: Mapping[str, Any], fields: Fields) -> Reply | None:
    """Return the error for the first fault of a body, or None."""
    required = fields.required
    if fields is RESPONSES and "prompt" not in body:
        required += ("input",)
    for name in required:
        if name not in body:
            return error_responses.error(
                400,
                f"Missing required parameter: '{name}'.",
                code="missing_required_parameter",
                param=name,
            )
    if unknown := sorted(set(body) - fields.known):
        return error_responses.error(
            400, f"Unknown parameter: '{unknown[0]}'.", code="unknown_parameter", param=unknown[0]
        )
    if not isinstance(body["model"], str):
        return _wrong_type("model", "a string", body["model"])
    if fields.content in body and not isinstance(body[fields.content], fields.content_types):
        return _wrong_type(fields.content, fields.content_type_names, body[fields.content])
    if fields.content in body and body[fields.content] == []:
        return error_responses.error(
            400,
            (
                f"Invalid '{fields.content}': empty array. "
                "Expected an array with minimum length 1, but got an empty array instead."
            ),
            code="empty_array",
            param=fields.content,
        )
    return _check_max_tokens(body, fields) or _check_stream(body)


def _check_max_tokens(body: Mapping[str, Any], fields: Fields) -> Reply | None:
    for name in _INTEGERS:
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int):
            return _wrong_type(name, "an integer", value)
        if value < fields.min_output_tokens:
            message = (
                f"Invalid '{name}': integer below minimum value. Expected a value >= "
                f"{fields.min_output_tokens}, but got {value} instead."
            )
            return error_responses.error(400, message, code="integer_below_min_value", param=name)
    return None


def _check_stream(body: Mapping[str, Any]) -> Reply | None:
    """Refuse `stream`, which the simulator does not support."""
    if not body.get("stream"):
        return None
    return error_responses.error(
        400,
        "The simulator does not stream: leave out 'stream'.",
        code="unsupported_value",
        param="stream",
    )


def _wrong_type(name: str, want: str, value: object) -> Reply:
    have = _JSON_NAMES.get(type(value), "an object")
    return error_responses.error(
        400,
        f"Invalid type for '{name}': expected {want}, but got {have} instead.",
        code="invalid_type",
        param=name,
    )
