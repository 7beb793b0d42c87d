"""What an answer says, read into an ErrorBody and facts. Pure functions over scrubbed text; any shape of body is survived.

Shapes met in the field: `error` an object, a string or absent; `code` a string, a number or null; `detail` or `message` at the top; OAuth's `error_description`; a list around it all;
JSON inside a string. Sources: OpenAI's API reference (2026-08) for the regular shape, a dozen compatible servers for the rest.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import ErrorBody, Fact

_HTML = re.compile(
    r"(?is)\A\s*(?:(?><!--.*?-->)\s*)*+(?:<!doctype html|<html|<head|<body|<title|<\?xml[^>]*>\s*<!doctype html)"
)
"""Comments are taken whole and never tried again: a page of nothing but comments would otherwise take time without end."""
_SCOPES = LazyPattern(r"missing scopes?:\s*([\w.:|]+(?:\s*,\s*[\w.:|]+)*)", "missing scope")
_HOST = LazyPattern(
    r"(?<![a-z0-9.-])((?:[a-z0-9-]{1,63}\.){1,6}openai\.com\b|localhost:\d+|127\.0\.0\.1:\d+)"
)
_ECHO = LazyPattern(r"incorrect api key provided:\s*(\S+)", "incorrect api key")
_AMOUNT = r"[:\s]+(\d[\d,_.]*)"
_LIMIT = LazyPattern(rf"\blimit{_AMOUNT}", "limit")
_REQUESTED = LazyPattern(rf"\brequested{_AMOUNT}", "requested")
_LIMIT_KIND = LazyPattern(
    r"\bon (requests|tokens)\w*(?: \w+)? per (min|minute|day|hour|second)|\b(requests|tokens)(?: per |/)(min|minute|day)|\((RPM|RPD|TPM|TPD|IPM)\)",
    " per ",
    "/min",
    "/day",
    "(rp",
    "(tp",
    "(ipm",
)
_UNIT = r"(milliseconds?|ms|hours?|h|minutes?|mins?|m|seconds?|secs?|s|days?|d)(?![a-z])"
_DURATION = LazyPattern(rf"([0-9]{{1,9}}(?:\.[0-9]{{1,9}})?)\s*{_UNIT}")
_WAIT = LazyPattern(
    rf"(?:try again in|retry after)\s+((?:{_DURATION.pattern}[\s,]*)+)",
    "try again in",
    "retry after",
)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DEPTH = 5


def is_html(body: str, content_type: str = "") -> bool:
    """Whether a body is an HTML page, by its own look first."""
    return bool(_HTML.match(body)) or (
        "text/html" in content_type.lower() and body.lstrip()[:1] == "<"
    )


def parse_json(body: str) -> Any:
    """The JSON value of a body, or None; nesting too deep for the parser counts as none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def parse_error(value: Any, depth: int = 0) -> ErrorBody | None:
    """The error that a JSON value speaks of, None when it speaks of none."""
    if depth > _DEPTH:
        return None
    if isinstance(value, list) and value:
        return parse_error(value[0], depth + 1)
    if not isinstance(value, dict):
        return None
    error = value.get("error")
    if isinstance(error, dict):
        return parse_error(_nested(error.get("message")), depth + 1) or _from_object(error)
    if isinstance(error, str):
        text = next(
            (
                value[k]
                for k in ("error_description", "message", "detail")
                if isinstance(value.get(k), str)
            ),
            error,
        )
        return ErrorBody(
            message=text,
            code=_word(value.get("code")) or (error if re.fullmatch(r"[a-z0-9_]+", error) else ""),
            type=_word(value.get("type")),
        )
    if isinstance(value.get("detail"), dict):
        return parse_error({"error": value["detail"]}, depth + 1)
    for name in ("errors", "detail"):
        if isinstance(value.get(name), list) and value[name] and isinstance(value[name][0], dict):
            return parse_error(
                {"error": {"message": value[name][0].get("msg"), **value[name][0]}}, depth + 1
            )
    for name in ("detail", "message", "errorMessage"):
        if isinstance(value.get(name), str):
            return _from_object({**value, "message": value[name]})
    return None


def _nested(message: object) -> Any:
    """The error object that a relay put in the place of a message, or into its text; None when the message is plain."""
    inner = (
        parse_json(message)
        if isinstance(message, str) and message.lstrip().startswith("{")
        else message
    )
    if not isinstance(inner, dict):
        return None
    return inner if "error" in inner else {"error": inner} if "message" in inner else None


def _from_object(error: Mapping[str, Any]) -> ErrorBody:
    return ErrorBody(
        code=_word(error.get("code")),
        type=_word(error.get("type")),
        message=_word(error.get("message")),
        param=_word(error.get("param")),
    )


