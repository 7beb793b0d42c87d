"""Parsing answers: error objects of any shape, facts in words and headers, in linear time."""

import json
import math
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oai_tui.domain.answer_parsing import (
    facts_of_error,
    facts_of_headers,
    is_html,
    parse_error,
    parse_json,
    seconds_of,
)
from oai_tui.domain.observation import ErrorBody

NOW = 1_795_000_000.0
SHAPES: dict[str, tuple[object, ErrorBody | None]] = {
    "OpenAI's": (
        {"error": {"message": "m", "type": "t", "param": "p", "code": "c"}},
        ErrorBody(message="m", type="t", param="p", code="c"),
    ),
    "nulls": ({"error": {"message": None, "type": None, "param": None, "code": None}}, ErrorBody()),
    "a number as code": (
        {"error": {"message": "m", "code": 401}},
        ErrorBody(message="m", code="401"),
    ),
    "a truth as code": ({"error": {"message": "m", "code": True}}, ErrorBody(message="m")),
    "a bare text": ({"error": "slow down"}, ErrorBody(message="slow down")),
    "a bare code": (
        {"error": "invalid_grant"},
        ErrorBody(message="invalid_grant", code="invalid_grant"),
    ),
    "OAuth's": (
        {"error": "invalid_grant", "error_description": "expired"},
        ErrorBody(message="expired", code="invalid_grant"),
    ),
    "a text next to a message": (
        {"error": "Unauthorized", "message": "no", "code": 7},
        ErrorBody(message="no", code="7"),
    ),
    "detail": ({"detail": "Not authenticated"}, ErrorBody(message="Not authenticated")),
    "detail as object": (
        {"detail": {"message": "m", "code": "c"}},
        ErrorBody(message="m", code="c"),
    ),
    "detail as list": (
        {"detail": [{"loc": ["body"], "msg": "field required", "type": "missing"}]},
        ErrorBody(message="field required", type="missing"),
    ),
    "errors": (
        {"success": False, "errors": [{"code": 2001, "message": "m"}]},
        ErrorBody(message="m", code="2001"),
    ),
    "message": ({"message": "no", "type": "t"}, ErrorBody(message="no", type="t")),
    "a list around it": ([{"error": {"message": "m"}}], ErrorBody(message="m")),
    "JSON in the message": (
        {"error": {"message": '{"error": {"message": "inner", "code": "c"}}'}},
        ErrorBody(message="inner", code="c"),
    ),
    "an object as message": (
        {"error": {"code": "error", "message": {"code": "token_expired", "message": "m"}}},
        ErrorBody(message="m", code="token_expired"),
    ),
    "broken JSON in the message": (
        {"error": {"message": "{oops", "code": "c"}},
        ErrorBody(message="{oops", code="c"),
    ),
    "no error": ({"object": "list", "data": []}, None),
    "an empty object": ({}, None),
    "an empty list": ([], None),
    "a number": (5, None),
    "nothing": (None, None),
}


@pytest.mark.parametrize(("value", "error"), SHAPES.values(), ids=SHAPES)
def test_an_error_of_any_shape_is_read(value: object, error: ErrorBody | None) -> None:
    assert parse_error(value) == error


