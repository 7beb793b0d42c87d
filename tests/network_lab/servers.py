"""A small OpenAI for the network lab. Servers that break a rule are in tests/fault_server.py."""

import json
import socket
import time
from collections.abc import Mapping
from email.utils import formatdate

from tests.fault_server import Handler, Server, json_answer, read_request

MISSING_KEY: Mapping[str, object] = {
    "message": "Missing bearer authentication in header",
    "type": "invalid_request_error",
    "param": None,
    "code": None,
}
MODEL_LIST: Mapping[str, object] = {
    "object": "list",
    "data": [{"id": "gpt-6-luna", "object": "model", "created": 1, "owned_by": "system"}],
}


def openai(*, clock_s: float = 0.0) -> Handler:
    """Answers as OpenAI does: 401 without a key, the model list with one.

    `clock_s`: seconds by which its Date header is ahead.
    """

    def handle(connection: socket.socket, server: Server) -> None:
        while request := read_request(connection, server):
            status, body = _answer(request)
            headers = [
                f"Date: {formatdate(time.time() + clock_s, usegmt=True)}",
                "openai-version: 2020-10-01",
                "x-request-id: req_" + "0" * 32,
                "cf-ray: 0123456789abcdef-FRA",
            ]
            if status.startswith("401"):
                headers.append('www-authenticate: Bearer realm="OpenAI API"')
            connection.sendall(
                json_answer(status, json.dumps(body).encode(), *(line.encode() for line in headers))
            )

    return handle


def _answer(request: bytes) -> tuple[str, Mapping[str, object]]:
    """Status and body for a request."""
    path = request.split(b" ")[1].decode("latin-1") if request.count(b" ") > 1 else ""
    if path != "/v1/models":
        unknown = {"message": f"Invalid URL (GET {path})", "code": "unknown_url"}
        return "404 Not Found", {"error": {**MISSING_KEY, **unknown}}
    if b"\r\nauthorization:" in request.lower():
        return "200 OK", MODEL_LIST
    return "401 Unauthorized", {"error": MISSING_KEY}