def _word(value: object) -> str:
    return (
        ""
        if value is None or isinstance(value, bool)
        else value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, (int, float))
        else json.dumps(value)[:400]
    )


def seconds_of(text: str) -> float | None:
    """Seconds in a Go-style duration ("6m0s", "8.64s", "17ms"), a bare number of seconds, or words ("2 minutes"); None when it is none of these."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text):
        return float(text)
    parts = _DURATION.findall(text)
    if not parts or _DURATION.sub("", text).strip(" ,"):
        return None
    return sum(float(number) * _unit(word.lower()) for number, word in parts)


def _unit(word: str) -> float:
    return _SECONDS["ms" if word.startswith(("ms", "milli")) else word[0]]


def facts_of_error(error: ErrorBody) -> dict[str, Fact]:
    """Facts in the words of an error: scopes that are missing, the host it names, the ends of the key it shows, limit and amount, the wait it asks for."""
    facts: dict[str, Fact] = {}
    text = error.message
    if match := _SCOPES.search(text):
        facts["missing_scopes"] = match[1].strip().rstrip(".")
    if ("hostname" in text.lower() or error.code.lower() == "incorrect_hostname") and (
        match := _HOST.search(text)
    ):
        facts["named_host"] = match[1].lower()
    if match := _ECHO.search(text):
        shown = match[1].rstrip(".,")
        tail = shown.rpartition("*")[2][-4:]
        if (
            "*" in shown and len(shown) > 8 and len(tail) >= 3
        ):  # older answers show the last three only
            facts["echoed_last_four"] = tail
    facts |= _limit_facts(text)
    if (match := _WAIT.search(text)) and (wait := seconds_of(match[1])) is not None:
        facts["retry_after_s"] = wait
    return facts


def _limit_facts(text: str) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    limit, requested = _number(_LIMIT, text), _number(_REQUESTED, text)
    if limit is not None:
        facts["limit"] = limit
        facts["limit_state"] = (
            "zero"
            if limit == 0
            else "over"
            if requested is not None and requested > limit
            else "reached"
        )
    elif "request too large" in text.lower():
        facts["limit_state"] = (
            "over"  # the numbers count more than the words, which also stand where a retry would pass
        )
    if requested is not None:
        facts["requested"] = requested
    if match := _LIMIT_KIND.search(text):
        short = {
            "RPM": "requests per minute",
            "RPD": "requests per day",
            "TPM": "tokens per minute",
            "TPD": "tokens per day",
            "IPM": "images per minute",
        }
        unit = match[2] or match[4]
        facts["limit_kind"] = (
            short[match[5].upper()]
            if match[5]
            else f"{(match[1] or match[3]).lower()} per {'minute' if unit == 'min' else unit}"
        )
    return facts


def _number(pattern: LazyPattern, text: str) -> int | None:
    match = pattern.search(text)
    digits = re.sub(r"[,_]", "", match[1]).rstrip(".") if match else ""
    return int(float(digits)) if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", digits) else None


def facts_of_headers(headers: Mapping[str, str], now: float) -> dict[str, Fact]:
    """Facts in an answer's headers (lower-case names): wait, effective organization and project, rate limits, clock skew. `now`: seconds since 1970 by this machine's clock."""
    facts: dict[str, Fact] = {}
    for name, fact in (
        ("openai-organization", "organization_seen"),
        ("openai-project", "project_seen"),
    ):
        if headers.get(name):
            facts[fact] = headers[name]
    for thing in ("requests", "tokens"):
        for part in ("limit", "remaining"):
            value = headers.get(f"x-ratelimit-{part}-{thing}", "")
            if re.fullmatch(r"[0-9]{1,15}", value):
                facts[f"{part}_{thing}"] = int(value)
        if (reset := seconds_of(headers.get(f"x-ratelimit-reset-{thing}", ""))) is not None:
            facts[f"reset_{thing}_s"] = reset
    if any(name.startswith(("limit_", "remaining_")) for name in facts):
        facts["limits_known"] = True
    if (wait := _retry_after(headers, now)) is not None:
        facts["retry_after_s"] = wait
    if (date := _date(headers.get("date", ""))) is not None:
        facts["clock_skew_s"] = round(now - date)
    return facts


def _retry_after(headers: Mapping[str, str], now: float) -> float | None:
    milliseconds = headers.get("retry-after-ms", "")
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", milliseconds):
        return float(milliseconds) / 1000
    value = headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", value):
        return float(value)
    date = _date(value)
    return max(0.0, date - now) if date is not None else None


def _date(text: str) -> float | None:
    if not text:
        return None
    from email.utils import (
        parsedate_to_datetime,
    )  # loads the network's modules, and few answers need it

    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
