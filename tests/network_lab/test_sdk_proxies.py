"""What the official SDK does under proxy settings, and our verdict in the same environment.

Never green where the SDK fails, and never red where it works. Both take the same way: the proxies
and servers count the connections that they got.

`python -m tests.network_lab.test_sdk_proxies` prints the table.
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests import fault_server
from tests.fault_server import Server, answering, read_request, refusing, serving
from tests.network_lab import authority, servers
from tests.network_lab.fault import HOST, Fault, Machine
from tests.network_lab.run_fault import run_fault, sdk_text


def forwarding(connection: socket.socket, server: Server) -> None:
    """A proxy that passes plain http on and opens tunnels, to ports of this machine."""
    request = read_request(connection, server)
    if not request:
        return
    method, target, rest = request.split(b" ", 2)
    parts = urlsplit(target.decode() if method != b"CONNECT" else f"//{target.decode()}")
    with socket.create_connection(("127.0.0.1", parts.port or 80), 10) as upstream:
        if method == b"CONNECT":
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump, args=(upstream, connection), daemon=True)
            back.start()
            _pump(connection, upstream)
            back.join(10)
        else:
            head = method + b" " + parts.path.encode() + b" " + rest
            upstream.sendall(head.replace(b"keep-alive", b"close"))
            upstream.shutdown(socket.SHUT_WR)
            # A client must not use this connection again: it would be reset.
            answer = b"".join(iter(lambda: upstream.recv(65_536), b""))
            connection.sendall(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Variables and a base URL, with the ports of the lab in braces.

    {open} is a proxy that passes everything on, {dead} a port that refuses, {deny} a proxy that
    answers 403, {login} one that answers 407, {broken} one that answers 502. {plain} and {tls} are
    the servers. `works`: whether the SDK's call works.
    """

    base_url: str
    works: bool
    env: dict[str, str]


def at(base_url: str, *, works: bool, **env: str) -> Setting:
    return Setting(base_url=base_url, works=works, env=env)


HERE = "http://127.0.0.1:{plain}/v1"
BY_NAME = "http://localhost:{plain}/v1"
SECURE = f"https://{HOST}:{{tls}}/v1"
OPEN, DEAD = "http://127.0.0.1:{open}", "http://127.0.0.1:{dead}"
DENY, LOGIN, BROKEN = (f"http://127.0.0.1:{{{name}}}" for name in ("deny", "login", "broken"))

SETTINGS: dict[str, Setting] = {
    "no proxy": at(HERE, works=True),
    "this machine, a dead HTTP_PROXY": at(HERE, works=False, HTTP_PROXY=DEAD),
    "this machine, a dead ALL_PROXY": at(HERE, works=False, ALL_PROXY=DEAD),
    "this machine, a dead HTTPS_PROXY is not its": at(HERE, works=True, HTTPS_PROXY=DEAD),
    "localhost, a dead HTTP_PROXY": at(BY_NAME, works=False, HTTP_PROXY=DEAD),
    "0.0.0.0, a dead HTTP_PROXY": at("http://0.0.0.0:{plain}/v1", works=False, HTTP_PROXY=DEAD),
    "127.1, a dead HTTP_PROXY": at("http://127.1:{plain}/v1", works=False, HTTP_PROXY=DEAD),
    "*.localhost, a dead HTTP_PROXY": at(
        "http://model.localhost:{plain}/v1", works=False, HTTP_PROXY=DEAD
    ),
    "this machine, a proxy that passes it on": at(HERE, works=True, HTTP_PROXY=OPEN),
    "this machine, a proxy that refuses it": at(HERE, works=False, HTTP_PROXY=DENY),
    "this machine, a proxy that wants a password": at(HERE, works=False, HTTP_PROXY=LOGIN),
    "this machine, a proxy that fails": at(HERE, works=False, ALL_PROXY=BROKEN),
    "NO_PROXY names the address": at(HERE, works=True, HTTP_PROXY=DEAD, NO_PROXY="127.0.0.1"),
    "NO_PROXY names the name, not the address": at(
        HERE, works=False, HTTP_PROXY=DEAD, NO_PROXY="localhost"
    ),
    "NO_PROXY names localhost": at(BY_NAME, works=True, HTTP_PROXY=DEAD, NO_PROXY="LOCALHOST"),
    "NO_PROXY with *": at(HERE, works=True, ALL_PROXY=DEAD, NO_PROXY="localhost,*"),
    "NO_PROXY with the network": at(HERE, works=True, ALL_PROXY=DEAD, NO_PROXY="127.0.0.0/8"),
    "NO_PROXY with the port": at(HERE, works=True, ALL_PROXY=DEAD, NO_PROXY="127.0.0.1:{plain}"),
    "NO_PROXY with another port": at(HERE, works=False, ALL_PROXY=DEAD, NO_PROXY="127.0.0.1:1"),
    "NO_PROXY with a slash at the end": at(
        BY_NAME, works=False, ALL_PROXY=DEAD, NO_PROXY="localhost/"
    ),
    "NO_PROXY with a URL": at(HERE, works=True, ALL_PROXY=DEAD, NO_PROXY="http://127.0.0.1"),
    "NO_PROXY with the URL of another scheme": at(
        HERE, works=False, ALL_PROXY=DEAD, NO_PROXY="https://127.0.0.1"
    ),
    "no_proxy wins over NO_PROXY": at(
        HERE, works=False, HTTP_PROXY=DEAD, NO_PROXY="127.0.0.1", no_proxy="x.example"
    ),
    "http_proxy wins over HTTP_PROXY": at(HERE, works=True, http_proxy=OPEN, HTTP_PROXY=DEAD),
    "HTTP_PROXY wins over ALL_PROXY": at(HERE, works=True, HTTP_PROXY=OPEN, ALL_PROXY=DEAD),
    "an IPv6 network in NO_PROXY": at(
        HERE, works=True, NO_PROXY="localhost,fd07:b51a:cc66:f0::/64"
    ),
    "socks:// in ALL_PROXY, HTTP_PROXY before it": at(
        HERE, works=False, HTTP_PROXY=OPEN, ALL_PROXY="socks://127.0.0.1:{dead}/"
    ),
    "socks:// in HTTPS_PROXY, for another scheme": at(
        HERE, works=False, HTTPS_PROXY="socks4://127.0.0.1:{dead}"
    ),
    "socks:// in ALL_PROXY, NO_PROXY names the host": at(
        HERE, works=False, ALL_PROXY="socks://127.0.0.1:{dead}", NO_PROXY="127.0.0.1"
    ),
    "socks:// in ALL_PROXY, NO_PROXY with *": at(
        HERE, works=True, ALL_PROXY="socks://127.0.0.1:{dead}", NO_PROXY="*"
    ),
    "a host over https, a tunnel": at(SECURE, works=True, HTTPS_PROXY=OPEN),
    "a host over https, a dead proxy": at(SECURE, works=False, HTTPS_PROXY=DEAD),
    "a host over https, HTTP_PROXY is not its": at(SECURE, works=True, HTTP_PROXY=DEAD),
    "NO_PROXY with a domain": at(SECURE, works=True, HTTPS_PROXY=DEAD, NO_PROXY=".lab.example"),
    "NO_PROXY with *. and a domain": at(
        SECURE, works=True, HTTPS_PROXY=DEAD, NO_PROXY="*.lab.example"
    ),
    "a host over https, a proxy that refuses it": at(SECURE, works=False, ALL_PROXY=DENY),
}


