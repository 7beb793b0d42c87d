"""HAProxy (Debian package haproxy) as a front server."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from .processes import LOOPBACK, Command, Running, refusing_port, running
from .tools import system_program

USER, PASSWORD, REALM = "tester", "right-password", "Internal"


def without_servers() -> contextlib.AbstractContextManager[Running]:
    """Its backend has no server: 503."""
    return _started("", "")


@contextlib.contextmanager
def server_down() -> Iterator[Running]:
    """Its backend's only server failed the health check: 503. Waits until the check has failed."""
    with refusing_port() as port:
        server = f"server one {LOOPBACK}:{port} check inter 100ms fall 1"
        with _started("", server) as started:
            _until(started, "is DOWN")
            yield started


@contextlib.contextmanager
def refused() -> Iterator[Running]:
    """Its backend's server refuses connections, and nothing checks it: 503."""
    with refusing_port() as port, _started("", f"server one {LOOPBACK}:{port}") as started:
        yield started


def impatient(
    upstream_port: int, timeout_ms: int = 500
) -> contextlib.AbstractContextManager[Running]:
    """It waits only so long for the server behind it: 504."""
    return _started("", f"timeout server {timeout_ms}ms\n  server one {LOOPBACK}:{upstream_port}")


def basic_auth(upstream_port: int) -> contextlib.AbstractContextManager[Running]:
    """It wants USER and PASSWORD as HTTP Basic: 401 with a realm."""
    rule = f"http-request auth realm {REALM} unless {{ http_auth(people) }}"
    return _started(rule, f"server one {LOOPBACK}:{upstream_port}")


def denying() -> contextlib.AbstractContextManager[Running]:
    """A rule refuses every request: 403."""
    return _started("http-request deny", "")


def rate_limited(upstream_port: int) -> contextlib.AbstractContextManager[Running]:
    """One request a minute: 429 from the second request on."""
    rules = (
        "stick-table type ip size 100 expire 60s store http_req_rate(60s)\n"
        "  http-request track-sc0 src\n"
        "  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1 }"
    )
    return _started(rules, f"server one {LOOPBACK}:{upstream_port}")


def redirecting(status: int = 301) -> contextlib.AbstractContextManager[Running]:
    """It redirects every request to https."""
    return _started(f"http-request redirect scheme https code {status}", "")


def _started(rules: str, backend: str) -> contextlib.AbstractContextManager[Running]:
    program = system_program("haproxy")

    def setup(port: int, folder: Path) -> Command:
        (folder / "haproxy.cfg").write_text(
            "global\n  maxconn 50\n  log stdout format raw local0\n"
            f"userlist people\n  user {USER} insecure-password {PASSWORD}\n"
            "defaults\n  mode http\n  log global\n  retries 0\n"
            "  timeout connect 1s\n  timeout client 5s\n  timeout server 5s\n"
            f"frontend front\n  bind {LOOPBACK}:{port}\n  {rules}\n  default_backend back\n"
            f"backend back\n  {backend}\n"
        )
        return Command(argv=[program, "-db", "-f", folder / "haproxy.cfg"])

    return running(setup)


def _until(started: Running, words: str, patience_s: float = 5.0) -> None:
    ends_at = time.monotonic() + patience_s
    while words not in started.output():
        if time.monotonic() > ends_at:
            raise TimeoutError(f"{words!r} did not come: {started.output()}")
        httpx.get(started.base_url, trust_env=False)
        time.sleep(0.05)
