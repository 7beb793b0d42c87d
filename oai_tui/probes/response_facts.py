"""Turns an HTTP response or exception into facts: responder, error object, redirect target.

Pure functions. Everything that comes in is redacted already.
"""

import ssl
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from oai_tui.domain.answer_parsing import (
    facts_of_error,
    facts_of_headers,
    parse_error,
    tls_facts,
)
from oai_tui.domain.cut_text import cut_text
from oai_tui.domain.observation import ErrorBody, Fact
from oai_tui.domain.ports import Call
from oai_tui.domain.responder import Responder, identify_responder
from oai_tui.domain.target import Target
from oai_tui.probes.response_parts import ResponseParts
from oai_tui.probes.server_facts import server_facts

EXCERPT_LIMIT = 4_000
"""Characters of a body that are kept as evidence."""
API_RESPONDERS = frozenset({"openai", "openai-like", "gateway"})
"""Values of the fact `speaker` for a server that answers in the form of an API for models."""
MAX_FIELD = 200
"""Characters of a code, a type or a parameter of an error that are kept."""
MAX_FACT = 1_000
"""Characters of a fact that are kept."""
_MAX_READ = 20_000
"""Characters of an error's message in which facts are looked for."""
_MAX_NAMES = 3
"""Names of a certificate that are reported; a certificate may hold hundreds."""
_TLS_PROBLEMS = {
    10: "expired",
    9: "not-yet-valid",
    62: "wrong-name",
    64: "wrong-name",
    18: "self-signed",
    19: "self-signed",
    20: "unknown-issuer",
    21: "unknown-issuer",
}
"""OpenSSL's verify codes."""


def host_kind(target: Target) -> Literal["openai", "local", "other"]:
    """Whose host the target's is, judged by its name."""
    if target.is_openai:
        return "openai"
    return "local" if target.is_loopback else "other"


def response_facts(
    parts: ResponseParts, call: Call, *, responders: Sequence[Responder], now: float
) -> tuple[dict[str, Fact], ErrorBody | None]:
    """Return the facts and the error object of a response.

    `responders`: the table that identifies who answered. `now`: seconds since 1970.

    Facts: body_kind, speaker, speaker_name, those of domain/answer_parsing, named_host_url,
    location, location_host, echo_differs; those of server_facts.
    """
    kind = _body_kind(parts)
    whole = parse_error(parts.value)
    error = None if whole is None else cut_error(whole)
    speaker = _responder_facts(parts, responders, proved=call.facts.get("endpoint") == "proved")
    facts: dict[str, Fact] = {
        "body_kind": kind,
        **facts_of_headers(parts.headers, now),
        **speaker,
        **server_facts(parts, call, speaker, error, responders),
    }
    if whole is not None:
        facts |= facts_of_error(replace(whole, message=whole.message[:_MAX_READ]))
    elif kind == "text" and parts.status >= 400:
        facts |= facts_of_error(ErrorBody(message=parts.text[:EXCERPT_LIMIT]))
    if url := _url_of_host(str(facts.get("named_host", "")), call.target):
        facts["named_host_url"] = url
    if "location" in parts.headers:
        location = parts.headers["location"]
        facts |= {"location": location, "location_host": _host_of(location, call.target)}
    last4 = call.credential.secret.last4 if call.credential is not None else ""
    if last4 and "echoed_last_four" in facts:
        facts["echo_differs"] = not last4.endswith(str(facts["echoed_last_four"]))
    return {name: _cut_fact(value) for name, value in facts.items()}, error


def cut_error(error: ErrorBody) -> ErrorBody:
    """Return an error with each part cut to its limit."""
    return ErrorBody(
        code=cut_text(error.code, MAX_FIELD),
        type=cut_text(error.type, MAX_FIELD),
        message=cut_text(error.message, EXCERPT_LIMIT),
        param=cut_text(error.param, MAX_FIELD),
    )


def _cut_fact(value: Fact) -> Fact:
    return cut_text(value, MAX_FACT) if isinstance(value, str) else value


def _body_kind(parts: ResponseParts) -> str:
    if not parts.complete:
        return "too-large"
    if isinstance(parts.value, (dict, list)):
        return "json"
    if parts.is_html:
        return "html"
    if not parts.text.strip():
        return "empty"
    return "binary" if "\ufffd" in parts.text[:200] or "\x00" in parts.text[:200] else "text"


