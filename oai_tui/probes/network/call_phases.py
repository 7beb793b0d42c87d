"""Connection phases of one request, from its timings and facts: mark, duration and evidence.

Pure functions. Everything that comes in is redacted already.
"""

from collections.abc import Mapping
from dataclasses import replace

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.phases import PHASES, ConnectionPhase, PhaseId, PhaseMark
from oai_tui.probes.response_facts import API_RESPONDERS

SYSTEM_STORE = "system"
"""The certificate store that is used if no variable names another."""
_STATE_WORDS: Mapping[str, str] = {
    "open": "✓",
    "refused": "refused",
    "silent": "silent",
    "unreachable": "no route",
    "none": "no address",
    "reset": "cut",
}
_ENDPOINT_WORDS: Mapping[str, str] = {
    "proved": "confirmed as OpenAI",
    "loopback": "a server on this machine",
    "agreed": "the server you confirmed",
}
_NAME_WORDS: Mapping[str, str] = {
    "this-name": "this name doesn't resolve, others do",
    "offline": "no name resolves",
    "resolver-silent": "the resolver doesn't respond",
}
_STORE_WORDS: Mapping[str, str] = {
    "knows it": "certifi ✓",
    "does not know it": "certifi ✗",
}
_MAX_SKEW_S = 60
"""Seconds by which the clock may differ from the server's and still be called right."""


def with_phases(seen: Observation, *, tls: bool) -> Observation:
    """The observation with its phases. `tls`: whether the URL is an https one."""
    return replace(seen, phases=phases_of(seen, tls=tls))


def phases_of(seen: Observation, *, tls: bool) -> tuple[ConnectionPhase, ...]:
    """The phases after the settings. `tls`: whether the URL is an https one."""
    facts, times = seen.facts, seen.timings
    durations: Mapping[PhaseId, float | None] = {
        "name": times.name_ms,
        "connect": times.connect_ms,
        "proxy": times.proxy_ms,
        "tls": times.tls_ms,
        "answer": times.first_byte_ms,
    }
    failed = str(facts.get("failed_phase", "")) if seen.failure is not None else ""
    happened: Mapping[PhaseId, bool] = {
        "name": times.name_ms is not None or failed == "name" or "addresses" in facts,
        "proxy": "proxy" in facts,
        "tls": tls,
    }
    wanted = [phase for phase in PHASES[1:] if happened.get(phase, True)]
    failed_index = wanted.index(failed) if failed in wanted else 0
    phases: list[ConnectionPhase] = []
    at_ms = 0.0
    for index, phase in enumerate(wanted):
        ms = durations[phase]
        mark = _failure_mark(index - failed_index) if failed else _success_mark(phase, seen)
        if mark == "failed" and ms is None and times.total_ms is not None:
            ms = max(0.0, round(times.total_ms - at_ms, 1))
        skipped = mark == "skipped"
        phases.append(
            ConnectionPhase(
                id=phase,
                mark=mark,
                at_ms=round(at_ms, 1),
                ms=None if skipped else ms,
                detail="" if skipped else _detail(phase, seen, failed=mark == "failed"),
            )
        )
        at_ms += ms or 0.0
    return tuple(phases)


def _failure_mark(distance: int) -> PhaseMark:
    """`distance`: how many phases after the one that failed, negative for one before it."""
    if distance < 0:
        return "passed"
    return "failed" if distance == 0 else "skipped"


def _success_mark(phase: PhaseId, seen: Observation) -> PhaseMark:
    """The mark of a phase of a request that got a response."""
    facts = seen.facts
    if phase == "answer":
        return _answer_mark(seen)
    if phase == "connect" and "dead_family" in facts:
        return "warning"
    private_issuer = facts.get("certifi") == "does not know it" or "tls_product" in facts
    return "warning" if phase == "tls" and private_issuer else "passed"


