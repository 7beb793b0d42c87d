"""The retry samples run as printed: they obey Retry-After and give up where they should."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from oai_tui.reports.retry_samples import RETRY_SAMPLES, retry_sample

NODE_MODULES = Path(sys.prefix) / "node" / "node_modules"
Reply = tuple[int, dict[str, str], dict[str, Any]]
GOOD: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "model": "gpt-6-luna",
    "status": "completed",
    "output": [
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "pong", "annotations": []}],
        }
    ],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
}
pytestmark = [pytest.mark.sockets, pytest.mark.slow]


def _error(message: str, kind: str, code: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


RATE_LIMIT = (
    429,
    {"retry-after": "0", "retry-after-ms": "1"},
    _error("Rate limit", "requests", "rate_limit_exceeded"),
)
QUOTA: Reply = (429, {}, _error("quota", "insufficient_quota", "insufficient_quota"))
LARGE: Reply = (429, {}, _error("Request too large for x", "tokens", "rate_limit_exceeded"))


@contextmanager
def server(replies: Sequence[Reply]) -> Iterator[tuple[str, list[str]]]:
    """Serve the replies in their order, the last one for ever. Yield base URL and paths asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            status, headers, body = replies[min(len(asked), len(replies) - 1)]
            asked.append(self.path)
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}/v1", asked
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def run_sample(name: str, base_url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Write a sample to a file and run it, with the SDK's settings in the environment."""
    if RETRY_SAMPLES[name].language == "javascript":
        if shutil.which("node") is None or not NODE_MODULES.is_dir():
            if os.environ.get("CI") == "true":
                pytest.fail("node or its SDK is missing")
            pytest.skip("node or its SDK is missing")
        (folder / "node_modules").symlink_to(NODE_MODULES)
        command, file = "node", folder / "call.mjs"
    else:
        command, file = sys.executable, folder / "call.py"
    file.write_text(retry_sample(name, "gpt-6-luna"), encoding="utf-8")
    settings = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": base_url, "NO_PROXY": "127.0.0.1"}
    return subprocess.run(
        [command, str(file)],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("name", RETRY_SAMPLES)
def test_rate_limited_request_is_sent_again(name: str, tmp_path: Path) -> None:
    with server([RATE_LIMIT, RATE_LIMIT, (200, {}, GOOD)]) as (base_url, asked):
        done = run_sample(name, base_url, tmp_path)
    assert (done.returncode, done.stdout.strip(), len(asked)) == (0, "pong", 3), done.stderr


@pytest.mark.parametrize("name", RETRY_SAMPLES)
@pytest.mark.parametrize("reply", [QUOTA, LARGE], ids=["quota", "too-large"])
def test_what_waiting_does_not_fix_is_sent_once(name: str, reply: Reply, tmp_path: Path) -> None:
    with server([reply]) as (base_url, asked):
        done = run_sample(name, base_url, tmp_path)
    assert (done.returncode != 0, len(asked)) == (True, 1), done.stderr


@pytest.mark.parametrize("name", RETRY_SAMPLES)
def test_tries_are_bounded(name: str, tmp_path: Path) -> None:
    with server([RATE_LIMIT]) as (base_url, asked):
        done = run_sample(name, base_url, tmp_path)
    assert (done.returncode != 0, len(asked)) == (True, 6), done.stderr


def test_the_model_is_quoted_for_both_languages() -> None:
    assert 'model="a\\"b"' in retry_sample("python", 'a"b')
