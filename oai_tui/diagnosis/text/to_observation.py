"""From the text of one failure to an Observation, in the words that a live answer has, so that the same signs judge both.

The text that comes in is redacted already. Everything that is unescaped on the way is redacted again before it is kept.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from oai_tui.diagnosis.text.error_objects import best_error, headers_in, status_field
from oai_tui.diagnosis.text.failure_words import failure_in
from oai_tui.diagnosis.text.hosts import host_facts
from oai_tui.diagnosis.text.normalize import single_line, strip_framing
from oai_tui.diagnosis.text.responder_words import ResponseText, responder_facts
from oai_tui.diagnosis.text.status_codes import status_in, status_meant
from oai_tui.domain.answer_parsing import facts_of_error, facts_of_headers
from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import ErrorBody, Fact, FailureKind, Observation
from oai_tui.domain.responder import Responder

EXCERPT_LIMIT = 4_000
_READ = 60_000
"""Characters of one failure that are read; of a longer one, the two ends."""
_PAGE = LazyPattern(
    r"<!doctype html|<html\b|<head>|<title\b|<body\b|<center>|<h1\b|challenge-form|<noscript\b|__cf\$|cf-(?:host|cloudflare|browser)-status|utm_source=errorcode_|<(?:div|table|span|p|img) (?:class|id|width|data-[a-z-]{1,20}|src)=|cf[-_]error[-_]details|(?<!k)cferror"
)
_PAGE_STATUS = LazyPattern(
    r"<(?:title|h1)[^>]{0,80}>[^<]{0,80}?\b([45][0-9]{2})\b|errorcode_([45][0-9]{2})\b|\b(?:http|server) error:? ([45][0-9]{2})\b|\berror code:? ([45][0-9]{2})\b"
)
_ERRNO = LazyPattern(
    r"\bE(?:CONN[A-Z]{5,7}|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|PIPE)\b",
    ignore_case=False,
)
"""A relay that could not get through says so with a status of its own."""
_TLS = (
    ("expired", LazyPattern(r"expired")),
    ("not-yet-valid", LazyPattern(r"not.?yet.?valid")),
    (
        "wrong-name",
        LazyPattern(
            r"mismatch|altname|doesn'?t match|valid (?:only )?for|notvalidforname|subject name"
        ),
    ),
    ("self-signed", LazyPattern(r"self.?signed")),
    ("unknown-issuer", LazyPattern(r"issuer|authority|trust|verify|pkix")),
)
_PROXY_PORT = LazyPattern(
    r"(?:127\.0\.0\.1|localhost|\[?::1\]?):(?:789[0-9]|108[0-9]|1080[0-9]|10[89][0-9]|8118|3128|8888|8889|2080|20171|1087|1086|33210|4780[01]|9910|15732|6152|8001)\b",
    ignore_case=False,
)
_PROXY_POOL = LazyPattern(r"\bsocks\w{0,12}(?:connectionpool|connection\()")
_LOCAL_TARGET = LazyPattern(
    r"(?:econnrefused|dial tcp|connect(?:ing)?(?: call failed)?(?: to)?|\()\s*['\"(\[]{0,3}(?:127\.0\.0\.1|localhost|::1)\]?['\"]?[:,]\s*([0-9]{2,5})"
)
_STANDING = LazyPattern(
    r"(?m)^[<*\s]{0,8}(?:x-ratelimit-[\w-]{1,40}|cf-ray|cf-cache-status|server(?=:\s*cloudflare\s*$))\s{0,4}:[^\n]{0,400}$",
    "x-ratelimit",
    "cf-",
    "server",
)
"""Headers that stand in every answer, whatever it says: their words ("tokens", "cloudflare") are no words of the failure. What they tell is read as headers."""
_MARK = LazyPattern(
    r"error|exception|fail|refus|denied|invalid|incorrect|status|code|caused|timed? ?out|quota|limit|unauthor|forbidden|not found|exist|must|missing|unable|cannot|can'?t|could not|warn|permission|certificate|proxy|http"
)


def to_observation(
    text: str, *, redact: Callable[[str], str], speakers: Sequence[Responder], now: float
) -> Observation:
    """The observation of one failure. `text`: cleaned and redacted; `now`: seconds since 1970, for headers that hold a date."""
    messages = strip_framing(_ends(text, _READ))
    page = _page(messages)
    words = single_line(redact(messages if page is None else messages[: page.start()]))
    error = _scrubbed(best_error(messages), redact)
    headers = {name: redact(value) for name, value in headers_in(messages).items()}
    stated = (
        status_in(words)
        or status_field(messages)
        or _status_of(error, page and messages[page.start() :])
    )
    status = stated or (status_meant(words) if not page else None)
    failure = (
        failure_in(words) if page is None and not (error and (error.code or error.type)) else None
    )
    places = host_facts(single_line(messages))
    facts: dict[str, Fact] = {
        **_kind(page, error, words),
        **places,
        **facts_of_headers({k: v for k, v in headers.items() if k != "date"}, now),
    }
    facts |= facts_of_error(ErrorBody(message=words)) | (facts_of_error(error) if error else {})
    excerpt = _excerpt(_STANDING.sub("", messages), redact)
    if failure is not None and (
        stated is None
        or failure[0] in {"proxy-auth", "proxy-refused", "proxy-unreachable"}
        or (stated > 499 and _ERRNO.search(words))
    ):
        return Observation(
            probe="paste",
            failure=_proxied(failure[0], words, places),
            detail=excerpt,
            headers=headers,
            error=error,
            facts={**facts, **_tls(failure)},
        )
    said = ResponseText(
        status=stated or 0,
        headers=headers,
        error=error,
        words=words,
        page=messages[page.start() :] if page else "",
        whole=text,
        places=places,
    )
    facts |= responder_facts(said, speakers)
    return Observation(
        probe="paste", status=status, error=error, headers=headers, body=excerpt, facts=facts
    )


def _ends(text: str, size: int) -> str:
    return text if len(text) <= size else f"{text[: size // 2]}\n…\n{text[-size // 2 :]}"


def _page(text: str) -> re.Match[str] | None:
    """Where a web page begins, None when the text holds none. Inside quotes a page is a page as well."""
    return _PAGE.search(text)


def _scrubbed(error: ErrorBody | None, redact: Callable[[str], str]) -> ErrorBody | None:
    if error is None:
        return None
    code, kind, message, param = (
        redact(single_line(part)) for part in (error.code, error.type, error.message, error.param)
    )
    return ErrorBody(
        code=code[:200], type=kind[:200], message=message[:EXCERPT_LIMIT], param=param[:200]
    )


def _status_of(error: ErrorBody | None, page: str | None) -> int | None:
    """The status that a numeric code or the title of a page states."""
    if error and re.fullmatch(r"[45][0-9]{2}", error.code):
        return int(error.code)
    match = _PAGE_STATUS.search(page) if page else None
    return int(next(number for number in match.groups() if number)) if match else None


def _kind(page: re.Match[str] | None, error: ErrorBody | None, words: str) -> dict[str, Fact]:
    return {"body_kind": "html" if page else "json" if error else "text" if words else "empty"}


def _proxied(kind: FailureKind, words: str, places: Mapping[str, Fact]) -> FailureKind:
    """A connection that was meant for another host and failed at this machine's own address failed at a proxy."""
    if kind not in {"refused", "connect-timeout", "unreachable", "dns"}:
        return kind
    local = _LOCAL_TARGET.search(words)
    if (
        _PROXY_POOL.search(words)
        or _PROXY_PORT.search(words)
        or (local and places.get("host_kind") in {"openai"} and local[1] not in {"443", "80"})
    ):
        return "proxy-unreachable"
    return kind


def _tls(failure: tuple[FailureKind, str]) -> dict[str, Fact]:
    if not failure[0].startswith("tls-") or failure[0] == "tls-protocol":
        return {}
    return next(({"tls_problem": name} for name, words in _TLS if words.search(failure[1])), {})


def _excerpt(messages: str, redact: Callable[[str], str]) -> str:
    """At most EXCERPT characters on one line: all of it, or else the lines that speak of a failure."""
    whole = single_line(redact(messages))
    if len(whole) <= EXCERPT_LIMIT:
        return whole
    telling = single_line(
        redact("\n".join(line[:1200] for line in messages.split("\n") if _MARK.search(line[:4000])))
    )
    return (
        _ends(telling, EXCERPT_LIMIT - 3).replace("\n", " ") if telling else whole[:EXCERPT_LIMIT]
    )
