"""A request as the simulated API sees it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oai_tui.domain.keys.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedRequest:
    """One request. `host`: the host it plays for (a loopback port stands for a real name); `names`: what each host is called towards this caller; `headers` have lower-case names.

    `serial`: 32 hex digits, unique in one simulator, from which ids are made. `now`: Unix seconds. The key is held as `token`, out of every repr.
    """

    method: str
    path: str
    host: str
    headers: Mapping[str, str]
    body: bytes = b""
    serial: str = "0" * 32
    now: int = 0
    names: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Asked({self.method} {self.path} at {self.host})"

    @property
    def token(self) -> str:
        """What stands after "Bearer ", "" when there is none."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def secret(self) -> Secret:
        """The key, for comparison."""
        return Secret(self.token)

    def called(self, host: str) -> str:
        """What this caller must call `host`."""
        return self.names.get(host, host)

    def json(self) -> Any:
        """The body as JSON; ValueError when it is none."""
        try:
            return json.loads(self.body)
        except (UnicodeDecodeError, RecursionError) as error:
            raise ValueError("not JSON") from error
