"""A small OpenAI-like server, to be put behind the real servers; it keeps what it was sent."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .processes import LOOPBACK, refusing_port

SLOW_S = 3.0
KEY = "sk-upstream-" + "7" * 36
MODEL = "gpt-test"

Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as the upstream saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class Upstream:
    """`delay_s`: how long it waits before each answer."""

    port: int = 0
    delay_s: float = 0.0
    received: list[Received] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """Its URL without a path."""
        return f"http://{LOOPBACK}:{self.port}"

    def answer(self, request: Received) -> Answer:
        """Keep the request and decide on the answer."""
        self.received.append(request)
        time.sleep(self.delay_s)
        path = request.path.partition("?")[0]
        if not path.startswith("/v1/"):
            return 404, _error(f"Invalid URL ({request.method} {path})", None)
        key = request.headers.get("authorization")
        if not key:
            return 401, _error("Missing bearer authentication in header", None)
        if key != f"Bearer {KEY}":
            return 401, _error("Incorrect API key provided.", "invalid_api_key")
        if (request.method, path) == ("GET", "/v1/models"):
            return 200, {"object": "list", "data": [_model()]}
        if request.method == "POST":
            return _generated(path, request.body)
        return 404, _error(f"Invalid URL ({request.method} {path})", None)


def _error(message: str, code: str | None) -> dict[str, Any]:
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 1_700_000_000, "owned_by": "upstream"}


def _generated(path: str, body: bytes) -> Answer:
    try:
        asked = json.loads(body)["model"]
    except (ValueError, KeyError, TypeError):
        return 400, _error("you must provide a model parameter", None)
    if asked != MODEL:
        message = f"The model `{asked}` does not exist or you do not have access to it."
        return 404, _error(message, "model_not_found")
    if path == "/v1/chat/completions":
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": "pong"},
            "finish_reason": "stop",
        }
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        return 200, {
            "id": "chatcmpl-upstream",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": MODEL,
            "choices": [choice],
            "usage": usage,
        }
    if path == "/v1/responses":
        content = {"type": "output_text", "text": "pong", "annotations": []}
        message_item = {
            "id": "msg_upstream",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [content],
        }
        return 200, {
            "id": "resp_upstream",
            "object": "response",
            "created_at": 1_700_000_000,
            "status": "completed",
            "model": MODEL,
            "output": [message_item],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
        }
    return 404, _error(f"Invalid URL (POST {path})", None)


@contextlib.contextmanager
def upstream(*, delay_s: float = 0.0) -> Iterator[Upstream]:
    """Serve until the with-statement ends; requests under way are left to end by themselves."""
    made = Upstream(delay_s=delay_s)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            request = Received(
                method=self.command,
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
            )
            status, document = made.answer(request)
            body = json.dumps(document).encode()
            with contextlib.suppress(OSError):  # the server in front may have given up
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.send_header("x-request-id", "req_upstream")
                self.end_headers()
                self.wfile.write(body)

        do_GET = do_POST = _serve  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Write nothing."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What the servers are put in front of: an upstream that answers, a slow one, a dead port."""

    fast: Upstream
    slow: Upstream
    dead_port: int


@contextlib.contextmanager
def behind() -> Iterator[Behind]:
    """Start both upstreams."""
    with upstream() as fast, upstream(delay_s=SLOW_S) as slow, refusing_port() as dead_port:
        yield Behind(fast=fast, slow=slow, dead_port=dead_port)
