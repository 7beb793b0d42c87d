"""Which proxy a call goes through and why: the environment's or the operating system's setting, as Python programs read it. One place decides, so that the proxy can be named.

The rules are those of `urllib.request` (Python 3.11 to 3.13), which httpx asks as well; a test holds the two together.
"""

import os
import re
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal
from urllib.parse import urlsplit

Problem = Literal["quotes", "blanks", "socks-scheme", "scheme", "port", "socks-unsupported"]
_SCHEMES = {"http", "https", "socks5", "socks5h"}
"""What httpx 0.28 and httpx2 2.16 take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyChoice:
    """The proxy for one URL. `url`: "" when the call goes direct; it may hold a password. `variable`: the name that set it, as it is written. `exception`: the entry of NO_PROXY that keeps the host out.

    `other_case`: the same variable in the other case with another value, which loses.
    """

    url: str = ""
    variable: str = ""
    exception: str = ""
    other_case: str = ""

    @property
    def display_url(self) -> str:
        """The proxy without its name and password."""
        return without_password(self.url)

    @property
    def reason(self) -> str:
        """Why this proxy, or none, as people say it."""
        if self.exception:
            return f"none, because NO_PROXY has {self.exception}"
        return f"{self.display_url} from {self.variable}" if self.url else "none"


def proxy_for(url: str) -> str:
    """The proxy's URL for `url`, "" when the call goes direct. A proxy without a scheme is an http one, as curl has it."""
    return choice_of(url, os.environ).url


def choice_of(url: str, env: Mapping[str, str]) -> ProxyChoice:
    """The proxy for `url` in this environment, else the operating system's (macOS, Windows); ValueError for what is no URL."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    found = _of_environment(env)
    if not found and env is os.environ and sys.platform in {"darwin", "win32"}:
        return _of_system(parts.scheme, host)
    variable, value = found.get(parts.scheme) or found.get("all") or ("", "")
    if not value or not host:
        return ProxyChoice()
    exception = next(_exceptions(host, found["no"][1]), "") if "no" in found else ""
    if exception:
        return ProxyChoice(variable=variable, exception=exception)
    other = next(
        (
            name
            for name in (variable.lower(), variable.upper())
            if name != variable and env.get(name, value) != value
        ),
        "",
    )
    return ProxyChoice(
        url=value if "://" in value else f"http://{value}", variable=variable, other_case=other
    )


def _of_environment(env: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Scheme to variable and value. Lower case wins, also where it is empty; a CGI program has no HTTP_PROXY, because a request's header could set it (CVE-2016-1000110)."""
    named = [
        (name, value, name[:-6].lower())
        for name, value in env.items()
        if len(name) > 5 and name[-6] == "_" and name[-5:].lower() == "proxy"
    ]
    found = {scheme: (name, value) for name, value, scheme in named if value}
    if "REQUEST_METHOD" in env:
        found.pop("http", None)
    for name, value, scheme in named:
        if name.endswith("_proxy"):
            found.pop(scheme, None)
            if value:
                found[scheme] = (name, value)
    return found


def _of_system(scheme: str, host: str) -> ProxyChoice:
    proxies = urllib.request.getproxies()
    value = proxies.get(scheme) or proxies.get("all") or ""
    if not value or not host or urllib.request.proxy_bypass(host):
        return ProxyChoice()
    return ProxyChoice(
        url=value if "://" in value else f"http://{value}",
        variable="the operating system's settings",
    )


def _exceptions(host: str, entries: str) -> Iterator[str]:
    """The entries of NO_PROXY that fit a host."""
    if entries == "*":
        yield entries
    for entry in (part.strip() for part in entries.split(",")):
        name = entry.lstrip(".").lower()
        if entry and (host == name or host.endswith("." + name)):
            yield entry


def without_password(proxy: str) -> str:
    """A proxy's URL without what stands before its last @."""
    before, at, host = proxy.rpartition("@")
    scheme, mark, _ = before.partition("://")
    return f"{scheme + mark if mark else ''}…@{host}" if at else proxy


def problem_with(proxy: str) -> tuple[Problem, str] | None:
    """What makes a proxy's URL useless to the Python SDKs, and the words for it; None when nothing does. Measured with httpx 0.28.1 and httpx2 2.16.2."""
    text = (
        proxy.removeprefix("http://")
        if proxy.startswith(('http://"', "http://'", "http:// "))
        else proxy
    )
    if text[:1] in {'"', "'"} or text.rstrip()[-1:] in {'"', "'"}:
        return "quotes", "it stands in quotes, and the quotes have become a part of it"
    if text != text.lstrip() or re.search(r"[\x00-\x1f\x7f]", text):
        return "blanks", "a blank or a line break stands in it"
    scheme = text.partition("://")[0].lower()
    if scheme in {"socks", "socks4", "socks4a"}:
        return "socks-scheme", f"the Python SDKs know socks5:// and socks5h://, not {scheme}://"
    if scheme not in _SCHEMES:
        return "scheme", f"no client knows the scheme {scheme}://"
    try:
        parts = urlsplit(text)
        if not parts.hostname or (parts.port is not None and not 0 < parts.port < 65_536):
            raise ValueError
    except ValueError:
        return "port", "its host or port is none"
    if scheme.startswith("socks") and not _speaks_socks():
        return (
            "socks-unsupported",
            "a SOCKS proxy needs the package socksio, which is not installed here (pip install 'httpx[socks]')",
        )
    return None


def _speaks_socks() -> bool:
    """Whether httpx could load its support for SOCKS."""
    try:
        return find_spec("socksio") is not None
    except ValueError:
        return False