def _responder_facts(
    parts: ResponseParts, responders: Sequence[Responder], *, proved: bool
) -> dict[str, Fact]:
    """Who answered: the first row of the table that matches, else judged by the body.

    `proved`: this endpoint has already proved to be OpenAI's, so an unusual body is OpenAI's too.

    Facts: speaker, speaker_name.
    """
    html, value = parts.is_html, parts.value
    responder = identify_responder(responders, parts.status, parts.headers, parts.text, html=html)
    if responder:
        return {"speaker": responder.kind, "speaker_name": responder.name}
    if html:
        title = _page_title(parts.text)
        name = f"the web page “{title}”" if title else "a web page"
        return {"speaker": "web", "speaker_name": name}
    has_error = parse_error(value) is not None
    if _looks_like_openai(value) or (proved and has_error):
        return {"speaker": "openai-like", "speaker_name": "an OpenAI-compatible server"}
    if has_error:
        return {"speaker": "gateway", "speaker_name": "another server"}
    return {"speaker": "other", "speaker_name": "something else"}


def _page_title(html: str) -> str:
    """At most 60 characters of a page's title, or ""."""
    at = html.lower().find("<title>")
    return "" if at < 0 else html[at + 7 :].split("<")[0].strip()[:60]


def _looks_like_openai(value: Any) -> bool:
    """Return True if a JSON value is an error or an object in the form of OpenAI's API."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("error"), dict) and "message" in value["error"]:
        return True
    return value.get("object") in {"list", "model", "response", "chat.completion"}


def _url_of_host(host: str, target: Target) -> str:
    """The base URL on a host that a response names, or "".

    Only OpenAI's hosts count, and this machine if the response came from this machine.
    """
    if host.endswith(".openai.com"):
        return f"https://{host}/v1"
    local = host.startswith(("localhost:", "127.0.0.1:")) and target.is_loopback
    return f"{target.base_url.split('://')[0]}://{host}/v1" if local else ""


def _host_of(location: str, target: Target) -> str:
    """The host of a redirect: the target's own if it is relative, "" if it is not a URL."""
    try:
        parts = urlsplit(location)
        return parts.hostname or ("" if parts.scheme else target.host)
    except ValueError:
        return ""


def issuer_name(names: Sequence[Sequence[tuple[str, str]]]) -> str:
    """The organization, else the common name, of a certificate's issuer as `ssl` returns it."""
    flat = {key: value for part in names for key, value in part}
    return flat.get("organizationName") or flat.get("commonName") or ""


def facts_of_connection(tls: Any, address: Any) -> dict[str, Fact]:
    """Return the facts of an open connection.

    `tls`: its ssl object, None without TLS. `address`: the server's, None if not known.

    Facts: address_used, tls_issuer, tls_names, tls_until, tls_version.
    """
    facts: dict[str, Fact] = {"address_used": str(address[0])} if address else {}
    if tls is None:
        return facts
    certificate = tls.getpeercert() or {}
    if name := issuer_name(certificate.get("issuer", ())):
        facts["tls_issuer"] = name
    if names := [str(value) for _, value in certificate.get("subjectAltName", ())]:
        more = " …" if len(names) > _MAX_NAMES else ""
        facts["tls_names"] = ", ".join(names[:_MAX_NAMES]) + more
    if "notAfter" in certificate:
        end = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
        facts["tls_until"] = end.date().isoformat()
    return facts | {"tls_version": tls.version() or ""}


def facts_of_failure(error: BaseException) -> dict[str, Fact]:
    """Return the facts of a certificate whose check failed, else nothing.

    Facts: tls_problem, tls_flaw.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return tls_facts(_TLS_PROBLEMS.get(seen.verify_code, "unknown-issuer"))
        seen = seen.__cause__ or seen.__context__
    return {}


def exception_chain_text(error: BaseException) -> str:
    """The texts of an exception and of its causes, outermost first, without repetition.

    At most 8. Not redacted.
    """
    texts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(texts) < 8:
        text = f"{type(seen).__name__}: {seen}" if str(seen) else type(seen).__name__
        if not texts or str(seen) not in texts[-1]:
            texts.append(text)
        seen = seen.__cause__ or seen.__context__
    return " ← ".join(texts)
