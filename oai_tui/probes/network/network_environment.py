"""What the ladder stands on besides the wire: the resolver, a name that surely exists, the public certificate store, the status page. Tests and the simulator put their own here."""

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from oai_tui.domain.responder import InterceptingIssuer
from oai_tui.probes.network.proxies import ProxyChoice, choice_of

Resolve = Callable[[str, int], Sequence[str]]
"""Addresses of a host for one family (AF_INET or AF_INET6). Blocking; OSError or UnicodeError when there are none."""


def system_resolve(host: str, family: int) -> Sequence[str]:
    """This machine's resolver."""
    return tuple(
        dict.fromkeys(
            str(entry[4][0])
            for entry in socket.getaddrinfo(
                host, None, socket.AddressFamily(family), socket.SOCK_STREAM
            )
        )
    )


def certifi_store() -> str:
    """certifi's file: Mozilla's authorities, which openai-python 1 and 2 check against, and Node's own are the same."""
    import certifi

    return certifi.where()


def system_choice(url: str) -> ProxyChoice:
    """The proxy of this process; none for what is no URL."""
    try:
        return choice_of(url, os.environ)
    except ValueError:
        return ProxyChoice()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEnvironment:
    """`control`: a name that resolves wherever any does (example.com is IANA's and kept for such use, RFC 2606). `issuers`: the table that tells a certificate's issuer. `status_url`: OpenAI's status page."""

    resolve: Resolve = system_resolve
    control: str = "example.com"
    public_store: Callable[[], str] = certifi_store
    proxy_of: Callable[[str], ProxyChoice] = system_choice
    env: Callable[[], Mapping[str, str]] = lambda: os.environ
    issuers: Sequence[InterceptingIssuer] = ()
    status_url: str = ""
    name_servers: str = field(default="/etc/resolv.conf")
