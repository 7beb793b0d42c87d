"""Says what a proxy did with a call, as facts: its own refusal, or where the call ended at it.

Pure functions. Everything that comes in is redacted already, but for a proxy's URL.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from oai_tui.domain.observation import Fact, FailureKind, Observation
from oai_tui.probes.network.proxies import without_password

LOGIN_STATUSES = {401, 407}
"""Statuses with which a proxy asks for a user name and password, or refuses those it got."""
_SQUID_WORDS: Mapping[str, str] = {
    "ERR_DNS_FAIL": "it can't resolve the name {host}",
    "ERR_CANNOT_FORWARD": "it can't resolve the name {host}, or has no route to it",
    "ERR_CONNECT_FAIL": "it can't connect to {host}",
    "ERR_ACCESS_DENIED": "its rules block {host}",
    "ERR_CACHE_ACCESS_DENIED": "it requires a user name and password",
    "ERR_READ_ERROR": "its own connection to {host} failed",
    "ERR_READ_TIMEOUT": "{host} didn't answer it in time",
    "ERR_ZERO_SIZE_OBJECT": "it got an empty response from {host}",
}
"""What the codes of the header X-Squid-Error mean (Squid 5.7)."""
_AT_THE_PROXY: Mapping[FailureKind, str] = {
    "read-timeout": "it accepted the connection but didn't open a tunnel to {host} in time",
    "connect-timeout": "it accepted the connection but didn't open a tunnel to {host} in time",
    "reset": "it closed the connection before a tunnel to {host} was open",
    "malformed-answer": "it closed the connection before a tunnel to {host} was open",
}
_BEHIND_THE_TUNNEL: Mapping[FailureKind, str] = {
    "read-timeout": "the tunnel to {host} is open, but no response came through it in time",
    "reset": "the tunnel to {host} was open, but the connection through it was closed",
    "malformed-answer": "the tunnel to {host} was open, but the connection through it was closed",
    "tls-protocol": "the tunnel to {host} was open, but the TLS handshake through it failed",
}


def squid_words(code: str, host: str) -> str:
    """Return the meaning of a value of X-Squid-Error ("ERR_DNS_FAIL 0"), or ""."""
    return _SQUID_WORDS.get(code.split(" ")[0], "").format(host=host)


def proxy_facts(seen: Observation, proxy: str, variable: str) -> dict[str, Fact]:
    """Return the facts about the proxy of a call that failed.

    `seen`: the call, with the facts of its checks. `proxy`: its URL with the password.
    `variable`: the variable that names it, or "".

    Facts: proxy_said; proxy_login and proxy_login_command if it asks for a login.
    """
    facts: dict[str, Fact] = {}
    if said := _said(seen):
        facts["proxy_said"] = said
    if not _asks_for_login(seen):
        return facts
    parts = urlsplit(proxy)
    named = variable if variable.lower().endswith("_proxy") else "the proxy's settings"
    facts["proxy_login"] = (
        f"it requires a login, and returns 403 for the user name and password in {named}"
        if seen.facts.get("proxy_login_doubtful")
        else f"it rejects the user name and password in {named}"
        if parts.username
        else f"it requires a user name and password, but {named} has none"
    )
    if named == variable and parts.hostname:
        address = without_password(proxy).rpartition("…@")[2].rpartition("://")[2]
        facts["proxy_login_command"] = (
            f"export {variable}={parts.scheme}://USER:PASSWORD@{address.rstrip('/')}"
        )
    return facts


def _asks_for_login(seen: Observation) -> bool:
    if seen.failure == "proxy-auth" or seen.status == 407:
        return True
    if seen.failure == "proxy-refused":
        return "proxy_schemes" in seen.facts
    return seen.status in LOGIN_STATUSES and seen.facts.get("speaker") == "proxy"


def _said(seen: Observation) -> str:
    """What the proxy did, as the end of a sentence; "" if it did nothing of its own."""
    facts, host = seen.facts, str(seen.facts.get("host", "the host"))
    if seen.failure in {"proxy-refused", "proxy-auth"}:
        return _with_meaning(f"it returned {_status_words(seen)} to CONNECT", facts, host)
    if seen.failure is not None:
        at_proxy = facts.get("failed_phase") == "proxy"
        words = (_AT_THE_PROXY if at_proxy else _BEHIND_THE_TUNNEL).get(seen.failure, "")
        return words.format(host=host)
    if seen.status is None or seen.status < 400:
        return ""
    return _with_meaning(f"the response through it is {seen.status}", facts, host)


def _status_words(seen: Observation) -> str:
    status = seen.facts.get("proxy_status")
    if not status:
        # httpx's error begins with the status: "ProxyError: 503 Service Unavailable"
        return seen.detail.partition("ProxyError: ")[2].partition(" ←")[0][:60] or "no success"
    reason = seen.facts.get("proxy_reason_phrase", "")
    return f"{status} “{reason}”" if reason else str(status)


def _with_meaning(words: str, facts: Mapping[str, Fact], host: str) -> str:
    code = str(facts.get("proxy_error", ""))
    meaning = squid_words(code, host)
    return f"{words} ({code}: {meaning})" if meaning else words