@dataclass(frozen=True, kw_only=True)
class Way:
    """Whether a call worked, and which of the lab's ports got connections from it."""

    works: bool
    ports: frozenset[str]
    text: str


@contextlib.contextmanager
def lab(setting: Setting, seen: set[str]) -> Iterator[Machine]:
    """The proxies and servers of a setting. `seen`: gets the names of those that were called."""
    with contextlib.ExitStack() as stack:
        got = {
            "open": stack.enter_context(serving(forwarding)),
            "deny": stack.enter_context(serving(answering(fault_server.PROXY_403))),
            "login": stack.enter_context(serving(answering(fault_server.PROXY_407))),
            "broken": stack.enter_context(serving(answering(fault_server.PROXY_502))),
            "plain": stack.enter_context(serving(servers.openai())),
            "tls": stack.enter_context(serving(servers.openai(), authority.tls(HOST))),
        }
        ports = {name: str(server.port) for name, server in got.items()}
        ports["dead"] = str(stack.enter_context(refusing()))
        env = {name: value.format(**ports) for name, value in setting.env.items()}
        yield Machine(
            base_url=setting.base_url.format(**ports),
            env={"SSL_CERT_FILE": authority.trusted(), **env},
            names={HOST: ("127.0.0.1",), "model.localhost": ("127.0.0.1",)},
        )
        seen |= {name for name, server in got.items() if server.connections}


async def our_way(setting: Setting) -> Way:
    """Our verdict. Of its calls only the first counts: experiments go elsewhere on purpose."""
    seen: set[str] = set()
    outcome = await run_fault(Fault(stage=lambda: lab(setting, seen), cause=None))
    return Way(
        works=outcome.diagnosis.verdict.outcome == "working",
        ports=frozenset(seen),
        text=str(outcome.diagnosis.verdict.cause or "works"),
    )


def sdk_way(setting: Setting) -> Way:
    """The SDK's own call."""
    seen: set[str] = set()
    text = sdk_text(Fault(stage=lambda: lab(setting, seen), cause=None))
    last = text.strip().splitlines()[-1] if text else "works"
    return Way(works=text == "", ports=frozenset(seen), text=last)


@pytest.mark.parametrize("name", SETTINGS)
async def test_our_verdict_is_green_where_the_sdk_works_and_only_there(name: str) -> None:
    setting = SETTINGS[name]
    sdk = await asyncio.to_thread(sdk_way, setting)
    ours = await our_way(setting)
    assert (sdk.works, ours.works) == (setting.works, setting.works), (sdk.text, ours.text)
    assert sdk.ports <= ours.ports
    if sdk.works:
        assert sdk.ports == ours.ports


if __name__ == "__main__":
    for title, each in SETTINGS.items():
        mine, theirs = asyncio.run(our_way(each)), sdk_way(each)
        print(f"{title:50} {theirs.text[:60]:62} {mine.text}")
