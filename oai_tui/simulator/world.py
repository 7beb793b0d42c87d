"""Data types of a simulated world: keys, organizations, projects, models, limits, network.

A World is immutable. The API (api.py) reads it; a fix, and a request that counts for a rate limit,
replace it as a whole. The modules with the rules name the sources of the facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from oai_tui.domain.keys.secret import Secret
from oai_tui.simulator.token_bucket import Bucket, Buckets

API_HOST = "api.openai.com"
STATUS_HOST = "status.openai.com"
REGIONS = ("us", "eu", "au", "ca", "jp", "in", "sg", "kr", "gb", "ae")
"""Regions with a host of their own (data-residency guide, 2026-10)."""
API_HOSTS = frozenset({API_HOST, *(f"{region}.{API_HOST}" for region in REGIONS)})
HeaderStyle = Literal["openai", "edge", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer, without the headers that its style adds (see Simulator)."""

    status: int
    body: Mapping[str, object] | str
    """A mapping is sent as JSON, a string as HTML unless `headers` name another type."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Override the headers of the style."""
    header_style: HeaderStyle = "openai"
    """Adds headers of the API ("openai"), of the network in front of it ("edge"), or none."""
    organization: str = ""
    """The organization that the call counts for, as the API's own headers show it; may be empty."""
    project: str = ""
    """The same for the project."""
    processing_ms: int = 12
    buckets: Buckets | None = None
    """The rate limits after the call, if it was checked against them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model."""

    id: str
    created: int
    """Seconds since 1970."""
    owned_by: str = "system"
    shutdown: date | None = None
    """The first day (UTC) on which it no longer answers."""
    is_reasoning: bool = True
    is_text: bool = True
    """It answers text on /v1/responses."""
    needs_tools: bool = False
    """It refuses a request without tools."""
    needs_verification: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The rate limits per minute of every model in every organization.

    What is used is so when the first request for a model comes; from then on it refills.
    """

    requests: int = 500
    requests_used: int = 0
    tokens: int = 200_000
    tokens_used: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A client certificate that an organization uploaded (mutual TLS).

    `active_for`: the ids of the organization and projects for which it is active. Calls that count
    for one of these need a client certificate.
    """

    id: str
    name: str
    active_for: frozenset[str] = frozenset()
    expires_in_days: int = 265


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organization."""

    id: str
    slug: str
    """Its name in the headers of answers."""
    title: str
    credit: float = 25.0
    """US dollars left."""
    credit_kind: Literal["prepaid", "grant"] = "prepaid"
    """Bought, or granted for a trial."""
    is_deactivated: bool = False
    is_verified: bool = True
    is_billing_active: bool = True
    hard_limit_reached: bool = False
    spend_limit_reached: bool = False
    usage_limit_reached: bool = False
    certificates: tuple[Certificate, ...] = ()
    spend_limit_usd: float | None = None
    """The hard limit of a month. None for none; a limit that is reached is 100 if this is None."""
    allowed_addresses: tuple[str, ...] = ()
    """IP networks; () allows all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project."""

    id: str
    name: str
    organization: str
    host: str = API_HOST
    """The only host that serves it."""
    allowed_models: frozenset[str] | None = None
    """None allows all."""
    spend_limit_reached: bool = False
    spend_limit_usd: float | None = None
    """As for the organization."""
    is_archived: bool = False
    allowed_addresses: tuple[str, ...] = ()
    """IP networks that replace the organization's list, unless empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key."""

    secret: Secret
    organizations: tuple[str, ...]
    """The ids of the organizations that it reaches, its own first."""
    project: str | None = None
    """The id of its project, None for a legacy user key."""
    scopes: frozenset[str] = frozenset()
    """Empty for an unrestricted key."""
    is_active: bool = True
    expires: date | None = None
    """The first day (UTC) on which it no longer works."""
    owner_is_member: bool = True
    owner: Literal["user", "service_account"] = "user"
    name: str = "Key of the example"
    age_days: int = 30
    last_used_days: int | None = 0
    """Days since the last use; None if it was never used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Another company's server, a LiteLLM proxy, with its own key and models."""

    secret: Secret
    models: tuple[str, ...]
    version: str = "1.106.2"
    is_budget_spent: bool = False
    """The budget of the key is spent: every billed call is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that an answer depends on."""

    keys: tuple[Key, ...]
    organizations: tuple[Organization, ...]
    projects: tuple[Project, ...]
    models: tuple[Model, ...]
    limits: Limits = Limits()
    buckets: tuple[Buckets, ...] = ()
    """The rate limits that requests have counted for."""
    country: str = "DE"
    """The country from which the caller's packets reach OpenAI."""
    address: str = "203.0.113.7"
    """The IP address from which they reach it."""
    today: date = date(2026, 11, 23)
    traffic_rises_too_fast: bool = False
    intercepting_reply: Reply | None = None
    """The answer of every host, where a filter or an edge answers for all of them."""
    other_hosts: Mapping[str, Gateway | Reply] = field(default_factory=dict)
    """The servers that are not OpenAI's, by host name."""
    outage: Reply | None = None
    """The API's answer to every call with a good key."""
    inference_outage: Reply | None = None
    """The API's answer to every inference call with a good key."""
    proxy_reply: Reply | None = None
    """The answer of the caller's proxy, if it does not pass calls on."""
    replaced_authorization: str | None = field(default=None, repr=False)
    """The Authorization header that arrives: "" for none, None for the caller's own."""
    replaced_by_proxy: bool = False
    """Only the caller's proxy replaces it; a call without the proxy arrives unchanged."""
    clock_ahead_s: int = 0
    """Seconds by which the world's clock is ahead of this machine's."""
    admin_limited_every: int = 0
    """Every so many requests, one for the admin API is answered by 429; 0 for never."""
    admin_pages_repeat: bool = False
    """Every page of an admin list is the first one, and says that more follow."""

    def key(self, secret: Secret) -> Key | None:
        """Return the key with this text, or None."""
        return next((key for key in self.keys if key.secret == secret), None)

    def organization(self, identifier: str) -> Organization | None:
        """Return the organization with this id, or None."""
        return next((one for one in self.organizations if one.id == identifier), None)

    def project(self, identifier: str | None) -> Project | None:
        """Return the project with this id, or None."""
        return next((one for one in self.projects if one.id == identifier), None)

    def model(self, identifier: str) -> Model | None:
        """Return the model with this id, also one that has been shut down, or None."""
        return next((one for one in self.models if one.id == identifier), None)

    def is_shut_down(self, model: Model) -> bool:
        """Return True if the model has been shut down."""
        return model.shutdown is not None and model.shutdown <= self.today

    def buckets_of(self, organization: str, model: str, now: float) -> Buckets:
        """Return the rate limits of a model in an organization, at a time in seconds since 1970."""
        limits = self.limits
        for buckets in self.buckets:
            sizes = (buckets.requests.capacity, buckets.tokens.capacity)
            if (buckets.organization, buckets.model) == (organization, model) and sizes == (
                limits.requests,
                limits.tokens,
            ):
                return buckets.refilled(now)
        requests_left = max(0, limits.requests - limits.requests_used)
        tokens_left = max(0, limits.tokens - limits.tokens_used)
        return Buckets(
            organization=organization,
            model=model,
            requests=Bucket(capacity=limits.requests, level=requests_left, at=now),
            tokens=Bucket(capacity=limits.tokens, level=tokens_left, at=now),
        )

    def with_buckets(self, buckets: Buckets) -> "World":
        """Return the world with these rate limits in place of those of the same model."""
        name = (buckets.organization, buckets.model)
        others = [one for one in self.buckets if (one.organization, one.model) != name]
        return replace(self, buckets=(*others, buckets))

    def after_a_minute(self) -> "World":
        """Return the world a minute later, if nobody sent anything: every limit is full again."""
        limits = replace(self.limits, requests_used=0, tokens_used=0)
        return replace(self, limits=limits, buckets=())

    def hosts(self) -> frozenset[str]:
        """Return every host name that resolves in this world."""
        return API_HOSTS | {STATUS_HOST} | frozenset(self.other_hosts)
