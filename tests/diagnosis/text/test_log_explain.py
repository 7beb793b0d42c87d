"""Whole logs: every failure is found once, grouped by cause and counted.

This is so whatever the log puts around it, and into whatever chunks it is cut.
"""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.domain.explained import ExplainResult, FailureReport
from oai_tui.services.explain_text import explain_stream
from tests.corpus.disguises import PREFIXES

QUOTA = (
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current "
    "quota', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}"
)
MISMATCH = (
    "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'OpenAI-Organization "
    "header should match organization for API key', 'code': 'mismatched_organization'}}"
)
REQUEST = (
    'INFO httpx: HTTP Request: POST https://api.openai.com/v1/chat/completions "HTTP/1.1 {status}"'
)
FINE = "INFO app: GET /items/17 200 12ms"
_HTTPX = "/venv/lib/python3.12/site-packages/httpx/_transports/default.py"
CHAIN = f"""\
Traceback (most recent call last):
  File "{_HTTPX}", line 101, in map_httpcore_exceptions
    yield
httpcore.ConnectError: [Errno -2] Name or service not known

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/main.py", line 12, in <module>
    ask()
  File "/venv/lib/python3.12/site-packages/openai/_base_client.py", line 989, in request
    response = self._client.send(
openai.APIConnectionError: Connection error."""

FRAME = """\
Traceback (most recent call last):
  File "app.py", line 1, in <module>
    ask()
"""


def log(*messages: str) -> str:
    """Return a log with each message as a record, a minute after the one before."""
    return "".join(
        f"2026-11-02 {9 + number // 60:02}:{number % 60:02}:31,123 {message}\n"
        for number, message in enumerate(messages)
    )


def explain(text: str | bytes, chunk: int = 1 << 20) -> ExplainResult:
    """Explain a log, reading so many bytes at once."""
    return explain_stream(
        io.BytesIO(text if isinstance(text, bytes) else text.encode()), now=0, chunk=chunk
    )


def counts(result: ExplainResult) -> list[tuple[str | None, int]]:
    """Return each cause with its count."""
    return [(one.verdict.cause, one.count) for one in result.results]


MIXED = log(
    "INFO app: starting",
    f"ERROR app: {QUOTA}",
    FINE,
    f"ERROR app: failed\n{CHAIN}",
    FINE,
    f"ERROR app: {QUOTA}",
    f"WARNING app: {MISMATCH}",
    FINE,
)


def test_causes_are_counted_and_the_most_frequent_comes_first() -> None:
    assert counts(explain(MIXED)) == [
        ("quota-exhausted", 2),
        ("dns-failure", 1),
        ("organization-mismatch", 1),
    ]


def test_first_and_last_time_are_as_the_log_writes_them() -> None:
    first = explain(MIXED).results[0]
    assert (first.first_seen, first.last_seen) == (
        "2026-11-02 09:01:31,123",
        "2026-11-02 09:05:31,123",
    )


@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        (
            '{"level":"error","time":"2026-11-02T09:25:00Z","msg":"MESSAGE"}\n',
            "2026-11-02T09:25:00Z",
        ),
        ('{"level":"error","ts":1793611500.25,"msg":"MESSAGE"}\n', "1793611500.25"),
        ("Nov  2 09:25:00 host app[429]: MESSAGE\n", "Nov  2 09:25:00"),
        ("[02/Nov/2026:09:25:00 +0000] ERROR MESSAGE\n", "02/Nov/2026:09:25:00"),
        ("ERROR:app:MESSAGE\n", ""),
    ],
)
def test_time_is_found_where_a_log_writes_it(lines: str, seen: str) -> None:
    text = lines.replace("MESSAGE", QUOTA.replace('"', "'")) + lines.replace("MESSAGE", MISMATCH)
    assert {one.first_seen for one in explain(text).results} == {seen}


def test_one_traceback_with_its_chain_is_one_failure() -> None:
    found = explain(CHAIN)
    assert (found.is_log, counts(found)) == (False, [("dns-failure", 1)])


