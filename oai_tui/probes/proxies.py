"""Which proxy a call goes through: the environment's or the operating system's setting, as Python programs read it. One place decides, so that the proxy can be named."""

import urllib.request
from urllib.parse import urlsplit


def proxy_for(url: str) -> str:
    """The proxy's URL for `url`, "" when the call goes direct. A proxy without a scheme is an http one, as curl has it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    if not proxy or not host or urllib.request.proxy_bypass(host):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"
