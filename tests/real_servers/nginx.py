"""nginx (Debian package nginx-light) as a front server."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from .certificates import self_signed
from .processes import LOOPBACK, Command, Running, refusing_port, running
from .tools import system_program

USER, PASSWORD, REALM = "tester", "right-password", "Internal tools"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def dead_upstream() -> contextlib.AbstractContextManager[Running]:
    """The server behind it refuses connections: 502."""
    return _dead()


@contextlib.contextmanager
def _dead() -> Iterator[Running]:
    with (
        refusing_port() as port,
        _site(f"location / {{ proxy_pass http://{LOOPBACK}:{port}; }}") as server,
    ):
        yield server


def basic_auth(origin: str) -> contextlib.AbstractContextManager[Running]:
    """It wants USER and PASSWORD as HTTP Basic: 401 with a realm."""
    return _site(
        f'auth_basic "{REALM}"; auth_basic_user_file passwords;'
        f" location / {{ proxy_pass {origin}; }}"
    )


def redirecting(status: int, target: str) -> contextlib.AbstractContextManager[Running]:
    """It redirects everything; `target` may use nginx variables: https://$host$request_uri."""
    return _site(f"location / {{ return {status} {target}; }}")


def stripping_authorization(origin: str) -> contextlib.AbstractContextManager[Running]:
    """It takes the Authorization header away before the server behind it sees the request."""
    return _site(f'location / {{ proxy_pass {origin}; proxy_set_header Authorization ""; }}')


def sub_path(origin: str) -> contextlib.AbstractContextManager[Running]:
    """It serves the API under /openai/v1 and nothing elsewhere: 404."""
    return _site(
        f"location /openai/v1/ {{ proxy_pass {origin}/v1/; }} location / {{ return 404; }}",
        path="/openai/v1",
    )


def impatient(origin: str, timeout_s: int = 1) -> contextlib.AbstractContextManager[Running]:
    """It waits only so long for the server behind it: 504."""
    return _site(f"location / {{ proxy_pass {origin}; proxy_read_timeout {timeout_s}s; }}")


def small_bodies(origin: str, limit: int = 64) -> contextlib.AbstractContextManager[Running]:
    """It takes bodies up to `limit` bytes: 413."""
    return _site(f"client_max_body_size {limit}; location / {{ proxy_pass {origin}; }}")


def static_pages() -> contextlib.AbstractContextManager[Running]:
    """A web application's pages: GET gives index.html for every path, POST gives 405."""
    return _site("root pages; location / { try_files $uri /index.html; }")


def forbidding() -> contextlib.AbstractContextManager[Running]:
    """It refuses every address: 403."""
    return _site("deny all; root pages; location / { try_files $uri /index.html; }")


def rate_limited(origin: str) -> contextlib.AbstractContextManager[Running]:
    """One request a minute: 429 from the second request on."""
    return _site(
        f"location / {{ limit_req zone=all; limit_req_status 429; proxy_pass {origin}; }}",
        http="limit_req_zone $binary_remote_addr zone=all:64k rate=1r/m;",
    )


def short_headers(origin: str) -> contextlib.AbstractContextManager[Running]:
    """It takes header lines up to 512 bytes: 400 for a longer key."""
    return _site(
        "client_header_buffer_size 512; large_client_header_buffers 1 512;"
        f" location / {{ proxy_pass {origin}; }}"
    )


def tls_port() -> contextlib.AbstractContextManager[Running]:
    """It speaks TLS only: 400 for a request in plain HTTP. `base_url` is the http one."""
    return _site("root pages;", listen="ssl", tls=True)


def _site(
    site: str, *, http: str = "", path: str = "/v1", listen: str = "", tls: bool = False
) -> contextlib.AbstractContextManager[Running]:
    program = system_program("nginx")

    def setup(port: int, folder: Path) -> Command:
        (folder / "passwords").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        (folder / "pages").mkdir()
        (folder / "pages" / "index.html").write_text("<!doctype html><title>Chat</title>\n")
        inside = site
        if tls:
            certificate, key = self_signed(folder)
            inside += f" ssl_certificate {certificate}; ssl_certificate_key {key};"
        temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        # Without this, workers of a master that runs as root cannot read the folder.
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user} daemon off; worker_processes 1; pid {folder}/nginx.pid;\n"
            "events { worker_connections 64; }\n"
            f"http {{ access_log off; {temporary} {http}\n"
            f"server {{ listen {LOOPBACK}:{port} {listen}; {inside} }} }}\n"
        )
        return Command(
            argv=[program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
        )

    return running(setup, path=path)
