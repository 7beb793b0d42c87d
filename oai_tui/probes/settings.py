"""The settings in force, before anything is sent: base URL, proxy and certificate store, each with where it came from, and whether it can work at all."""

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from oai_tui.domain.keys import defects as hygiene
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Target
from oai_tui.probes.network.call_phases import SYSTEM_STORE, settings_phase
from oai_tui.probes.network.client_compat import settings_compat_notes
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.network.proxies import ProxyChoice, problem_with

_ENDPOINT = re.compile(
    r"/(?:chat/completions|completions|responses|embeddings|models|audio/.*|images/.*|moderations)/*\Z",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"(?:/v1){2,}/*\Z", re.IGNORECASE)
_STORES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True, slots=True)
class SettingsProbe:
    """Checks base URL, organization, project, proxy and certificate files before anything is sent."""

    ground: NetworkEnvironment

    async def __call__(self, call: Call) -> Observation:
        target, env = call.target, self.ground.env()
        problem, repaired = problem_of(target)
        choice = (
            ProxyChoice()
            if target.is_loopback or target.direct
            else self.ground.proxy_of(target.base_url)
        )
        facts: dict[str, Fact] = {
            "base_url": target.base_url,
            "base_url_problem": problem,
            "base_url_origin": target.origin("base_url").noun,
            "host": target.host,
            "organization_origin": target.origin("organization").noun,
            "project_origin": target.origin("project").noun,
            **_facts_of_proxy(choice, target),
            **_facts_of_store(env),
        }
        if repaired:
            facts["base_url_repaired"] = repaired
        for name, value in (("organization", target.organization), ("project", target.project)):
            if value and not hygiene.SENDABLE.match(value):
                facts[f"{name}_problem"] = "blanks"
        broken = problem != "none" or "ca_file" in facts or "proxy_problem" in facts
        return Observation(
            probe="settings",
            facts=facts,
            phases=(settings_phase(facts, mark="failed" if broken else "passed"),),
            notes=() if target.is_loopback else settings_compat_notes(env, choice),
        )


def _facts_of_proxy(choice: ProxyChoice, target: Target) -> dict[str, Fact]:
    """Which proxy and why, and what makes it useless."""
    facts: dict[str, Fact] = {
        "proxy_reason": "none, this machine is called directly"
        if target.is_loopback
        else "none, left out for this run"
        if target.direct
        else choice.reason
    }
    found = problem_with(choice.url) if choice.url else None
    if found:
        facts |= {"proxy_problem": found[0], "proxy_error_text": found[1]}
    return facts | ({"proxy_variable": choice.variable} if choice.url else {})


def _facts_of_store(env: Mapping[str, str]) -> dict[str, Fact]:
    """Which certificate store counts; and the file or folder that is named and cannot be used, with why."""
    named = next((f"{name}={env[name]}" for name in _STORES if env.get(name)), "")
    facts: dict[str, Fact] = {
        "store": named or SYSTEM_STORE,
        **({"store_named": named} if named else {}),
    }
    for name in _STORES:
        if (path := env.get(name)) and (why := _unusable(name, path)):
            facts |= {"ca_file": f"{name}={path}", "ca_error": why}
            break
    return facts


def _unusable(name: str, path: str) -> str:
    """Why a store cannot be used, "" when it can."""
    if not os.path.exists(path):
        return "it does not exist"
    if name == "SSL_CERT_DIR":
        return "" if os.path.isdir(path) else "it is no folder"
    if os.path.isdir(path):
        return "it is a folder, not a file"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except PermissionError:
        return "it may not be read"
    except (OSError, ValueError):
        return "no certificate in PEM form stands in it"
    return ""


def problem_of(target: Target) -> tuple[str, str]:
    """What is wrong with a base URL ("none" when nothing is), and the repaired one where it can be repaired."""
    url = target.base_url
    if not url.strip() or url != url.strip() or re.search(r"[\s\x00-\x1f\x7f]", url):
        repaired = re.sub(r"[\s\x00-\x1f\x7f]", "", url)
        return "blanks", repaired if repaired.startswith(("https://", "http://")) else ""
    if "://" not in url:
        local = re.fullmatch(
            r"(?:localhost|127(?:\.[0-9]{1,3}){3})(?::[0-9]+)?(?:/.*)?", url, re.IGNORECASE
        )
        name = re.fullmatch(r"[\w.-]+\.[a-z]{2,}(?::[0-9]+)?(?:/.*)?", url, re.IGNORECASE)
        return "no-scheme", f"http://{url}" if local else f"https://{url}" if name else ""
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        return "port", ""
    if parts.scheme.lower() not in {"http", "https"}:
        return "not-http", ""
    if not port_is_fine:
        return "port", ""
    if (
        not parts.hostname
        or not re.fullmatch(r"[\w.:-]+", parts.hostname)
        or any(len(label) > 63 for label in parts.hostname.split("."))
    ):
        return "no-host", ""
    if parts.scheme.lower() == "http" and not target.is_loopback:
        return "plain-http", "https" + url[4:]
    if parts.query or parts.fragment:
        return "query", url.partition("#")[0].partition("?")[0]
    if _ENDPOINT.search(parts.path):
        return "path-is-endpoint", _ENDPOINT.sub("", url)
    if _DOUBLED.search(parts.path):
        return "path-is-endpoint", _DOUBLED.sub("/v1", url)
    return "none", ""