def _answer_mark(seen: Observation) -> PhaseMark:
    """Passed if the key may be sent, a warning if it may once the user agrees, else failed.

    Failed are for example a web page, a redirect or a server error.
    """
    if seen.facts.get("key_may_go"):
        return "passed"
    is_api = seen.facts.get("speaker") in API_RESPONDERS and seen.status in {200, 401, 403}
    return "warning" if is_api else "failed"


def _detail(phase: PhaseId, seen: Observation, *, failed: bool) -> str:
    """The evidence for a phase in a few words; may be empty."""
    facts = seen.facts
    match phase:
        case "name":
            return _name_detail(facts)
        case "connect":
            return _connect_detail(facts)
        case "proxy":
            return _proxy_detail(facts, failed=failed)
        case "tls":
            return _tls_detail(facts)
        case _:
            return _answer_detail(seen)


def _name_detail(facts: Mapping[str, Fact]) -> str:
    if "addresses" in facts:
        return str(facts["addresses"])
    return _NAME_WORDS.get(str(facts.get("name_problem", "")), "")


def _connect_detail(facts: Mapping[str, Fact]) -> str:
    families = [
        f"{label} {_STATE_WORDS.get(str(facts[name]), facts[name])}"
        for name, label in (("ipv4", "IPv4"), ("ipv6", "IPv6"))
        if name in facts
    ]
    if families:
        return "   ".join(families)
    return f"to {facts['address_used']}" if "address_used" in facts else ""


def _proxy_detail(facts: Mapping[str, Fact], *, failed: bool) -> str:
    result = "" if failed else "tunnel open"
    if "proxy_status" in facts:
        result = f"returned {facts['proxy_status']}"
    return _joined(
        str(facts.get("proxy", "")),
        result,
        str(facts.get("proxy_named", "")),
        f"requires {facts['proxy_schemes']}" if "proxy_schemes" in facts else "",
    )


def _tls_detail(facts: Mapping[str, Fact]) -> str:
    trouble = str(facts.get("tls_trouble", ""))
    issuer = facts.get("tls_who") or facts.get("tls_issuer")
    return _joined(
        str(facts.get("tls_version", "")).replace("TLSv", "TLS "),
        trouble,
        f"issued by {issuer}" if issuer else "",
        f"until {facts['tls_until']}" if "tls_until" in facts and not trouble else "",
        _STORE_WORDS.get(str(facts.get("certifi", "")), ""),
        "plain HTTP on this port" if facts.get("plain_http") else "",
        "blocked by host name" if facts.get("name_filter") else "",
    )


def _answer_detail(seen: Observation) -> str:
    if seen.status is None:
        return ""
    facts = seen.facts
    endpoint = _ENDPOINT_WORDS.get(str(facts.get("endpoint", "")), "")
    is_openai = facts.get("speaker") in {"openai", "openai-like"}
    return _joined(
        f"{seen.status}",
        endpoint if is_openai and endpoint else str(facts.get("speaker_name", "")),
        f"Cloudflare {facts['colo']}" if "colo" in facts else "",
        _clock_words(facts.get("clock_skew_s")),
    )


def _clock_words(skew_s: Fact | None) -> str:
    if not isinstance(skew_s, int | float):
        return ""
    if abs(skew_s) <= _MAX_SKEW_S:
        return "clock right"
    return f"clock off by {abs(skew_s):.0f} s"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def settings_phase(facts: Mapping[str, Fact], *, mark: PhaseMark) -> ConnectionPhase:
    """The first phase: the settings in use before anything is sent."""
    base_url = f"base URL {facts.get('base_url', '')}"
    if facts.get("base_url_origin") not in {None, "the default"}:
        base_url += f" ({facts['base_url_origin']})"
    return ConnectionPhase(
        id="settings",
        mark=mark,
        detail=_joined(
            f"proxy {facts.get('proxy_reason', 'none')}",
            f"CA store {facts.get('store', SYSTEM_STORE)}",
            base_url,
        ),
    )
