"""The admin API below /v1/organization, read only: projects, keys, permissions, limits, people.

Each fact is marked documented, observed or assumed:

- documented (types of the official Python SDK 3.54.0, made from OpenAI's specification, 2026-11):
  the paths, the fields of every object, `limit` (1 to 100, 20 by default), `after`,
  `include_archived`, `owner_project_access`, cents in `threshold_amount`.
- observed (answers in public issues, 2026): an ordinary key gets 403 `Missing scopes:
  api.management.read`; lists have `first_id`, `last_id` and `has_more`.
- assumed (no public source, 2026-11): 404 for a spend limit or model permissions that are not set,
  400 for a cursor that is not known, 404 for a project that does not exist, 429 with Retry-After,
  the first eight characters in `redacted_value`, keys of an archived project are still listed, a
  project's list has every certificate of the organization, mutual TLS concerns the admin API too.

A method other than GET is refused: nothing here can be changed.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from oai_tui.simulator import error_responses
from oai_tui.simulator.authorization import Caller
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.world import Certificate, Key, Project, Reply, World

DEFAULT_PAGE = 20
MAX_PAGE = 100
_REACHED_LIMIT_USD = 100.0
_RETRY_AFTER_S = "0"
Row = Mapping[str, Any]


def admin_answer(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    """Answer a request with an admin key that has the right to read."""
    if request.method != "GET":
        return error_responses.method_not_supported(request.method, request.path)
    if world.admin_limited_every and request.number % world.admin_limited_every == 0:
        return error_responses.error(
            429,
            "Rate limit reached for the admin API. Please try again later.",
            code="rate_limit_exceeded",
            kind="requests",
            headers={"retry-after": _RETRY_AFTER_S},
        )
    parts = request.path.removeprefix("/v1/organization/").strip("/").split("/")
    handler = _ORGANIZATION.get(parts[0]) if len(parts) == 1 else None
    if handler is not None:
        return handler(world, request, caller)
    if parts[0] != "projects" or len(parts) not in {2, 3}:
        return error_responses.unknown_url(request.method, request.path)
    project = world.project(parts[1])
    if project is None or project.organization != caller.organization.id:
        return error_responses.error(404, f"Project with id '{parts[1]}' not found.")
    if len(parts) == 2:
        return Reply(status=200, body=_project_row(world, project))
    of_project = _PROJECT.get(parts[2])
    if of_project is None:
        return error_responses.unknown_url(request.method, request.path)
    return of_project(world, request, project)


def _page(world: World, request: SimulatedRequest, rows: Iterable[Row]) -> Reply:
    """Return one page of a list, as `limit` and `after` choose it."""
    limit_text, after = request.parameter("limit"), request.parameter("after")
    limit = int(limit_text) if limit_text.isdigit() else DEFAULT_PAGE
    if not 1 <= limit <= MAX_PAGE:
        return error_responses.error(
            400,
            f"Invalid 'limit': expected a value between 1 and {MAX_PAGE}.",
            code="invalid_value",
            param="limit",
        )
    found = list(rows)
    start = 0
    if after and not world.admin_pages_repeat:
        ids = [row["id"] for row in found]
        if after not in ids:
            return error_responses.error(400, f"Invalid 'after': no object '{after}'.")
        start = ids.index(after) + 1
    data = found[start : start + limit]
    body = {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": world.admin_pages_repeat or start + limit < len(found),
    }
    return Reply(status=200, body=body, processing_ms=18)


def _seconds(world: World, days_ago: int) -> int:
    """Return the time so many days before the world's today, in seconds since 1970."""
    noon = datetime.combine(world.today, datetime.min.time(), UTC) + timedelta(hours=12)
    return int((noon - timedelta(days=days_ago)).timestamp())