def test_endless_nesting_ends() -> None:
    value: object = "x"
    for _ in range(100):
        value = {
            "error": {"message": json.dumps(value) if len(json.dumps(value)) < 5000 else value}
        }
    parse_error(value)
    assert parse_json("[" * 200_000) is None


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["error", "message", "code", "detail", "errors", "type", "param", "msg", "x"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_can_be_read(value: object) -> None:
    error = parse_error(value)
    assert error is None or all(
        isinstance(part, str) for part in (error.code, error.type, error.message, error.param)
    )


PAGES: dict[str, tuple[str, str, bool]] = {
    "a page": ("<!DOCTYPE html><html></html>", "", True),
    "upper case": ("<HTML><BODY>x</BODY></HTML>", "", True),
    "after blanks": ("\n\n <html>", "", True),
    "after comments": ("<!-- a --> <!-- b -->\n<html>", "", True),
    "a title alone": ("<title>x | 522</title>", "", True),
    "by its type": ("<h1>Blocked</h1>", "text/html; charset=utf-8", True),
    "JSON that says it is HTML": ('{"a": 1}', "text/html", False),
    "JSON": ('{"html": "<html>"}', "application/json", False),
    "text": ("not found", "", False),
    "nothing": ("", "text/html", False),
    "XML": ("<?xml version='1.0'?><Error/>", "application/xml", False),
}


@pytest.mark.parametrize(("body", "content_type", "html"), PAGES.values(), ids=PAGES)
def test_a_page_is_known_by_its_look(body: str, content_type: str, html: bool) -> None:
    assert is_html(body, content_type) is html


DURATIONS: dict[str, float | None] = {
    "6ms": 0.006,
    "1s": 1,
    "6m0s": 360,
    "8.64s": 8.64,
    "0s": 0,
    "1h2m3s": 3723,
    "20": 20,
    "0.5": 0.5,
    "2 minutes": 120,
    "1 minute": 60,
    "90 seconds": 90,
    "1m 30s": 90,
    "500 milliseconds": 0.5,
    "2 hours": 7200,
    "1 day": 86400,
    "": None,
    "soon": None,
    "3 months": None,
    "5 apples": None,
    "-5s": None,
    "nan": None,
    "inf": None,
    "9" * 400: None,
}


@pytest.mark.parametrize(
    ("text", "seconds"), DURATIONS.items(), ids=[text[:12] or "empty" for text in DURATIONS]
)
def test_a_duration_in_seconds(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == pytest.approx(seconds)


MESSAGES: dict[str, tuple[str, dict[str, object]]] = {
    "scopes": (
        "Missing scopes: api.model.read. Check that you have the correct role",
        {"missing_scopes": "api.model.read"},
    ),
    "several scopes": (
        "Missing scopes: api.responses.write, model.request",
        {"missing_scopes": "api.responses.write, model.request"},
    ),
    "a host": (
        "incorrect regional hostname. Please make your request to eu.api.openai.com.",
        {"named_host": "eu.api.openai.com"},
    ),
    "a host in a link": (
        "incorrect regional hostname. Please make your request to https://EU.api.openai.com/v1",
        {"named_host": "eu.api.openai.com"},
    ),
    "another's host": ("incorrect hostname, use evil.example", {}),
    "an echo": (
        "Incorrect API key provided: sk-proj-********wxyz. You can find",
        {"echoed_last_four": "wxyz"},
    ),
    "an echo in clear": ("Incorrect API key provided: DEADBEEF. You can find", {}),
    "an echo without its end": ("Incorrect API key provided: sk-ab******. You", {}),
    "tokens per minute": (
        "Rate limit reached for gpt-4 in organization org-x on tokens per min (TPM): "
        "Limit 10,000, Used 9,500, Requested 700. Please try again in 1.2s.",
        {
            "limit": 10_000,
            "requested": 700,
            "limit_state": "reached",
            "limit_kind": "tokens per minute",
            "retry_after_s": 1.2,
        },
    ),
    "requests per day": (
        "Rate limit reached on requests per day (RPD): Limit 200, Used 200, Requested 1. "
        "Please try again in 7m12s.",
        {
            "limit": 200,
            "requested": 1,
            "limit_state": "reached",
            "limit_kind": "requests per day",
            "retry_after_s": 432.0,
        },
    ),
    "usage based tokens": (
        "on tokens_usage_based per min: Limit 10000, Used 8782, Requested 8172",
        {
            "limit": 10_000,
            "requested": 8172,
            "limit_state": "reached",
            "limit_kind": "tokens per minute",
        },
    ),
    "more than the limit": (
        "Request too large on tokens per min (TPM): Limit 30000, Requested 40000",
        {
            "limit": 30_000,
            "requested": 40_000,
            "limit_state": "over",
            "limit_kind": "tokens per minute",
        },
    ),
    "too large by words, not by numbers": (
        "Request too large on tokens per min (TPM): Limit 250000, Requested 546",
        {
            "limit": 250_000,
            "requested": 546,
            "limit_state": "reached",
            "limit_kind": "tokens per minute",
        },
    ),
    "too large without numbers": ("Request too large for this model", {"limit_state": "over"}),
    "limit zero": (
        "images per minute. Limit: 0/1min. Current: 1/1min.",
        {"limit": 0, "limit_state": "zero"},
    ),
    "an address is no number": ("limit 127.0.0.1 reached", {}),
    "a number too long": (f"Limit {'9' * 40}", {}),
    "nothing": ("no", {}),
}


@pytest.mark.parametrize(("text", "facts"), MESSAGES.values(), ids=MESSAGES)
def test_facts_in_the_words_of_an_error(text: str, facts: dict[str, object]) -> None:
    assert facts_of_error(ErrorBody(message=text)) == facts


@given(
    st.one_of(
        st.text(),
        st.from_regex(
            r"(?i)(limit|requested|missing scopes:|try again in|hostname"
            r"|incorrect api key provided:) .{0,30}"
        ),
    )
)
@example("Limit \u0661\u0662")
@example("Limit: 1.2.3, Requested ,_.")
def test_any_words_can_be_read(text: str) -> None:
    for value in facts_of_error(ErrorBody(message=text)).values():
        assert not isinstance(value, float) or math.isfinite(value)


HEADERS: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "who was meant": (
        {"openai-organization": "acme", "openai-project": "proj_x"},
        {"organization_seen": "acme", "project_seen": "proj_x"},
    ),
    "limits": (
        {
            "x-ratelimit-limit-requests": "500",
            "x-ratelimit-remaining-requests": "499",
            "x-ratelimit-reset-requests": "120ms",
        },
        {
            "limit_requests": 500,
            "remaining_requests": 499,
            "reset_requests_s": 0.12,
            "limits_known": True,
        },
    ),
    "a reset alone": ({"x-ratelimit-reset-tokens": "6m0s"}, {"reset_tokens_s": 360.0}),
    "numbers that are none": (
        {"x-ratelimit-limit-tokens": "\u00b2", "x-ratelimit-remaining-tokens": "-1"},
        {},
    ),
    "more left than the limit": (
        {
            "x-ratelimit-limit-requests": "0",
            "x-ratelimit-remaining-requests": "5",
            "x-ratelimit-reset-requests": "1s",
            "x-ratelimit-limit-tokens": "100",
            "x-ratelimit-remaining-tokens": "100",
        },
        {
            "limits_contradict": "requests: 5 left of 0",
            "limit_tokens": 100,
            "remaining_tokens": 100,
            "limits_known": True,
        },
    ),
    "a limit of nothing": (
        {"x-ratelimit-limit-requests": "0", "x-ratelimit-remaining-requests": "0"},
        {"limit_requests": 0, "remaining_requests": 0, "limits_known": True},
    ),
    "seconds": ({"retry-after": "20"}, {"retry_after_s": 20.0}),
    "milliseconds first": ({"retry-after": "20", "retry-after-ms": "1500"}, {"retry_after_s": 1.5}),
    "a date to come": ({"retry-after": "Wed, 18 Nov 2026 11:06:50 GMT"}, {"retry_after_s": 10.0}),
    "a date gone by": ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, {"retry_after_s": 0.0}),
    "a wait that cannot be meant": ({"retry-after": "9999999999"}, {"odd_wait": "115741 days"}),
    "a date decades away": (
        {"retry-after": "Thu, 18 Nov 2066 11:06:40 GMT"},
        {"odd_wait": "14610 days"},
    ),
    "a negative wait": ({"retry-after": "-5"}, {}),
    "no number": ({"retry-after": "NaN"}, {}),
    "no wait": ({"retry-after": "soon"}, {}),
    "a clock that is right": ({"date": "Wed, 18 Nov 2026 11:06:40 GMT"}, {"clock_skew_s": 0}),
    "a clock that is ahead": ({"date": "Wed, 18 Nov 2026 10:56:40 GMT"}, {"clock_skew_s": 600}),
    "no date": ({"date": "yesterday"}, {}),
}


