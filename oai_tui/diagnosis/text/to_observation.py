"""Turn the text of one failure into an Observation with the fields and facts of a live answer.

The same symptoms then select a cause for a pasted text and for a live answer. The text is
redacted before it comes here (the first redaction). Reading it undoes escapes, which can make a
secret readable that the first redaction could not see, so every piece is redacted a second time
before it is kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from oai_tui.diagnosis.text.error_objects import best_error, headers_in, status_field
from oai_tui.diagnosis.text.failure_mentions import without_data_stores, without_successes
from oai_tui.diagnosis.text.failure_words import ConnectionFailure, failure_in
from oai_tui.diagnosis.text.guesses import without_guesses
from oai_tui.diagnosis.text.hosts import host_facts
from oai_tui.diagnosis.text.normalize import single_line, strip_framing
from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.diagnosis.text.responder_words import ResponseText, responder_facts
from oai_tui.diagnosis.text.status_codes import status_in, status_meant
from oai_tui.domain.answer_parsing import (
    NEVER_ANSWERS,
    facts_of_error,
    facts_of_headers,
    tls_facts,
)
from oai_tui.domain.cut_text import cut_text
from oai_tui.domain.keys.redaction import RedactedText
from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import ErrorBody, Fact, FailureKind, Observation
from oai_tui.domain.responder import Responder

Redact = Callable[[str], RedactedText]

EXCERPT_LIMIT = 4_000
"""Characters of an excerpt."""
_FIELD_LIMIT = 200
"""Characters of an error's code, type or param."""
_READ_LIMIT = 60_000
"""Characters of one failure that are read; of a longer one, the two ends."""
_LINE_LIMIT = 1_200
"""Characters of one line that an excerpt keeps."""

_PAGE_ROWS = (
    # any page
    (r"<!doctype html", "<!DOCTYPE html>"),
    (r"<html\b", '<html lang="en">'),
    (r"<head>", "<head>"),
    (r"<title\b", "<title>502 Bad Gateway</title>"),
    (r"<body\b", '<body bgcolor="white">'),
    (r"<center>", "<center><h1>403 Forbidden</h1></center>"),
    (r"<h1\b", "<h1>403 Forbidden</h1>"),
    (r"<noscript\b", "<noscript>Enable JavaScript and cookies to continue</noscript>"),
    # Cloudflare, also where a log shows a part of its page
    (r"challenge-form", '<form id="challenge-form" method="POST">'),
    (r"__cf\$", "window['__CF$cv$params']={r:'8a1b'}"),
    (r"cf-(?:host|cloudflare|browser)-status", '<div id="cf-host-status" class="cf-column">'),
    (r"utm_source=errorcode_", '<a href="https://www.cloudflare.com/?utm_source=errorcode_502">'),
    (
        r"<(?:div|table|span|p|img) (?:class|id|width|data-[a-z-]{1,20}|src)=",
        '<span class="inline-block">Error</span>',
    ),
    (r"cf[-_]error[-_]details", '<div id="cf-error-details">'),
    (r"(?<!k)cferror", '<span class="cferror_details">'),
)
_PAGE = LazyPattern("" + any_of(_PAGE_ROWS))
_PAGE_STATUS_ROWS = (
    (r"<(?:title|h1)[^>]{0,80}>[^<]{0,80}?\b([45][0-9]{2})\b", "<title>502 Bad Gateway</title>"),
    (r"errorcode_([45][0-9]{2})\b", "utm_source=errorcode_522&utm_campaign=api.openai.com"),
    (r"\b(?:http|server) error:? ([45][0-9]{2})\b", "<p>HTTP ERROR 503</p>"),
    (r"\berror code:? ([45][0-9]{2})\b", "<span>Error code 520</span>"),
)
_PAGE_STATUS = LazyPattern("" + any_of(_PAGE_STATUS_ROWS))

