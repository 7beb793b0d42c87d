"""Notes on settings and certificates that work here and will fail in the user's own client.

Each note says what differs and why. Without a note, no difference is known.

Sources: openai-python 1 and 2 over httpx 0.28.1 (certifi) and openai-python 3 over httpx2 2.16.2
(the system's store), both measured on loopback, 2026-11; openai-node 7 on Node 20 to 24, from its
documentation.
"""

from collections.abc import Iterator, Mapping

from oai_tui.domain.keys.redaction import visible
from oai_tui.probes.network.no_proxy import Reading, breaks, entries_of
from oai_tui.probes.network.proxies import ProxyChoice, choice_of, no_proxy_variable

_OLD_CLIENTS: Reading = "httpx"
_STORE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def settings_compat_notes(
    env: Mapping[str, str], choice: ProxyChoice, base_url: str
) -> tuple[str, ...]:
    """Sentences about proxy variables that some clients misread.

    `choice`: what openai-python 3 and this check do for the base URL.
    """
    notes = []
    if choice.other_case:
        notes.append(
            f"{choice.variable} and {choice.other_case} name different proxies: Python, curl "
            f"and this check use {choice.variable}; set both to the same proxy, or unset one."
        )
    variable = no_proxy_variable(env)
    broken = [entry for entry in entries_of(env.get(variable, "")) if breaks(entry, _OLD_CLIENTS)]
    notes += [
        (
            f"{variable} has the entry {visible(entry)}: openai-python 1 and 2 fail on it before "
            "they send anything (“InvalidURL”), with any base URL. Remove the entry; version 3 "
            "accepts it."
        )
        for entry in broken
    ]
    if not broken:
        notes += _other_reading(env, choice, base_url)
    return tuple(dict.fromkeys(notes))


def _other_reading(env: Mapping[str, str], choice: ProxyChoice, base_url: str) -> Iterator[str]:
    """A sentence if openai-python 1 and 2 send the base URL another way than version 3."""
    try:
        old = choice_of(base_url, env, _OLD_CLIENTS)
        new = choice_of(base_url, env)
    except ValueError:
        return
    if old.url == new.url or new.url != choice.url:
        return
    variable = no_proxy_variable(env)
    entry = visible(old.exception or new.exception)
    through = f"through the proxy {(old if old.url else new).display_url}"
    yield (
        f"{variable} has the entry {entry}, which clients read differently: openai-python 3 "
        f"and this check go {through if new.url else 'direct'}, openai-python 1 and 2 go "
        f"{through if old.url else 'direct'}. Write only the host, without * or /."
    )


def proxy_compat_notes(env: Mapping[str, str], choice: ProxyChoice) -> tuple[str, ...]:
    """A sentence about clients that do not use the proxy which this request used."""
    from_variable = choice.url and choice.variable.lower().endswith("_proxy")
    if not from_variable or env.get("NODE_USE_ENV_PROXY") == "1":
        return ()
    return (
        (
            f"Node programs ignore {choice.variable}: without NODE_USE_ENV_PROXY=1 (Node 24) or "
            "their own agent they connect directly."
        ),
    )


def certificate_compat_notes(env: Mapping[str, str], who: str) -> tuple[str, ...]:
    """Sentences about clients that will refuse a certificate which is trusted here.

    It is one that the public stores do not know. `who`: its issuer, in words.
    """
    notes = []
    if not any(env.get(name) for name in _STORE_VARIABLES):
        notes.append(
            f"The certificate is issued by {who}, which the operating system's store trusts "
            "here. openai-python 1 and 2 use certifi, which doesn't contain it, and fail "
            "with CERTIFICATE_VERIFY_FAILED: set SSL_CERT_FILE to the company's CA file, or "
            "use openai-python 3."
        )
    if not env.get("NODE_EXTRA_CA_CERTS"):
        notes.append(
            f"Node has its own certificate store, which doesn't contain {who}: set "
            "NODE_EXTRA_CA_CERTS to the company's CA file for openai-node."
        )
    return tuple(notes)
