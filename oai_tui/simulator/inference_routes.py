"""The two inference routes: is the request sound, may this caller use the model, is it paid for, is there allowance left. Then the model answers.

Access to the model is judged before billing, and billing before the rate limits, as recorded answers suggest; no public page gives the order.
"""

from collections.abc import Callable, Mapping
from typing import Any

from oai_tui.simulator import error_responses as refusals
from oai_tui.simulator.authorization import Caller
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.response_objects import (
    chat_object,
    input_tokens,
    output_allowance,
    response_object,
)
from oai_tui.simulator.validation import CHAT, RESPONSES, Fields, complaint
from oai_tui.simulator.world import Limits, Model, Reply, World

_DEFAULT_OUTPUT = 16
"""Output tokens that count against the limit when the request sets none; the real number is not published."""


def respond(world: World, asked: SimulatedRequest, caller: Caller) -> Reply:
    """POST /v1/responses."""
    return _infer(world, asked, caller, RESPONSES, response_object)


def complete_chat(world: World, asked: SimulatedRequest, caller: Caller) -> Reply:
    """POST /v1/chat/completions."""
    return _infer(world, asked, caller, CHAT, chat_object)


def _infer(
    world: World,
    asked: SimulatedRequest,
    caller: Caller,
    fields: Fields,
    make: Callable[[SimulatedRequest, Model, Mapping[str, Any]], dict[str, object]],
) -> Reply:
    body = _body(asked)
    if isinstance(body, Reply):
        return body
    if (refusal := complaint(body, fields)) is not None:
        return refusal
    model = _model(world, caller, str(body["model"]), fields)
    if isinstance(model, Reply):
        return model
    refusal = (
        _reasoning_complaint(model, body)
        or world.inference_outage
        or _billing(caller)
        or (refusals.slow_down() if world.is_ramping else None)
    )
    if refusal is not None:
        return refusal
    requested = input_tokens(body) + (output_allowance(body) or _DEFAULT_OUTPUT)
    if (refusal := _limited(world.limits, model, caller, requested)) is not None:
        return refusal
    return Reply(
        status=200,
        body=make(asked, model, body),
        headers=rate_headers(world.limits, 1, requested),
        processing_ms=312,
    )


def _body(asked: SimulatedRequest) -> dict[str, Any] | Reply:
    kind = asked.headers.get("content-type", "")
    if kind.split(";")[0].strip().lower() != "application/json":
        message = (
            f"Unsupported content type: '{kind}'. This API method only accepts 'application/json' requests, but you specified the header 'Content-Type: {kind}'. "
            "Please try again with a supported content type."
        )
        return refusals.error(415, message, code="unsupported_content_type")
    try:
        body = asked.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    message = (
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, "
        "but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)"
    )
    return refusals.error(400, message)


def _model(world: World, caller: Caller, name: str, fields: Fields) -> Model | Reply:
    """The model, or why this caller cannot use it."""
    model = world.model(name)
    if model is None:
        return refusals.model_not_found(name)
    if world.is_gone(model):
        return refusals.model_deprecated(name)
    allowed = caller.project.allowed_models if caller.project else None
    if allowed is not None and name not in allowed:
        return refusals.model_not_allowed(caller.project.id if caller.project else "", name)
    if model.needs_verification and not caller.organization.is_verified:
        return refusals.must_be_verified(name)
    if model.needs_tools:
        return refusals.tools_required()
    return (
        model
        if model.is_text
        else refusals.error(404, fields.not_this_route.format(model=name), param="model")
    )


def _reasoning_complaint(model: Model, body: Mapping[str, Any]) -> Reply | None:
    """Reasoning models reject the old name of the allowance and every sampling parameter (changelog, 2026-09-03)."""
    if not model.is_reasoning:
        return None
    if "max_tokens" in body:
        message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        return refusals.error(400, message, code="unsupported_parameter", param="max_tokens")
    name = next(
        (name for name in ("temperature", "top_p") if body.get(name) not in (None, 1)), None
    )
    return (
        None
        if name is None
        else refusals.error(
            400,
            f"Unsupported parameter: '{name}' is not supported with this model.",
            code="unsupported_parameter",
            param=name,
        )
    )


def _billing(caller: Caller) -> Reply | None:
    """Whether the call is paid for; codes of the error-codes guide, 2026-09, and for a trial grant the older one."""
    organization, project = caller.organization, caller.project
    if not organization.is_billing_active:
        return refusals.billing_not_active()
    if organization.hard_limit_reached:
        return refusals.hard_limit_reached()
    spent = (
        (
            organization.credit <= 0,
            "credit_balance_exhausted"
            if organization.credit_kind == "prepaid"
            else "insufficient_quota",
        ),
        (project is not None and project.spend_limit_reached, "project_spend_limit_exceeded"),
        (organization.spend_limit_reached, "organization_spend_limit_exceeded"),
        (organization.usage_limit_reached, "organization_usage_limit_exceeded"),
    )
    return next((refusals.quota(code) for holds, code in spent if holds), None)


def _limited(limits: Limits, model: Model, caller: Caller, requested: int) -> Reply | None:
    """Whether this minute's allowance is enough; a request above the whole allowance can never pass."""
    headers = rate_headers(limits, 0, 0)
    organization = caller.organization.id
    if limits.requests_used >= limits.requests:
        wait = _per_unit(limits.requests)
        return refusals.rate_limit(
            "requests",
            model.id,
            organization,
            limits.requests,
            limits.requests_used,
            1,
            f"{wait}s",
            headers | {"retry-after": str(wait)},
        )
    if 0 < limits.tokens < requested:
        return refusals.too_large(model.id, organization, limits.tokens, requested, headers)
    if limits.tokens_used + requested > limits.tokens:
        wait = max(
            1, -(-60 * (limits.tokens_used + requested - limits.tokens) // max(1, limits.tokens))
        )
        return refusals.rate_limit(
            "tokens",
            model.id,
            organization,
            limits.tokens,
            limits.tokens_used,
            requested,
            f"{wait}s",
            headers | {"retry-after": str(wait)},
        )
    return None


def _per_unit(limit: int) -> int:
    """Whole seconds until one more unit of a per-minute allowance is free."""
    return max(1, 60 // limit) if limit else 60


def rate_headers(limits: Limits, requests: int, tokens: int) -> dict[str, str]:
    """The six x-ratelimit headers after a call that used so much; resets as Go durations (rate-limits guide)."""
    left_requests, left_tokens = (
        max(0, limits.requests - limits.requests_used - requests),
        max(0, limits.tokens - limits.tokens_used - tokens),
    )
    return {
        "x-ratelimit-limit-requests": str(limits.requests),
        "x-ratelimit-limit-tokens": str(limits.tokens),
        "x-ratelimit-remaining-requests": str(left_requests),
        "x-ratelimit-remaining-tokens": str(left_tokens),
        "x-ratelimit-reset-requests": _duration(
            60_000 * (limits.requests - left_requests), limits.requests
        ),
        "x-ratelimit-reset-tokens": _duration(
            60_000 * (limits.tokens - left_tokens), limits.tokens
        ),
    }


def _duration(milliseconds_times_limit: int, limit: int) -> str:
    """A Go duration: "0s", "120ms", "8.64s", "1m0s"."""
    milliseconds = -(-milliseconds_times_limit // limit) if limit else 0
    if milliseconds == 0:
        return "0s"
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    return (f"{minutes}m" if minutes else "") + f"{rest / 1000:g}s"