_PROXY_FAILURES = frozenset({"proxy-auth", "proxy-refused", "proxy-unreachable"})
"""Failures that a proxy reports with a status of its own."""
_MAYBE_PROXY = frozenset({"refused", "connect-timeout", "unreachable", "dns"})
"""Failures to connect that can be those of a proxy."""
_ERRNO = LazyPattern(
    r"\bE(?:CONN[A-Z]{5,7}|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|PIPE)\b",
    ignore_case=False,
)
"""An errno of Node; a relay that failed to connect puts one into an answer with a 5xx status."""
_NO_ANSWER_CLASS = re.compile(
    r"(?:Type|System|Axios|Fetch|[A-Za-z]{0,20}(?:Connect|Timeout|Socket|Network)[A-Za-z]{0,20})?"
    r"(?:Error|Exception)"
)
"""Classes of exceptions for a call without an answer ("APIConnectionError", "Error")."""
_VAGUE_WORDS = LazyPattern(
    r"\bapi_?timeout_?error\b:?|\brequest timed out\b\.?|curl: \(7\)|\bcurl error 7\b"
    r"|\bconnect(?:ion)? error\b\.?|couldn'?t connect to server"
    r"|\bssl connection could not be established\b|curl: \(35\)|\bcurl error 35\b",
    "timed out",
    "timeout",
    "curl",
    "connect",
)
"""Words that a client prints whatever kept it from an answer."""
_STATUS_OF_CLIENT = LazyPattern(r"\b500 can'?t connect to\b", "connect to")
"""The status that Perl's LWP makes up if no connection was made."""
_CODE = re.compile(r"[A-Za-z][\w. -]*|[0-9]{3,}")
"""A code that an answer can have."""
_TLS_PROBLEMS = (
    ("expired", LazyPattern(r"expired")),
    ("not-yet-valid", LazyPattern(r"not.?yet.?valid")),
    (
        "wrong-name",
        LazyPattern(
            r"mismatch|altname|doesn'?t match|valid (?:only )?for|notvalidforname|subject name"
            r"|principal|common_name",
            ignore_case=False,
        ),
    ),
    ("self-signed", LazyPattern(r"self.?signed", ignore_case=False)),
    ("unknown-issuer", LazyPattern(r"issuer|authority|trust|verify|pkix", ignore_case=False)),
)
"""Values of the fact tls_problem, each with the words of a failed handshake that show it."""
_LOOPBACK = r"127\.0\.0\.1|localhost"
_PROXY_PORTS = (
    r"789[0-9]",  # Clash
    r"108[0-9]|10[89][0-9]",  # SOCKS, and the ports after it
    r"1080[0-9]",  # v2rayN
    r"8118",  # Privoxy
    r"3128",  # Squid
    r"8888|8889",  # Charles, Fiddler, Tinyproxy
    r"2080",  # sing-box
    r"20171",  # v2rayA
    r"1087|1086",  # ShadowsocksX-NG
    r"6152",  # Surge
    r"33210|4780[01]|9910|15732|8001",  # others, as met in public issues
)
_PROXY_PORT = LazyPattern(
    rf"(?:{_LOOPBACK}|\[?::1\]?):(?:{'|'.join(_PROXY_PORTS)})\b", ignore_case=False
)
"""A local address with a port on which proxies listen by default."""
_PROXY_POOL = LazyPattern(r"\bsocks\w{0,12}(?:connectionpool|connection\()")
"""The classes of urllib3 for a connection through a SOCKS proxy."""
_PRIVATE_ADDRESS = r"(?:10|172\.(?:1[6-9]|2[0-9]|3[01])|192\.168)(?:\.[0-9]{1,3}){2,3}"
_LOCAL_TARGET = LazyPattern(
    r"(?:econnrefused|etimedout|ehostunreach|dial tcp|connect(?:ing)?(?: call failed)?(?: to)?|\()"
    rf"\s*['\"(\[]{{0,3}}(?:{_LOOPBACK}|::1|host\.docker\.internal|{_PRIVATE_ADDRESS})"
    r"\]?['\"]?[:,]\s*([0-9]{2,5})"
)
"""A connection to this machine or its network, with its port as group 1."""
_HTTPS_AND_HTTP = frozenset({"443", "80"})
_STANDARD_HEADERS = LazyPattern(
    r"(?im)^[<*\s]{0,8}"
    r"(?:x-ratelimit-[\w-]{1,40}|cf-ray|cf-cache-status|server(?=:\s*cloudflare\s*$))"
    r"\s{0,4}:[^\n]{0,400}$",
    "x-ratelimit",
    "cf-",
    "server",
    ignore_case=False,
)
"""Header lines that are in every answer. Their words ("tokens", "cloudflare") do not describe the
failure, so an excerpt leaves them out. `headers_in` reads what they contain."""
_FAILURE_LINE = LazyPattern(
    r"error|exception|fail|refus|denied|invalid|incorrect|status|code|caused|timed? ?out"
    r"|quota|limit|unauthor|forbidden|not found|exist|must|missing|unable|cannot|can'?t|could not"
    r"|warn|permission|certificate|proxy|http"
)
"""A line that an excerpt of a long text keeps."""