def _projects(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    archived = request.parameter("include_archived") == "true"
    return _page(
        world,
        request,
        (
            _project_row(world, project)
            for project in world.projects
            if project.organization == caller.organization.id
            and (archived or not project.is_archived)
        ),
    )


def _project_row(world: World, project: Project) -> Row:
    region = project.host.partition(".")[0].upper()
    return {
        "id": project.id,
        "object": "organization.project",
        "name": project.name,
        "created_at": _seconds(world, 400),
        "archived_at": _seconds(world, 90) if project.is_archived else None,
        "status": "archived" if project.is_archived else "active",
        "residency": "GLOBAL" if region == "API" else f"{region}_STORAGE_PROCESSING",
    }


def redacted_value(key: Key) -> str:
    """Return a key as the admin API shows it: the first eight characters and the last four."""
    service = "sk-svcac" if key.owner == "service_account" else "sk-proj-"
    return f"{service if key.project is not None else 'sk-admin'}...{key.secret.last4}"


def key_id(key: Key) -> str:
    """Return the id of a key, made from its fingerprint."""
    return f"key_fake{key.secret.fingerprint}"


def _keys(world: World, request: SimulatedRequest, project: Project) -> Reply:
    """List the keys of a project; a deleted or disabled one is not in the list."""
    access = request.parameter("owner_project_access") or "active"
    return _page(
        world,
        request,
        (
            _key_row(world, key)
            for key in world.keys
            if key.project == project.id
            and key.is_active
            and access in {"any", "active" if key.owner_is_member else "inactive"}
        ),
    )


def _key_row(world: World, key: Key) -> Row:
    used, end = key.last_used_days, key.expires
    left = None if end is None else (world.today - end).days
    return {
        "id": key_id(key),
        "object": "organization.project.api_key",
        "name": key.name,
        "redacted_value": redacted_value(key),
        "created_at": _seconds(world, key.age_days),
        "last_used_at": None if used is None else _seconds(world, used),
        "expires_at": None if left is None else _seconds(world, left),
        "owner_project_access": "active" if key.owner_is_member else "inactive",
        "owner": _owner(world, key),
    }


def _owner(world: World, key: Key) -> Row:
    if key.owner == "service_account":
        account = {"id": "svc_acct_fake0001", "name": "Nightly jobs", "role": "member"}
        return {
            "type": "service_account",
            "service_account": account | {"created_at": _seconds(world, 300)},
        }
    return {"type": "user", "user": _user(world) | {"role": "member"}}


def _user(world: World) -> dict[str, Any]:
    """Return the one person of every world, who is invented."""
    return {
        "id": "user-fake0000000000000000001",
        "name": "Alex Example",
        "email": "alex@example.com",
        "created_at": _seconds(world, 500),
    }


def _model_permissions(world: World, request: SimulatedRequest, project: Project) -> Reply:
    if project.allowed_models is None:
        return error_responses.error(404, "No model permissions are set for this project.")
    body = {
        "object": "project.model_permissions",
        "mode": "allow_list",
        "model_ids": sorted(project.allowed_models),
    }
    return Reply(status=200, body=body)


def _rate_limits(world: World, request: SimulatedRequest, project: Project) -> Reply:
    return _page(
        world,
        request,
        (
            {
                "id": f"rl-{model.id}",
                "object": "project.rate_limit",
                "model": model.id,
                "max_requests_per_1_minute": world.limits.requests,
                "max_tokens_per_1_minute": world.limits.tokens,
            }
            for model in world.models
            if not world.is_shut_down(model)
        ),
    )


def _spend_limit(limit_usd: float | None, *, reached: bool, of: str) -> Reply:
    if limit_usd is None and not reached:
        return error_responses.error(404, "No hard spend limit is set.")
    amount = _REACHED_LIMIT_USD if limit_usd is None else limit_usd
    body = {
        "object": f"{of}.spend_limit",
        "threshold_amount": round(amount * 100),
        "currency": "USD",
        "interval": "month",
        "enforcement": {"status": "enforcing" if reached else "inactive"},
    }
    return Reply(status=200, body=body)


def _organization_spend_limit(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    own = caller.organization
    return _spend_limit(own.spend_limit_usd, reached=own.spend_limit_reached, of="organization")


def _project_spend_limit(world: World, request: SimulatedRequest, project: Project) -> Reply:
    return _spend_limit(project.spend_limit_usd, reached=project.spend_limit_reached, of="project")


def _certificate_row(world: World, certificate: Certificate, of: str, owner: str) -> Row:
    return {
        "id": certificate.id,
        "object": f"organization.{of}certificate",
        "name": certificate.name,
        "active": owner in certificate.active_for,
        "created_at": _seconds(world, 100),
        "certificate_details": {
            "valid_at": _seconds(world, 100),
            "expires_at": _seconds(world, -certificate.expires_in_days),
        },
    }


def _certificates(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    own = caller.organization
    return _page(
        world,
        request,
        (_certificate_row(world, each, "", own.id) for each in own.certificates),
    )


def _project_certificates(world: World, request: SimulatedRequest, project: Project) -> Reply:
    owner = world.organization(project.organization)
    uploaded = owner.certificates if owner is not None else ()
    return _page(
        world,
        request,
        (_certificate_row(world, each, "project.", project.id) for each in uploaded),
    )


def _admin_keys(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    return _page(
        world,
        request,
        (
            {
                "id": key_id(key),
                "object": "organization.admin_api_key",
                "name": key.name,
                "redacted_value": redacted_value(key),
                "created_at": _seconds(world, key.age_days),
                "expires_at": None,
                "owner": _user(world) | {"type": "user", "role": "owner"},
            }
            for key in world.keys
            if key.organizations[0] == caller.organization.id
            and "api.management.read" in key.scopes
        ),
    )


def _users(world: World, request: SimulatedRequest, caller: Caller) -> Reply:
    user = _user(world)
    row = {"object": "organization.user", "role": "owner", "added_at": user["created_at"]}
    return _page(world, request, [user | row])


def _service_accounts(world: World, request: SimulatedRequest, project: Project) -> Reply:
    has_one = any(
        key.project == project.id and key.owner == "service_account" for key in world.keys
    )
    row = {
        "id": "svc_acct_fake0001",
        "object": "organization.project.service_account",
        "name": "Nightly jobs",
        "role": "member",
        "created_at": _seconds(world, 300),
    }
    return _page(world, request, [row] if has_one else [])


_ORGANIZATION: Mapping[str, Callable[[World, SimulatedRequest, Caller], Reply]] = {
    "projects": _projects,
    "spend_limit": _organization_spend_limit,
    "certificates": _certificates,
    "admin_api_keys": _admin_keys,
    "users": _users,
}
_PROJECT: Mapping[str, Callable[[World, SimulatedRequest, Project], Reply]] = {
    "api_keys": _keys,
    "model_permissions": _model_permissions,
    "rate_limits": _rate_limits,
    "spend_limit": _project_spend_limit,
    "certificates": _project_certificates,
    "service_accounts": _service_accounts,
}
