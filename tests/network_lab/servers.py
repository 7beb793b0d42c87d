"""What answers in the laboratory: a small OpenAI, pages of filters and edges, and proxies that misbehave."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate

from tests.fault_server import Server, Treat, read_request, reset

MISSING = {
    "error": {
        "message": "Missing bearer authentication in header",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
}
LIST = {
    "object": "list",
    "data": [{"id": "gpt-6-luna", "object": "model", "created": 1, "owned_by": "system"}],
}


def openai(*, clock_s: float = 0.0) -> Treat:
    """Answers as OpenAI does: 401 without a key, the list with one. `clock_s`: by how much its Date is ahead."""

    def treat(connection: socket.socket, server: Server) -> None:
        while request := read_request(connection, server):
            keyed = b"\r\nauthorization:" in request.lower()
            path = request.split(b" ")[1].decode("latin-1") if request.count(b" ") > 1 else ""
            status, body = (
                (("200 OK", LIST) if keyed else ("401 Unauthorized", MISSING))
                if path == "/v1/models"
                else (
                    "404 Not Found",
                    {
                        "error": {
                            **MISSING["error"],
                            "message": f"Invalid URL (GET {path})",
                            "code": "unknown_url",
                        }
                    },
                )
            )
            text = json.dumps(body).encode()
            head = [
                f"HTTP/1.1 {status}",
                f"Date: {formatdate(time.time() + clock_s, usegmt=True)}",
                "Content-Type: application/json",
                f"Content-Length: {len(text)}",
                "openai-version: 2020-10-01",
                "x-request-id: req_" + "0" * 32,
                "cf-ray: 0123456789abcdef-FRA",
                *(
                    ['www-authenticate: Bearer realm="OpenAI API"']
                    if status.startswith("401")
                    else []
                ),
            ]
            connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + text)

    return treat


def page(status: str, body: str, *headers: str) -> bytes:
    """A whole answer with an HTML body."""
    content = body.encode()
    return (
        "\r\n".join(
            [
                f"HTTP/1.1 {status}",
                "Content-Type: text/html; charset=utf-8",
                f"Content-Length: {len(content)}",
                "Connection: close",
                *headers,
            ]
        ).encode()
        + b"\r\n\r\n"
        + content
    )


def resets_named(connection: socket.socket, server: Server) -> None:
    """A middlebox that cuts a handshake which names a host, and lets another be answered with an alert."""
    hello = connection.recv(65_536)
    server.received.append(hello)
    if b"api.lab.example" in hello:
        reset(connection)
    else:
        connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # fatal alert, handshake failure


def reset_inside(connection: socket.socket, server: Server) -> None:
    """Takes the greeting and cuts."""
    server.received.append(connection.recv(65_536))
    reset(connection)


def babbles(connection: socket.socket, server: Server) -> None:
    """Takes the greeting and answers with what is neither TLS nor HTTP."""
    server.received.append(connection.recv(65_536))
    connection.sendall(b"220 mail.lab.example ESMTP\r\n")


def tunnels_then(after: Callable[[socket.socket, Server], None]) -> Treat:
    """A proxy that opens the tunnel and then does `after` to it."""

    def treat(connection: socket.socket, server: Server) -> None:
        if read_request(connection, server):
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            after(connection, server)

    return treat


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """A port that answers on 127.0.0.1 by somebody else and on ::1 by nobody: the queue of ::1 is full. Gives the port, to be bound on IPv4 by the caller."""
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.socket(socket.AF_INET6))
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(("::1", 0))
        listener.listen(0)
        for _ in range(3):
            waiting = held.enter_context(socket.socket(socket.AF_INET6))
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
