"""Reads NO_PROXY as the two HTTP clients of openai-python do, and picks the proxy for a URL.

The clients make a URL pattern of each proxy and of each entry, sort them, and take the first that
fits. Their patterns differ, so one variable can mean two things. Measured with httpx 0.28.1
(openai-python 1 and 2) and httpx2 2.16.2 (openai-python 3); tests compare both.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Literal

Reading = Literal["httpx2", "httpx"]
"""Whose rules count: those of openai-python 3, or those of openai-python 1 and 2."""
_URL = re.compile(r"(?:([a-zA-Z][a-zA-Z0-9+.-]*)?:)?(?://([^/?#]*))?([^?#]*)")
_AUTHORITY = re.compile(r"(?:(.*)@)?(\[.*\]|[^:@]*):?(.*)", re.DOTALL)
_FOUR_NUMBERS = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+")
_DEFAULT_PORTS = {"ftp": 21, "http": 80, "https": 443, "ws": 80, "wss": 443}


class UnreadablePatternError(ValueError):
    """No URL pattern can be made of an entry. httpx fails on it, httpx2 leaves it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Scheme, host and port of a URL; `port` is None for the scheme's own."""

    scheme: str
    host: str
    port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """A pattern for URLs. Parts that are "" or None fit everything."""

    scheme: str
    host: str
    port: int | None
    network: IPv4Network | IPv6Network | None = None

    def fits(self, wanted: Address) -> bool:
        if self.scheme not in {"", wanted.scheme} or self.port not in {None, wanted.port}:
            return False
        if self.network is not None:
            return _is_in(wanted.host, self.network)
        if self.host.startswith("*."):
            return wanted.host.endswith(self.host[1:]) and len(wanted.host) >= len(self.host)
        if self.host.startswith("*"):
            name = self.host[1:]
            return wanted.host == name or wanted.host.endswith(f".{name}")
        return self.host in {"", wanted.host}

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """The place in the order of trial, smallest first."""
        return (
            0 if self.port is not None else 1,
            1 if self.network is not None else 0 if self.host else 2,
            self.network.num_addresses if self.network is not None else 0,
            -len(self.host),
            -len(self.scheme),
        )


def _is_in(host: str, network: IPv4Network | IPv6Network) -> bool:
    try:
        return ip_address(host) in network
    except ValueError:
        return False


def _pattern(text: str, reading: Reading) -> _Pattern:
    """The pattern that a client makes of a text such as "all://*example.com"."""
    match = _URL.match(text)
    scheme, authority, path = match.groups() if match else (None, None, None)
    parts = _AUTHORITY.fullmatch(authority or "")
    if parts is None or not text.isprintable() or not text.isascii():
        raise UnreadablePatternError(text)
    scheme, host = (scheme or "").lower(), _host(parts[2])
    network = None
    prefix = (path or "").removeprefix("/")
    if reading == "httpx2" and prefix and _is_address(host):
        network = _network(text, host, prefix)
    return _Pattern(
        scheme="" if scheme == "all" else scheme,
        host="" if host == "*" else host,
        port=_port(parts[3], scheme),
        network=network,
    )


def _host(text: str) -> str:
    if _FOUR_NUMBERS.fullmatch(text) and not _is_address(text):
        raise UnreadablePatternError(text)
    if text.startswith("[") and text.endswith("]"):
        if not _is_address(text[1:-1]) or ":" not in text:
            raise UnreadablePatternError(text)
        return text[1:-1]
    return text.lower()


def _port(text: str, scheme: str) -> int | None:
    if not text:
        return None
    try:
        port = int(text)
    except ValueError:
        raise UnreadablePatternError(text) from None
    return None if port == _DEFAULT_PORTS.get(scheme) else port


def _network(text: str, host: str, prefix: str) -> IPv4Network | IPv6Network:
    written = f"[{host}]" if ":" in host else host
    is_whole = text.endswith(f"{written}/{prefix}") and "@" not in text and "%" not in text
    try:
        if not is_whole or not prefix.isdigit():
            raise ValueError
        return ip_network(f"{host}/{prefix}", strict=False)
    except ValueError:
        raise UnreadablePatternError(text) from None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _text_for(entry: str, reading: Reading) -> str:
    """The text of the pattern that a client makes of an entry; "" if it leaves the entry out."""
    address, slash, rest = entry.partition("/")
    if "://" in entry:
        return entry
    if _is_address(address) and ":" in address:
        return f"all://[{address}]/{rest}" if slash and reading == "httpx2" else f"all://[{entry}]"
    if _is_address(address) or entry.lower() == "localhost":
        return f"all://{entry}"
    if reading == "httpx":
        return f"all://*{entry}"
    if entry.startswith("[") or (entry.startswith("*.") and not slash):
        return f"all://{entry}"
    return "" if slash else f"all://*{entry}"


def entries_of(no_proxy: str) -> list[str]:
    """The entries of NO_PROXY, without those that are empty."""
    return [entry.strip() for entry in no_proxy.split(",") if entry.strip()]


def breaks(entry: str, reading: Reading) -> bool:
    """Return True if a client cannot be made because of this entry."""
    if reading == "httpx2":
        return False
    try:
        _pattern(_text_for(entry, reading), reading)
    except UnreadablePatternError:
        return True
    return False


def choose(
    wanted: Address, proxies: Mapping[str, str], no_proxy: str, reading: Reading
) -> tuple[str, str]:
    """Return the key of `proxies` that counts for an address, and the entry that excludes it.

    `proxies`: the keys "http", "https" and "all" with their URLs. At most one of the two is not
    "". Raises UnreadablePatternError for an entry with which the client cannot be made.
    """
    entries = entries_of(no_proxy)
    if "*" in entries:
        return "", "*" if any(proxies.values()) else ""
    mounts = {
        f"{scheme}://": (scheme, "") for scheme in ("http", "https", "all") if proxies.get(scheme)
    }
    for entry in entries:
        if text := _text_for(entry, reading):
            mounts[text] = ("", entry)
    found = sorted(_mounted(mounts, reading), key=lambda each: each[0].rank)
    first = next((chosen for pattern, chosen in found if pattern.fits(wanted)), ("", ""))
    return first if proxies.get(wanted.scheme) or proxies.get("all") else ("", "")


def _mounted(
    mounts: Mapping[str, tuple[str, str]], reading: Reading
) -> Iterator[tuple[_Pattern, tuple[str, str]]]:
    for text, chosen in mounts.items():
        try:
            yield _pattern(text, reading), chosen
        except UnreadablePatternError:
            if reading == "httpx":
                raise
