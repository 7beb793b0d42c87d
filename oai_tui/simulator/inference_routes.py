"""The two inference routes: checks of body, model, billing and limits, then the answer.

Access to the model is checked before billing, and billing before the rate limits, as recorded
answers suggest; no public page gives the order.
"""

from collections.abc import Callable, Mapping
from typing import Any

from oai_tui.simulator import error_responses
from oai_tui.simulator.authorization import Caller
from oai_tui.simulator.rate_limits import rate_headers, take
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.response_objects import (
    chat_object,
    input_tokens,
    max_output_tokens,
    response_object,
)
from oai_tui.simulator.validation import CHAT, RESPONSES, Fields, check_body
from oai_tui.simulator.world import Model, Reply, World

_DEFAULT_OUTPUT_TOKENS = 16
"""Output tokens that count if the request sets no maximum; the real number is not published."""


def respond(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    """Answer POST /v1/responses."""
    return _infer(world, request, caller, RESPONSES, response_object)


def complete_chat(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    """Answer POST /v1/chat/completions."""
    return _infer(world, request, caller, CHAT, chat_object)


def _infer(
    world: World,
    request: SimulatedRequest,
    caller: Caller,
    fields: Fields,
    make: Callable[[SimulatedRequest, Model, Mapping[str, Any]], dict[str, object]],
) -> Reply:
    body = _parse_body(request)
    if isinstance(body, Reply):
        return body
    if (error := check_body(body, fields)) is not None:
        return error
    model = _find_model(world, caller, str(body["model"]), fields)
    if isinstance(model, Reply):
        return model
    error = (
        _reasoning_error(model, body)
        or world.inference_outage
        or _billing_error(caller)
        or (error_responses.slow_down() if world.traffic_rises_too_fast else None)
    )
    if error is not None:
        return error
    requested = input_tokens(body) + (max_output_tokens(body) or _DEFAULT_OUTPUT_TOKENS)
    buckets = take(world, model, caller, requested, request.now_s)
    if isinstance(buckets, Reply):
        return buckets
    return Reply(
        status=200,
        body=make(request, model, body),
        headers=rate_headers(buckets),
        processing_ms=312,
        buckets=buckets,
    )


def _parse_body(request: SimulatedRequest) -> dict[str, Any] | Reply:
    kind = request.headers.get("content-type", "")
    if kind.split(";")[0].strip().lower() != "application/json":
        message = (
            f"Unsupported content type: '{kind}'. This API method only accepts 'application/json' "
            f"requests, but you specified the header 'Content-Type: {kind}'. Please try again with "
            "a supported content type."
        )
        return error_responses.error(415, message, code="unsupported_content_type")
    try:
        body = request.json()
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    message = (
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't "
        "using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was "
        "sent was not valid JSON. If you have trouble figuring out how to fix this, please contact "
        "us through our help center at help.openai.com.)"
    )
    return error_responses.error(400, message)


def _find_model(world: World, caller: Caller, name: str, fields: Fields) -> Model | Reply:
    """Return the model, or the error if this caller cannot use it."""
    model = world.model(name)
    if model is None:
        return error_responses.model_not_found(name)
    if world.is_shut_down(model):
        return error_responses.model_deprecated(name)
    allowed = caller.project.allowed_models if caller.project else None
    if allowed is not None and name not in allowed:
        return error_responses.model_not_allowed(caller.project.id if caller.project else "", name)
    if model.needs_verification and not caller.organization.is_verified:
        return error_responses.must_be_verified(name)
    if model.needs_tools:
        return error_responses.tools_required()
    if not model.is_text:
        message = fields.wrong_route_message.format(model=name)
        return error_responses.error(404, message, param="model")
    return model


def _reasoning_error(model: Model, body: Mapping[str, Any]) -> Reply | None:
    """Return the error for a parameter that reasoning models reject, or None.

    They reject the old name of the token maximum and every sampling parameter (changelog,
    2026-09-03).
    """
    if not model.is_reasoning:
        return None
    if "max_tokens" in body:
        message = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' instead."
        )
        return error_responses.error(400, message, code="unsupported_parameter", param="max_tokens")
    name = next(
        (name for name in ("temperature", "top_p") if body.get(name) not in (None, 1)), None
    )
    if name is None:
        return None
    return error_responses.error(
        400,
        f"Unsupported parameter: '{name}' is not supported with this model.",
        code="unsupported_parameter",
        param=name,
    )


def _billing_error(caller: Caller) -> Reply | None:
    """Return the error if the call is not paid for, or None.

    The codes are those of the error-codes guide (2026-09), for a trial grant the older one.
    """
    organization, project = caller.organization, caller.project
    if not organization.is_billing_active:
        return error_responses.billing_not_active()
    if organization.hard_limit_reached:
        return error_responses.hard_limit_reached()
    is_prepaid = organization.credit_kind == "prepaid"
    limits = (
        (
            organization.credit <= 0,
            "credit_balance_exhausted" if is_prepaid else "insufficient_quota",
        ),
        (project is not None and project.spend_limit_reached, "project_spend_limit_exceeded"),
        (organization.spend_limit_reached, "organization_spend_limit_exceeded"),
        (organization.usage_limit_reached, "organization_usage_limit_exceeded"),
    )
    return next((error_responses.quota(code) for is_reached, code in limits if is_reached), None)
