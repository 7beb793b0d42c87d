"""The faults of the network lab by name, each with the cause that a walk must select.

Data and functions that set the stage. The servers are in tests/fault_server.py and servers.py,
real proxies in proxies.py.
"""

import contextlib
import json
import socket
from collections.abc import Iterator

from tests import fault_server
from tests.fault_server import (
    OK,
    Handler,
    Server,
    answering,
    dripping,
    full_backlog,
    html_answer,
    json_answer,
    refusing,
    serving,
)
from tests.network_lab import authority, proxies, servers
from tests.network_lab.fault import HOST, OPENAI, Fault, Machine, Stage

SHORT_IP = "127.1"
"""The loopback address in a form that no client recognizes, so that proxies are used for it."""


def url(port: int, scheme: str = "https", host: str = HOST, path: str = "/v1") -> str:
    return f"{scheme}://{host}:{port}{path}"


def trusting(**more: str) -> dict[str, str]:
    return {"SSL_CERT_FILE": authority.trusted(), **more}


def secure(
    handler: Handler,
    *,
    host: str = HOST,
    names: dict[str, tuple[str, ...]] | None = None,
    path: str = "/v1",
    gateway: bool = True,
    **env: str,
) -> Stage:
    """A server whose certificate is trusted."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with serving(handler, authority.tls(host)) as server:
            yield Machine(
                base_url=url(server.port, host=host, path=path),
                env=trusting(**env),
                names=names or {host: ("127.0.0.1",)},
                servers=(server,),
                gateway=gateway,
            )

    return stage


def flawed(name: str, when: str = "valid", **env: str) -> Stage:
    """A server whose certificate has a flaw, or is unknown if `env` trusts no authority."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with serving(servers.openai(), authority.tls(name, when)) as server:
            yield Machine(base_url=url(server.port), env=env or trusting(), servers=(server,))

    return stage


def raw(handler: Handler) -> Stage:
    """A handler on the TLS port that does the handshake itself, or breaks it."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with serving(handler) as server:
            yield Machine(base_url=url(server.port), servers=(server,))

    return stage


@contextlib.contextmanager
def refused() -> Iterator[Machine]:
    """Nothing listens on the port."""
    with refusing() as port:
        yield Machine(base_url=url(port))


@contextlib.contextmanager
def full() -> Iterator[Machine]:
    """The queue of the port is full."""
    with full_backlog() as port:
        yield Machine(base_url=url(port))


def bundle(file: str, *, public: bool = False) -> Stage:
    """SSL_CERT_FILE names a bundle. `public`: certifi knows the server's authority."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with serving(servers.openai(), authority.tls(HOST)) as server:
            yield Machine(
                base_url=url(server.port),
                env={"SSL_CERT_FILE": file} if file else {},
                public_store=authority.trusted() if public else authority.another(),
                servers=(server,),
            )

    return stage


def proxied(handler: Handler, *, direct: bool, scheme: str = "http") -> Stage:
    """A faulty proxy and a healthy server. `direct`: the server can be reached without it."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with serving(handler) as proxy, serving(servers.openai(), authority.tls(HOST)) as server:
            yield Machine(
                base_url=url(server.port),
                env=trusting(HTTPS_PROXY=f"{scheme}://127.0.0.1:{proxy.port}"),
                names={HOST: ("127.0.0.1",)} if direct else {},
                servers=(proxy, server),
            )

    return stage


def proxy_named(value: str) -> Stage:
    """HTTPS_PROXY has this value; {port} in it is a port on which nothing listens."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with refusing() as port, serving(servers.openai(), authority.tls(HOST)) as server:
            yield Machine(
                base_url=url(server.port),
                env=trusting(HTTPS_PROXY=value.format(port=port)),
                servers=(server,),
            )

    return stage


def with_password(user: str) -> Stage:
    """proxy.py wants a password. `user`: what comes before the host in HTTPS_PROXY."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with (
            proxies.with_password() as port,
            serving(servers.openai(), authority.tls(SHORT_IP)) as server,
        ):
            yield Machine(
                base_url=url(server.port, host=SHORT_IP),
                env=trusting(HTTPS_PROXY=f"http://{user}127.0.0.1:{port}"),
                servers=(server,),
            )

    return stage


def inspected(*, known: bool) -> Stage:
    """proxy.py intercepts TLS. `known`: the machine trusts its authority."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with (
            proxies.inspecting() as port,
            serving(servers.openai(), authority.tls(SHORT_IP)) as server,
        ):
            store = {"SSL_CERT_FILE": authority.signing()[0]} if known else {}
            yield Machine(
                base_url=url(server.port, host=SHORT_IP),
                env={"HTTPS_PROXY": f"http://127.0.0.1:{port}", **store},
                servers=(server,),
            )

    return stage


