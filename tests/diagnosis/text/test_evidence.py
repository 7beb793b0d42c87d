"""What counts as evidence in a text: whose failure it is, how sure that makes a verdict, what to do, and whether a retry helps."""

import pytest

from oai_tui.diagnosis.text.failure_words import FAILURE_WORDS
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.lazy_pattern import lazy_pattern
from oai_tui.services.explain_text import explain_text

TRACEBACK = "Traceback (most recent call last):\n  File \"app.py\", line 3, in <module>\n    client.models.list()\nopenai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-proj-****aB3d.', 'type': 'invalid_request_error', 'code': 'invalid_api_key'}}\n"
CURL = '*   Trying 104.18.7.192:443...\n> GET /v1/models HTTP/2\n< HTTP/2 401\n< x-request-id: req_0123456789abcdef0123456789abcdef\n{\n  "error": {"message": "OpenAI-Organization header should match organization for API key", "type": "invalid_request_error", "code": "mismatched_organization"}\n}\n'
QUOTA_JSON = '{"error": {"message": "You exceeded your current quota", "type": "insufficient_quota", "code": "insufficient_quota"}}\n'


def causes(text: str) -> list[str | None]:
    return [report.verdict.cause for report in explain_text(text, now=0)]


def report_of(text: str) -> FailureReport:
    (report,) = explain_text(text, now=0)
    return report


def verdict_of(text: str) -> Verdict:
    return report_of(text).verdict


@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
def test_errors_with_different_codes_are_never_merged(between: str) -> None:
    assert causes(TRACEBACK + between + CURL) == ["key-invalid", "organization-mismatch"]
    assert causes(TRACEBACK + between + QUOTA_JSON) == ["key-invalid", "quota-exhausted"]
    assert causes(QUOTA_JSON + between + TRACEBACK) == ["quota-exhausted", "key-invalid"]


def test_the_evidence_of_each_error_is_its_own() -> None:
    first, second = explain_text(TRACEBACK + CURL, now=0)
    assert first.observation.error is not None
    assert second.observation.error is not None
    assert first.observation.error.code == "invalid_api_key"
    assert second.observation.error.code == "mismatched_organization"
    assert not first.observation.headers


def test_a_relayed_code_is_no_second_error() -> None:
    text = '{"error": {"code": "bad_response_status_code", "message": "upstream said {\\"error\\": {\\"code\\": \\"insufficient_quota\\"}}"}}'
    assert len(causes(text)) == 1


def test_calls_that_were_answered_are_no_failures() -> None:
    debug = (
        'DEBUG HTTP Request: POST https://api.anthropic.com/v1/messages "HTTP/1.1 200 OK"\n'
        "DEBUG anthropic-ratelimit-requests-limit: 1000\n"
    )
    assert causes(debug) == ["unknown"]
    failing = debug + "openai.APIConnectionError: Connection error.\n"
    assert causes(failing) == ["connection-failed"]


def test_a_shout_about_the_key_does_not_hide_that_nobody_answered() -> None:
    text = "! OPENAI_API_KEY is not valid.\nFailed to perform HTTP request.\n! Timeout was reached: [api.openai.com] Connection timed out after 10000 milliseconds\n"
    assert causes(text) == ["connection-timeout"]


def test_a_client_without_a_key_names_other_servers_in_vain() -> None:
    text = "Could not load OpenAI model. Using the default model of llama.cpp.\nNo API key found for OpenAI. Please set the OPENAI_API_KEY environment variable.\n"
    assert causes(text) == ["key-missing"]


def test_a_refused_sign_in_of_chatgpt_is_no_refused_key() -> None:
    verdict = verdict_of(
        'unexpected status 401 Unauthorized: {"detail":"Unauthorized"}, url: https://chatgpt.com/backend-api/codex/responses'
    )
    assert verdict.cause == "token-expired"
    assert verdict.confidence != "certain"
    assert "sign in" in verdict.fixes[0].text.lower()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 502, 503])
def test_a_bare_status_is_checked_first_where_it_failed(status: int) -> None:
    verdict = verdict_of(f"Error: {status}")
    assert verdict.outcome == "undecided"
    assert verdict.fixes[0].command == "oai-tui check"
    assert "body" in verdict.fixes[1].text


