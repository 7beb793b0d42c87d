"""Every fault of the laboratory by its name, with the cause it must be found to have. Data and small stages; who plays which part is in servers.py and proxies.py."""

import contextlib
import socket
from collections.abc import Iterator

from tests import fault_server as faults
from tests.fault_server import (
    OK,
    Server,
    Treat,
    answering,
    dripping,
    full_backlog,
    json_answer,
    refusing,
    serving,
)
from tests.network_lab import authority, proxies, servers
from tests.network_lab.fault import HOST, OPENAI, Fault, Machine, Stage

SHORT_IP = "127.1"
"""The loopback address in a form that no client takes for this machine, so that proxies are used for it and can reach it."""


def url(port: int, scheme: str = "https", host: str = HOST, path: str = "/v1") -> str:
    return f"{scheme}://{host}:{port}{path}"


def trusting(**more: str) -> dict[str, str]:
    return {"SSL_CERT_FILE": authority.trusted(), **more}


def secure(
    treat: Treat,
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
        with serving(treat, authority.tls(host)) as server:
            yield Machine(
                base_url=url(server.port, host=host, path=path),
                env=trusting(**env),
                names=names or {host: ("127.0.0.1",)},
                servers=(server,),
                gateway=gateway,
            )

    return stage


def shaken(name: str, when: str = "valid", **env: str) -> Stage:
    """A server whose certificate is flawed, or unknown where `env` trusts nothing."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with serving(servers.openai(), authority.tls(name, when)) as server:
            yield Machine(base_url=url(server.port), env=env or trusting(), servers=(server,))

    return stage


def raw(treat: Treat) -> Stage:
    """Something on the TLS port that does the handshake itself, or spoils it."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with serving(treat) as server:
            yield Machine(base_url=url(server.port), servers=(server,))

    return stage


@contextlib.contextmanager
def refused() -> Iterator[Machine]:
    with refusing() as port:
        yield Machine(base_url=url(port))


@contextlib.contextmanager
def full() -> Iterator[Machine]:
    with full_backlog() as port:
        yield Machine(base_url=url(port))


def bundle(file: str, *, public: bool = False) -> Stage:
    """SSL_CERT_FILE names a bundle; `public`: whether the authority is one that certifi knows."""

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


def proxied(treat: Treat, *, direct: bool, scheme: str = "http") -> Stage:
    """A proxy that is no good, and a sound server that can (or cannot) be reached without it."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        with serving(treat) as proxy, serving(servers.openai(), authority.tls(HOST)) as server:
            yield Machine(
                base_url=url(server.port),
                env=trusting(HTTPS_PROXY=f"{scheme}://127.0.0.1:{proxy.port}"),
                names={HOST: ("127.0.0.1",)} if direct else {},
                servers=(proxy, server),
            )

    return stage


def proxy_named(value: str) -> Stage:
    """A proxy variable with this value; {port} is a port where nothing listens."""

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
    """proxy.py wants a password."""

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
    """proxy.py reads TLS with an authority that the machine knows, or does not."""

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
    with proxies.socks() as port, serving(servers.openai(), authority.tls(SHORT_IP)) as server:
        yield Machine(
            base_url=url(server.port, host=SHORT_IP),
            env=trusting(ALL_PROXY=f"socks5://127.0.0.1:{port}"),
            servers=(server,),
        )


@contextlib.contextmanager
def ipv6_black_hole() -> Iterator[Machine]:
    with (
        servers.black_hole() as port,
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
    with refusing() as port:
        yield Machine(base_url=url(port, host=OPENAI), names={OPENAI: ("127.0.0.1",)})


def unknown_name(**names: tuple[str, ...]) -> Stage:
    """The host's name does not resolve; others may."""

    @contextlib.contextmanager
    def stage() -> Iterator[Machine]:
        yield Machine(
            base_url="https://api.lab.example/v1",
            names={"control.example": names["control"]} if names else {},
        )

    return stage


def openai_down(answer: bytes, status: bytes) -> Stage:
    """OpenAI's own host answers with a fault, and its status page with `status`."""

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


def only_on(path: str) -> Treat:
    """OpenAI's manner below one path, and a gateway's 404 elsewhere."""

    def treat(connection: socket.socket, server: Server) -> None:
        request = faults.read_request(connection, server)
        body = b'{"error": {"message": "Missing bearer authentication in header", "type": "invalid_request_error", "param": null, "code": null}}'
        hit = request.startswith(f"GET {path}/models ".encode())
        connection.sendall(
            json_answer(
                "401 Unauthorized" if hit else "404 Not Found",
                body if hit else b'{"detail": "Not Found"}',
                b"Connection: close",
                *([b"openai-version: 2020-10-01"] if hit else []),
            )
        )

    return treat


CHALLENGE = servers.page(
    "403 Forbidden",
    '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><script src="/cdn-cgi/challenge-platform/x"></script></body></html>',
    "Server: cloudflare",
    "cf-ray: 0123456789abcdef-FRA",
)
BLOCKED = servers.page(
    "403 Forbidden",
    "<!DOCTYPE html><html><title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1><p>Error 1020</p></html>",
    "Server: cloudflare",
)
FILTER = servers.page(
    "403 Forbidden",
    "<html><title>FortiGuard Intrusion Prevention - Access Blocked</title><body>Web Page Blocked! Category: Artificial Intelligence</body></html>",
)
PORTAL = servers.page(
    "200 OK",
    "<!DOCTYPE html><html><title>Hotel Example Wi-Fi login</title><body><form>Room number</form></body></html>",
)
SITE = servers.page(
    "200 OK", "<!DOCTYPE html><html><title>Welcome to nginx!</title><body>It works</body></html>"
)
LITELLM = json_answer(
    "401 Unauthorized",
    b'{"error": {"message": "Authentication Error, No api key passed in.", "type": "auth_error", "param": "None", "code": "401"}}',
    b"x-litellm-version: 1.106.2",
    b"Connection: close",
)
OVERLOADED = json_answer(
    "503 Service Unavailable",
    b'{"error": {"message": "The server is currently overloaded", "type": "service_unavailable_error", "param": null, "code": "server_is_overloaded"}}',
    b"openai-version: 2020-10-01",
    b"Connection: close",
)
INCIDENT = json_answer(
    "200 OK",
    b'{"status": {"indicator": "major", "description": "Partial System Outage"}}',
    b"Connection: close",
)
PROXY_FILTER = servers.page(
    "403 Forbidden",
    "<html><title>Internet Security by Zscaler</title><body>Sorry, this page is blocked</body></html>",
)
PROXY_SQUID = servers.page(
    "503 Service Unavailable",
    "<html><body>Generated by proxy.example (squid/6.6)</body></html>",
    "X-Squid-Error: ERR_CONNECT_FAIL 111",
)


def _dies(connection: socket.socket, server: Server) -> None:
    connection.close()


def _mute(connection: socket.socket, server: Server) -> None:
    server.over.wait(10)


FAULTS: dict[str, Fault] = {
    "nothing wrong": Fault(stage=secure(servers.openai()), cause=None),
    # name
    "a name that does not resolve, beside one that does": Fault(
        stage=unknown_name(control=("192.0.2.1",)),
        cause="dns-failure",
        says=("resolves on this machine and this name does not",),
    ),
    "no name resolves": Fault(stage=unknown_name(), cause="dns-failure", says=("offline",)),
    "OpenAI's name leads to this machine": Fault(
        stage=sinkhole,
        cause="network-filter-blocked",
        sdk=("connection-refused",),
        says=("no public address",),
    ),
    # connect
    "refused": Fault(stage=refused, cause="connection-refused"),
    "backlog full": Fault(
        stage=full, cause="connection-timeout", limit_s=2, says=("IPv4 stays silent",)
    ),
    "IPv6 black hole": Fault(
        stage=ipv6_black_hole, cause=None, says=("IPv6 to api.lab.example stays silent",)
    ),
    # TLS
    "accepted but silent": Fault(
        stage=raw(faults.silent), cause="response-timeout", limit_s=2, sdk=("connection-timeout",)
    ),
    "reset before TLS": Fault(stage=raw(faults.reset_at_once), cause="connection-reset"),
    "reset inside TLS": Fault(stage=raw(servers.reset_inside), cause="connection-reset"),
    "reset inside TLS because of the name": Fault(
        stage=raw(servers.resets_named),
        cause="network-filter-blocked",
        sdk=("connection-reset",),
        says=("goes by the name",),
    ),
    "reset after TLS": Fault(stage=secure(faults.reset_after_request), cause="connection-reset"),
    "plain HTTP on the TLS port": Fault(
        stage=raw(faults.plain_http_only), cause="tls-protocol", says=("plain HTTP is spoken here",)
    ),
    "garbage on the TLS port": Fault(stage=raw(servers.babbles), cause="tls-protocol"),
    "an unknown certificate": Fault(
        stage=shaken(HOST, SSL_CERT_FILE=authority.another()),
        cause="tls-untrusted",
        says=(authority.ISSUER,),
    ),
    "an expired certificate": Fault(
        stage=shaken(HOST, "expired"), cause="tls-certificate-invalid", says=("ended on",)
    ),
    "a certificate not yet valid": Fault(
        stage=shaken(HOST, "not yet valid"),
        cause="tls-certificate-invalid",
        sdk=("clock-skew",),
        says=("begins on",),
    ),
    "another host's certificate": Fault(
        stage=shaken("intranet.example"),
        cause="tls-certificate-invalid",
        says=("intranet.example",),
    ),
    "a CA bundle that is missing": Fault(
        stage=bundle("/nonexistent/company-ca.pem"),
        cause="ca-bundle-broken",
        says=("does not exist",),
    ),
    "a CA bundle of garbage": Fault(
        stage=bundle(authority.garbage()),
        cause="ca-bundle-broken",
        sdk=("tls-untrusted",),
        says=("no certificate",),
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
        stage=with_password(""), cause="proxy-auth-required", says=("Basic",), limit_s=8
    ),
    "an authenticating proxy, the right password": Fault(
        stage=with_password(proxies.USER + "@"), cause=None, limit_s=8
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
        says=("own name does not resolve",),
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
        stage=proxied(answering(faults.PROXY_502), direct=True), cause="proxy-interference"
    ),
    "a proxy that dies after its tunnel": Fault(
        stage=proxied(servers.tunnels_then(_dies), direct=True),
        cause="proxy-interference",
        sdk=("connection-reset", "tls-protocol"),
    ),
    "a proxy that stays silent": Fault(
        stage=proxied(_mute, direct=True),
        cause="proxy-interference",
        sdk=("response-timeout", "connection-timeout"),
        limit_s=4,
    ),
    "an https proxy that speaks plain HTTP": Fault(
        stage=proxied(faults.plain_http_only, direct=False, scheme="https"),
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
    "SOCKS with support": Fault(stage=through_socks, cause=None, limit_s=8),
    "TLS inspection, not trusted": Fault(
        stage=inspected(known=False), cause="tls-untrusted", says=("Zscaler",), limit_s=8
    ),
    "TLS inspection, trusted here": Fault(
        stage=inspected(known=True), cause=None, says=("NODE_EXTRA_CA_CERTS", "Zscaler"), limit_s=8
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
        stage=secure(faults.redirecting_to("https://login.hotel.invalid/")),
        cause="network-filter-blocked",
        sdk=("dns-failure",),
    ),
    "a redirect to another host": Fault(
        stage=secure(faults.redirecting_to("https://elsewhere.invalid/v1/models")),
        cause="network-filter-blocked",
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
                OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + faults.gzip_bomb()
            )
        ),
        cause="other-server-answered",
    ),
    "an endless body": Fault(
        stage=secure(faults.pouring(OK + b"Connection: close\r\n\r\n", faults.MEGABYTE, 2000)),
        cause="other-server-answered",
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
        says=("not known",),
    ),
}
