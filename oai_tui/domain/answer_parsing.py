"""Parse the body and the headers of an answer into an ErrorBody and facts.

Pure functions over redacted text, which accept a body of any shape. Shapes of real servers: `error`
an object, a string or missing; `code` a string, a number or null; `detail` or `message` at the top;
OAuth's `error_description`; a list around everything; JSON inside a string.
Sources: OpenAI's API reference (2026-08) for the regular shape, a dozen compatible servers for the
others.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from oai_tui.domain.durations import format_span
from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import ErrorBody, Fact

_HTML = re.compile(
    r"(?is)\A\s*(?:(?><!--.*?-->)\s*)*+"
    r"(?:<!doctype html|<html|<head|<body|<title|<\?xml[^>]*>\s*<!doctype html)"
)
"""Comments are matched atomically: backtracking into a page of comments would take exponential
time."""
_SCOPES = LazyPattern(r"missing scopes?:\s*([\w.:|]+(?:\s*,\s*[\w.:|]+)*)", "missing scope")
_HOST = LazyPattern(
    r"(?<![a-z0-9.-])((?:[a-z0-9-]{1,63}\.){1,6}openai\.com\b|localhost:\d+|127\.0\.0\.1:\d+)"
)
_ECHO = LazyPattern(r"incorrect api key provided:\s*(\S+)", "incorrect api key")
_AMOUNT = r"[:\s]+(\d[\d,_.]*)"
_LIMIT = LazyPattern(rf"\blimit{_AMOUNT}", "limit")
_REQUESTED = LazyPattern(rf"\brequested{_AMOUNT}", "requested")
_LIMIT_KIND = LazyPattern(
    r"\bon (requests|tokens)\w*(?: \w+)? per (min|minute|day|hour|second)"
    r"|\b(requests|tokens)(?: per |/)(min|minute|day)"
    r"|\((RPM|RPD|TPM|TPD|IPM)\)",
    " per ",
    "/min",
    "/day",
    "(rp",
    "(tp",
    "(ipm",
)
_LIMIT_KINDS = {
    "RPM": "requests per minute",
    "RPD": "requests per day",
    "TPM": "tokens per minute",
    "TPD": "tokens per day",
    "IPM": "images per minute",
}
_UNIT = r"(milliseconds?|ms|hours?|h|minutes?|mins?|m|seconds?|secs?|s|days?|d)(?![a-z])"
_DURATION = LazyPattern(rf"([0-9]{{1,9}}(?:\.[0-9]{{1,9}})?)\s*{_UNIT}")
_WAIT = LazyPattern(
    rf"(?:try again in|retry after)\s+((?:{_DURATION.pattern}[\s,]*)+)",
    "try again in",
    "retry after",
)
_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
MAX_WAIT_S = 31 * 86_400.0
"""The longest wait that is believed: a limit for a month ends after 31 days at most."""
_MAX_DEPTH = 5
"""Errors inside errors that are followed."""


def is_html(body: str, content_type: str = "") -> bool:
    """Return True if a body is an HTML page, by its beginning or else by its content type."""
    return bool(_HTML.match(body)) or (
        "text/html" in content_type.lower() and body.lstrip()[:1] == "<"
    )


def parse_json(body: str) -> Any:
    """Return the JSON value of a body, or None if it has none or one too deep for the parser."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def parse_error(value: Any, depth: int = 0) -> ErrorBody | None:
    """Return the error in a JSON value, or None."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, list) and value:
        return parse_error(value[0], depth + 1)
    if not isinstance(value, dict):
        return None
    match value.get("error"):
        case dict() as error:
            return parse_error(_nested(error.get("message")), depth + 1) or _from_object(error)
        case str() as error:
            return _from_text(error, value)
        case _:
            return _from_top_level(value, depth)


def _from_text(error: str, value: Mapping[str, Any]) -> ErrorBody:
    """Return an error that is a text, as OAuth servers and small gateways write it."""
    texts = (value.get(name) for name in ("error_description", "message", "detail"))
    is_code = re.fullmatch(r"[a-z0-9_]+", error)
    return ErrorBody(
        message=next((text for text in texts if isinstance(text, str)), error),
        code=_word(value.get("code")) or (error if is_code else ""),
        type=_word(value.get("type")),
    )


def _from_top_level(value: Mapping[str, Any], depth: int) -> ErrorBody | None:
    """Return the error of an object without `error`."""
    if isinstance(value.get("detail"), dict):
        return parse_error({"error": value["detail"]}, depth + 1)
    for name in ("errors", "error", "detail"):
        match value.get(name):
            case [dict() as first, *_]:
                return parse_error({"error": {"message": first.get("msg"), **first}}, depth + 1)
    for name in ("detail", "message", "errorMessage"):
        if isinstance(value.get(name), str):
            return _from_object({**value, "message": value[name]})
    return None


def _nested(message: object) -> Any:
    """Return the error object that a relay put in place of a message, or into its text, or None."""
    inner = (
        parse_json(message)
        if isinstance(message, str) and message.lstrip().startswith("{")
        else message
    )
    if not isinstance(inner, dict):
        return None
    if "error" in inner:
        return inner
    return {"error": inner} if "message" in inner else None


def _from_object(error: Mapping[str, Any]) -> ErrorBody:
    return ErrorBody(
        code=_word(error.get("code")),
        type=_word(error.get("type")),
        message=_word(error.get("message")),
        param=_word(error.get("param")),
    )


def _word(value: object) -> str:
    """Return a JSON value as text: null and booleans as "", objects and lists as JSON."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) else json.dumps(value)[:400]


