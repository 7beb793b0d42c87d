"""The API: a World and a request in, a Reply out. Pure; keeps nothing, sends nothing, and never looks at which scenario is played.

Routes: GET /v1/models, GET /v1/models/{id}, GET /v1/me, POST /v1/responses, POST /v1/chat/completions. Everything else is refused as the API refuses it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from oai_tui.simulator import error_responses as refusals
from oai_tui.simulator.authorization import (
    IDENTITY,
    INFER,
    MANAGE,
    READ_MODELS,
    RESPOND,
    Caller,
    authorize,
    is_refused_at_the_edge,
)
from oai_tui.simulator.gateway import through_gateway
from oai_tui.simulator.inference_routes import complete_chat, respond
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.world import STATUS_HOST, Gateway, Model, Reply, World

_CLIENT_ID_LIMIT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route. `path` ends in "/" where an id follows. `scopes`: what a restricted key needs."""

    method: str
    path: str
    scopes: tuple[str, ...]
    work: Callable[[World, SimulatedRequest, Caller], Reply]
    inference: bool = False


def answer(world: World, asked: SimulatedRequest) -> Reply:
    """The answer to one request, whoever gives it."""
    if world.proxy_reply is not None and "via" in asked.headers:
        return world.proxy_reply
    if asked.host == STATUS_HOST and (world.between is None or world.between.manner == "edge"):
        return _status_page(world)
    if world.between is not None:
        return world.between
    if (
        world.authorization_becomes is not None
        and "authorization" in asked.headers
        and (not world.proxy_changes or "via" in asked.headers)
    ):
        asked = replace(
            asked, headers={**asked.headers, "authorization": world.authorization_becomes}
        )
    other = world.elsewhere.get(asked.host)
    if isinstance(other, Reply):
        return other
    if isinstance(other, Gateway):
        return through_gateway(other, world, asked)
    if is_refused_at_the_edge(world):
        return refusals.unsupported_country()
    return _api(world, asked)


def _status_page(world: World) -> Reply:
    """The status page's Statuspage face (status.openai.com/api/v2/status.json, read 2026-11)."""
    down = world.outage or world.inference_outage or world.between
    said = (
        {"indicator": "major", "description": "Partial System Outage"}
        if down
        else {"indicator": "none", "description": "All Systems Operational"}
    )
    return Reply(
        status=200,
        manner="other",
        body={"page": {"name": "OpenAI", "url": f"https://{STATUS_HOST}"}, "status": said},
    )


def _api(world: World, asked: SimulatedRequest) -> Reply:
    if not asked.path.startswith("/v1/"):
        return refusals.not_found_page()
    client_id = asked.headers.get("x-client-request-id", "")
    if len(client_id) > _CLIENT_ID_LIMIT or not client_id.isascii():
        return refusals.error(
            400,
            f"Invalid X-Client-Request-Id header: it must be ASCII and at most {_CLIENT_ID_LIMIT} characters long.",
        )
    if asked.path.startswith("/v1/dashboard/"):
        return _dashboard(world, asked)
    if asked.path.startswith("/v1/organization/"):
        return _management(world, asked)
    routes = [
        route
        for route in ROUTES
        if asked.path == route.path
        or (
            route.path.endswith("/")
            and asked.path.startswith(route.path)
            and asked.path != route.path
        )
    ]
    if not routes:
        return refusals.unknown_url(asked.method, asked.path)
    route = next((route for route in routes if route.method == asked.method), None)
    if route is None:
        return refusals.method_not_supported(asked.method, asked.path)
    caller = authorize(world, asked, route.scopes, inference=route.inference)
    if isinstance(caller, Reply):
        return caller
    reply = route.work(world, asked, caller)
    if reply.status >= 400 and reply.status != 429:
        return reply  # recorded 401s and 404s do not show whom the call was made for (2025-12 to 2026-07)
    return replace(
        reply,
        organization=caller.organization.slug,
        project=caller.project.id if caller.project else "",
    )


def _dashboard(world: World, asked: SimulatedRequest) -> Reply:
    caller = authorize(world, asked, (), inference=False)
    return (
        caller
        if isinstance(caller, Reply)
        else refusals.session_key_required(asked.method, asked.path)
    )


def _management(world: World, asked: SimulatedRequest) -> Reply:
    """Paths for admin keys: an ordinary one, however much it may do elsewhere, lacks their scope."""
    caller = authorize(world, asked, (), inference=False)
    if isinstance(caller, Reply):
        return caller
    return (
        refusals.unknown_url(asked.method, asked.path)
        if MANAGE[0] in caller.key.scopes
        else refusals.missing_scopes(MANAGE, inference=False)
    )


def _is_visible(world: World, caller: Caller, model: Model) -> bool:
    allowed = caller.project.allowed_models if caller.project else None
    return not world.is_gone(model) and (allowed is None or model.id in allowed)


def _as_json(model: Model) -> dict[str, object]:
    """The Model object; `shutdown_date` only where one is set (API reference, 2026-08)."""
    row: dict[str, object] = {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.owned_by,
    }
    return row | ({"shutdown_date": model.shutdown.isoformat()} if model.shutdown else {})


def _list_models(world: World, asked: SimulatedRequest, caller: Caller) -> Reply:
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


def _get_model(world: World, asked: SimulatedRequest, caller: Caller) -> Reply:
    name = unquote(asked.path.removeprefix("/v1/models/"))
    model = world.model(name)
    if model is None:
        return refusals.model_not_found(name)
    if world.is_gone(model):
        return refusals.model_deprecated(name)
    if not _is_visible(world, caller, model):
        return refusals.model_not_allowed(caller.project.id if caller.project else "", name)
    return Reply(status=200, body=_as_json(model))


def _me(world: World, asked: SimulatedRequest, caller: Caller) -> Reply:
    """Help article 9132009: the user, and the organizations behind the key. Invented person at example.com."""
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
            "role": "member",
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
    Route(method="GET", path="/v1/models", scopes=READ_MODELS, work=_list_models),
    Route(method="GET", path="/v1/models/", scopes=READ_MODELS, work=_get_model),
    Route(method="GET", path="/v1/me", scopes=IDENTITY, work=_me),
    Route(method="POST", path="/v1/responses", scopes=RESPOND, work=respond, inference=True),
    Route(
        method="POST", path="/v1/chat/completions", scopes=INFER, work=complete_chat, inference=True
    ),
)
