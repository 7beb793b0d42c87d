"""Checks the settings before anything is sent: base URL, proxy and certificate store.

Each is reported with its origin and with what makes it unusable.
"""

import functools
import os
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from oai_tui.domain.keys import defects as hygiene
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Target, receiver_of_plain_http
from oai_tui.probes.key_check import describe_origin
from oai_tui.probes.network.call_phases import SYSTEM_STORE, settings_phase
from oai_tui.probes.network.client_compat import settings_compat_notes
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.network.proxies import (
    ProxyChoice,
    no_proxy_command,
    problem_with,
    unusable_proxy,
)

_UNREADABLE = {"blanks", "no-scheme", "port", "no-host", "not-http"}
"""Problems of a base URL with which no request is made, so that no proxy is chosen for it."""
_SHELL_SAFE = re.compile(r"[\w.:-]+", re.ASCII)
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
_LOCAL_ADDRESS = re.compile(
    r"(?:localhost|127(?:\.[0-9]{1,3}){3})(?::[0-9]+)?(?:/.*)?", re.IGNORECASE
)
_HOST_NAME = re.compile(r"[\w.-]+\.[a-z]{2,}(?::[0-9]+)?(?:/.*)?", re.IGNORECASE)
_ENDPOINT = re.compile(
    r"/(?:chat/completions|completions|responses|embeddings|models|audio/.*|images/.*"
    r"|moderations)/*\Z",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"(?<!/v1)(?:/v1){2,}+/*\Z", re.IGNORECASE)
_MAX_LABEL = 63
"""Characters of one part of a host name (RFC 1035, 2.3.4)."""
_CUSTOM_HEADERS = "OPENAI_CUSTOM_HEADERS"
_STORE_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True)
class SettingsProbe:
    """Checks base URL, organization, project, proxy and certificate files."""

    environment: NetworkEnvironment

    async def __call__(self, call: Call) -> Observation:
        target, env = call.target, self.environment.env()
        problem, repaired = problem_of(target)
        choice = ProxyChoice()
        if problem not in _UNREADABLE and not target.direct:
            choice = self.environment.proxy_of(target.base_url)
        facts: dict[str, Fact] = {
            "base_url": target.base_url,
            "base_url_problem": problem,
            "base_url_origin": target.origin("base_url").description,
            "host": target.host,
            "organization_origin": describe_origin(target.origin("organization")),
            "project_origin": describe_origin(target.origin("project")),
            "organization_setting": target.origin("organization").setting,
            "project_setting": target.origin("project").setting,
            **_proxy_facts(choice, target, env),
            **({"custom_headers": _CUSTOM_HEADERS} if env.get(_CUSTOM_HEADERS) else {}),
            **_store_facts(env),
        }
        if repaired:
            facts["base_url_repaired"] = repaired
        receiver = receiver_of_plain_http(target, choice.url)
        if problem == "none" and receiver and not target.allow_http:
            facts["plain_http_to"] = receiver
        for name, value in (("organization", target.organization), ("project", target.project)):
            if value and not hygiene.SENDABLE.match(value):
                facts[f"{name}_problem"] = "blanks"
        broken = problem != "none" or "ca_file" in facts or "proxy_problem" in facts
        return Observation(
            probe="settings",
            facts=facts,
            phases=(settings_phase(facts, mark="failed" if broken else "passed"),),
            notes=(*_local_proxy_note(facts), *settings_compat_notes(env, choice, target.base_url)),
        )


def _proxy_facts(choice: ProxyChoice, target: Target, env: Mapping[str, str]) -> dict[str, Fact]:
    """Facts: proxy_reason, proxy_problem, proxy_error_text, proxy_variable, local_call_proxy,
    no_proxy_command.

    A proxy that cannot be used is a problem also if it is not the one for this base URL, because
    the Python SDKs prepare every proxy when a client is made.
    """
    facts: dict[str, Fact] = {"proxy_reason": choice.reason}
    if target.direct:
        return {"proxy_reason": "none, skipped for this run"}
    if choice.url:
        facts["proxy_variable"] = choice.variable
        if target.is_loopback:
            facts["local_call_proxy"] = choice.display_url
        if _SHELL_SAFE.fullmatch(target.host):
            facts["no_proxy_command"] = no_proxy_command(env, target.host)
        if problem := problem_with(choice.url):
            return facts | {"proxy_problem": problem[0], "proxy_error_text": problem[1]}
    if unusable := unusable_proxy(env):
        variable, problem_id, words = unusable
        facts |= {
            "proxy_variable": variable,
            "proxy_problem": problem_id,
            "proxy_error_text": words,
        }
    return facts


