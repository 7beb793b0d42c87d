"""One running simulation: a scenario, the world as it is now, the ASGI app that plays it, and a record of what was asked, without any key.

Ids are made from the scenario's id and a counter, so two runs of the same requests give the same answers but for the clock.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from oai_tui.simulator import error_responses as refusals
from oai_tui.simulator.api import answer
from oai_tui.simulator.request import SimulatedRequest
from oai_tui.simulator.scenario import KeyringState, Scenario
from oai_tui.simulator.transport_faults import Fault
from oai_tui.simulator.world import Reply, World

_BODY_LIMIT = 1_000_000
_ADDRESS = "192.0.2.10"
"""What every simulated name resolves to: an address set aside for documentation (RFC 5737)."""
Message = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request that arrived: header names in lower case, and whether a key came with it. No values."""

    method: str
    path: str
    host: str
    header_names: tuple[str, ...]
    key_sent: bool


def utc_now() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


class Simulator:
    """Plays a scenario. `aliases`: which real name a host of this machine stands for ("127.0.0.1:8000" to "api.openai.com"); a host that is not in it stands for itself."""

    def __init__(self, scenario: Scenario, *, now: Callable[[], datetime] = utc_now) -> None:
        self.scenario = scenario
        self.world: World = scenario.world
        self.fault: Fault | None = scenario.fault
        self.keyring: KeyringState = scenario.keyring
        self.received: list[Recorded] = []
        self.aliases: Mapping[str, str] = {}
        self._now = now

    def apply_fix(self) -> bool:
        """Do what somebody else would do to mend the trouble; False where there is nothing that this side can mend."""
        if self.scenario.cure is None:
            return False
        self.world, self.fault, self.keyring = self.scenario.cure, None, "works"
        return True

    def address(self, host: str) -> str | None:
        """What a name resolves to in this world, None for one that does not resolve."""
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
        body = await _body_of(receive)
        path = scope.get("raw_path", scope["path"].encode()).split(b"?")[0].decode("latin-1")
        status, out, content = self.answer(scope["method"], path, headers, body)
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (name.encode("latin-1"), value.encode("latin-1")) for name, value in out.items()
                ],
            }
        )
        await send({"type": "http.response.body", "body": content})

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for one request; `body` is None when it was too large to be read."""
        called = headers.get("host", "")
        host = self.aliases.get(called, called.partition(":")[0].lower())
        self.received.append(
            Recorded(
                method=method,
                path=path,
                host=host,
                header_names=tuple(headers),
                key_sent="authorization" in headers,
            )
        )
        serial = hashlib.sha256(f"{self.scenario.id}:{len(self.received)}".encode()).hexdigest()[
            :32
        ]
        asked = SimulatedRequest(
            method=method,
            path=path,
            host=host,
            headers=headers,
            body=body or b"",
            serial=serial,
            now=int(self._now().timestamp()),
            names={name: alias for alias, name in self.aliases.items()},
        )
        reply = (
            answer(self.world, asked)
            if body is not None
            else refusals.error(413, "The request body is too large.")
        )
        content = (
            json.dumps(reply.body, indent=2, ensure_ascii=False).encode()
            if isinstance(reply.body, Mapping)
            else reply.body.encode()
        )
        return reply.status, self._headers(reply, serial, len(content)), content

    def _headers(self, reply: Reply, serial: str, length: int) -> dict[str, str]:
        """The answer's headers, as its manner has them; names in lower case, the reply's own win."""
        is_json = isinstance(reply.body, Mapping)
        there = self._now() + timedelta(seconds=self.world.clock_ahead_s)
        headers = {
            "date": format_datetime(there, usegmt=True),
            "content-type": "application/json" if is_json else "text/html; charset=utf-8",
            "content-length": str(length),
        }
        if reply.manner != "other":
            headers |= {
                "server": "cloudflare",
                "cf-ray": f"{serial[:16]}-FRA",
                "cf-cache-status": "DYNAMIC",
            }
        if reply.manner == "openai":
            headers |= {
                "openai-version": "2020-10-01",
                "openai-processing-ms": str(reply.processing_ms),
                "x-request-id": f"req_{serial}",
            }
        named = {"openai-organization": reply.organization, "openai-project": reply.project}
        return (
            headers | {name: value for name, value in named.items() if value} | dict(reply.headers)
        )


async def _body_of(receive: Callable[[], Awaitable[Message]]) -> bytes | None:
    """The request's body, None when it is larger than the limit."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        if len(body) <= _BODY_LIMIT:
            body += message.get("body", b"")
        if not message.get("more_body"):
            return body if len(body) <= _BODY_LIMIT else None
