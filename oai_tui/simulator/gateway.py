"""A gateway of another company, a LiteLLM proxy: own keys, own error texts, `code` as text.

Measured with litellm[proxy] 1.106.2 and 1.108.7, and its documents. The model behind it always
answers.
"""

import hashlib

from oai_tui.simulator import error_responses
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.response_objects import chat_object, response_object
from oai_tui.simulator.world import Gateway, Model, Reply, World


def through_gateway(gateway: Gateway, world: World, request: SimulatedRequest) -> Reply:
    """Return the gateway's answer to one request."""
    headers = {
        "x-litellm-version": gateway.version,
        "x-litellm-call-id": request.serial,
        "server": "uvicorn",
    }
    reply = _answer(gateway, world, request)
    return Reply(status=reply.status, body=reply.body, headers=headers, header_style="other")


def _answer(gateway: Gateway, world: World, request: SimulatedRequest) -> Reply:
    if not request.token:
        return _error(401, "Authentication Error, No api key passed in.", "auth_error", "None")
    if request.secret != gateway.secret:
        digest = hashlib.sha256(request.token.encode()).hexdigest()
        masked = "sk-..." + request.token[-4:]
        message = (
            "Authentication Error, Invalid proxy server token passed. "
            f"Received API Key = {masked}, Key Hash (Token) ={digest}. "
            "Unable to find token in cache or `LiteLLM_VerificationTokenTable`"
        )
        return _error(401, message, "token_not_found_in_db", "key")
    if request.path == "/v1/models" and request.method == "GET":
        rows = [
            {"id": name, "object": "model", "created": 1_677_610_602, "owned_by": "openai"}
            for name in gateway.models
        ]
        return Reply(status=200, body={"object": "list", "data": rows})
    if request.method == "POST" and request.path in {"/v1/chat/completions", "/v1/responses"}:
        return _infer(gateway, world, request)
    return Reply(status=404, body={"detail": "Not Found"})


def _infer(gateway: Gateway, world: World, request: SimulatedRequest) -> Reply:
    if gateway.is_budget_spent:
        message = "Budget has been exceeded! Key=key Current cost: 2.0, Max budget: 1.0"
        return _error(422, message, "budget_exceeded", "None")
    try:
        body = request.json()
    except ValueError:
        return _error(400, "Invalid JSON payload", "invalid_request_error", "None")
    name = body.get("model") if isinstance(body, dict) else None
    if name not in gateway.models:
        return _error(
            400,
            (
                f"{request.path.removeprefix('/v1')}: Invalid model name passed in model={name}. "
                "Call `/v1/models` to view available models for your key."
            ),
            "None",
            "None",
        )
    model = world.model(str(name)) or Model(id=str(name), created=0, is_reasoning=False)
    make = response_object if request.path == "/v1/responses" else chat_object
    return Reply(status=200, body=make(request, model, body))


def _error(status: int, message: str, kind: str, param: str) -> Reply:
    return error_responses.error(status, message, code=str(status), kind=kind, param=param)