def test_a_log_line_and_its_traceback_are_one_failure() -> None:
    found = explain(
        log(
            *[
                FINE,
                f"ERROR app: call failed: {QUOTA}\n{FRAME}{QUOTA}",
            ]
            * 4
        )
    )
    assert counts(found) == [("quota-exhausted", 4)]


def test_the_last_brace_of_an_answer_belongs_to_the_record_before_a_dated_line() -> None:
    answer = '{\n  "error": {\n    "code": "account_deactivated",\n    "message": "x"\n  }\n}'
    text = log(QUOTA, f"call to openai failed\n{answer}", FINE)
    deactivated = explain(text).results[1]
    assert deactivated.observation.body.endswith("} }")
    assert deactivated.verdict.confidence == "certain"


def test_two_tracebacks_without_dates_are_two_failures() -> None:
    assert sorted(counts(explain(f"{FRAME}{QUOTA}\n\n{FRAME}{MISMATCH}\n"))) == [
        ("organization-mismatch", 1),
        ("quota-exhausted", 1),
    ]


def test_several_answers_in_json_are_several_failures() -> None:
    body = '{\n  "error": {\n    "message": "%s",\n    "type": "%s",\n    "code": "%s"\n  }\n}\n'
    text = body % (
        "You exceeded your current quota",
        "insufficient_quota",
        "insufficient_quota",
    ) + body % (
        "OpenAI-Organization header should match organization for API key",
        "invalid_request_error",
        "mismatched_organization",
    )
    assert sorted(counts(explain(text))) == [("organization-mismatch", 1), ("quota-exhausted", 1)]


def test_request_and_retry_lines_around_an_exception_are_not_counted() -> None:
    refused = REQUEST.format(status="429 Too Many Requests")
    text = log(
        FINE,
        refused,
        "INFO openai._base_client: Retrying request to /chat/completions in 0.4 seconds",
        refused,
        f"ERROR app: {QUOTA}",
        FINE,
        REQUEST.format(status="200 OK"),
        FINE,
    )
    assert counts(explain(text)) == [("quota-exhausted", 1)]


def test_request_lines_of_another_status_are_counted() -> None:
    text = log(
        FINE,
        REQUEST.format(status="502 Bad Gateway"),
        f"ERROR app: {QUOTA}",
        FINE,
        FINE,
        FINE,
        FINE,
    )
    assert counts(explain(text)) == [("service-edge-error", 1), ("quota-exhausted", 1)]


def test_a_bare_wrapper_close_to_its_cause_is_not_counted() -> None:
    assert counts(
        explain(
            log(
                FINE,
                f"ERROR app: failed\n{CHAIN}",
                "ERROR app: Connection error.",
                FINE,
                FINE,
                FINE,
                FINE,
            )
        )
    ) == [("dns-failure", 1)]


def test_undecided_failures_are_distinguished_by_their_status() -> None:
    text = log(
        FINE,
        REQUEST.format(status="502 Bad Gateway"),
        FINE,
        REQUEST.format(status="401 Unauthorized"),
        FINE,
        REQUEST.format(status="401 Unauthorized"),
        FINE,
    )
    assert [(one.observation.status, one.count) for one in explain(text).results] == [
        (401, 2),
        (502, 1),
    ]


def test_failures_of_other_programs_are_ignored() -> None:
    others = [
        "ERROR app.db: connection to replica 3 failed: server closed the connection",
        "ERROR mail: 550 mailbox not found",
        'ERROR java: Exception in thread "main" java.lang.NullPointerException\n'
        "\tat com.example.Main(Main.java:5)",
    ]
    assert counts(explain(log(*others, f"ERROR app: {QUOTA}", *others))) == [("quota-exhausted", 1)]


def test_a_log_in_which_nothing_failed_has_no_results() -> None:
    found = explain(
        log(*[FINE, REQUEST.format(status="200 OK"), "DEBUG app: error=None, limit=500"] * 3000)
    )
    assert (found.is_log, found.results) == (True, ())


