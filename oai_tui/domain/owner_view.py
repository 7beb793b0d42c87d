"""What an admin key sees of an organization: projects, keys, limits. All texts are redacted.

Times are in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Observation

Attention = Literal["owner-removed", "expired", "expiring", "old", "never-used"]
"""Why a key needs attention; a key is listed under the first that holds."""
ATTENTION: tuple[Attention, ...] = ("owner-removed", "expired", "expiring", "old", "never-used")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedProject:
    """A project. status: active or archived. residency: where its data is stored, or ""."""

    id: str
    name: str = ""
    status: str = "active"
    residency: str = ""

    @property
    def is_archived(self) -> bool:
        """Return True for an archived project, whose keys do not work."""
        return self.status == "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedKey:
    """A key as the admin API lists it.

    redacted: its two ends. owner: a masked e-mail address or name, or a service account's name.
    owner_type: user, service_account, or "". has_access: False if the owner was removed from the
    project; None if the API does not say.
    """

    id: str
    name: str
    redacted: str
    project: OwnedProject
    created_at: datetime | None = None
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
    owner_type: str = ""
    owner: str = ""
    has_access: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendLimit:
    """A hard spend limit. enforcing: it is reached, and calls are refused."""

    of: Literal["organization", "project"]
    amount_usd: float
    interval: str
    enforcing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPermissions:
    """The models that a project allows (allow_list) or blocks (deny_list)."""

    mode: str
    models: tuple[str, ...]

    def allows(self, model: str) -> bool:
        """Return True if the project can use a model with exactly this id."""
        return (model in self.models) == (self.mode == "allow_list")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRateLimit:
    """The limits of a project for one model, per minute; None if not given."""

    model: str
    requests: int | None
    tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificate:
    """A client certificate that was uploaded; calls need one where one is active (mutual TLS).

    of: whose list has it. A certificate is in both lists and can be active in one of them.
    """

    of: Literal["organization", "project"]
    id: str
    name: str
    active: bool
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDetails:
    """What the admin API says about the project of a key. None or empty where nothing is set."""

    spend_limits: tuple[SpendLimit, ...] = ()
    model_permissions: ModelPermissions | None = None
    rate_limits: tuple[ProjectRateLimit, ...] = ()
    certificates: tuple[ClientCertificate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionRow:
    """A key that needs attention, and why."""

    key: OwnedKey
    why: Attention


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerView:
    """The result of a survey, which may be partial.

    matches: the keys whose ends are those of the key that was looked for.
    complete: every list was read to its end, or the search ended at the key's own project.
    rejected: the answer that ended the survey before it saw anything, or None.
    projects, keys: how many were read; projects_listed: how many are known so far.
    notes: sentences about what could not be read. is_out_of_time: True if the time limit ended it.
    waiting_s: seconds for which the survey waits now, because the API answered 429; else 0.
    counts: how many keys need attention, by reason; `attention` holds the most urgent of them.
    """

    matches: tuple[OwnedKey, ...] = ()
    details: KeyDetails = field(default_factory=KeyDetails)
    complete: bool = False
    rejected: Observation | None = None
    projects: int = 0
    projects_listed: int = 0
    keys: int = 0
    requests: int = 0
    waiting_s: int = 0
    notes: tuple[str, ...] = ()
    is_out_of_time: bool = False
    attention: tuple[AttentionRow, ...] = ()
    counts: Mapping[Attention, int] = field(default_factory=dict)

    @property
    def match(self) -> OwnedKey | None:
        """Return the key that was looked for; None if none, or more than one, has its ends."""
        return self.matches[0] if len(self.matches) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPlan:
    """The input of a survey.

    key: the key to look for, None to look for none. project: the id of its project, or "" if that
    is not known. lists: read every key, for the list of those that need attention.
    rotation_days: the age from which a key is listed; 0 for none. timeout_s: seconds.
    limit_s: the time limit that the person knows, of which `timeout_s` is what is left; 0 for
    `timeout_s`.
    """

    key: Secret | None
    project: str = ""
    lists: bool = False
    rotation_days: int = 0
    now: datetime
    timeout_s: float
    limit_s: float = 0.0
