"""The API as a pure function: a World and a request in, a Reply out.

It keeps no state and does not know which scenario is played. Routes: GET /v1/models, GET
/v1/models/{id}, GET /v1/me, POST /v1/responses, POST /v1/chat/completions, and those of
`other_routes`; any other is refused as the API refuses it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from oai_tui.simulator import error_responses
from oai_tui.simulator.admin_api import admin_answer
from oai_tui.simulator.authorization import (
    IDENTITY,
    INFER,
    MANAGE,
    READ_FILES,
    READ_MODELS,
    READ_VECTOR_STORES,
    RESPOND,
    WRITE_BATCHES,
    WRITE_JOBS,
    Caller,
    authorize,
    is_country_unsupported,
)
from oai_tui.simulator.gateway import through_gateway
from oai_tui.simulator.inference_routes import complete_chat, respond
from oai_tui.simulator.other_routes import client_secret, empty_list, requires
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.world import STATUS_HOST, Gateway, Model, Reply, World

_CLIENT_ID_LIMIT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route of the API."""

    method: str
    path: str
    """Ends in "/" if an id follows."""
    scopes: tuple[str, ...]
    """The scopes that a restricted key needs."""
    handler: Callable[[World, SimulatedRequest, Caller], Reply]
    inference: bool = False


def answer(world: World, request: SimulatedRequest) -> Reply:
    """Return the answer to one request, from OpenAI or from what answers in its place."""
    if world.proxy_reply is not None and "via" in request.headers:
        return world.proxy_reply
    if request.host == STATUS_HOST and (
        world.intercepting_reply is None or world.intercepting_reply.header_style == "edge"
    ):
        return _status_page(world)
    if world.intercepting_reply is not None:
        return world.intercepting_reply
    if (
        world.replaced_authorization is not None
        and "authorization" in request.headers
        and (not world.replaced_by_proxy or "via" in request.headers)
    ):
        request = replace(
            request, headers={**request.headers, "authorization": world.replaced_authorization}
        )
    other = world.other_hosts.get(request.host)
    if isinstance(other, Reply):
        return other
    if isinstance(other, Gateway):
        return through_gateway(other, world, request)
    if is_country_unsupported(world):
        return error_responses.unsupported_country()
    return _api(world, request)


def _status_page(world: World) -> Reply:
    """Return the status page's JSON (status.openai.com/api/v2/status.json, read 2026-11)."""
    down = world.outage or world.inference_outage or world.intercepting_reply
    if down:
        status = {"indicator": "major", "description": "Partial System Outage"}
    else:
        status = {"indicator": "none", "description": "All Systems Operational"}
    return Reply(
        status=200,
        header_style="other",
        body={"page": {"name": "OpenAI", "url": f"https://{STATUS_HOST}"}, "status": status},
    )


def _api(world: World, request: SimulatedRequest) -> Reply:
    """Answer as OpenAI's API."""
    if not request.path.startswith("/v1/"):
        return error_responses.not_found_page()
    client_id = request.headers.get("x-client-request-id", "")
    if len(client_id) > _CLIENT_ID_LIMIT or not client_id.isascii():
        return error_responses.invalid_client_request_id(_CLIENT_ID_LIMIT)
    if request.path.startswith("/v1/dashboard/"):
        return _dashboard(world, request)
    if request.path.startswith("/v1/organization/"):
        return _management(world, request)
    route = _find_route(request)
    if isinstance(route, Reply):
        return route
    caller = authorize(world, request, route.scopes, inference=route.inference)
    if isinstance(caller, Reply):
        return caller
    reply = route.handler(world, request, caller)
    if reply.status >= 400 and reply.status != 429:
        # recorded 401s and 404s do not name organization and project (2025-12 to 2026-07)
        return reply
    return replace(
        reply,
        organization=caller.organization.slug,
        project=caller.project.id if caller.project else "",
    )


def _find_route(request: SimulatedRequest) -> Route | Reply:
    routes = [route for route in ROUTES if _is_path_of(route, request.path)]
    if not routes:
        return error_responses.unknown_url(request.method, request.path)
    for route in routes:
        if route.method == request.method:
            return route
    return error_responses.method_not_supported(request.method, request.path)


def _dashboard(world: World, request: SimulatedRequest) -> Reply:
    caller = authorize(world, request, (), inference=False)
    if isinstance(caller, Reply):
        return caller
    return error_responses.session_key_required(request.method, request.path)