class _Parts(NamedTuple):
    """The text of one failure, split into the parts of an answer.

    whole: the text as it came in, tracebacks included.
    words: the messages on one line, without tracebacks and up to the page.
    page: the HTML page in the text, from its first tag on; may be empty.
    excerpt: the lines about the failure on one line, at most EXCERPT_LIMIT characters.
    headers: names in lower case.
    hosts: the facts host, host_kind and model_wanted.
    status: the status that the text states, or None.
    """

    whole: RedactedText
    words: RedactedText
    page: RedactedText
    excerpt: RedactedText
    error: ErrorBody | None
    headers: Mapping[str, RedactedText]
    hosts: Mapping[str, Fact]
    status: int | None


def to_observation(
    text: RedactedText, *, redact: Redact, responders: Sequence[Responder], now: float
) -> Observation:
    """Return the observation of one failure.

    text: normalized.
    redact: the second redaction, for every piece that is kept.
    responders: the table by which the server that answered is identified.
    now: seconds since 1970, for headers that contain a date.
    """
    parts = _split(text, redact)
    failure = _connection_failure(parts)
    if failure is not None and _nobody_answered(failure, parts):
        return _failed(failure, parts, now)
    return _answered(parts, responders, now)


def _split(text: RedactedText, redact: Redact) -> _Parts:
    """Read the parts of an answer out of the text, and redact each of them."""
    framed = strip_framing(RedactedText(_both_ends(text, _READ_LIMIT)))
    messages = RedactedText(without_data_stores(without_successes(framed)))
    page_tag = _PAGE.search(messages)
    page_start = page_tag.start() if page_tag else len(messages)
    page = RedactedText(messages[page_start:])
    words = RedactedText(without_guesses(single_line(redact(messages[:page_start]))))
    error = _redacted_error(best_error(messages), redact)
    headers = {name: redact(value) for name, value in headers_in(messages).items()}
    status = (
        status_in(words) or status_field(messages) or _status_of_error(error) or _status_of(page)
    )
    return _Parts(
        whole=text,
        words=words,
        page=page,
        excerpt=_excerpt(_STANDARD_HEADERS.sub("", messages), redact),
        error=error,
        headers=headers,
        hosts=host_facts(RedactedText(single_line(messages))),
        status=status,
    )


def _connection_failure(parts: _Parts) -> ConnectionFailure | None:
    """Return the failure of a connection that the words describe, or None.

    A page, or an error object with a code or a type, is an answer; unless the type is the class of
    an exception without an answer, as loggers of Node write it.
    """
    if parts.page:
        return None
    error = parts.error
    if error and not error.type and _is_code_of_client(error.code):
        error = None
    if error and (error.code or (error.type and not _NO_ANSWER_CLASS.fullmatch(error.type))):
        return None
    return failure_in(parts.words)


def _is_code_of_client(code: str) -> bool:
    """Return True for a code of a library, not of an answer.

    Such as SELF_SIGNED_CERT_IN_CHAIN, the number of a failed verification, or gRPC's
    "Unavailable desc = …".
    """
    return not _CODE.fullmatch(code) or failure_in(RedactedText(code)) is not None


def _nobody_answered(failure: ConnectionFailure, parts: _Parts) -> bool:
    """Return True if the failure happened before the API or another server answered.

    This is so when no status is stated, when the status is the proxy's own or the client's, and
    when it is a relay's 5xx with an errno.
    """
    if parts.status is None or failure.kind in _PROXY_FAILURES:
        return True
    if _STATUS_OF_CLIENT.search(parts.words):
        return True
    return parts.status >= 500 and _ERRNO.search(parts.words) is not None


def _failed(failure: ConnectionFailure, parts: _Parts, now: float) -> Observation:
    """Return the observation of a call without an answer."""
    return Observation(
        probe="paste",
        failure=_failure_kind(failure, parts),
        detail=parts.excerpt,
        headers=parts.headers,
        error=parts.error,
        facts={**_facts(parts, now), **_connection_facts(failure), **_vague_facts(parts)},
    )


def _answered(parts: _Parts, responders: Sequence[Responder], now: float) -> Observation:
    """Return the observation of an answer."""
    status = parts.status
    if status is None and not parts.page:
        status = status_meant(parts.words)
    response = ResponseText(
        status=parts.status or 0,
        headers=parts.headers,
        error=parts.error,
        words=parts.words,
        page=parts.page,
        whole=parts.whole,
        hosts=parts.hosts,
    )
    return Observation(
        probe="paste",
        status=status,
        error=parts.error,
        headers=parts.headers,
        body=parts.excerpt,
        facts={**_facts(parts, now), **responder_facts(response, responders)},
    )


