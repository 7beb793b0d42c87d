"""Who may come in: the checks that come before any route does its work, in the order in which the API makes them.

The order is the recorded one as far as it is known (country before the key, the key before its headers, those before scopes); nothing public says how address and host rules sort against each other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from oai_tui.simulator import error_responses as refusals
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.world import API_HOST, Key, Organization, Project, Reply, World

SUPPORTED_ELSEWHERE = frozenset({"CN", "HK", "IR", "KP", "RU", "SY", "CU", "BY"})
"""Countries outside the supported-countries page (2026-11) that people meet most."""
_ALIASES = {"api.model.read": "model.read", "api.model.request": "model.request"}
READ_MODELS = ("api.model.read",)
INFER = ("api.model.request",)
RESPOND = ("api.model.request", "api.responses.write")
IDENTITY = ("api.organization.read",)
MANAGE = ("api.management.read",)
"""Scopes per route: restricted-key page and recorded refusals, 2026. For /v1/me none is published; a restricted key is refused here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A caller who was let in: the key, and on whose behalf it calls."""

    key: Key
    organization: Organization
    project: Project | None


def authorize(
    world: World, asked: SimulatedRequest, scopes: tuple[str, ...], *, inference: bool
) -> Caller | Reply:
    """The caller, or the refusal of the first check that fails."""
    if not asked.token:
        return refusals.missing_bearer(asked.path)
    key = world.key(asked.secret)
    if key is None or not key.is_active:
        return refusals.incorrect_key(asked.token)
    if key.expires is not None and key.expires <= world.today:
        return refusals.expired_key()
    home = world.organization(key.organizations[0])
    if home is None or not key.owner_is_member:
        return refusals.no_organization()
    if home.is_deactivated:
        return refusals.account_deactivated()
    organization = _organization(world, asked, key, home)
    if isinstance(organization, Reply):
        return organization
    project = _project(world, asked, key)
    if isinstance(project, Reply):
        return project
    caller = Caller(key=key, organization=organization, project=project)
    for check in _CHECKS:
        if (refusal := check(world, asked, caller)) is not None:
            return refusal
    missing = _missing(key, scopes)
    return (
        refusals.missing_scopes(missing, inference=inference) if missing else world.outage or caller
    )


def is_refused_at_the_edge(world: World) -> bool:
    """Whether the caller's country keeps every call out, with or without a key."""
    return world.country in SUPPORTED_ELSEWHERE


def _organization(
    world: World, asked: SimulatedRequest, key: Key, home: Organization
) -> Organization | Reply:
    named = asked.headers.get("openai-organization", "")
    if not named or named == home.id:
        return home
    other = world.organization(named)
    if other is None:
        return refusals.invalid_organization(named)
    return other if other.id in key.organizations else refusals.mismatched_organization()


def _project(world: World, asked: SimulatedRequest, key: Key) -> Project | Reply | None:
    named = asked.headers.get("openai-project", "")
    if named and key.project is not None and named != key.project:
        return refusals.mismatched_project()
    if not named:
        return world.project(key.project)
    found = world.project(named)
    return (
        found
        if found is not None and found.organization in key.organizations
        else refusals.mismatched_project()
    )


def _address(world: World, asked: SimulatedRequest, caller: Caller) -> Reply | None:
    """A project's list replaces the organization's; the two are never merged (IP-allowlist guide)."""
    listed = (
        caller.project.allowed_addresses if caller.project else ()
    ) or caller.organization.allowed_addresses
    allowed = not listed or any(
        ip_address(world.address) in ip_network(network) for network in listed
    )
    return None if allowed else refusals.ip_not_authorized()


def _is_alive(world: World, asked: SimulatedRequest, caller: Caller) -> Reply | None:
    return (
        refusals.archived_project(caller.project.id)
        if caller.project and caller.project.is_archived
        else None
    )


def _certificate(world: World, asked: SimulatedRequest, caller: Caller) -> Reply | None:
    """No caller of this world presents a client certificate."""
    return (
        refusals.client_certificate_required()
        if caller.organization.needs_client_certificate
        else None
    )


def _host(world: World, asked: SimulatedRequest, caller: Caller) -> Reply | None:
    served = caller.project.host if caller.project else API_HOST
    if served == asked.host:
        return None
    return (
        refusals.no_geography()
        if served == API_HOST
        else refusals.incorrect_hostname(asked.called(served))
    )


_CHECKS: tuple[Callable[[World, SimulatedRequest, Caller], Reply | None], ...] = (
    _is_alive,
    _address,
    _certificate,
    _host,
)


def _missing(key: Key, scopes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        scope
        for scope in scopes
        if key.scopes and scope not in key.scopes and _ALIASES.get(scope) not in key.scopes
    )