def test_a_failure_among_many_lines_is_read_by_itself() -> None:
    found = explain(
        log(
            *[REQUEST.format(status="200 OK")] * 20,
            f"ERROR app: {MISMATCH}",
            "ERROR web: POST /checkout 500 timed out",
            *[FINE] * 20,
        )
    )
    assert (found.is_log, counts(found)) == (True, [("organization-mismatch", 1)])


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_traceback_behind_prefixes_is_one_failure(prefix: str) -> None:
    lines = CHAIN.split("\n")
    text = "".join(
        f"{prefix.replace(':31', f':{30 + number % 2}')}{line}\n"
        for number, line in enumerate(["starting", "all is well", *lines, "all is well", "still"])
    )
    assert counts(explain(text)) == [("dns-failure", 1)]


@pytest.mark.parametrize("chunk", [300, 1_000, 4_096, 60_000, 100_000])
def test_chunks_of_any_size_give_the_same(chunk: int) -> None:
    text = (MIXED + log(*[FINE] * 30)) * 60
    assert (
        counts(explain(text, chunk))
        == counts(explain(text))
        == [("quota-exhausted", 120), ("dns-failure", 60), ("organization-mismatch", 60)]
    )


def test_counts_are_right_in_a_large_log() -> None:
    text = (MIXED + log(*[FINE] * 100)) * 300
    assert len(text) > 1 << 20
    assert counts(explain(text)) == [
        ("quota-exhausted", 600),
        ("dns-failure", 300),
        ("organization-mismatch", 300),
    ]


def test_failures_that_differ_in_what_changes_the_cause_are_distinguished() -> None:
    message = (
        "WARNING app: Error code: 429 - {{'error': {{'message': 'Request too large for gpt-5 in "
        "organization org-fake on tokens per min (TPM): Limit {limit}, Requested {asked}.', "
        "'type': 'tokens', 'code': 'rate_limit_exceeded'}}}}"
    )
    text = log(
        message.format(limit=30000, asked=36000),
        message.format(limit=30000, asked=2000),
        message.format(limit=30000, asked=46000),
        FINE,
    )
    assert dict(counts(explain(text))) == {"request-too-large": 2, "rate-limit-tokens": 1}


BYTES = {
    "utf-16 as PowerShell writes it": MIXED.encode("utf-16"),
    "utf-16 without a mark": MIXED.encode("utf-16-le"),
    "utf-16, big end first": b"\xfe\xff" + MIXED.encode("utf-16-be"),
    "utf-8 with a mark": b"\xef\xbb\xbf" + MIXED.encode(),
    "latin-1": MIXED.replace("starting", "d\xe9marrage").encode("latin-1"),
    "zeros between": MIXED.replace("\n", "\n\0\0\0").encode(),
    "binary before and behind": bytes(range(256)) * 20
    + b"\n"
    + MIXED.encode()
    + bytes(range(256)) * 20,
    "carriage returns": MIXED.replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_bytes_of_any_encoding_are_read(data: bytes) -> None:
    assert counts(explain(data)) == [
        ("quota-exhausted", 2),
        ("dns-failure", 1),
        ("organization-mismatch", 1),
    ]


@settings(deadline=None)
@given(st.binary(max_size=3000), st.integers(1, 4000))
def test_any_bytes_can_be_read(data: bytes, chunk: int) -> None:
    assert all(isinstance(one, FailureReport) for one in explain(data, chunk).results)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [f"ERROR app: {QUOTA}", f"ERROR app: {MISMATCH}", FINE, f"ERROR app: failed\n{CHAIN}"]
        ),
        min_size=8,
        max_size=40,
    ),
    st.integers(200, 5000),
)
def test_every_failure_is_counted_once(messages: list[str], chunk: int) -> None:
    text = log(*[FINE] * 3000, *messages)
    expected = {
        cause: sum(mark in message for message in messages)
        for cause, mark in (
            ("quota-exhausted", "insufficient_quota"),
            ("organization-mismatch", "mismatched"),
            ("dns-failure", "Name or service"),
        )
    }
    assert dict(counts(explain(text, chunk * 100))) == {
        cause: count for cause, count in expected.items() if count
    }
