"""Names: IPv4 and IPv6 addresses looked up side by side, each in a daemon thread with a deadline, because a resolver may never answer."""

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
"""Seconds that this machine's resolver may take, and no more than half of the probe's time."""
CONTROL_S = 2.0
"""Seconds for the control name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedAddresses:
    """What a look-up gave. `ms`: until both families had answered. `silent`: no family answered in time."""

    v4: tuple[str, ...] = ()
    v6: tuple[str, ...] = ()
    ms: float | None = None
    silent: bool = False

    @property
    def all(self) -> tuple[str, ...]:
        """Every address, as they were found."""
        return (*self.v4, *self.v6)

    @property
    def inside(self) -> str:
        """The addresses, when all of them lie on this machine or in a private network; "" when one does not, or there are none."""
        return (
            ", ".join(self.all)
            if self.all
            and not any(ip_address(text.partition("%")[0]).is_global for text in self.all)
            else ""
        )


NOT_RESOLVED = ResolvedAddresses()
"""Nothing was looked up."""


async def look_up(resolve: Resolve, host: str, limit_s: float) -> ResolvedAddresses:
    """Both families at once. A family that does not answer in time counts as having no address."""
    began = time.perf_counter()
    found = await asyncio.gather(
        *(
            run_with_deadline(limit_s, resolve, host, family)
            for family in (socket.AF_INET, socket.AF_INET6)
        ),
        return_exceptions=True,
    )
    v4, v6 = (() if isinstance(one, BaseException) else tuple(one) for one in found)
    silent = (
        not v4
        and not v6
        and any(isinstance(one, TimeoutError) and one.errno is None for one in found)
    )
    return ResolvedAddresses(
        v4=v4, v6=v6, ms=round((time.perf_counter() - began) * 1000, 1), silent=silent
    )


async def resolution_error(
    ground: NetworkEnvironment, limit_s: float, *, silent: bool
) -> tuple[str, str]:
    """Why a name is unknown: this-name, offline or resolver-silent; and the words for it."""
    servers = _servers(ground.name_servers)
    asked = f" (name server {servers})" if servers else ""
    control = await look_up(ground.resolve, ground.control, min(CONTROL_S, limit_s))
    if control.all:
        return (
            "this-name",
            f"{ground.control} resolves on this machine and this name does not: the fault lies with the name, or with the name server that is asked for it{asked}.",
        )
    if silent or control.silent:
        return (
            "resolver-silent",
            f"The resolver of this machine answers nothing at all{asked}: it is down, or a firewall swallows its packets.",
        )
    return (
        "offline",
        f"{ground.control} does not resolve either: this machine is offline, or its name server knows nothing{asked}.",
    )


def _servers(path: str) -> str:
    """The name servers of a resolv.conf, "" where there is none."""
    try:
        text = Path(path).read_text("utf-8", "replace")[:20_000]
    except OSError:
        return ""
    return ", ".join(re.findall(r"^\s*nameserver\s+([0-9A-Fa-f:.%\w]+)", text, re.MULTILINE)[:3])
