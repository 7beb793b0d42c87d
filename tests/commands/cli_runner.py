"""Runs the program as people do: another process, a clean environment, no terminal. And servers on loopback that say whatever a test needs."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
GOOD_KEY = "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 73 + "A"
TERMINATE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CliResult:
    """How the program ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)

    @property
    def cause(self) -> str | None:
        """The cause in the JSON report."""
        found: str | None = self.document["verdict"]["cause"]
        return found


def environment(home: Path, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment in which nothing of this machine's settings is left."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        **(variables or {}),
    }


def run_cli(
    arguments: list[str],
    home: Path,
    variables: Mapping[str, str] | None = None,
    *,
    typed: bytes = b"",
) -> CliResult:
    """Run `oai-tui` with these arguments in `home` and wait for its end."""
    done = subprocess.run(
        [sys.executable, "-m", "oai_tui", *arguments],
        cwd=home,
        env=environment(home, variables),
        input=typed,
        capture_output=True,
        timeout=TERMINATE_S,
        check=False,
    )
    return CliResult(
        code=done.returncode, out=done.stdout.decode("utf-8"), err=done.stderr.decode("utf-8")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def has_key(self) -> bool:
        """Whether a key came with it."""
        return "authorization" in self.headers


Reply = Callable[[ReceivedRequest], bytes | None]
"""What to send back, head and body; None to answer nothing for as long as the client stays."""


def http_response(status: str, body: str | bytes | dict[str, Any], **headers: str) -> bytes:
    """A whole HTTP/1.1 answer. A dict becomes JSON. Underscores in the headers' names are hyphens."""
    kind = "application/json" if isinstance(body, dict) else "text/html; charset=utf-8"
    raw = (
        json.dumps(body).encode()
        if isinstance(body, dict)
        else body.encode()
        if isinstance(body, str)
        else body
    )
    named = {
        "content-type": kind,
        "content-length": str(len(raw)),
        "connection": "close",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return (
        f"HTTP/1.1 {status}\r\n".encode()
        + "".join(f"{name}: {value}\r\n" for name, value in named.items()).encode("latin-1")
        + b"\r\n"
        + raw
    )


@contextlib.contextmanager
def canned_server(reply: Reply) -> Iterator[str]:
    """A server on a free loopback port that answers every request with `reply`; gives its base URL with /v1."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def converse(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            asked = _read(connection)
            said = reply(asked) if asked else b""
            if said is None:
                held.append(connection)
                return
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            connection.close()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=converse, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        listener.close()
        for connection in held:
            connection.close()


def _read(connection: socket.socket) -> ReceivedRequest | None:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return None
        head += piece
    top, _, rest = head.partition(b"\r\n\r\n")
    first, *lines = top.decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    missing = int(headers.get("content-length", "0")) - len(rest)
    while missing > 0 and (piece := connection.recv(65536)):
        missing -= len(piece)
    method, path, _ = first.split(" ")
    return ReceivedRequest(method=method, path=path, headers=headers)