def _management(world: World, request: SimulatedRequest) -> Reply:
    """Answer a path for admin keys; any other key lacks their scope."""
    caller = authorize(world, request, (), inference=False)
    if isinstance(caller, Reply):
        return caller
    if MANAGE[0] not in caller.key.scopes:
        return error_responses.missing_scopes(MANAGE, inference=False)
    return admin_answer(world, request, caller)


def _is_path_of(route: Route, path: str) -> bool:
    """Return True if the path is the route's own, or the route takes an id and the path has one."""
    return path == route.path or (route.path.endswith("/") and path.startswith(route.path))


def _is_visible(world: World, caller: Caller, model: Model) -> bool:
    allowed = caller.project.allowed_models if caller.project else None
    return not world.is_shut_down(model) and (allowed is None or model.id in allowed)


def _as_json(model: Model) -> dict[str, object]:
    """Return the Model object, with `shutdown_date` only if one is set (API reference, 2026-08)."""
    row: dict[str, object] = {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.owned_by,
    }
    return row | ({"shutdown_date": model.shutdown.isoformat()} if model.shutdown else {})


def _list_models(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    return Reply(
        status=200,
        body={
            "object": "list",
            "data": [
                _as_json(model) for model in world.models if _is_visible(world, caller, model)
            ],
        },
        processing_ms=31,
    )


def _get_model(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    name = unquote(request.path.removeprefix("/v1/models/"))
    model = world.model(name)
    if model is None:
        return error_responses.model_not_found(name)
    if world.is_shut_down(model):
        return error_responses.model_deprecated(name)
    if not _is_visible(world, caller, model):
        return error_responses.model_not_allowed(caller.project.id if caller.project else "", name)
    return Reply(status=200, body=_as_json(model))


def _me(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    """Return the user and organizations of the key (help article 9132009).

    The person is invented.
    """
    reached = [one for one in world.organizations if one.id in caller.key.organizations]
    rows = [
        {
            "object": "organization",
            "id": one.id,
            "created": 1_700_000_000,
            "title": one.title,
            "name": one.slug,
            "description": None,
            "personal": one.slug.startswith("user-"),
            "is_default": one.id == caller.key.organizations[0],
            "role": "owner" if one.slug.startswith("user-") else "member",
            "projects": {
                "object": "list",
                "data": [
                    {"object": "organization.project", "id": project.id, "title": project.name}
                    for project in world.projects
                    if project.organization == one.id
                ],
            },
        }
        for one in reached
    ]
    body = {
        "object": "user",
        "id": "user-fake0000000000000000001",
        "email": "alex@example.com",
        "name": "Alex Example",
        "picture": None,
        "created": 1_700_000_000,
        "phone_number": None,
        "mfa_flag_enabled": True,
        "orgs": {"object": "list", "data": rows},
    }
    return Reply(status=200, body=body, processing_ms=24)


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/v1/models", scopes=READ_MODELS, handler=_list_models),
    Route(method="GET", path="/v1/models/", scopes=READ_MODELS, handler=_get_model),
    Route(method="GET", path="/v1/me", scopes=IDENTITY, handler=_me),
    Route(method="POST", path="/v1/responses", scopes=RESPOND, handler=respond, inference=True),
    Route(
        method="POST",
        path="/v1/chat/completions",
        scopes=INFER,
        handler=complete_chat,
        inference=True,
    ),
    Route(
        method="POST",
        path="/v1/embeddings",
        scopes=INFER,
        handler=requires("model", "input"),
        inference=True,
    ),
    Route(
        method="POST",
        path="/v1/images/generations",
        scopes=INFER,
        handler=requires("prompt"),
        inference=True,
    ),
    Route(
        method="POST",
        path="/v1/audio/speech",
        scopes=INFER,
        handler=requires("model", "input", "voice"),
        inference=True,
    ),
    Route(
        method="POST",
        path="/v1/moderations",
        scopes=INFER,
        handler=requires("input"),
        inference=True,
    ),
    Route(
        method="POST",
        path="/v1/realtime/client_secrets",
        scopes=INFER,
        handler=client_secret,
        inference=True,
    ),
    Route(method="GET", path="/v1/files", scopes=READ_FILES, handler=empty_list),
    Route(
        method="POST",
        path="/v1/batches",
        scopes=WRITE_BATCHES,
        handler=requires("input_file_id", "endpoint", "completion_window"),
    ),
    Route(
        method="POST",
        path="/v1/fine_tuning/jobs",
        scopes=WRITE_JOBS,
        handler=requires("model", "training_file"),
    ),
    Route(method="GET", path="/v1/vector_stores", scopes=READ_VECTOR_STORES, handler=empty_list),
)
