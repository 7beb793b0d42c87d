"""The rungs of one call, from its timings and facts: what passed, where the way breaks, and the evidence in a few words. Pure; everything that comes in is scrubbed."""

from collections.abc import Mapping
from dataclasses import replace

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.phases import PHASES, ConnectionPhase, PhaseId, PhaseMark

_FAMILY: Mapping[str, str] = {
    "open": "✓",
    "refused": "refused",
    "silent": "silent",
    "unreachable": "no route",
    "none": "no address",
    "reset": "cut",
}
SYSTEM_STORE = "the system's"
"""The certificate store that counts where no variable names another."""
_STATUS: Mapping[str, str] = {
    "proved": "OpenAI's own",
    "loopback": "a server on this machine",
    "agreed": "the server that was agreed to",
}


def phases_of(seen: Observation, *, tls: bool) -> tuple[ConnectionPhase, ...]:
    """The rungs after the settings. `tls`: whether the URL is an https one."""
    facts, times = seen.facts, seen.timings
    took: Mapping[PhaseId, float | None] = {
        "name": times.name_ms,
        "connect": times.connect_ms,
        "proxy": times.proxy_ms,
        "tls": times.tls_ms,
        "answer": times.first_byte_ms,
    }
    breaks = str(facts.get("failed_phase", "")) if seen.failure is not None else ""
    there: Mapping[PhaseId, bool] = {
        "name": times.name_ms is not None or breaks == "name" or "addresses" in facts,
        "proxy": "proxy" in facts,
        "tls": tls,
    }
    wanted = [rung for rung in PHASES[1:] if there.get(rung, True)]
    made, at = [], 0.0
    for place, rung in enumerate(wanted):
        ms = took[rung]
        mark = _mark(rung, breaks, wanted, place, seen)
        if mark == "failed" and ms is None and times.total_ms is not None:
            ms = max(0.0, round(times.total_ms - at, 1))
        made.append(
            ConnectionPhase(
                id=rung,
                mark=mark,
                at_ms=round(at, 1),
                ms=None if mark == "skipped" else ms,
                detail=""
                if mark == "skipped"
                else _detail(rung, facts, seen, failed=mark == "failed"),
            )
        )
        at += ms or 0.0
    return tuple(made)


def _mark(
    rung: PhaseId, breaks: str, wanted: list[PhaseId], place: int, seen: Observation
) -> PhaseMark:
    if breaks:
        at = wanted.index(breaks) if breaks in wanted else 0
        return "passed" if place < at else "failed" if place == at else "skipped"
    if rung == "answer":
        return _answer_mark(seen)
    doubtful = (rung == "connect" and "dead_family" in seen.facts) or (
        rung == "tls"
        and (seen.facts.get("certifi") == "does not know it" or "tls_product" in seen.facts)
    )
    return "warning" if doubtful else "passed"


def _answer_mark(seen: Observation) -> PhaseMark:
    """Passed for an answer that earns the key, a warning for one that may after a yes, failed for a page, a redirect or a fault."""
    if seen.facts.get("key_may_go"):
        return "passed"
    manner = seen.facts.get("speaker")
    return (
        "warning"
        if manner in {"openai", "openai-like", "gateway"} and seen.status in {200, 401, 403}
        else "failed"
    )


def _detail(rung: PhaseId, facts: Mapping[str, Fact], seen: Observation, *, failed: bool) -> str:
    match rung:
        case "name":
            return _names(facts)
        case "connect":
            return _families(facts)
        case "proxy":
            said = (
                f"answered {facts['proxy_status']}"
                if "proxy_status" in facts
                else ""
                if failed
                else "tunnel open"
            )
            return _joined(
                str(facts.get("proxy", "")),
                said,
                str(facts.get("proxy_named", "")),
                f"wants {facts['proxy_schemes']}" if "proxy_schemes" in facts else "",
            )
        case "tls":
            return _tls(facts)
        case _:
            return _answer(facts, seen)


def _names(facts: Mapping[str, Fact]) -> str:
    if "addresses" in facts:
        return str(facts["addresses"])
    return {
        "this-name": "this name does not resolve, others do",
        "offline": "no name resolves",
        "resolver-silent": "the resolver stays silent",
    }.get(str(facts.get("name_problem", "")), "")


def _families(facts: Mapping[str, Fact]) -> str:
    families = [
        f"{label} {_FAMILY.get(str(facts[name]), facts[name])}"
        for name, label in (("ipv4", "IPv4"), ("ipv6", "IPv6"))
        if name in facts
    ]
    return "   ".join(families) or (
        f"to {facts['address_used']}" if "address_used" in facts else ""
    )


def _tls(facts: Mapping[str, Fact]) -> str:
    store = {"knows it": "certifi ✓", "does not know it": "certifi ✗"}.get(
        str(facts.get("certifi", "")), ""
    )
    version = str(facts.get("tls_version", "")).replace("TLSv", "TLS ")
    trouble = str(facts.get("tls_trouble", ""))
    until = f"until {facts['tls_until']}" if "tls_until" in facts and not trouble else ""
    issued = (
        f"issued by {facts.get('tls_who') or facts.get('tls_issuer')}"
        if facts.get("tls_who") or facts.get("tls_issuer")
        else ""
    )
    return _joined(
        version,
        trouble,
        issued,
        until,
        store,
        "plain HTTP is spoken here" if facts.get("plain_http") else "",
        "cut because of the name" if facts.get("name_filter") else "",
    )


def _answer(facts: Mapping[str, Fact], seen: Observation) -> str:
    if seen.status is None:
        return ""
    manner = str(facts.get("speaker_name", ""))
    known = _STATUS.get(str(facts.get("endpoint", "")), "")
    who = known if facts.get("speaker") in {"openai", "openai-like"} and known else manner
    skew = facts.get("clock_skew_s")
    clock = (
        ""
        if not isinstance(skew, int | float)
        else "clock right"
        if abs(skew) <= 60
        else f"clock off by {abs(skew):.0f} s"
    )
    return _joined(
        f"{seen.status}", who, f"Cloudflare {facts['colo']}" if "colo" in facts else "", clock
    )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def settings_phase(facts: Mapping[str, Fact], *, mark: PhaseMark) -> ConnectionPhase:
    """The first rung: what is in force before anything is sent."""
    origin = (
        f" ({facts['base_url_origin']})"
        if facts.get("base_url_origin") not in {None, "the default"}
        else ""
    )
    return ConnectionPhase(
        id="settings",
        mark=mark,
        detail=_joined(
            f"proxy {facts.get('proxy_reason', 'none')}",
            f"store {facts.get('store', SYSTEM_STORE)}",
            f"base {facts.get('base_url', '')}{origin}",
        ),
    )


def with_phases(seen: Observation, *, tls: bool) -> Observation:
    """The observation with its rungs."""
    return replace(seen, phases=phases_of(seen, tls=tls))
