"""What one probe saw: the request as sent, the answer or the failure, and the facts read from it. Scrubbed when it is made, never later."""

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
    """One HTTP request as it left, without its key. `headers` holds the names and values that are safe to show; `key_sent` says whether the key went with it; `billed` whether it can cost money."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    key_sent: bool = False
    billed: bool = False
    client_request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBody:
    """The error object of an answer, whatever its shape was: missing parts are "". `code` is a string even where a server sent a number."""

    code: str = ""
    type: str = ""
    message: str = ""
    param: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Milliseconds of each part of an exchange; None where the part did not happen (a reused connection has no connect and no TLS). `proxy_ms`: until the proxy opened its tunnel."""

    name_ms: float | None = None
    connect_ms: float | None = None
    proxy_ms: float | None = None
    tls_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The result of one probe or question. Exactly one of `status`, `failure`, `answer` is set for a request, a failed request and a question; none for a local probe, which speaks through `facts`.

    `headers` have lower-case names. `body` is a scrubbed excerpt (at most 4,000 characters). `detail` is the scrubbed text of the failure.
    `facts` are named in facts.py. `rungs`: the parts of the way to the server, where the probe looked at them. `notes`: sentences for the person about what is odd although it failed nothing here.
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
        """The server's own id of the exchange, "" when it gave none."""
        return self.headers.get("x-request-id", "")

    def with_facts(self, **facts: Fact) -> "Observation":
        """A copy that also holds these facts."""
        return replace(self, facts={**self.facts, **facts})
