"""The checks of a call before its route: key, organization, project, network rules, scopes.

The order is the recorded one as far as it is known: country before the key, the key before its
headers, headers before scopes. No public source gives the order of the address and host rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from oai_tui.simulator import error_responses
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.world import API_HOST, Key, Organization, Project, Reply, World

UNSUPPORTED_COUNTRIES = frozenset({"CN", "HK", "IR", "KP", "RU", "SY", "CU", "BY"})
"""The most frequent countries that are not on the supported-countries page (2026-11)."""
_ALIASES = {"api.model.read": "model.read", "api.model.request": "model.request"}
READ_MODELS = ("api.model.read",)
INFER = ("api.model.request",)
RESPOND = ("api.model.request", "api.responses.write")
IDENTITY = ("api.organization.read",)
MANAGE = ("api.management.read",)
READ_FILES = ("api.files.read",)
READ_VECTOR_STORES = ("api.vector_stores.read",)
WRITE_BATCHES = ("api.batch.write",)
WRITE_JOBS = ("api.fine_tuning.jobs.write",)
"""The scopes of each kind of route: restricted-key page and recorded answers, 2026.

For /v1/me none is published; here a restricted key is refused.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A caller that passed the checks. The call counts for its organization and project."""

    key: Key
    organization: Organization
    project: Project | None


def authorize(
    world: World, request: SimulatedRequest, scopes: tuple[str, ...], *, inference: bool
) -> Caller | Reply:
    """Return the caller, or the error of the first check that fails."""
    key = _find_key(world, request)
    if isinstance(key, Reply):
        return key
    organization = _find_organization(world, request, key)
    if isinstance(organization, Reply):
        return organization
    project = _find_project(world, request, key)
    if isinstance(project, Reply):
        return project
    caller = Caller(key=key, organization=organization, project=project)
    for check in _CHECKS:
        if (error := check(world, request, caller)) is not None:
            return error
    if missing := _missing_scopes(key, scopes):
        return error_responses.missing_scopes(missing, inference=inference)
    return world.outage or caller


def is_country_unsupported(world: World) -> bool:
    """Return True if calls from the caller's country are refused, with or without a key."""
    return world.country in UNSUPPORTED_COUNTRIES


def _find_key(world: World, request: SimulatedRequest) -> Key | Reply:
    if not request.token:
        return error_responses.missing_bearer(request.path)
    key = world.key(request.secret)
    if key is None or not key.is_active:
        return error_responses.incorrect_key(request.token)
    if key.expires is not None and key.expires <= world.today:
        return error_responses.expired_key()
    return key


def _find_organization(world: World, request: SimulatedRequest, key: Key) -> Organization | Reply:
    """Return the organization that the header names, or else the key's own."""
    own = world.organization(key.organizations[0])
    if own is None or not key.owner_is_member:
        return error_responses.no_organization()
    if own.is_deactivated:
        return error_responses.account_deactivated()
    named = request.headers.get("openai-organization", "")
    if not named or named == own.id:
        return own
    other = world.organization(named)
    if other is None:
        return error_responses.invalid_organization(named)
    return other if other.id in key.organizations else error_responses.mismatched_organization()


def _find_project(world: World, request: SimulatedRequest, key: Key) -> Project | Reply | None:
    """Return the project that the header names, or else the key's own, which may be None."""
    named = request.headers.get("openai-project", "")
    if named and key.project is not None and named != key.project:
        return error_responses.mismatched_project()
    if not named:
        return world.project(key.project)
    project = world.project(named)
    if project is None or project.organization not in key.organizations:
        return error_responses.mismatched_project()
    return project


def _check_address(world: World, request: SimulatedRequest, caller: Caller) -> Reply | None:
    """Check the address. A project's list replaces the organization's (IP-allowlist guide)."""
    project_list = caller.project.allowed_addresses if caller.project else ()
    listed = project_list or caller.organization.allowed_addresses
    allowed = not listed or any(
        ip_address(world.address) in ip_network(network) for network in listed
    )
    return None if allowed else error_responses.ip_not_authorized()


def _check_project_is_alive(
    world: World, request: SimulatedRequest, caller: Caller
) -> Reply | None:
    if caller.project and caller.project.is_archived:
        return error_responses.archived_project(caller.project.id)
    return None


def _check_certificate(world: World, request: SimulatedRequest, caller: Caller) -> Reply | None:
    """Check mutual TLS: no caller of this world presents a client certificate.

    An admin key counts for no project, so that a certificate of a project does not concern it.
    """
    counts_for = {caller.organization.id, caller.project.id if caller.project else ""}
    if any(counts_for & each.active_for for each in caller.organization.certificates):
        return error_responses.client_certificate_required()
    return None


def _check_host(world: World, request: SimulatedRequest, caller: Caller) -> Reply | None:
    served = caller.project.host if caller.project else API_HOST
    if served == request.host:
        return None
    if served == API_HOST:
        return error_responses.no_geography()
    return error_responses.incorrect_hostname(request.alias_of(served))


_CHECKS: tuple[Callable[[World, SimulatedRequest, Caller], Reply | None], ...] = (
    _check_project_is_alive,
    _check_address,
    _check_certificate,
    _check_host,
)


def _missing_scopes(key: Key, scopes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        scope
        for scope in scopes
        if key.scopes and scope not in key.scopes and _ALIASES.get(scope) not in key.scopes
    )
