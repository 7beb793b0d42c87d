"""What an answer or a failure tells, as facts: who spoke, what the error says, where a redirect points. Pure; everything that comes in is scrubbed already."""

import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from oai_tui.domain.answer_parsing import facts_of_error, facts_of_headers, is_html, parse_error
from oai_tui.domain.observation import ErrorBody, Fact
from oai_tui.domain.ports import Call
from oai_tui.domain.responder import Responder, identify_responder
from oai_tui.domain.target import Target

EXCERPT_LIMIT = 4_000
"""Characters of a body that are kept as evidence."""
_MOST_NAMES = 3
"""Names of a certificate that are told; a certificate may hold hundreds."""
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
    """Whose the host of a target is, by its name."""
    return "openai" if target.is_openai else "local" if target.is_loopback else "other"


def response_facts(
    table: Sequence[Responder],
    status: int,
    headers: Mapping[str, str],
    text: str,
    value: Any,
    call: Call,
    *,
    whole: bool,
    now: float,
) -> tuple[dict[str, Fact], ErrorBody | None]:
    """Facts and error object of an answer. `value`: the JSON value of the text, None for none; `whole`: whether the text is all of the body; `now`: seconds since 1970."""
    html = is_html(text, headers.get("content-type", ""))
    kind = _body_kind(text, value, whole=whole, html=html)
    error = parse_error(value)
    facts: dict[str, Fact] = {
        "body_kind": kind,
        **facts_of_headers(headers, now),
        **_speaker(
            table,
            status,
            headers,
            text,
            value,
            html=html,
            proved=call.facts.get("endpoint") == "proved",
        ),
    }
    if error is not None:
        facts |= facts_of_error(error)
    elif kind == "text" and status >= 400:
        facts |= facts_of_error(ErrorBody(message=text[:EXCERPT_LIMIT]))
    if named := _url_of_host(str(facts.get("named_host", "")), call.target):
        facts["named_host_url"] = named
    if "location" in headers:
        facts |= {
            "location": headers["location"],
            "location_host": _host_of(headers["location"], call.target),
        }
    if call.credential is not None and call.credential.secret.last4 and "echoed_last_four" in facts:
        facts["echo_differs"] = not call.credential.secret.last4.endswith(
            str(facts["echoed_last_four"])
        )
    return facts, error


def _body_kind(text: str, value: Any, *, whole: bool, html: bool) -> str:
    if not whole:
        return "too-large"
    if isinstance(value, (dict, list)):
        return "json"
    return (
        "html"
        if html
        else "empty"
        if not text.strip()
        else "binary"
        if "\ufffd" in text[:200] or "\x00" in text[:200]
        else "text"
    )


def _speaker(
    table: Sequence[Responder],
    status: int,
    headers: Mapping[str, str],
    text: str,
    value: Any,
    *,
    html: bool,
    proved: bool,
) -> dict[str, Fact]:
    """Who answered: a row of the table, or else what the body looks like. `proved`: this endpoint has already shown that it is OpenAI's, so an unusual body is OpenAI's too."""
    if speaker := identify_responder(table, status, headers, text, html=html):
        return {"speaker": speaker.kind, "speaker_name": speaker.name}
    if html:
        title = (
            text[text.lower().find("<title>") + 7 :].split("<")[0].strip()[:60]
            if "<title>" in text.lower()
            else ""
        )
        return {
            "speaker": "web",
            "speaker_name": f"the web page “{title}”" if title else "a web page",
        }
    regular = isinstance(value, dict) and (
        (isinstance(value.get("error"), dict) and "message" in value["error"])
        or value.get("object") in {"list", "model", "response", "chat.completion"}
    )
    if regular or (proved and parse_error(value) is not None):
        return {"speaker": "openai-like", "speaker_name": "a server in OpenAI's manner"}
    if parse_error(value) is not None:
        return {"speaker": "gateway", "speaker_name": "another server"}
    return {"speaker": "other", "speaker_name": "something else"}


def _url_of_host(host: str, target: Target) -> str:
    """The base URL on a host that an answer names: OpenAI's own, or one on this machine when the answer came from this machine; "" for any other."""
    if host.endswith(".openai.com"):
        return f"https://{host}/v1"
    local = host.startswith(("localhost:", "127.0.0.1:")) and target.is_loopback
    return f"{target.base_url.split('://')[0]}://{host}/v1" if local else ""


def _host_of(location: str, target: Target) -> str:
    """The host a redirect points to: the target's own for a relative one, "" for what is no URL."""
    try:
        parts = urlsplit(location)
        return parts.hostname or ("" if parts.scheme else target.host)
    except ValueError:
        return ""


def issuer_name(names: Sequence[Sequence[tuple[str, str]]]) -> str:
    """The organization, or else the common name, in a certificate's issuer as `ssl` gives it."""
    flat = {key: value for part in names for key, value in part}
    return flat.get("organizationName") or flat.get("commonName") or ""


def facts_of_connection(tls: Any, address: Any) -> dict[str, Fact]:
    """Address, TLS version, issuer, names and last day of a connection's certificate, from its ssl object (None without TLS) and the server's address (None where it is not known)."""
    facts: dict[str, Fact] = {"address_used": str(address[0])} if address else {}
    if tls is None:
        return facts
    certificate = tls.getpeercert() or {}
    if name := issuer_name(certificate.get("issuer", ())):
        facts["tls_issuer"] = name
    if names := [str(value) for _, value in certificate.get("subjectAltName", ())]:
        facts["tls_names"] = ", ".join(names[:_MOST_NAMES]) + (
            " …" if len(names) > _MOST_NAMES else ""
        )
    if "notAfter" in certificate:
        facts["tls_until"] = (
            datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
            .date()
            .isoformat()
        )
    return facts | {"tls_version": tls.version() or ""}


def facts_of_failure(error: BaseException) -> dict[str, Fact]:
    """What a failed certificate check says of the certificate."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return {"tls_problem": _TLS_PROBLEMS.get(seen.verify_code, "unknown-issuer")}
        seen = seen.__cause__ or seen.__context__
    return {}


def exception_chain_text(error: BaseException) -> str:
    """The texts of an exception and of what caused it, outermost first, without repetition. Not scrubbed."""
    texts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(texts) < 8:
        text = f"{type(seen).__name__}: {seen}" if str(seen) else type(seen).__name__
        if not texts or str(seen) not in texts[-1]:
            texts.append(text)
        seen = seen.__cause__ or seen.__context__
    return " ← ".join(texts)
