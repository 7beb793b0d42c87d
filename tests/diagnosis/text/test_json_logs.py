"""Logs of JSON objects, as loggers and platforms write them: the right cause, its time, its count."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.diagnosis.text.container_lines import ContainerLines, plain_lines
from oai_tui.services.explain_text import explain_stream
from tests.diagnosis.text.test_log_explain import CHAIN, FRAME, MISMATCH, QUOTA

TIME = "2026-11-02T09:25:00.123Z"
MS = 1793611500123
NO_NAME = (
    "openai.APIConnectionError: Connection error. caused by httpcore.ConnectError: "
    "[Errno -2] Name or service not known"
)
TPM = (
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-5 "
    "in organization org-fake on tokens per min (TPM): Limit 30000, Used 29871, Requested 1200. "
    "Please try again in 2.142s.', 'type': 'tokens', 'param': None, 'code': 'rate_limit_exceeded'}}"
)
ERRORS = {
    "quota-exhausted": (QUOTA, FRAME + QUOTA),
    "organization-mismatch": (MISMATCH, FRAME + MISMATCH),
    "dns-failure": (NO_NAME, CHAIN),
    "rate-limit-tokens": (TPM, FRAME + TPM),
}
"""Cause -> the message of the exception, and its traceback."""
FORMATS: dict[str, tuple[Callable[[str, str], dict[str, Any]], str]] = {
    "structlog": (
        lambda message, trace: {
            "event": "call failed",
            "level": "error",
            "timestamp": TIME,
            "exception": trace,
        },
        TIME,
    ),
    "structlog with dicts": (
        lambda message, trace: {
            "event": "call failed",
            "timestamp": TIME,
            "exception": [{"exc_type": "Error", "exc_value": message, "frames": []}],
        },
        TIME,
    ),
    "pino": (
        lambda message, trace: {
            "level": 50,
            "time": MS,
            "pid": 7,
            "hostname": "web-1",
            "err": {"type": "Error", "message": message, "stack": trace},
            "msg": "call failed",
        },
        str(MS),
    ),
    "winston": (
        lambda message, trace: {
            "level": "error",
            "message": message,
            "stack": trace,
            "timestamp": TIME,
        },
        TIME,
    ),
    "google cloud": (
        lambda message, trace: {
            "insertId": "1x",
            "severity": "ERROR",
            "textPayload": trace,
            "timestamp": TIME,
        },
        TIME,
    ),
    "google cloud, structured": (
        lambda message, trace: {
            "severity": "ERROR",
            "jsonPayload": {"message": message, "stack_trace": trace},
            "timestamp": TIME,
        },
        TIME,
    ),
    "datadog": (
        lambda message, trace: {
            "status": "error",
            "service": "api",
            "message": "call failed",
            "error": {"kind": "Error", "message": message, "stack": trace},
            "date": MS,
        },
        str(MS),
    ),
    "logstash": (
        lambda message, trace: {"@timestamp": TIME, "message": message, "stack_trace": trace},
        TIME,
    ),
    "python-json-logger": (
        lambda message, trace: {
            "asctime": "2026-11-02 09:25:00,123",
            "levelname": "ERROR",
            "message": "call failed",
            "exc_info": trace,
        },
        "2026-11-02 09:25:00,123",
    ),
    "zap": (
        lambda message, trace: {
            "level": "error",
            "ts": 1793611500.123,
            "msg": "call failed",
            "error": message,
        },
        "1793611500.123",
    ),
    "slog": (
        lambda message, trace: {
            "time": TIME,
            "level": "ERROR",
            "msg": "call failed",
            "err": message,
        },
        TIME,
    ),
    "elastic common schema": (
        lambda message, trace: {
            "@timestamp": TIME,
            "log.level": "error",
            "error.message": message,
            "error.stack_trace": trace,
        },
        TIME,
    ),
    "opentelemetry": (
        lambda message, trace: {
            "timeUnixNano": f"{MS}000000",
            "severityText": "ERROR",
            "attributes": [{"key": "exception.message", "value": {"stringValue": message}}],
        },
        f"{MS}000000",
    ),
    "journald": (
        lambda message, trace: {
            "__REALTIME_TIMESTAMP": f"{MS}000",
            "PRIORITY": "3",
            "_PID": "429",
            "MESSAGE": message,
        },
        f"{MS}000",
    ),
    "docker": (
        lambda message, trace: {"log": f"{message}\n", "stream": "stderr", "time": TIME},
        TIME,
    ),
}
"""Format -> what a failure is in it, and the time that it writes."""


def found(lines: list[str]) -> list[tuple[str | None, int, str]]:
    """Return cause, count and first time of each failure in a log of these lines."""
    data = "".join(f"{line}\n" for line in lines).encode()
    results = explain_stream(io.BytesIO(data), now=0.0).results
    return [(one.verdict.cause, one.count, one.first_seen) for one in results]


@pytest.mark.parametrize("cause", ERRORS)
@pytest.mark.parametrize(("record", "time"), FORMATS.values(), ids=FORMATS)
def test_a_log_of_json_objects(
    record: Callable[[str, str], dict[str, Any]], time: str, cause: str
) -> None:
    fine = json.dumps(record("GET /items/17 200", "no")).replace("rror", "x")
    line = json.dumps(record(*ERRORS[cause]), separators=(",", ":"))
    later = line.replace("09:25:00", "09:27:10").replace("17936115", "17936117")
    assert found([fine, fine, line, fine, later, fine]) == [(cause, 2, time)]


def docker(text: str, second: int = 0) -> list[str]:
    """Return the lines of a program as Docker writes them."""
    return [
        json.dumps(
            {"log": f"{line}\n", "stream": "stderr", "time": f"2026-11-02T09:25:{second:02}.1234Z"},
            separators=(",", ":"),
        )
        for line in text.split("\n")
    ]


def test_a_traceback_of_which_docker_makes_an_object_a_line_is_one_failure() -> None:
    lines = [*docker("fine"), *docker(CHAIN), *docker("fine", 1), *docker(CHAIN, 2)]
    assert found(lines) == [("dns-failure", 2, "2026-11-02T09:25:00.123Z")]


def test_a_long_line_that_docker_wrote_in_parts_is_joined() -> None:
    first, second = (
        json.dumps(
            {"log": part, "stream": "stdout", "time": "2026-11-02T09:25:00Z"},
            separators=(",", ":"),
        )
        for part in ("one ", "line\n")
    )
    assert plain_lines(f"{first}\n{second}\n".encode()) == b"2026-11-02T09:25:00.000Z one line\n"


@given(st.binary(max_size=300), st.integers(1, 50))
def test_other_bytes_stay_as_they_are(data: bytes, size: int) -> None:
    lines = ContainerLines()
    parts = [lines(data[place : place + size]) for place in range(0, len(data), size)]
    assert b"".join([*parts, lines.rest()]) == data


@given(st.lists(st.text(max_size=40), max_size=8), st.integers(1, 60))
def test_parts_of_any_size_give_the_same(texts: list[str], size: int) -> None:
    data = "".join(f"{line}\n" for text in texts for line in docker(text)).encode()
    lines = ContainerLines()
    parts = [lines(data[place : place + size]) for place in range(0, len(data), size)]
    assert b"".join([*parts, lines.rest()]) == plain_lines(data)
