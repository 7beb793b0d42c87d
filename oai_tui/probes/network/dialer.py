"""Plain TCP connections to the server, directly or through an http proxy, for network checks.

Blocking. No key is involved: nothing is sent except CONNECT and what the caller sends. Every
function gives up after its limit, but a resolver may not: call them through `deadline.within`.
"""

import base64
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_MAX_HEAD = 65_536
"""Bytes of a proxy's response that are read while its headers have not ended."""
_MAX_HEADERS = 100
_MAX_BODY = 20_000
"""Bytes of a proxy's page that are read."""
_MAX_ADDRESSES = 4


class ProxyRefusedError(OSError):
    """The proxy did not answer CONNECT with 2xx. `status`: 0 if the answer was not HTTP."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str], body: str) -> None:
        super().__init__(
            f"the proxy answered {status}" if status else "the proxy's response is not HTTP"
        )
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialer:
    """Connects to a server, directly or through an http proxy.

    `proxy`: the URL of the http proxy, with its password, or "". `addresses`: tried in order
    instead of looking the host up.
    """

    host: str
    port: int
    proxy: str = field(default="", repr=False)
    addresses: tuple[str, ...] = ()

    def open(self, limit_s: float) -> socket.socket:
        """Connect to the server, through the proxy if there is one.

        Raises OSError; ProxyRefusedError if the proxy refuses.
        """
        deadline = time.monotonic() + limit_s
        if not self.proxy:
            return _connected(self.addresses or (self.host,), self.port, limit_s)
        parts = urlsplit(self.proxy)
        connection = _connected((parts.hostname or "",), parts.port or 80, limit_s)
        try:
            connection.sendall(self._connect_request(parts.username, parts.password))
            status, reason, headers, rest = _read_head(connection, deadline)
            if not 200 <= status < 300:
                body = _read_body(connection, rest, headers, deadline)
                raise ProxyRefusedError(status, reason, headers, body)
        except BaseException:
            connection.close()
            raise
        connection.settimeout(_left_s(deadline))
        return connection

    def _connect_request(self, user: str | None, password: str | None) -> bytes:
        name = f"[{self.host}]" if ":" in self.host else self.host
        lines = [f"CONNECT {name}:{self.port} HTTP/1.1", f"Host: {name}:{self.port}", "Accept: */*"]
        if user is not None:
            login = f"{unquote(user)}:{unquote(password or '')}".encode()
            lines.append("Proxy-Authorization: Basic " + base64.b64encode(login).decode())
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _left_s(deadline: float) -> float:
    """Seconds until the deadline, but never 0, with which a socket would not block at all."""
    return max(0.01, deadline - time.monotonic())


def _connected(addresses: tuple[str, ...], port: int, limit_s: float) -> socket.socket:
    """A connection to the first address that takes one; each gets its share of the time."""
    tried = addresses[:_MAX_ADDRESSES]
    last_error = OSError("no address")
    for address in tried:
        try:
            return socket.create_connection((address, port), limit_s / len(tried))
        except OSError as error:
            last_error = error
    raise last_error


def _read_head(
    connection: socket.socket, deadline: float
) -> tuple[int, str, dict[str, str], bytes]:
    """Status, reason and headers of a response, and what was read of its body.

    Status 0 if it is not HTTP.
    """
    data = b""
    while b"\r\n\r\n" not in data and len(data) < _MAX_HEAD:
        connection.settimeout(_left_s(deadline))
        chunk = connection.recv(8192)
        if not chunk:
            break
        data += chunk
    head, _, rest = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    match = re.match(r"HTTP/1\.[01] ([0-9]{3}) ?(.*)", lines[0])
    if match is None:
        return 0, "", {}, rest
    headers = {
        name.strip().lower(): value.strip()
        for name, colon, value in (line.partition(":") for line in lines[1:_MAX_HEADERS])
        if colon
    }
    return int(match[1]), match[2][:200], headers, rest


def _read_body(
    connection: socket.socket, data: bytes, headers: Mapping[str, str], deadline: float
) -> str:
    """At most _MAX_BODY characters of a body of which `data` was read; less if it comes slowly."""
    length = headers.get("content-length", "")
    wanted = min(int(length), _MAX_BODY) if length.isdigit() else _MAX_BODY
    try:
        while len(data) < wanted:
            connection.settimeout(min(0.5, _left_s(deadline)))
            chunk = connection.recv(8192)
            if not chunk:
                break
            data += chunk
    except OSError:
        pass
    return data[:_MAX_BODY].decode("utf-8", "replace")


def speaks_plain_http(dialer: Dialer, limit_s: float) -> bool:
    """Return True if the server answers an empty HEAD over plain HTTP. Raises OSError."""
    request = f"HEAD / HTTP/1.1\r\nHost: {dialer.host}\r\nConnection: close\r\n\r\n"
    with dialer.open(limit_s) as connection:
        connection.settimeout(limit_s)
        connection.sendall(request.encode("latin-1", "replace"))
        return connection.recv(16).startswith(b"HTTP/")
