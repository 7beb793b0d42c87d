"""Routes other than models and inference, as far as `scopes` needs them: each checks its body.

An invalid body gets the API's 400. A valid one that would create something is answered 501, which
the real API never does: the simulator makes no images, jobs or secrets.
"""

from collections.abc import Callable, Mapping
from typing import Any

from oai_tui.simulator import error_responses
from oai_tui.simulator.authorization import Caller
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.world import Reply, World

Handler = Callable[[World, SimulatedRequest, Caller], Reply]


def empty_list(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    """Answer GET /v1/files and GET /v1/vector_stores: this account has none."""
    body = {"object": "list", "data": [], "has_more": False, "first_id": None, "last_id": None}
    return Reply(status=200, body=body)


def requires(*names: str) -> Handler:
    """Return a handler that rejects a body without one of these fields (API reference, 2026-08)."""

    def handle(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
        body = _object(request)
        if isinstance(body, Reply):
            return body
        for name in names:
            if name not in body:
                return error_responses.error(
                    400,
                    f"Missing required parameter: '{name}'.",
                    code="missing_required_parameter",
                    param=name,
                )
        return _not_simulated(request)

    return handle


def client_secret(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    """Answer POST /v1/realtime/client_secrets, whose one field `session` may be absent."""
    body = _object(request)
    if isinstance(body, Reply):
        return body
    session = body.get("session", {})
    if not isinstance(session, Mapping):
        return error_responses.error(
            400,
            "Invalid type for 'session': expected an object, but got an integer instead.",
            code="invalid_type",
            param="session",
        )
    return _not_simulated(request)


def _object(request: SimulatedRequest) -> Mapping[str, Any] | Reply:
    try:
        body = request.json()
    except ValueError:
        body = None
    if isinstance(body, Mapping):
        return body
    return error_responses.error(400, "We could not parse the JSON body of your request.")


def _not_simulated(request: SimulatedRequest) -> Reply:
    return error_responses.error(
        501, f"The simulator does not carry out {request.method} {request.path}."
    )
