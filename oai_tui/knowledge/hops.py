"""The hop at which a cause happens, for the causes that can happen at one hop only.

For all others the observation tells it (domain/hop.py).
"""

from collections.abc import Mapping

from oai_tui.domain.hop import Hop

HOPS: Mapping[str, Hop] = {
    # this machine
    "key-missing": "machine",
    "key-malformed": "machine",
    "key-placeholder": "machine",
    "key-shadowed": "machine",
    "keyring-unavailable": "machine",
    "keyring-locked": "machine",
    "keyring-failed": "machine",
    "sdk-mismatch": "machine",
    "client-fault": "machine",
    "ca-bundle-broken": "machine",
    "clock-skew": "machine",
    "proxy-misconfigured": "machine",
    "plain-http-refused": "machine",
    "machine-offline": "machine",
    # on the way
    "dns-failure": "resolver",
    "proxy-auth-required": "proxy",
    "proxy-unreachable": "proxy",
    "proxy-interference": "proxy",
    "network-filter-blocked": "network",
    "connection-timeout": "network",
    "connection-blocked": "network",
    "tls-untrusted": "tls",
    "tls-certificate-invalid": "tls",
    "tls-protocol": "tls",
    "client-certificate-required": "tls",
    # the servers
    "edge-blocked": "edge",
    "service-edge-error": "edge",
    "gateway-upstream-down": "front-server",
}