def _local_proxy_note(facts: Mapping[str, Fact]) -> tuple[str, ...]:
    if "local_call_proxy" not in facts:
        return ()
    return (
        (
            f"{facts['host']} is this machine, but the call still goes through the proxy "
            f"{facts['local_call_proxy']} from {facts['proxy_variable']}, as in the Python SDKs: "
            "NO_PROXY doesn't list the host."
        ),
    )


def _store_facts(env: Mapping[str, str]) -> dict[str, Fact]:
    """Facts: store, store_named; ca_file and ca_error for one that cannot be used."""
    named = [f"{name}={env[name]}" for name in _STORE_VARIABLES if env.get(name)]
    facts: dict[str, Fact] = {"store": named[0] if named else SYSTEM_STORE}
    if named:
        facts["store_named"] = named[0]
    for name in _STORE_VARIABLES:
        if (path := env.get(name)) and (error := _store_error(name, path)):
            return facts | {"ca_file": f"{name}={path}", "ca_error": error}
    return facts


def _store_error(name: str, path: str) -> str:
    """The reason why the store that a variable names cannot be used, or ""."""
    if not os.path.exists(path):
        return "it doesn't exist"
    if name == "SSL_CERT_DIR":
        return "" if os.path.isdir(path) else "it is not a folder"
    if os.path.isdir(path):
        return "it is a folder, not a file"
    try:
        info = os.stat(path)
    except OSError:
        return "it can't be read (permissions)"
    return _pem_error(path, info.st_ino, info.st_size, info.st_ctime_ns)


@functools.lru_cache(maxsize=8)
def _pem_error(path: str, inode: int, size: int, changed_ns: int) -> str:
    """The same for a file. Loading all certificates takes longer than a request.

    inode, size, changed_ns: of this state of the file; a change of content or mode changes them.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except PermissionError:
        return "it can't be read (permissions)"
    except (OSError, ValueError):
        return "it contains no PEM certificate"
    return ""


def _no_repair(url: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class _UrlRule:
    """One thing that can be wrong with a URL, and how it is repaired; "" if it cannot be."""

    problem: str
    applies: Callable[[SplitResult], object]
    repair: Callable[[str], str] = _no_repair


def _has_no_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    too_long = any(len(label) > _MAX_LABEL for label in host.split("."))
    return too_long or not re.fullmatch(r"[\w.:-]+", host)


def _is_openai_over_http(parts: SplitResult) -> bool:
    host = (parts.hostname or "").lower()
    return parts.scheme.lower() == "http" and f".{host}".endswith(".openai.com")


_URL_RULES = (
    _UrlRule("not-http", lambda parts: parts.scheme.lower() not in {"http", "https"}),
    _UrlRule("port", lambda parts: parts.port == 0),
    _UrlRule("no-host", _has_no_host),
    _UrlRule("plain-http", _is_openai_over_http, lambda url: "https" + url[4:]),
    _UrlRule(
        "query",
        lambda parts: parts.query or parts.fragment,
        lambda url: url.partition("#")[0].partition("?")[0],
    ),
    _UrlRule(
        "path-is-endpoint",
        lambda parts: _ENDPOINT.search(parts.path),
        lambda url: _ENDPOINT.sub("", url),
    ),
    _UrlRule(
        "path-is-endpoint",
        lambda parts: _DOUBLED.search(parts.path),
        lambda url: _DOUBLED.sub("/v1", url),
    ),
)
"""Problems of a URL that can be parsed. The first rule that applies counts."""


def problem_of(target: Target) -> tuple[str, str]:
    """Return what is wrong with a base URL, or "none", and the repaired URL, or ""."""
    url = target.base_url
    if not url.strip() or _BLANK.search(url):
        repaired = _BLANK.sub("", url)
        return "blanks", repaired if repaired.startswith(("https://", "http://")) else ""
    if "://" not in url:
        return "no-scheme", _with_scheme(url)
    try:
        parts = urlsplit(url)
        _ = parts.port  # ValueError for one that is not a number or over 65535
    except ValueError:
        return "port", ""
    rule = next((rule for rule in _URL_RULES if rule.applies(parts)), None)
    return (rule.problem, rule.repair(url)) if rule else ("none", "")


def _with_scheme(text: str) -> str:
    """The URL of a host that was given without a scheme, or "" if the text is not a host."""
    if _LOCAL_ADDRESS.fullmatch(text):
        return f"http://{text}"
    return f"https://{text}" if _HOST_NAME.fullmatch(text) else ""