@pytest.mark.parametrize(("headers", "facts"), HEADERS.values(), ids=HEADERS)
def test_facts_in_the_headers(headers: dict[str, str], facts: dict[str, object]) -> None:
    assert facts_of_headers(headers, NOW) == facts


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "date",
                "retry-after",
                "retry-after-ms",
                "x-ratelimit-limit-requests",
                "x-ratelimit-reset-tokens",
                "openai-project",
            ]
        ),
        st.one_of(st.text(max_size=30), st.from_regex(r"[0-9.,:a-z -]{0,30}")),
        max_size=4,
    )
)
@example({"date": " "})
@example({"date": "Mon, 01 Jan 0000 00:00:00 GMT"})
@example({"retry-after": "9" * 400})
def test_any_headers_can_be_read(headers: dict[str, str]) -> None:
    for value in facts_of_headers(headers, NOW).values():
        assert not isinstance(value, float) or math.isfinite(value)


REPEATED: dict[str, tuple[str, str, str]] = {
    # name: beginning, what is repeated, end
    "comments": ("", "<!-- -->", ""),
    "beginnings of comments": ("", "<!--", ""),
    "limits": ("", "limit ", ""),
    "scopes": ("missing scopes: ", "a,", ""),
    "a wait": ("try again in ", "1m", "x"),
    "tokens": ("", "on tokens ", ""),
    "a host": ("", "a.", "openai"),
    "a number": ("Limit ", "1,", ""),
}
SMALL, LARGE = 100_000, 800_000
"""Characters."""
FLOOR_S = 0.005
"""CPU seconds below which a measurement is mostly noise."""


def cpu_seconds(text: str) -> float:
    """Return the least CPU time of three attempts, which other processes do not change."""
    error = ErrorBody(message=text + " hostname")
    times = []
    for _ in range(3):
        began = time.process_time()
        is_html(text)
        facts_of_error(error)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize(("start", "piece", "end"), REPEATED.values(), ids=REPEATED)
def test_time_grows_no_faster_than_the_text(start: str, piece: str, end: str) -> None:
    small, large = (
        cpu_seconds(start + piece * (size // len(piece)) + end) for size in (SMALL, LARGE)
    )
    assert large < 3 * LARGE / SMALL * max(small, FLOOR_S)