def _facts(parts: _Parts, now: float) -> dict[str, Fact]:
    """Return the facts of an answer and of a failure alike.

    Facts: body_kind, host, host_kind, model_wanted, and those of facts_of_headers and
    facts_of_error.
    """
    undated = {name: value for name, value in parts.headers.items() if name != "date"}
    facts: dict[str, Fact] = {
        "body_kind": _body_kind(parts),
        **parts.hosts,
        **facts_of_headers(undated, now),
        **facts_of_error(ErrorBody(message=parts.words)),
    }
    if parts.error is not None:
        facts |= facts_of_error(parts.error)
    return facts


def _body_kind(parts: _Parts) -> str:
    if parts.page:
        return "html"
    if parts.error is not None:
        return "json"
    return "text" if parts.words else "empty"


def _both_ends(text: str, limit: int) -> str:
    """Return the text, or the two ends of one that is longer than the limit."""
    if len(text) <= limit:
        return text
    return f"{text[: limit // 2]}\n…\n{text[-limit // 2 :]}"


def _redacted_error(error: ErrorBody | None, redact: Redact) -> ErrorBody | None:
    """Return the error with each part redacted, on one line and cut to its limit."""
    if error is None:
        return None
    return ErrorBody(
        code=cut_text(redact(single_line(error.code)), _FIELD_LIMIT),
        type=cut_text(redact(single_line(error.type)), _FIELD_LIMIT),
        message=cut_text(redact(single_line(error.message)), EXCERPT_LIMIT),
        param=cut_text(redact(single_line(error.param)), _FIELD_LIMIT),
    )


def _status_of_error(error: ErrorBody | None) -> int | None:
    """Return the status that an error has as its code, or None."""
    if error is not None and re.fullmatch(r"[45][0-9]{2}", error.code):
        return int(error.code)
    return None


def _status_of(page: RedactedText) -> int | None:
    """Return the status that the title or the heading of a page states, or None."""
    match = _PAGE_STATUS.search(page) if page else None
    return int(next(number for number in match.groups() if number)) if match else None


def _failure_kind(failure: ConnectionFailure, parts: _Parts) -> FailureKind:
    """Return the kind of the failure.

    A connection that was meant for OpenAI and failed at another port of this machine or its
    network failed at a proxy.
    """
    if failure.kind not in _MAYBE_PROXY:
        return failure.kind
    if _PROXY_POOL.search(parts.words) or _PROXY_PORT.search(parts.words):
        return "proxy-unreachable"
    local = _LOCAL_TARGET.search(parts.words)
    if local and parts.hosts.get("host_kind") == "openai" and local[1] not in _HTTPS_AND_HTTP:
        return "proxy-unreachable"
    return failure.kind


def _vague_facts(parts: _Parts) -> dict[str, Fact]:
    """Return the fact failure_words if a client uses the only words for several failures."""
    without_vague = _VAGUE_WORDS.sub("", parts.words)
    if without_vague == parts.words or failure_in(RedactedText(without_vague)) is not None:
        return {}
    return {"failure_words": "vague"}


def _connection_facts(failure: ConnectionFailure) -> dict[str, Fact]:
    """Return the facts of a certificate that was rejected, or of a failure to connect.

    Facts: tls_problem, tls_flaw; route; connect_said. May be empty.
    """
    if failure.kind == "unreachable":
        return {"route": "not known"}
    if failure.kind == "connect-timeout":
        return {"connect_said": NEVER_ANSWERS}
    if failure.kind not in {"tls-untrusted", "tls-invalid"}:
        return {}
    for problem, words in _TLS_PROBLEMS:
        if words.search(failure.words):
            return tls_facts(problem)
    return {}


def _excerpt(messages: str, redact: Redact) -> RedactedText:
    """Return the messages on one line, at most EXCERPT_LIMIT characters.

    Of a longer text only the lines about a failure are kept.
    """
    whole = single_line(redact(messages))
    if len(whole) <= EXCERPT_LIMIT:
        return RedactedText(whole)
    lines = [
        line[:_LINE_LIMIT] for line in messages.split("\n") if _FAILURE_LINE.search(line[:4_000])
    ]
    failure_lines = single_line(redact("\n".join(lines)))
    if not failure_lines:
        return RedactedText(whole[:EXCERPT_LIMIT])
    return RedactedText(_both_ends(failure_lines, EXCERPT_LIMIT - 3).replace("\n", " "))
