"""Looks up IPv4 and IPv6 addresses concurrently, each with a deadline.

Each look-up has its own daemon thread, because a resolver may never answer.
"""

import asyncio
import re
import socket
import time
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from oai_tui.probes.network.network_environment import NetworkEnvironment, Resolve
from oai_tui.system.deadline import run_with_deadline

RESOLVER_S = 5.0
"""Seconds for this machine's resolver, if half of the probe's time is as much."""
CONTROL_S = 2.0
"""Seconds for the control host."""
_MAX_SERVERS = 3
"""Name servers that are reported: the C library asks no more (resolv.conf(5), MAXNS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedAddresses:
    """The result of a look-up.

    `ms`: until both families were answered. `silent`: no family was answered in time.
    """

    v4: tuple[str, ...] = ()
    v6: tuple[str, ...] = ()
    ms: float | None = None
    silent: bool = False

    @property
    def all(self) -> tuple[str, ...]:
        """The addresses of both families."""
        return (*self.v4, *self.v6)

    @property
    def inside(self) -> str:
        """The addresses if all of them are on this machine or in a private network, else ""."""
        if any(ip_address(text.partition("%")[0]).is_global for text in self.all):
            return ""
        return ", ".join(self.all)


NOT_RESOLVED = ResolvedAddresses()
"""Nothing was looked up."""


async def look_up(resolve: Resolve, host: str, limit_s: float) -> ResolvedAddresses:
    """Look up both families. One that is not answered within `limit_s` has no address."""
    began = time.perf_counter()
    results = await asyncio.gather(
        *(
            run_with_deadline(limit_s, resolve, host, family)
            for family in (socket.AF_INET, socket.AF_INET6)
        ),
        return_exceptions=True,
    )
    v4, v6 = (() if isinstance(one, BaseException) else tuple(one) for one in results)
    # A TimeoutError with an errno comes from the resolver, one without from `within`.
    late = any(isinstance(one, TimeoutError) and one.errno is None for one in results)
    return ResolvedAddresses(
        v4=v4,
        v6=v6,
        ms=round((time.perf_counter() - began) * 1000, 1),
        silent=late and not v4 and not v6,
    )


async def resolution_error(
    environment: NetworkEnvironment, limit_s: float, *, silent: bool
) -> tuple[str, str]:
    """Return why a name does not resolve, as the fact name_problem and in a sentence.

    The fact is this-name, offline or resolver-silent. `silent`: the resolver did not answer when
    it was asked for the name.
    """
    servers = _name_servers(environment.name_servers)
    server_words = f" (name server {servers})" if servers else ""
    control_host = environment.control
    control = await look_up(environment.resolve, control_host, min(CONTROL_S, limit_s))
    if control.all:
        return (
            "this-name",
            (
                f"{control_host} resolves on this machine, but this name doesn't: check the "
                f"name, or the DNS server asked for it{server_words}."
            ),
        )
    if silent or control.silent:
        return (
            "resolver-silent",
            (
                f"This machine's resolver doesn't answer at all{server_words}: it is down, or a "
                "firewall drops its packets."
            ),
        )
    return (
        "offline",
        (
            f"{control_host} doesn't resolve either: this machine is offline, or its DNS server "
            f"doesn't work{server_words}."
        ),
    )


def _name_servers(path: str) -> str:
    """The name servers in a resolv.conf, or "" if it cannot be read."""
    try:
        text = Path(path).read_text("utf-8", "replace")[:20_000]
    except OSError:
        return ""
    servers = re.findall(r"^\s*nameserver\s+([0-9A-Fa-f:.%\w]+)", text, re.MULTILINE)
    return ", ".join(servers[:_MAX_SERVERS])
