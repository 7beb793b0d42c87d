"""Real proxies from PyPI, as processes of their own on loopback, each ended with its with-statement: proxy.py for CONNECT with a password and for TLS inspection, pproxy for SOCKS."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from tests.network_lab.authority import signing

START_S = 20.0
USER = "lab:secret-of-the-proxy"


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


@contextlib.contextmanager
def _process(module: str, *arguments: str, port: int) -> Iterator[int]:
    """The module as a process, once it takes connections."""
    with tempfile.TemporaryDirectory(prefix="oai-tui-proxy-") as home:
        env = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8"}
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=home,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    ends_at = time.monotonic() + START_S
    while time.monotonic() < ends_at and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
    raise RuntimeError("the proxy did not start")


@contextlib.contextmanager
def with_password() -> Iterator[int]:
    """proxy.py that wants USER."""
    port = _free_port()
    with _process(
        "proxy",
        "--hostname",
        "127.0.0.1",
        "--port",
        str(port),
        "--basic-auth",
        USER,
        "--num-workers",
        "1",
        "--num-acceptors",
        "1",
        port=port,
    ) as found:
        yield found


@contextlib.contextmanager
def inspecting() -> Iterator[int]:
    """proxy.py that opens TLS and shows certificates of its own authority, whatever the server's own is."""
    port, (certificate, key) = _free_port(), signing()
    arguments = (
        "--hostname",
        "127.0.0.1",
        "--port",
        str(port),
        "--num-workers",
        "1",
        "--num-acceptors",
        "1",
        "--ca-cert-file",
        certificate,
        "--ca-key-file",
        key,
        "--ca-signing-key-file",
        key,
        "--insecure-tls-interception",
    )
    with _process("proxy", *arguments, port=port) as found:
        yield found


@contextlib.contextmanager
def socks() -> Iterator[int]:
    """pproxy that speaks SOCKS 5."""
    port = _free_port()
    with _process("pproxy", "-l", f"socks5://127.0.0.1:{port}", port=port) as found:
        yield found
