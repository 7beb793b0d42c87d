"""Faults on loopback over real sockets: small servers that break one rule each, and keep what they received."""

import contextlib
import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MEGABYTE = b"x" * 1_000_000


@dataclass
class Server:
    """One listening port. `received`: the bytes of each connection's first request; `sent`: bytes of bodies that were handed to the socket; `over` ends the handlers."""

    port: int
    received: list[bytes] = field(default_factory=list)
    connections: int = 0
    sent: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, scheme: str = "http", host: str = HOST) -> str:
        return f"{scheme}://{host}:{self.port}/v1"


Treat = Callable[[socket.socket, Server], None]


@contextlib.contextmanager
def serving(treat: Treat, tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[Server]:
    """A server on this port, a free one for 0; `treat` is given each connection, in a thread of its own."""
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
                        target=_treated, args=(connection, treat, server, tls), daemon=True
                    ).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            server.over.set()
            accepting.join(2)


def _treated(
    connection: socket.socket, treat: Treat, server: Server, tls: ssl.SSLContext | None
) -> None:
    with contextlib.suppress(OSError):
        connection.settimeout(5)
        if tls is not None:
            connection = tls.wrap_socket(connection, server_side=True)
        with connection:
            treat(connection, server)


def read_request(connection: socket.socket, server: Server) -> bytes:
    """The request's head and what came with it."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(65_536)
        if not more:
            break
        got += more
    if got:
        server.received.append(got)
    return got


def answering(answer: bytes, *, keep_open: bool = False) -> Treat:
    """Answers every request with these bytes."""

    def treat(connection: socket.socket, server: Server) -> None:
        while read_request(connection, server):
            connection.sendall(answer)
            if not keep_open:
                return

    return treat


def json_answer(status: str, body: bytes, *headers: bytes) -> bytes:
    """A whole answer with a JSON body."""
    head = [
        f"HTTP/1.1 {status}".encode(),
        b"Content-Type: application/json",
        f"Content-Length: {len(body)}".encode(),
        *headers,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def silent(connection: socket.socket, server: Server) -> None:
    server.over.wait(5)


def reset_at_once(connection: socket.socket, server: Server) -> None:
    reset(connection)


def reset_after_request(connection: socket.socket, server: Server) -> None:
    read_request(connection, server)
    reset(connection)


def reset_mid_body(connection: socket.socket, server: Server) -> None:
    read_request(connection, server)
    connection.sendall(OK + b'Content-Length: 1000\r\n\r\n{"object"')
    reset(connection)


def reset(connection: socket.socket) -> None:
    """Cuts the connection with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def plain_http_only(connection: socket.socket, server: Server) -> None:
    """What a web server says to a TLS greeting."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def end_after_request(connection: socket.socket, server: Server) -> None:
    read_request(connection, server)


def dripping(head: bytes, drop: bytes) -> Treat:
    """Sends `head`, then one drop after the other for ever, each soon enough for any timeout of a single read."""

    def treat(connection: socket.socket, server: Server) -> None:
        read_request(connection, server)
        connection.sendall(head)
        while not server.over.wait(0.05):
            connection.sendall(drop)

    return treat


def pouring(head: bytes, chunk: bytes, times: int) -> Treat:
    """Sends `head`, then a chunk as often as told, and counts what the socket took."""

    def treat(connection: socket.socket, server: Server) -> None:
        read_request(connection, server)
        connection.sendall(head)
        for _ in range(times):
            if server.over.is_set():
                return
            connection.sendall(chunk)
            server.sent += len(chunk)

    return treat


def gzip_bomb() -> bytes:
    """300 MB of zeros, packed."""
    return gzip.compress(b"\0" * 300_000_000, compresslevel=1)


def redirecting_to(location: str) -> Treat:
    return answering(
        f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )


PROXY_407 = b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
PROXY_403 = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
PROXY_502 = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextlib.contextmanager
def refusing() -> Iterator[int]:
    """A port on which nothing listens."""
    with socket.socket() as bound:
        bound.bind((HOST, 0))
        yield bound.getsockname()[1]


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """A port whose queue is full, so that a connection is never answered (Linux)."""
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.socket())
        listener.bind((HOST, 0))
        listener.listen(0)
        for _ in range(3):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
