"""Real proxies from PyPI, as processes on loopback that end with their with-statement.

proxy.py does CONNECT with a password and TLS interception, pproxy SOCKS.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import certifi

from tests.network_lab.authority import signing

START_S = 60.0
"""Seconds for a proxy to start: a guard, not a measurement."""
USER = "lab:secret-of-the-proxy"


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


@contextlib.contextmanager
def _process(module: str, *arguments: str, port: int) -> Iterator[int]:
    """Run a module as a process, and wait until it accepts connections."""
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
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
    raise RuntimeError("the proxy did not start")


@contextlib.contextmanager
def with_password() -> Iterator[int]:
    """proxy.py, which wants the user and password in USER."""
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
    ) as started:
        yield started


@contextlib.contextmanager
def inspecting() -> Iterator[int]:
    """proxy.py, which intercepts TLS with certificates of its own authority."""
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
        "--ca-file",
        certifi.where(),
        "--insecure-tls-interception",
    )
    with _process("proxy", *arguments, port=port) as started:
        yield started


@contextlib.contextmanager
def socks() -> Iterator[int]:
    """pproxy as a SOCKS 5 proxy."""
    port = _free_port()
    with _process("pproxy", "-l", f"socks5://127.0.0.1:{port}", port=port) as started:
        yield started
