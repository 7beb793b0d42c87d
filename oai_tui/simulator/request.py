"""A request as the simulated API sees it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from oai_tui.domain.keys.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedRequest:
    """One request. The repr contains no headers and no body, therefore no key."""

    method: str
    path: str
    query: str = ""
    """What follows "?" in the URL."""
    host: str
    """The real host name; the caller may have used an alias for it, such as a loopback port."""
    headers: Mapping[str, str]
    """Names are in lower case."""
    body: bytes = b""
    serial: str = "0" * 32
    """32 hex digits, unique in one simulator, from which the ids in the answer are made."""
    number: int = 1
    """The number of this request in its simulator, from 1."""
    now_s: float = 0.0
    """Seconds since 1970."""
    aliases: Mapping[str, str]
    """Real host name to the name by which this caller reaches it."""

    def __repr__(self) -> str:
        return f"SimulatedRequest({self.method} {self.path} at {self.host})"

    @property
    def now(self) -> int:
        """The time in whole seconds since 1970."""
        return int(self.now_s)

    @property
    def token(self) -> str:
        """The key: what follows "Bearer " in the Authorization header, or ""."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def secret(self) -> Secret:
        """The key as a Secret, for comparison."""
        return Secret(self.token)

    def parameter(self, name: str) -> str:
        """Return the last value of a parameter of the query, or ""."""
        return parse_qs(self.query).get(name, [""])[-1]

    def alias_of(self, host: str) -> str:
        """Return the name by which this caller reaches `host`."""
        return self.aliases.get(host, host)

    def json(self) -> Any:
        """Return the body parsed as JSON; raises ValueError if it is not JSON."""
        try:
            return json.loads(self.body)
        except (UnicodeDecodeError, RecursionError) as error:
            raise ValueError("not JSON") from error
