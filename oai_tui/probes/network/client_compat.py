"""Notes on settings and certificates that work here and will fail in the user's own client.

Each note says what differs and why. Without a note, no difference is known.

Sources: openai-python 1 and 2 over httpx 0.28.1 (certifi) and openai-python 3 over httpx2 2.16.2
(the system's store), both measured on loopback, 2026-11; openai-node 7 on Node 20 to 24, from its
documentation.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address

from oai_tui.domain.keys.redaction import visible
from oai_tui.probes.network.proxies import ProxyChoice

_STORE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def settings_compat_notes(env: Mapping[str, str], choice: ProxyChoice) -> tuple[str, ...]:
    """Sentences about proxy variables that some clients misread."""
    notes = []
    if choice.other_case:
        notes.append(
            f"{choice.variable} and {choice.other_case} name different proxies: Python, curl and "
            f"this check take {choice.variable}; name the same in both, or unset one."
        )
    for variable in ("no_proxy", "NO_PROXY"):
        entries = [entry.strip() for entry in env.get(variable, "").split(",") if entry.strip()]
        notes += [
            f"{variable} has the entry {visible(entry)}: openai-python 1 and 2 fail on it before "
            "they send anything (“InvalidURL: Invalid port”). Take it out; version 3 does not need "
            "it changed."
            for entry in entries
            if breaks_httpx(entry)
        ]
        notes += [
            f"{variable} has the entry {visible(entry)}, which fits no host in Python or curl: "
            f"write {visible(entry[1:])}."
            for entry in entries
            if entry.startswith("*.")
        ]
    return tuple(dict.fromkeys(notes))


def proxy_compat_notes(env: Mapping[str, str], choice: ProxyChoice) -> tuple[str, ...]:
    """A sentence about clients that do not use the proxy which this request used."""
    from_variable = choice.url and choice.variable.lower().endswith("_proxy")
    if not from_variable or env.get("NODE_USE_ENV_PROXY") == "1":
        return ()
    return (
        f"Node programs do not read {choice.variable}: without NODE_USE_ENV_PROXY=1 (Node 24) or "
        "an agent of their own they go direct.",
    )


def breaks_httpx(entry: str) -> bool:
    """Return True if httpx 0.28 cannot make a client because of this entry of NO_PROXY.

    It makes a URL pattern of each entry. An address in brackets and an IPv6 network are not valid
    in one.
    """
    host, slash, _ = entry.partition("/")
    if "://" in entry or _is(IPv4Address, host) or entry.lower() == "localhost":
        return False
    if _is(IPv6Address, host):
        return bool(slash)
    port = host.partition(":")[2]
    return not entry.isascii() or (port != "" and not port.isdigit())


def _is(kind: type[IPv4Address] | type[IPv6Address], text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


def certificate_compat_notes(env: Mapping[str, str], who: str) -> tuple[str, ...]:
    """Sentences about clients that will refuse a certificate which is trusted here.

    It is one that the public stores do not know. `who`: its issuer, in words.
    """
    notes = []
    if not any(env.get(name) for name in _STORE_VARIABLES):
        notes.append(
            f"The certificate is issued by {who}, which the operating system's store trusts here. "
            "openai-python 1 and 2 check against certifi, which does not know it, and fail with "
            "CERTIFICATE_VERIFY_FAILED: set SSL_CERT_FILE to the company's CA file, or use "
            "openai-python 3."
        )
    if not env.get("NODE_EXTRA_CA_CERTS"):
        notes.append(
            f"Node has a store of its own, which does not know {who}: set NODE_EXTRA_CA_CERTS to "
            "the company's CA file for openai-node."
        )
    return tuple(notes)
