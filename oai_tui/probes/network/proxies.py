"""Selects the proxy for a URL as the official Python SDK does, and says why.

The proxy comes from the environment or from the operating system's settings. Which variable counts
is decided by `urllib.request` (Python 3.11 to 3.13), which entry of NO_PROXY by no_proxy.py. This
machine and its network are no exception: without an entry of NO_PROXY they go through the proxy.
"""

import os
import re
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal
from urllib.parse import urlsplit

from oai_tui.probes.network.no_proxy import Address, Reading, choose

Problem = Literal["quotes", "blanks", "socks-scheme", "scheme", "port", "socks-unsupported"]
PROXY_SCHEMES = ("http", "https", "all")
"""The schemes of URLs for which a variable can name a proxy."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEMES = {"http", "https", "socks5", "socks5h"}
"""Schemes that httpx 0.28 and httpx2 2.16 accept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyChoice:
    """The proxy for one URL."""

    url: str = ""
    """Of the proxy, maybe with a password; "" if the request goes direct."""
    variable: str = ""
    """Name of the variable that set it, in its own letter case."""
    exception: str = ""
    """The entry of NO_PROXY that excludes the host."""
    other_case: str = ""
    """The same variable in the other letter case with another value, which is ignored."""

    @property
    def display_url(self) -> str:
        """The proxy's URL without user name and password."""
        return without_password(self.url)

    @property
    def reason(self) -> str:
        """The reason why this proxy is used, or none, in words."""
        if self.exception:
            return f"none, because NO_PROXY has {self.exception}"
        return f"{self.display_url} from {self.variable}" if self.url else "none"


def proxy_for(url: str) -> str:
    """Return the URL of the proxy for `url` in this process, or ""."""
    return choice_of(url, os.environ).url


def choice_of(url: str, env: Mapping[str, str], reading: Reading = "httpx2") -> ProxyChoice:
    """Return the proxy for `url` in this environment, else the operating system's.

    The latter is looked up on macOS and Windows, for the environment of this process. A proxy
    without a scheme is an http one, as in curl. Raises ValueError if `url` is not a URL, and if
    NO_PROXY has an entry with which the client of `reading` cannot be made.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    settings = _settings(env)
    port = None if parts.port == _DEFAULT_PORTS.get(parts.scheme) else parts.port
    key, exception = choose(
        Address(scheme=parts.scheme, host=host, port=port),
        {scheme: settings[scheme][1] for scheme in PROXY_SCHEMES if scheme in settings},
        settings.get("no", ("", ""))[1],
        reading,
    )
    variable, value = settings.get(key) or ("", "")
    if not host:
        return ProxyChoice()
    if exception:
        shadowed, _ = settings.get(parts.scheme) or settings.get("all") or ("", "")
        return ProxyChoice(variable=shadowed, exception=exception)
    if not value:
        return ProxyChoice()
    other_cases = (name for name in (variable.lower(), variable.upper()) if name != variable)
    differing = (name for name in other_cases if env.get(name, value) != value)
    return ProxyChoice(url=_with_scheme(value), variable=variable, other_case=next(differing, ""))


def no_proxy_variable(env: Mapping[str, str]) -> str:
    """Return the name of the variable with the exceptions that count: no_proxy if it is set."""
    return "no_proxy" if "no_proxy" in env else "NO_PROXY"


def no_proxy_command(env: Mapping[str, str], host: str) -> str:
    """Return the shell command that adds a host to the exceptions and keeps the others."""
    variable = no_proxy_variable(env)
    return f'export {variable}="${variable},{host}"'


def unusable_proxy(env: Mapping[str, str]) -> tuple[str, Problem, str] | None:
    """Return the variable, the problem and its words if no client can be made; else None.

    A client prepares every proxy when it is made, those for other schemes and hosts included.
    NO_PROXY with the entry * prevents that.
    """
    settings = _settings(env)
    if "*" in (entry.strip() for entry in settings.get("no", ("", ""))[1].split(",")):
        return None
    for scheme in PROXY_SCHEMES:
        variable, value = settings.get(scheme, ("", ""))
        if value and (problem := problem_with(_with_scheme(value))):
            return variable, *problem
    return None


def _settings(env: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The variables that count, by scheme; else the operating system's settings."""
    settings = _from_environment(env)
    if not settings and env is os.environ and sys.platform in {"darwin", "win32"}:
        return {
            scheme: ("the operating system's settings", value)
            for scheme, value in urllib.request.getproxies().items()
        }
    return settings


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"


def _from_environment(env: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Map each scheme, "all" and "no" to the variable that counts for it and to its value.

    A variable in lower case wins, even an empty one. HTTP_PROXY does not count in a CGI program,
    because a request's header could set it (CVE-2016-1000110).
    """
    variables = [
        (name, env[name], name[:-6].lower())
        for name in env  # its values are decoded when they are read
        if len(name) > 5 and name[-6] == "_" and name[-5:].lower() == "proxy"
    ]
    settings = {scheme: (name, value) for name, value, scheme in variables if value}
    if "REQUEST_METHOD" in env:
        settings.pop("http", None)
    for name, value, scheme in variables:
        if name.endswith("_proxy"):
            settings.pop(scheme, None)
            if value:
                settings[scheme] = (name, value)
    return settings


def without_password(proxy: str) -> str:
    """Replace what comes before the last @ of a proxy's URL by "…"."""
    before, at, host = proxy.rpartition("@")
    if not at:
        return proxy
    scheme, separator, _ = before.partition("://")
    return f"{scheme}://…@{host}" if separator else f"…@{host}"


def problem_with(proxy: str) -> tuple[Problem, str] | None:
    """Return what makes a proxy's URL unusable for the Python SDKs, also in words, or None.

    Measured with httpx 0.28.1 and httpx2 2.16.2.
    """
    text = proxy
    if proxy.startswith(('http://"', "http://'", "http:// ")):  # the scheme was added here
        text = proxy.removeprefix("http://")
    if text[:1] in {'"', "'"} or text.rstrip()[-1:] in {'"', "'"}:
        return "quotes", "it has quotes around it, and they are part of the value"
    if text != text.lstrip() or re.search(r"[\x00-\x1f\x7f]", text):
        return "blanks", "it contains a space or a line break"
    scheme = text.partition("://")[0].lower()
    if scheme in {"socks", "socks4", "socks4a"}:
        return "socks-scheme", f"the Python SDKs support socks5:// and socks5h://, not {scheme}://"
    if scheme not in _SCHEMES:
        return "scheme", f"no client supports the scheme {scheme}://"
    try:
        parts = urlsplit(text)
        if not parts.hostname or (parts.port is not None and not 0 < parts.port < 65_536):
            raise ValueError
    except ValueError:
        return "port", "its host or port is invalid"
    if scheme.startswith("socks") and not _supports_socks():
        return (
            "socks-unsupported",
            (
                "a SOCKS proxy needs the package socksio, which isn't installed here (pip "
                "install 'httpx[socks]')"
            ),
        )
    return None


def _supports_socks() -> bool:
    """Return True if httpx could load its support for SOCKS."""
    try:
        return find_spec("socksio") is not None
    except ValueError:
        return False
