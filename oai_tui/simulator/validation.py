"""The 400s: which fields a body may have, of which type and size, and the API's words where one is wrong (recorded answers, 2026; API reference, 2026-08, for the minimum of 16 output tokens)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oai_tui.simulator import error_responses
from oai_tui.simulator.world import Reply

MINIMUM_OUTPUT = 16
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
    """The fields of one route. `required`: in order; `content`: the field that holds the prompt and the types it may have. `minimum_output`: least value of an allowance."""

    required: tuple[str, ...]
    content: str
    content_types: tuple[type, ...]
    content_words: str
    known: frozenset[str]
    minimum_output: int
    wrong_route_message: str


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
    content_words="one of a string or array of objects",
    minimum_output=MINIMUM_OUTPUT,
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
    content_words="an array of objects",
    minimum_output=1,
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
    wrong_route_message="This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?",
)


def body_error(body: Mapping[str, Any], fields: Fields) -> Reply | None:
    """The first thing that is wrong with a body, None when it is sound."""
    for name in (
        *fields.required,
        *(("input",) if fields is RESPONSES and "prompt" not in body else ()),
    ):
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
        return _type("model", "a string", body["model"])
    if fields.content in body and not isinstance(body[fields.content], fields.content_types):
        return _type(fields.content, fields.content_words, body[fields.content])
    if fields.content in body and body[fields.content] == []:
        return error_responses.error(
            400,
            f"Invalid '{fields.content}': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            code="empty_array",
            param=fields.content,
        )
    return _allowance(body, fields) or _stream(body)


def _allowance(body: Mapping[str, Any], fields: Fields) -> Reply | None:
    for name in _INTEGERS:
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int):
            return _type(name, "an integer", value)
        if value < fields.minimum_output:
            message = f"Invalid '{name}': integer below minimum value. Expected a value >= {fields.minimum_output}, but got {value} instead."
            return error_responses.error(400, message, code="integer_below_min_value", param=name)
    return None


def _stream(body: Mapping[str, Any]) -> Reply | None:
    """The simulator answers in one piece only, and says so."""
    return (
        error_responses.error(
            400,
            "The simulator does not stream: leave out 'stream'.",
            code="unsupported_value",
            param="stream",
        )
        if body.get("stream")
        else None
    )


def _type(name: str, want: str, value: object) -> Reply:
    have = _JSON_NAMES.get(type(value), "an object")
    return error_responses.error(
        400,
        f"Invalid type for '{name}': expected {want}, but got {have} instead.",
        code="invalid_type",
        param=name,
    )
