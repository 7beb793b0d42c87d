"""The hops of a call, from this machine to the server, and the hop at which a failure showed.

A cause that can happen at one hop only has that hop in knowledge/hops.py. For any other cause the
observation tells it: what failed, or who answered.
"""

from collections.abc import Mapping
from typing import Literal

from oai_tui.domain.observation import FailureKind, Observation

Hop = Literal[
    "machine",
    "resolver",
    "proxy",
    "network",
    "tls",
    "edge",
    "front-server",
    "server",
]

_OF_FAILURE: Mapping[FailureKind, Hop] = {
    "dns": "resolver",
    "refused": "network",
    "unreachable": "network",
    "connect-timeout": "network",
    "read-timeout": "server",
    "reset": "network",
    "malformed-answer": "server",
    "tls-untrusted": "tls",
    "tls-invalid": "tls",
    "tls-protocol": "tls",
    "proxy-unreachable": "proxy",
    "proxy-auth": "proxy",
    "proxy-refused": "proxy",
    "proxy-settings": "machine",
    "ca-bundle": "machine",
    "url": "machine",
    "unsendable": "machine",
}
_OF_SPEAKER: Mapping[str, Hop] = {
    "proxy": "proxy",
    "cloudflare": "edge",
    "filter": "network",
}


def hop_of_cause(hop: Hop | None, seen: Observation) -> Hop | None:
    """Return the hop of a cause with this evidence. `hop`: the one at which it usually happens.

    A proxy that refuses a tunnel is where the call ends, whatever made it refuse.
    """
    return "proxy" if seen.failure == "proxy-refused" else hop or hop_of(seen)


def hop_of(seen: Observation) -> Hop | None:
    """Return the hop at which the failure in an observation showed; None if it does not tell.

    A probe that sends nothing fails on this machine. A connection that this machine itself
    refuses was refused by the server, which is not running.
    """
    if seen.failure == "refused" and seen.facts.get("host_kind") == "local":
        return "server"
    if seen.failure is not None:
        return _OF_FAILURE.get(seen.failure)
    if seen.status is None:
        return "machine" if seen.request is None and seen.answer is None else None
    if seen.status == 407:
        return "proxy"
    if seen.facts.get("front_server"):
        return "front-server"
    return _OF_SPEAKER.get(str(seen.facts.get("speaker", "")), "server")
