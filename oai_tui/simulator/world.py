"""The nouns of a simulated world: keys, organizations, projects, models, limits, and whatever stands between the caller and OpenAI.

A World is a value. The API (api.py) evaluates it and never changes it; a cure replaces it as a whole. Sources of the facts are named where they are used, in the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from oai_tui.domain.keys.secret import Secret

API_HOST = "api.openai.com"
STATUS_HOST = "status.openai.com"
REGIONS = ("us", "eu", "au", "ca", "jp", "in", "sg", "kr", "gb", "ae")
"""The regions with a host of their own: data-residency guide, 2026-10."""
API_HOSTS = frozenset({API_HOST, *(f"{region}.{API_HOST}" for region in REGIONS)})
HeaderStyle = Literal["openai", "edge", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer before the headers that its manner adds: "openai" those of the API, "edge" those of the network in front of it, "other" none. A mapping as body becomes JSON, a text HTML unless `headers` say otherwise.

    `organization` and `project`: whom the call was made for, shown in the headers of the API's own answers.
    """

    status: int
    body: Mapping[str, object] | str
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: HeaderStyle = "openai"
    organization: str = ""
    project: str = ""
    processing_ms: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model. `created`: Unix seconds. `shutdown`: the day (UTC) from which it answers no more. `is_text`: whether it answers text on /v1/responses. `needs_tools`: whether it refuses a request without tools."""

    id: str
    created: int
    owned_by: str = "system"
    shutdown: date | None = None
    is_reasoning: bool = True
    is_text: bool = True
    needs_tools: bool = False
    needs_verification: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The allowance per minute of every model, and how much of it has been used."""

    requests: int = 500
    requests_used: int = 0
    tokens: int = 200_000
    tokens_used: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organization. `slug`: its name in the answers' headers. `credit`: US dollars left; `credit_kind`: bought, or granted for a trial. `allowed_addresses`: networks, () allows all."""

    id: str
    slug: str
    title: str
    credit: float = 25.0
    credit_kind: Literal["prepaid", "grant"] = "prepaid"
    is_deactivated: bool = False
    is_verified: bool = True
    is_billing_active: bool = True
    hard_limit_reached: bool = False
    spend_limit_reached: bool = False
    usage_limit_reached: bool = False
    needs_client_certificate: bool = False
    allowed_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project. `host`: the only host that serves it. `allowed_models`: None allows all. `allowed_addresses` replaces the organization's list when it is not empty."""

    id: str
    name: str
    organization: str
    host: str = API_HOST
    allowed_models: frozenset[str] | None = None
    spend_limit_reached: bool = False
    is_archived: bool = False
    allowed_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key. `expires`: the day (UTC) from which it works no more. `organizations`: those it reaches, its own first. `project`: the one it is bound to, None for a legacy user key. `scopes`: empty means all."""

    secret: Secret
    organizations: tuple[str, ...]
    project: str | None = None
    scopes: frozenset[str] = frozenset()
    is_active: bool = True
    expires: date | None = None
    owner_is_member: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Another company's server in LiteLLM's manner, with a key and models of its own."""

    secret: Secret
    models: tuple[str, ...]
    version: str = "1.106.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that decides an answer. `country` and `address`: where the caller's packets come out. `today`: the world's day.

    `between`: what answers in place of every host (a filter, an edge). `elsewhere`: what answers at hosts that are not OpenAI's. `outage` and `inference_outage`: what the API
    answers to every call with a good key, or to inference alone. `is_ramping`: traffic rises too fast.
    `proxy_reply`: what the caller's proxy answers in place of passing a call on. `authorization_becomes`: what something on the way makes of the Authorization header ("" takes it away), None where nothing does; `proxy_changes`: whether that happens in the caller's proxy alone.
    `clock_ahead_s`: seconds by which the world's clock is ahead of this machine's.
    """

    keys: tuple[Key, ...]
    organizations: tuple[Organization, ...]
    projects: tuple[Project, ...]
    models: tuple[Model, ...]
    limits: Limits = Limits()
    country: str = "DE"
    address: str = "203.0.113.7"
    today: date = date(2026, 11, 23)
    is_ramping: bool = False
    between: Reply | None = None
    elsewhere: Mapping[str, Gateway | Reply] = field(default_factory=dict)
    outage: Reply | None = None
    inference_outage: Reply | None = None
    proxy_reply: Reply | None = None
    authorization_becomes: str | None = field(default=None, repr=False)
    proxy_changes: bool = False
    clock_ahead_s: int = 0

    def key(self, secret: Secret) -> Key | None:
        """The key with this text, None when the world has none."""
        return next((key for key in self.keys if key.secret == secret), None)

    def organization(self, identifier: str) -> Organization | None:
        """The organization with this id."""
        return next((one for one in self.organizations if one.id == identifier), None)

    def project(self, identifier: str | None) -> Project | None:
        """The project with this id."""
        return next((one for one in self.projects if one.id == identifier), None)

    def model(self, identifier: str) -> Model | None:
        """The model with this id, also one that has been shut down."""
        return next((one for one in self.models if one.id == identifier), None)

    def is_gone(self, model: Model) -> bool:
        """Whether the model has been shut down."""
        return model.shutdown is not None and model.shutdown <= self.today

    def hosts(self) -> frozenset[str]:
        """Every host name that resolves in this world."""
        return API_HOSTS | {STATUS_HOST} | frozenset(self.elsewhere)
