"""Plain sockets to the other end, directly or through an http proxy: for looking at one rung alone. Blocking; nothing of a key passes here, and nothing but a CONNECT and what the caller sends.

Every function gives up after its limit; call them with `deadline.within`, because a resolver may not.
"""

import base64
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_HEAD_LIMIT = 65_536
_BODY_LIMIT = 20_000


class ProxyRefusedError(OSError):
    """The proxy answered CONNECT with something else than 200. `status`: 0 when it answered with no HTTP at all."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str], body: str) -> None:
        super().__init__(
            f"the proxy answered {status}" if status else "the proxy gave no answer that is HTTP"
        )
        self.status, self.reason, self.headers, self.body = status, reason, headers, body


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialer:
    """Where to connect: host and port of the other end, and the http proxy before it, "" for none. `addresses`: to be tried in order in place of a look-up."""

    host: str
    port: int
    proxy: str = field(default="", repr=False)
    addresses: tuple[str, ...] = ()

    def open(self, limit_s: float) -> socket.socket:
        """A connection to the other end, through the proxy where there is one. OSError; ProxyRefusedError where the proxy is at fault."""
        ends_at = time.monotonic() + limit_s
        if not self.proxy:
            return _connected(self.addresses or (self.host,), self.port, limit_s)
        parts = urlsplit(self.proxy)
        opened = _connected((parts.hostname or "",), parts.port or 80, limit_s)
        try:
            opened.sendall(self._connect(parts.username, parts.password))
            status, reason, headers, rest = _answer(opened, ends_at)
            if not 200 <= status < 300:
                raise ProxyRefusedError(
                    status, reason, headers, _body(opened, rest, headers, ends_at)
                )
        except BaseException:
            opened.close()
            raise
        opened.settimeout(max(0.01, ends_at - time.monotonic()))
        return opened

    def _connect(self, user: str | None, password: str | None) -> bytes:
        name = f"[{self.host}]" if ":" in self.host else self.host
        lines = [f"CONNECT {name}:{self.port} HTTP/1.1", f"Host: {name}:{self.port}", "Accept: */*"]
        if user is not None:
            lines.append(
                "Proxy-Authorization: Basic "
                + base64.b64encode(f"{unquote(user)}:{unquote(password or '')}".encode()).decode()
            )
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _connected(addresses: tuple[str, ...], port: int, limit_s: float) -> socket.socket:
    failed: OSError = OSError("no address")
    for address in addresses[:4]:
        try:
            return socket.create_connection((address, port), limit_s / min(len(addresses), 4))
        except OSError as error:
            failed = error
    raise failed


def _answer(opened: socket.socket, ends_at: float) -> tuple[int, str, dict[str, str], bytes]:
    """Status, reason and headers of an answer, and what came after them."""
    got = b""
    while b"\r\n\r\n" not in got and len(got) < _HEAD_LIMIT:
        opened.settimeout(max(0.01, ends_at - time.monotonic()))
        more = opened.recv(8192)
        if not more:
            break
        got += more
    head, _, rest = got.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    match = re.match(r"HTTP/1\.[01] ([0-9]{3}) ?(.*)", lines[0])
    headers = {
        name.strip().lower(): value.strip()
        for name, mark, value in (line.partition(":") for line in lines[1:100])
        if mark
    }
    return (int(match[1]), match[2][:200], headers, rest) if match else (0, "", {}, rest)


def _body(opened: socket.socket, got: bytes, headers: Mapping[str, str], ends_at: float) -> str:
    """An excerpt of the refusal's page, as far as it comes by itself."""
    length = headers.get("content-length", "")
    wanted = min(int(length), _BODY_LIMIT) if length.isdigit() else _BODY_LIMIT
    try:
        while len(got) < wanted:
            opened.settimeout(max(0.01, min(0.5, ends_at - time.monotonic())))
            more = opened.recv(8192)
            if not more:
                break
            got += more
    except OSError:
        pass
    return got[:_BODY_LIMIT].decode("utf-8", "replace")


def speaks_plain_http(way: Dialer, limit_s: float) -> bool:
    """Whether plain HTTP is spoken at the port: the answer to a HEAD without anything in it begins as HTTP does."""
    with way.open(limit_s) as opened:
        opened.settimeout(limit_s)
        opened.sendall(
            f"HEAD / HTTP/1.1\r\nHost: {way.host}\r\nConnection: close\r\n\r\n".encode(
                "latin-1", "replace"
            )
        )
        return opened.recv(16).startswith(b"HTTP/")
