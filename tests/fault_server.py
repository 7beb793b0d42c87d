"""Small servers on loopback that each break one rule, over real sockets, and keep what they got.

The simulator has faults of its own, oai_tui/simulator/faulty_sockets.py, for `oai-tui simulate`.
"""

import contextlib
import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

HOST = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MEGABYTE = b"x" * 1_000_000
_IDLE_S = 10.0
"""Seconds for which a handler waits for bytes: a guard, so that a failed test ends."""


@dataclass
class Server:
    """One listening port.

    `received`: the bytes of each request. `sent`: bytes of bodies that the socket took. `over`:
    set when the test has ended, to end the handlers.
    """

    port: int
    received: list[bytes] = field(default_factory=list)
    connections: int = 0
    sent: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, scheme: str = "http", host: str = HOST) -> str:
        return f"{scheme}://{host}:{self.port}/v1"


Handler = Callable[[socket.socket, Server], None]
"""Treats one connection, in a thread of its own."""


@contextlib.contextmanager
def serving(handler: Handler, tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[Server]:
    """A server on this port, a free one for 0."""
    with socket.socket() as listener:
        listener.bind((HOST, port))
        listener.listen(16)
        listener.settimeout(0.05)
        server = Server(port=listener.getsockname()[1])

        def accept() -> None:
            while not server.over.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = listener.accept()
                    server.connections += 1
                    threading.Thread(
                        target=_handle, args=(connection, handler, server, tls), daemon=True
                    ).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            server.over.set()
            accepting.join(2)


def _handle(
    connection: socket.socket, handler: Handler, server: Server, tls: ssl.SSLContext | None
) -> None:
    with contextlib.suppress(OSError):
        connection.settimeout(_IDLE_S)
        if tls is not None:
            connection = tls.wrap_socket(connection, server_side=True)
        with connection:
            handler(connection, server)


# Ports


@contextlib.contextmanager
def refusing() -> Iterator[int]:
    """A port on which nothing listens."""
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        yield bound.getsockname()[1]


@contextlib.contextmanager
def full_backlog(host: str = HOST) -> Iterator[int]:
    """A port whose queue is full, so that a connection is never answered (Linux)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket(family))
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, 0))
        listener.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket(family))
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


# Responses


def json_answer(status: str, body: bytes, *headers: bytes) -> bytes:
    """A complete response with a JSON body."""
    head = [
        f"HTTP/1.1 {status}".encode(),
        b"Content-Type: application/json",
        f"Content-Length: {len(body)}".encode(),
        *headers,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def html_answer(status: str, body: str, *headers: str) -> bytes:
    """A complete response with an HTML body."""
    content = body.encode()
    head = [
        f"HTTP/1.1 {status}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content


def gzip_bomb() -> bytes:
    """300 MB of zeros, compressed."""
    return gzip.compress(b"\0" * 300_000_000, compresslevel=1)


PROXY_407 = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="proxy"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)
PROXY_403 = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
PROXY_502 = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


# Handlers that read the request


def read_request(connection: socket.socket, server: Server) -> bytes:
    """The request's head and what came with it."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65_536)
        if not chunk:
            break
        data += chunk
    if data:
        server.received.append(data)
    return data


def answering(answer: bytes, *, keep_open: bool = False) -> Handler:
    """Answers every request with these bytes."""

    def handle(connection: socket.socket, server: Server) -> None:
        while read_request(connection, server):
            connection.sendall(answer)
            if not keep_open:
                return

    return handle


def redirecting_to(location: str) -> Handler:
    """Answers with a redirect."""
    head = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\n"
    return answering(head.encode() + b"Content-Length: 0\r\nConnection: close\r\n\r\n")


def dripping(head: bytes, drop: bytes) -> Handler:
    """Sends `head`, then for ever one drop after the other, so that no single read times out."""

    def handle(connection: socket.socket, server: Server) -> None:
        read_request(connection, server)
        connection.sendall(head)
        while not server.over.wait(0.05):
            connection.sendall(drop)

    return handle


def pouring(head: bytes, chunk: bytes, times: int) -> Handler:
    """Sends `head`, then a chunk so many times, and counts what the socket took."""

    def handle(connection: socket.socket, server: Server) -> None:
        read_request(connection, server)
        connection.sendall(head)
        for _ in range(times):
            if server.over.is_set():
                return
            connection.sendall(chunk)
            server.sent += len(chunk)

    return handle


def end_after_request(connection: socket.socket, server: Server) -> None:
    """Closes the connection instead of answering."""
    read_request(connection, server)


def reset_after_request(connection: socket.socket, server: Server) -> None:
    """Resets the connection instead of answering."""
    read_request(connection, server)
    reset(connection)


def reset_mid_body(connection: socket.socket, server: Server) -> None:
    """Resets the connection in the middle of the body."""
    read_request(connection, server)
    connection.sendall(OK + b'Content-Length: 1000\r\n\r\n{"object"')
    reset(connection)


def tunneling_to(handler: Handler) -> Handler:
    """A proxy that opens the tunnel and then treats it as `handler` does."""

    def handle(connection: socket.socket, server: Server) -> None:
        if read_request(connection, server):
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            handler(connection, server)

    return handle


Fault = Callable[[socket.socket, Server, str], bool]
"""Answers a request for a target ("/v1/me?x=1") itself and returns True, or returns False."""


@contextlib.contextmanager
def in_front_of(base_url: str, fault: Fault) -> Iterator[Server]:
    """A server that passes requests on to one on this machine, those of a fault left out."""
    port = urlsplit(base_url).port or 80

    def handle(connection: socket.socket, server: Server) -> None:
        head = read_request(connection, server)
        if not head or fault(connection, server, head.split(b" ")[1].decode()):
            return
        start, _, rest = head.partition(b"\r\n")
        lines = [
            line
            for line in rest.split(b"\r\n")
            if not line.lower().startswith((b"host:", b"connection:"))
        ]
        named = (b"Host: %s:%d" % (HOST.encode(), port), b"Connection: close")
        with socket.create_connection((HOST, port), timeout=_IDLE_S) as behind:
            behind.sendall(b"\r\n".join((start, *named, *lines)))
            while chunk := behind.recv(65_536):
                connection.sendall(chunk)

    with serving(handle) as server:
        yield server


@contextlib.contextmanager
def answering_instead(base_url: str, path: str, body: bytes) -> Iterator[str]:
    """The base URL of a server that answers one path with this body and passes on all others."""

    def fault(connection: socket.socket, server: Server, target: str) -> bool:
        if target.partition("?")[0] == path:
            connection.sendall(json_answer("200 OK", body, b"Connection: close"))
            return True
        return False

    with in_front_of(base_url, fault) as server:
        yield server.url()


# Handlers below HTTP


def reset(connection: socket.socket) -> None:
    """Cut the connection with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silent(connection: socket.socket, server: Server) -> None:
    """Never answers."""
    server.over.wait()


def close_at_once(connection: socket.socket, server: Server) -> None:
    """Closes the connection."""
    connection.close()


def reset_at_once(connection: socket.socket, server: Server) -> None:
    """Resets the connection."""
    reset(connection)


def reset_after_greeting(connection: socket.socket, server: Server) -> None:
    """Resets the connection after the first bytes, such as a TLS greeting."""
    server.received.append(connection.recv(65_536))
    reset(connection)


def resetting_if_named(host: str) -> Handler:
    """A middlebox that cuts a TLS greeting which names this host, and lets others be answered."""

    def handle(connection: socket.socket, server: Server) -> None:
        greeting = connection.recv(65_536)
        server.received.append(greeting)
        if host.encode() in greeting:
            reset(connection)
        else:
            connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # fatal alert, handshake failure

    return handle


def plain_http_only(connection: socket.socket, server: Server) -> None:
    """Answers a TLS greeting as a web server without TLS does."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def smtp_banner(connection: socket.socket, server: Server) -> None:
    """Answers a TLS greeting with what is neither TLS nor HTTP."""
    server.received.append(connection.recv(65_536))
    connection.sendall(b"220 mail.lab.example ESMTP\r\n")
