"""The call without a key: resolves the name, asks GET /v1/models, and decides whether the key may follow.

OpenAI answers such a call with 401, its own headers and `www-authenticate: Bearer realm="OpenAI API"` (three captures, 2025-12 to 2026-08).
"""

import socket
import time
from dataclasses import dataclass, replace

from oai_tui.domain.deadline import within
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Target
from oai_tui.probes.wire import Exchange, Wire


@dataclass(frozen=True, slots=True)
class ReachProbe:
    """Asks without the key."""

    wire: Wire

    async def __call__(self, call: Call) -> Observation:
        name_ms, addresses = await self._look_up(call)
        seen = (await self.wire.ask(call, Exchange(probe="reach", path="/models"), name_ms=name_ms)).observation
        facts: dict[str, Fact] = {**trust_of(call.target, seen)}
        if addresses:
            facts["addresses"] = addresses
        if not call.target.base_url.rstrip("/").lower().endswith("/v1"):
            facts["base_url_with_v1"] = call.target.base_url.rstrip("/") + "/v1"
        return replace(seen, facts={**seen.facts, **facts})

    async def _look_up(self, call: Call) -> tuple[float | None, str]:
        """Milliseconds of the name's look-up and the addresses; nothing where a proxy resolves the name or it fails, which the call itself then shows."""
        if not self.wire.resolves(call.target):
            return None, ""
        began = time.perf_counter()
        try:
            found = await within(min(5.0, call.limit_s), socket.getaddrinfo, call.target.host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, TimeoutError):
            return None, ""
        return round((time.perf_counter() - began) * 1000, 1), ", ".join(dict.fromkeys(str(entry[4][0]) for entry in found))


def trust_of(target: Target, seen: Observation) -> dict[str, Fact]:
    """Whether the key may follow, and why: the host is OpenAI's and so is the answer's manner, the server is on this machine, or the person agreed to it."""
    manner = seen.facts.get("speaker")
    if seen.status is None or manner not in {"openai", "openai-like", "gateway"}:
        return {"key_may_go": False, "endpoint": "doubtful"}
    if target.is_openai and manner != "gateway":
        return {"key_may_go": True, "endpoint": "proved"}
    if target.is_loopback:
        return {"key_may_go": True, "endpoint": "loopback"}
    return {"key_may_go": target.agreed, "endpoint": "agreed" if target.agreed else "doubtful"}