@pytest.mark.parametrize(
    "text", ["openai.APITimeoutError: Request timed out.", "curl: (7) Failed to connect"]
)
def test_words_that_a_client_uses_for_several_failures_are_not_certain(text: str) -> None:
    verdict = verdict_of(text)
    assert verdict.confidence != "certain"
    assert verdict.alternatives


RETRIES = {
    "openai.RateLimitError: Error code: 429 - " + QUOTA_JSON: (False, None),
    "Rate limit reached for gpt-5 in organization org-a on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s.": (
        True,
        20.0,
    ),
    "GroqException - Error code: 429 - {'error': {'message': 'Rate limit reached, see https://console.groq.com/settings/billing. Please try again in 8s.'}}": (
        True,
        8.0,
    ),
    "OpenRouter: 402 Insufficient credits": (False, None),
    "httpx.ConnectTimeout: timed out": (False, None),
}


@pytest.mark.parametrize(("text", "retry"), RETRIES.items())
def test_the_advice_about_a_retry_agrees_with_the_text(
    text: str, retry: tuple[bool, float | None]
) -> None:
    found = verdict_of(text).retry
    assert (found.helps, found.after_s) == retry


def test_whether_a_retry_helps_is_not_known_if_the_reason_is_not() -> None:
    assert not verdict_of("openai.APIConnectionError: Connection error.").retry.known
    assert not verdict_of("Error: 401").retry.known


def test_every_pattern_of_a_failure_matches_its_sample() -> None:
    wrong = [
        (kind, pattern)
        for kind, rows in FAILURE_WORDS
        for pattern, sample in rows
        if not lazy_pattern(pattern).search(sample.lower())
    ]
    assert wrong == []


def test_a_setting_of_a_client_is_no_failure() -> None:
    text = "AxiosError: read ECONNRESET { config: { clarifyTimeoutError: false, timeout: 0 } }"
    assert causes(text) == ["connection-reset"]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("SocketException: Failed host lookup: 'api.openai.com' (errno = 7)", "dns-failure"),
        ("** (Mint.TransportError) %Mint.TransportError{reason: :nxdomain}", "dns-failure"),
        ("%Req.TransportError{reason: :closed}", "connection-reset"),
        ("System.Net.Http.HttpRequestException: Der angegebene Host ist unbekannt.", "dns-failure"),
        ("Hôte inconnu. (api.openai.com:443)", "dns-failure"),
        ("Le nom distant n'a pas pu être résolu: 'api.openai.com'", "dns-failure"),
        ("Host desconocido. (api.openai.com:443)", "dns-failure"),
        ("不知道这样的主机。 (api.openai.com:443)", "dns-failure"),
        ("そのようなホストは不明です。 (api.openai.com:443)", "dns-failure"),
        ("[Errno 111] Verbindungsaufbau abgelehnt", "connection-refused"),
        ("远程主机强迫关闭了一个现有的连接。 error", "connection-reset"),
    ],
)
def test_a_failed_connection_is_read_in_any_runtime_and_language(text: str, cause: str) -> None:
    assert causes(text) == [cause]


@pytest.mark.parametrize("word", ["undefined", "null", "None", "nil"])
def test_a_header_made_of_no_value_is_no_key(word: str) -> None:
    text = f"Request failed with status code 401, headers: {{ Authorization: 'Bearer {word}' }}"
    assert causes(text) == ["key-missing"]


def test_a_database_that_refuses_is_not_the_api() -> None:
    redis = "[ioredis] Unhandled error event: Error: connect ECONNREFUSED 127.0.0.1:6379\n"
    assert causes(redis + "Error: 429 You exceeded your current quota, please check your plan") == [
        "quota-exhausted"
    ]
    assert causes(redis + "openai.APIConnectionError: Connection error.") == ["connection-failed"]


def test_a_bare_5xx_of_the_api_itself_is_the_services() -> None:
    verdict = verdict_of("503 Service Unavailable: api.openai.com returned 503")
    assert verdict.family == "service"
    assert verdict.confidence == "possible"
    assert verdict.retry.helps


def test_a_limit_at_chatgpt_is_not_one_of_a_key() -> None:
    verdict = verdict_of(
        "exceeded retry limit, last status: 429 Too Many Requests, url: https://chatgpt.com/backend-api/codex/responses"
    )
    assert verdict.alternatives[0].cause == "chatgpt-plan-limit"
