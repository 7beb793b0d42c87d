"""One simulation: a scenario, its current world, the ASGI app, and a record of the requests.

Ids are made from the scenario's id and a counter, therefore two runs of the same requests give the
same answers, except for the time.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal

from oai_tui.simulator import error_responses
from oai_tui.simulator.api import answer
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.scenario import KeyringState, Scenario
from oai_tui.simulator.transport_faults import Fault
from oai_tui.simulator.world import Reply, World

_BODY_LIMIT = 1_000_000
_ADDRESS = "192.0.2.10"
"""The address to which every simulated name resolves; reserved for documentation (RFC 5737)."""
Message = MutableMapping[str, Any]
"""An ASGI scope or message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One request that arrived, without header values. Header names are in lower case."""

    method: str
    path: str
    host: str
    header_names: tuple[str, ...]
    key_sent: bool
    query: str = ""
    key_kind: Literal["", "admin", "other"] = ""
    """The kind of the key that was sent, by its prefix; "" for none."""
    sameness: int = 0
    """Equal for two requests of one process that are the same in all but their request id."""


def utc_now() -> datetime:
    """Return the time of this machine's clock."""
    return datetime.now(UTC)


class Simulator:
    """Answers requests as the world of a scenario would.

    `aliases` maps the hosts of this machine to real names ("127.0.0.1:8000" to "api.openai.com").
    """

    def __init__(self, scenario: Scenario, *, now: Callable[[], datetime] = utc_now) -> None:
        self.scenario = scenario
        self.world: World = scenario.world
        self.fault: Fault | None = scenario.fault
        self.keyring: KeyringState = scenario.keyring
        self.received: list[RecordedRequest] = []
        self.aliases: Mapping[str, str] = {}
        self._now = now
        self._key_requests = 0
        """Requests with a key so far, for a change that takes effect after some of them."""

    def apply_fix(self) -> bool:
        """Fix the world as an owner would, or wait. Return False if the client must be fixed."""
        fixed = self.scenario.fixed_world
        if self.scenario.fixed_by_waiting:
            fixed = self.world.after_a_minute()
        if fixed is None:
            return False
        self.world, self.fault, self.keyring = fixed, None, "works"
        return True

    def _count_key_request(self) -> None:
        """Let a change that was made before the scenario take effect, once it is time."""
        effect = self.scenario.takes_effect_after
        if effect and self._key_requests == effect:
            self.apply_fix()
        self._key_requests += 1

    def address(self, host: str) -> str | None:
        """Return the address of a host name in this world, or None if it does not resolve."""
        return _ADDRESS if self.fault != "dns" and host in self.world.hosts() else None

    async def app(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """The ASGI application."""
        if scope["type"] != "http":
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        body = await _read_body(receive)
        path = scope.get("raw_path", scope["path"].encode()).split(b"?")[0].decode("latin-1")
        query = scope.get("query_string", b"").decode("latin-1")
        status, reply_headers, content = self.answer(
            scope["method"], path, headers, body, query=query
        )
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (name.encode("latin-1"), value.encode("latin-1"))
                    for name, value in reply_headers.items()
                ],
            }
        )
        await send({"type": "http.response.body", "body": content})

    def answer(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        query: str = "",
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body for one request. `body`: None if it was too large."""
        named = headers.get("host", "")
        host = self.aliases.get(named, named.partition(":")[0].lower())
        self.received.append(
            RecordedRequest(
                method=method,
                path=path,
                host=host,
                header_names=tuple(headers),
                key_sent="authorization" in headers,
                query=query,
                key_kind=_key_kind(headers.get("authorization", "")),
                sameness=_sameness(method, host, path, query, headers, body),
            )
        )
        if "authorization" in headers:
            self._count_key_request()
        seed = f"{self.scenario.id}:{len(self.received)}"
        serial = hashlib.sha256(seed.encode()).hexdigest()[:32]
        request = SimulatedRequest(
            method=method,
            path=path,
            query=query,
            host=host,
            headers=headers,
            body=body or b"",
            serial=serial,
            number=len(self.received),
            now_s=self._now().timestamp(),
            aliases={name: alias for alias, name in self.aliases.items()},
        )
        if body is None:
            reply = error_responses.error(413, "The request body is too large.")
        else:
            reply = answer(self.world, request)
        if reply.buckets is not None:
            self.world = self.world.with_buckets(reply.buckets)
        if isinstance(reply.body, Mapping):
            content = json.dumps(reply.body, indent=2, ensure_ascii=False).encode()
        else:
            content = reply.body.encode()
        return reply.status, self._headers(reply, serial, len(content)), content

    def _headers(self, reply: Reply, serial: str, length: int) -> dict[str, str]:
        """Return the headers of an answer: those of its style, then its own.

        Names are in lower case.
        """
        is_json = isinstance(reply.body, Mapping)
        server_time = self._now() + timedelta(seconds=self.world.clock_ahead_s)
        headers = {
            "date": format_datetime(server_time, usegmt=True),
            "content-type": "application/json" if is_json else "text/html; charset=utf-8",
            "content-length": str(length),
        }
        if reply.header_style != "other":
            headers |= {
                "server": "cloudflare",
                "cf-ray": f"{serial[:16]}-FRA",
                "cf-cache-status": "DYNAMIC",
            }
        if reply.header_style == "openai":
            headers |= {
                "openai-version": "2020-10-01",
                "openai-processing-ms": str(reply.processing_ms),
                "x-request-id": f"req_{serial}",
            }
        named = {"openai-organization": reply.organization, "openai-project": reply.project}
        return (
            headers | {name: value for name, value in named.items() if value} | dict(reply.headers)
        )


def _sameness(*parts: str | Mapping[str, str] | bytes | None) -> int:
    """Return a number for a request, from which its header values can't be computed.

    Python salts the hashes of texts in every process.
    """
    own = {"x-client-request-id"}
    return hash(
        tuple(
            frozenset((name, value) for name, value in part.items() if name not in own)
            if isinstance(part, Mapping)
            else part
            for part in parts
        )
    )


def _key_kind(authorization: str) -> Literal["", "admin", "other"]:
    if not authorization:
        return ""
    return "admin" if "sk-admin-" in authorization else "other"


async def _read_body(receive: Callable[[], Awaitable[Message]]) -> bytes | None:
    """Return the request's body, or None if it is larger than the limit."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        if len(body) <= _BODY_LIMIT:
            body += message.get("body", b"")
        if not message.get("more_body"):
            return body if len(body) <= _BODY_LIMIT else None
