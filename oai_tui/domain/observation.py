"""The result of one probe: the request as sent, the answer or the failure, and the facts in it.

An observation is redacted when it is made, never later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from oai_tui.domain.phases import ConnectionPhase

Fact = str | int | float | bool
FailureKind = Literal[
    "dns",
    "refused",
    "unreachable",
    "connect-timeout",
    "read-timeout",
    "reset",
    "malformed-answer",
    "tls-untrusted",
    "tls-invalid",
    "tls-protocol",
    "proxy-unreachable",
    "proxy-auth",
    "proxy-refused",
    "proxy-settings",
    "ca-bundle",
    "url",
    "unsendable",
    "crashed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request as it was sent, without its key.

    `headers`: those that are safe to show.
    `key_sent`: True if the key was sent with it.
    `billed`: True if it can cost money.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    key_sent: bool = False
    billed: bool = False
    client_request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBody:
    """The error object of an answer of any shape. Parts that are missing are empty.

    `code` is a string even if the server sent a number.
    """

    code: str = ""
    type: str = ""
    message: str = ""
    param: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Milliseconds of each part of a call.

    None if the part did not happen: a reused connection has no connect and no TLS.
    `proxy_ms`: until the proxy opened its tunnel.
    """

    name_ms: float | None = None
    connect_ms: float | None = None
    proxy_ms: float | None = None
    tls_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The result of one probe or question.

    `status`: of an answer; `failure`: of a request without an answer; `answer`: of a question.
    Exactly one of them is set, or none for a local probe, which has `facts` alone.
    `reason`: the reason phrase of an answer.
    `detail`: the redacted text of the failure.
    `headers`: with lower-case names.
    `body`: a redacted excerpt of at most 4,000 characters.
    `facts`: by the names in facts.py.
    `phases`: the phases of the connection, if the probe measured them.
    `notes`: sentences for people about what is odd although it failed nothing here.
    """

    probe: str
    request: Request | None = None
    status: int | None = None
    reason: str = ""
    failure: FailureKind | None = None
    detail: str = ""
    error: ErrorBody | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    answer: str | None = None
    timings: Timings = Timings()
    phases: tuple[ConnectionPhase, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def request_id(self) -> str:
        """Return the server's id of the request; may be empty."""
        return self.headers.get("x-request-id", "")

    def with_facts(self, **facts: Fact) -> "Observation":
        """Return a copy with these facts added."""
        return replace(self, facts={**self.facts, **facts})