def seconds_of(text: str) -> float | None:
    """Return the seconds of a duration, or None if the text is not one.

    Durations are written as in Go ("6m0s", "8.64s", "17ms"), as a number of seconds, or in words
    ("2 minutes").
    """
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
        return float(text)
    parts = _DURATION.findall(text)
    if not parts or _DURATION.sub("", text).strip(" ,"):
        return None
    return sum(float(number) * _unit(word.lower()) for number, word in parts)


def _unit(word: str) -> float:
    return _UNIT_S["ms" if word.startswith(("ms", "milli")) else word[0]]


def facts_of_error(error: ErrorBody) -> dict[str, Fact]:
    """Return facts from the message of an error.

    Facts: missing_scopes, named_host, echoed_last_four, limit, requested, limit_state, limit_kind,
    retry_after_s.
    """
    facts: dict[str, Fact] = {}
    text = error.message
    if match := _SCOPES.search(text):
        facts["missing_scopes"] = match[1].strip().rstrip(".")
    if ("hostname" in text.lower() or error.code.lower() == "incorrect_hostname") and (
        match := _HOST.search(text)
    ):
        facts["named_host"] = match[1].lower()
    if match := _ECHO.search(text):
        echo = match[1].rstrip(".,")
        tail = echo.rpartition("*")[2][-4:]
        # older answers show the last three only
        if "*" in echo and len(echo) > 8 and len(tail) >= 3:
            facts["echoed_last_four"] = tail
    facts |= _limit_facts(text)
    if (match := _WAIT.search(text)) and (wait := seconds_of(match[1])) is not None:
        facts |= _wait_facts(wait)
    return facts


def _wait_facts(seconds: float) -> dict[str, Fact]:
    """Return the fact retry_after_s, or odd_wait for one that nobody can mean."""
    if seconds <= MAX_WAIT_S:
        return {"retry_after_s": seconds}
    return {"odd_wait": format_span(seconds)}


def _limit_facts(text: str) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    limit, requested = _number(_LIMIT, text), _number(_REQUESTED, text)
    if limit is not None:
        facts["limit"] = limit
        facts["limit_state"] = _limit_state(limit, requested)
    elif "request too large" in text.lower():
        # only without numbers: the words are also in messages where a retry would succeed
        facts["limit_state"] = "over"
    if requested is not None:
        facts["requested"] = requested
    if match := _LIMIT_KIND.search(text):
        facts["limit_kind"] = _limit_kind(match)
    return facts