@contextlib.contextmanager
def through_socks() -> Iterator[Machine]:
    """ALL_PROXY is a SOCKS proxy."""
    with proxies.socks() as port, serving(servers.openai(), authority.tls(SHORT_IP)) as server:
        yield Machine(
            base_url=url(server.port, host=SHORT_IP),
            env=trusting(ALL_PROXY=f"socks5://127.0.0.1:{port}"),
            servers=(server,),
        )


@contextlib.contextmanager
def ipv6_black_hole() -> Iterator[Machine]:
    """The host has an IPv6 address that never answers, and an IPv4 address that does."""
    with (
        full_backlog("::1") as port,
        serving(servers.openai(), authority.tls(HOST), port=port) as server,
    ):
        yield Machine(
            base_url=url(port),
            env=trusting(),
            names={HOST: ("::1", "127.0.0.1")},
            servers=(server,),
        )


@contextlib.contextmanager
def sinkhole() -> Iterator[Machine]:
    """The name of OpenAI's host resolves to this machine."""
    with refusing() as port:
        yield Machine(base_url=url(port, host=OPENAI), names={OPENAI: ("127.0.0.1",)})


def unknown_name(*, control: tuple[str, ...] = ()) -> Stage:
    """The host's name does not resolve. `control`: addresses of the control host, if it does."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        yield Machine(
            base_url="https://api.lab.example/v1",
            names={"control.example": control} if control else {},
        )

    return stage


def openai_down(answer: bytes, status: bytes) -> Stage:
    """OpenAI's host answers with an error, and its status page with `status`."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with (
            serving(answering(status)) as page,
            serving(answering(answer), authority.tls(OPENAI)) as server,
        ):
            yield Machine(
                base_url=url(server.port, host=OPENAI),
                env=trusting(),
                names={OPENAI: ("127.0.0.1",)},
                servers=(server, page),
                status_url=page.url().removesuffix("/v1"),
            )

    return stage


def only_on(path: str) -> Handler:
    """A server that answers as OpenAI does below one path, and elsewhere 404 as a gateway does."""
    refusal = json_answer(
        "401 Unauthorized",
        json.dumps({"error": dict(servers.MISSING_KEY)}).encode(),
        b"Connection: close",
        b"openai-version: 2020-10-01",
    )
    not_found = json_answer("404 Not Found", b'{"detail": "Not Found"}', b"Connection: close")

    def handle(connection: socket.socket, server: Server) -> None:
        request = fault_server.read_request(connection, server)
        is_known = request.startswith(f"GET {path}/models ".encode())
        connection.sendall(refusal if is_known else not_found)

    return handle


CHALLENGE = html_answer(
    "403 Forbidden",
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    '<script src="/cdn-cgi/challenge-platform/x"></script></body></html>',
    "Server: cloudflare",
    "cf-ray: 0123456789abcdef-FRA",
)
BLOCKED = html_answer(
    "403 Forbidden",
    "<!DOCTYPE html><html><title>Attention Required! | Cloudflare</title>"
    "<h1>Sorry, you have been blocked</h1><p>Error 1020</p></html>",
    "Server: cloudflare",
)
FILTER = html_answer(
    "403 Forbidden",
    "<html><title>FortiGuard Intrusion Prevention - Access Blocked</title>"
    "<body>Web Page Blocked! Category: Artificial Intelligence</body></html>",
)
PORTAL = html_answer(
    "200 OK",
    "<!DOCTYPE html><html><title>Hotel Example Wi-Fi login</title>"
    "<body><form>Room number</form></body></html>",
)
SITE = html_answer(
    "200 OK", "<!DOCTYPE html><html><title>Welcome to nginx!</title><body>It works</body></html>"
)
LITELLM = json_answer(
    "401 Unauthorized",
    b'{"error": {"message": "Authentication Error, No api key passed in.", "type": "auth_error",'
    b' "param": "None", "code": "401"}}',
    b"x-litellm-version: 1.106.2",
    b"Connection: close",
)
OVERLOADED = json_answer(
    "503 Service Unavailable",
    b'{"error": {"message": "The server is currently overloaded",'
    b' "type": "service_unavailable_error", "param": null, "code": "server_is_overloaded"}}',
    b"openai-version: 2020-10-01",
    b"Connection: close",
)
INCIDENT = json_answer(
    "200 OK",
    b'{"status": {"indicator": "major", "description": "Partial System Outage"}}',
    b"Connection: close",
)
PROXY_FILTER = html_answer(
    "403 Forbidden",
    "<html><title>Internet Security by Zscaler</title>"
    "<body>Sorry, this page is blocked</body></html>",
)
PROXY_SQUID = html_answer(
    "503 Service Unavailable",
    "<html><body>Generated by proxy.example (squid/6.6)</body></html>",
    "X-Squid-Error: ERR_CONNECT_FAIL 111",
)


