"""The network environment that checks depend on.

It holds the resolver, the control host, the public certificate store, the proxy settings and the
URL of the status page. Tests and the simulator substitute it.
"""

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from oai_tui.domain.responder import InterceptingIssuer
from oai_tui.probes.network.proxies import ProxyChoice, choice_of

Resolve = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host for one family (AF_INET or AF_INET6).

Blocking. Raises OSError or UnicodeError if there are none.
"""


def system_resolve(host: str, family: int) -> Sequence[str]:
    """Look the host up with this machine's resolver. See Resolve."""
    return tuple(
        dict.fromkeys(
            str(entry[4][0])
            for entry in socket.getaddrinfo(
                host, None, socket.AddressFamily(family), socket.SOCK_STREAM
            )
        )
    )


def certifi_store() -> str:
    """Return the path of certifi's file: Mozilla's authorities.

    openai-python 1 and 2 check against it; Node's own store has the same authorities.
    """
    import certifi

    return certifi.where()


def system_choice(url: str) -> ProxyChoice:
    """Return the proxy of this process for a URL; none if it is not a URL."""
    try:
        return choice_of(url, os.environ)
    except ValueError:
        return ProxyChoice()


def system_has_route() -> bool:
    """Return True if this machine has a way to other networks.

    It asks the routing table alone: connecting a datagram socket sends nothing. The addresses are
    reserved for documentation (RFC 5737, RFC 3849), which only a default route reaches.
    """
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((address, 53))
            return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEnvironment:
    """Holds what network checks depend on.

    `control`: a host that resolves wherever any does; example.com is IANA's and reserved for such
    use (RFC 2606). `public_store`: returns the path of a PEM file. `issuers`: the table of products
    that intercept TLS. `status_url`: OpenAI's status page. `name_servers`: path of a resolv.conf.
    """

    resolve: Resolve = system_resolve
    has_route: Callable[[], bool] = system_has_route
    control: str = "example.com"
    public_store: Callable[[], str] = certifi_store
    proxy_of: Callable[[str], ProxyChoice] = system_choice
    env: Callable[[], Mapping[str, str]] = lambda: os.environ
    issuers: Sequence[InterceptingIssuer] = ()
    status_url: str = ""
    name_servers: str = field(default="/etc/resolv.conf")