def _limit_state(limit: int, requested: int | None) -> str:
    if limit == 0:
        return "zero"
    return "over" if requested is not None and requested > limit else "reached"


def _limit_kind(match: re.Match[str]) -> str:
    if match[5]:
        return _LIMIT_KINDS[match[5].upper()]
    unit = match[2] or match[4]
    return f"{(match[1] or match[3]).lower()} per {'minute' if unit == 'min' else unit}"


def _number(pattern: LazyPattern, text: str) -> int | None:
    match = pattern.search(text)
    digits = re.sub(r"[,_]", "", match[1]).rstrip(".") if match else ""
    return int(float(digits)) if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", digits) else None


def facts_of_headers(headers: Mapping[str, str], now: float) -> dict[str, Fact]:
    """Return facts from an answer's headers (with lower-case names).

    `now`: seconds since 1970 by this machine's clock.
    Facts: organization_seen, project_seen, limit_*, remaining_*, reset_*_s, limits_known,
    limits_contradict, retry_after_s, clock_skew_s.
    """
    facts: dict[str, Fact] = {}
    for name, fact in (
        ("openai-organization", "organization_seen"),
        ("openai-project", "project_seen"),
    ):
        if headers.get(name):
            facts[fact] = headers[name]
    facts |= _limits(headers)
    if any(name.startswith(("limit_", "remaining_")) for name in facts):
        facts["limits_known"] = True
    if (wait := _retry_after(headers, now)) is not None:
        facts |= _wait_facts(wait)
    if (date := _date(headers.get("date", ""))) is not None:
        facts["clock_skew_s"] = round(now - date)
    return facts


def wait_of_headers(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that headers (with lower-case names) ask to wait, if that can be meant."""
    wait = _retry_after(headers, now)
    return wait if wait is not None and wait <= MAX_WAIT_S else None


def _limits(headers: Mapping[str, str]) -> dict[str, Fact]:
    """The x-ratelimit headers. Of a limit with more left than it has, nothing can be said.

    Facts: limit_*, remaining_*, reset_*_s, limits_contradict.
    """
    facts: dict[str, Fact] = {}
    contradicting = []
    for thing in ("requests", "tokens"):
        found: dict[str, int] = {}
        for part in ("limit", "remaining"):
            value = headers.get(f"x-ratelimit-{part}-{thing}", "")
            if re.fullmatch(r"[0-9]{1,15}", value):
                found[part] = int(value)
        if found.get("remaining", 0) > found.get("limit", math.inf):
            contradicting.append(f"{thing}: {found['remaining']} left of {found['limit']}")
            continue
        facts |= {f"{part}_{thing}": number for part, number in found.items()}
        reset = seconds_of(headers.get(f"x-ratelimit-reset-{thing}", ""))
        if reset is not None and reset <= MAX_WAIT_S:
            facts[f"reset_{thing}_s"] = reset
    if contradicting:
        facts["limits_contradict"] = "; ".join(contradicting)
    return facts


def _retry_after(headers: Mapping[str, str], now: float) -> float | None:
    milliseconds = headers.get("retry-after-ms", "")
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", milliseconds):
        return float(milliseconds) / 1000
    value = headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", value):
        return float(value)
    date = _date(value)
    return max(0.0, date - now) if date is not None else None


def _date(text: str) -> float | None:
    if not text:
        return None
    from email.utils import parsedate_to_datetime  # imports socket, and few answers need it

    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


NEVER_ANSWERS = "did not respond: packets are being dropped on the way"
"""The fact connect_said after a time-out while connecting."""
_TLS_FLAWS = {
    "expired": "has expired",
    "not-yet-valid": "is not valid yet",
    "wrong-name": "is for another host",
    "self-signed": "is self-signed and not trusted here",
    "unknown-issuer": "was issued by an authority that this machine doesn't trust",
}


def tls_facts(problem: str) -> dict[str, Fact]:
    """Return the facts tls_problem and tls_flaw for what is wrong with a certificate."""
    flaw = _TLS_FLAWS.get(problem)
    return {"tls_problem": problem, **({"tls_flaw": flaw} if flaw else {})}