FAULTS: dict[str, Fault] = {
    "nothing wrong": Fault(stage=secure(servers.openai()), cause=None),
    # name
    "a name that does not resolve, beside one that does": Fault(
        stage=unknown_name(control=("192.0.2.1",)),
        cause="dns-failure",
        says=("resolves on this machine, but this name doesn't",),
    ),
    "no name resolves": Fault(stage=unknown_name(), cause="dns-failure", says=("offline",)),
    "OpenAI's name leads to this machine": Fault(
        stage=sinkhole,
        cause="connection-blocked",
        sdk=("connection-refused",),
        says=("not a public address",),
    ),
    # connect
    "refused": Fault(stage=refused, cause="connection-refused"),
    "backlog full": Fault(
        stage=full, cause="connection-timeout", limit_s=2, says=("IPv4 doesn't respond",)
    ),
    "IPv6 black hole": Fault(
        stage=ipv6_black_hole,
        cause=None,
        says=("IPv6 to api.lab.example doesn't respond",),
        limit_s=4,
    ),
    # TLS
    "accepted but silent": Fault(
        stage=raw(fault_server.silent),
        cause="response-timeout",
        limit_s=2,
        sdk=("connection-timeout",),
    ),
    "reset before TLS": Fault(stage=raw(fault_server.reset_at_once), cause="connection-reset"),
    "reset inside TLS": Fault(
        stage=raw(fault_server.reset_after_greeting), cause="connection-reset"
    ),
    "reset inside TLS because of the name": Fault(
        stage=raw(fault_server.resetting_if_named(HOST)),
        cause="network-filter-blocked",
        sdk=("connection-reset",),
        says=("filters by host name",),
    ),
    "reset after TLS": Fault(
        stage=secure(fault_server.reset_after_request), cause="connection-reset"
    ),
    "plain HTTP on the TLS port": Fault(
        stage=raw(fault_server.plain_http_only),
        cause="tls-protocol",
        says=("plain HTTP on this port",),
    ),
    "garbage on the TLS port": Fault(stage=raw(fault_server.smtp_banner), cause="tls-protocol"),
    "an unknown certificate": Fault(
        stage=flawed(HOST, SSL_CERT_FILE=authority.another()),
        cause="tls-untrusted",
        says=(authority.ISSUER,),
    ),
    "an expired certificate": Fault(
        stage=flawed(HOST, "expired"), cause="tls-certificate-invalid", says=("expired on",)
    ),
    "a certificate not yet valid": Fault(
        stage=flawed(HOST, "not yet valid"),
        cause="tls-certificate-invalid",
        sdk=("clock-skew",),
        says=("is not valid before",),
    ),
    "another host's certificate": Fault(
        stage=flawed("intranet.example"),
        cause="tls-certificate-invalid",
        says=("intranet.example",),
    ),
    "a CA bundle that is missing": Fault(
        stage=bundle("/nonexistent/company-ca.pem"),
        cause="ca-bundle-broken",
        says=("it doesn't exist",),
    ),
    "a CA bundle of garbage": Fault(
        stage=bundle(authority.garbage()),
        cause="ca-bundle-broken",
        sdk=("tls-untrusted",),
        says=("contains no PEM certificate",),
    ),
    "a stale CA bundle": Fault(
        stage=bundle(authority.another(), public=True),
        cause="ca-bundle-broken",
        sdk=("tls-untrusted",),
    ),
    "a system store without a public authority": Fault(
        stage=bundle("", public=True),
        cause="tls-untrusted",
        says=("certifi trusts this certificate",),
    ),
    # proxies
    "an authenticating proxy, no password": Fault(
        stage=with_password(""), cause="proxy-auth-required", says=("Basic",)
    ),
    "an authenticating proxy, the right password": Fault(
        stage=with_password(proxies.USER + "@"), cause=None
    ),
    "a dead proxy, and OpenAI there without it": Fault(
        stage=proxy_named("http://127.0.0.1:{port}"),
        cause="proxy-unreachable",
        sdk=("connection-refused",),
    ),
    "a proxy without a name": Fault(
        stage=proxy_named("http://proxy.lab.invalid:3128"),
        cause="proxy-unreachable",
        sdk=("dns-failure",),
        says=("host name doesn't resolve",),
    ),
    "a proxy that refuses with a filter's page": Fault(
        stage=proxied(answering(PROXY_FILTER), direct=False),
        cause="network-filter-blocked",
        says=("Zscaler",),
        sdk=("proxy-interference",),
    ),
    "a proxy that cannot connect": Fault(
        stage=proxied(answering(PROXY_SQUID), direct=False),
        cause="proxy-interference",
        says=("ERR_CONNECT_FAIL",),
    ),
    "a proxy that cannot connect, and OpenAI there without it": Fault(
        stage=proxied(answering(fault_server.PROXY_502), direct=True), cause="proxy-interference"
    ),
    "a proxy that dies after its tunnel": Fault(
        stage=proxied(fault_server.tunneling_to(fault_server.close_at_once), direct=True),
        cause="proxy-interference",
        sdk=("connection-reset", "tls-protocol"),
    ),
    "a proxy that stays silent": Fault(
        stage=proxied(fault_server.silent, direct=True),
        cause="proxy-interference",
        sdk=("response-timeout", "connection-timeout"),
        limit_s=4,
    ),
    "an https proxy that speaks plain HTTP": Fault(
        stage=proxied(fault_server.plain_http_only, direct=False, scheme="https"),
        cause="proxy-misconfigured",
        sdk=("tls-protocol",),
    ),
    "a proxy in quotes": Fault(
        stage=proxy_named('"http://127.0.0.1:{port}"'),
        cause="proxy-misconfigured",
        says=("quotes",),
    ),
    "a proxy with socks://": Fault(
        stage=proxy_named("socks://127.0.0.1:{port}"),
        cause="proxy-misconfigured",
        says=("socks5://",),
    ),
    "a dead SOCKS proxy": Fault(
        stage=proxy_named("socks5://127.0.0.1:{port}"),
        cause="proxy-unreachable",
        sdk=("connection-refused",),
    ),
    "SOCKS with support": Fault(stage=through_socks, cause=None),
    "TLS inspection, not trusted": Fault(
        stage=inspected(known=False), cause="tls-untrusted", says=("Zscaler",)
    ),
    "TLS inspection, trusted here": Fault(
        stage=inspected(known=True), cause=None, says=("NODE_EXTRA_CA_CERTS", "Zscaler")
    ),
    # answer
    "half a header": Fault(
        stage=secure(answering(b"HTTP/1.1 200 OK\r\nContent-Ty")), cause="connection-reset"
    ),
    "a slow drip": Fault(
        stage=secure(dripping(OK + b"Content-Length: 100000\r\n\r\n", b"x")),
        cause="response-timeout",
        limit_s=2,
    ),
    "a portal's page": Fault(
        stage=secure(answering(PORTAL)),
        cause="network-filter-blocked",
        says=("portal",),
        sdk=("base-url-wrong",),
    ),
    "a portal's redirect": Fault(
        stage=secure(fault_server.redirecting_to("https://login.hotel.invalid/")),
        cause="gateway-refused",
        says=("login.hotel.invalid", "in a browser"),
        sdk=("dns-failure",),
    ),
    "a redirect to another host": Fault(
        stage=secure(fault_server.redirecting_to("https://elsewhere.invalid/v1/models")),
        cause="base-url-wrong",
        says=("https://elsewhere.invalid/v1",),
        sdk=("dns-failure",),
    ),
    "a filter's page": Fault(
        stage=secure(answering(FILTER)), cause="network-filter-blocked", says=("Forti",)
    ),
    "Cloudflare's challenge": Fault(stage=secure(answering(CHALLENGE)), cause="edge-blocked"),
    "Cloudflare's block": Fault(stage=secure(answering(BLOCKED)), cause="edge-blocked"),
    "a plain web site": Fault(
        stage=secure(answering(SITE)), cause="base-url-wrong", sdk=("network-filter-blocked",)
    ),
    "a gateway": Fault(
        stage=secure(answering(LITELLM), gateway=False),
        cause="other-server-answered",
        says=("LiteLLM",),
    ),
    "a base URL without /v1": Fault(
        stage=secure(only_on("/v1"), path=""),
        cause="base-url-wrong",
        sdk=("other-server-answered",),
    ),
    "a base URL with a path too many": Fault(
        stage=secure(only_on("/v1"), path="/openai/v1"),
        cause="base-url-wrong",
        sdk=("other-server-answered",),
        says=("Use https://api.lab.example",),
    ),
    "a gzip bomb": Fault(
        stage=secure(
            answering(
                OK
                + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n"
                + fault_server.gzip_bomb()
            )
        ),
        cause="other-server-answered",
    ),
    "an endless body": Fault(
        stage=secure(
            fault_server.pouring(OK + b"Connection: close\r\n\r\n", fault_server.MEGABYTE, 2000)
        ),
        cause="other-server-answered",
        limit_s=4,
    ),
    "a clock ten minutes off": Fault(
        stage=secure(servers.openai(clock_s=600)), cause=None, says=("clock is", "behind")
    ),
    "OpenAI overloaded, its status page tells": Fault(
        stage=openai_down(OVERLOADED, INCIDENT),
        cause="service-overloaded",
        says=("Partial System Outage",),
    ),
    "OpenAI overloaded, no status page": Fault(
        stage=openai_down(OVERLOADED, b"HTTP/1.1 500 No\r\n\r\n"),
        cause="service-overloaded",
        says=("the service status is unknown",),
    ),
}
