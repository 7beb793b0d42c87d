"""A text that a terminal broke at any width is judged as the whole text."""

import textwrap

import pytest

from oai_tui.domain.diagnosis import Verdict
from oai_tui.services.explain_text import explain_text

_ERROR = "Error code: {status} - {{'error': {{'message': {message!r}, 'type': {kind!r}, 'param': None, 'code': {code!r}}}}}"
_KEYS = "You can find your API key at https://platform.openai.com/account/api-keys."
_DOCS = "For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors."


def _api(exception: str, status: int, code: str, message: str, kind: str) -> str:
    error = _ERROR.format(status=status, code=code, message=message, kind=kind)
    return f"openai.{exception}: {error}"


TEXTS = {
    "invalid key": _api(
        "AuthenticationError",
        401,
        "invalid_api_key",
        f"Incorrect API key provided: sk-proj-****wxyz. {_KEYS}",
        "invalid_request_error",
    ),
    "invalid key, prose": f"The assistant could not answer. OpenAI API error: Incorrect API key provided: sk-abcd****wxyz. {_KEYS}",
    "quota": _api(
        "RateLimitError",
        429,
        "insufficient_quota",
        f"You exceeded your current quota, please check your plan and billing details. {_DOCS}",
        "insufficient_quota",
    ),
    "quota, prose": f"OpenAI API error: 429 You exceeded your current quota, please check your plan and billing details. {_DOCS}",
    "quota, JSON": '{"error": {"message": "You exceeded your current quota, please check your plan and billing details.", "type": "insufficient_quota", "param": null, "code": "insufficient_quota"}}',
    "organization": _api(
        "AuthenticationError",
        401,
        "mismatched_organization",
        "OpenAI-Organization header should match organization for API key",
        "invalid_request_error",
    ),
    "project": _api(
        "AuthenticationError",
        401,
        "mismatched_project",
        "OpenAI-Project header should match project for API key",
        "invalid_request_error",
    ),
    "scope": "openai.PermissionDeniedError: Error code: 403 - {'error': {'message': 'You have insufficient permissions for this operation. Missing scopes: api.responses.write. Check that you have the correct role in your organization.', 'type': 'invalid_request_error', 'param': None, 'code': None}}",
    "address": _api(
        "AuthenticationError",
        401,
        "ip_not_authorized",
        "Your IP is not authorized to access this project. Ask the owner to add it to the allowlist.",
        "invalid_request_error",
    ),
    "country": _api(
        "PermissionDeniedError",
        403,
        "unsupported_country_region_territory",
        "Country, region, or territory not supported",
        "request_forbidden",
    ),
    "model": _api(
        "NotFoundError",
        404,
        "model_not_found",
        "The model `gpt-9-enormous` does not exist or you do not have access to it.",
        "invalid_request_error",
    ),
    "tokens": _api(
        "RateLimitError",
        429,
        "rate_limit_exceeded",
        "Rate limit reached for gpt-5 in organization org-abc on tokens per min (TPM): Limit 30000, Used 29010, Requested 3278. Please try again in 4.5s. Visit https://platform.openai.com/account/rate-limits to learn more.",
        "tokens",
    ),
    "requests": _api(
        "RateLimitError",
        429,
        "rate_limit_exceeded",
        "Rate limit reached for gpt-5 in organization org-abc on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s. Visit https://platform.openai.com/account/rate-limits to learn more.",
        "requests",
    ),
    "too large": _api(
        "RateLimitError",
        429,
        "rate_limit_exceeded",
        "Request too large for gpt-5 in organization org-abc on tokens per min (TPM): Limit 30000, Requested 36278. The input or output tokens must be reduced in order to run successfully.",
        "tokens",
    ),
    "inactive": _api(
        "RateLimitError",
        429,
        "billing_not_active",
        "Your account is not active, please check your billing details on our website.",
        "billing_not_active",
    ),
    "hard limit": _api(
        "BadRequestError",
        400,
        "billing_hard_limit_reached",
        "Billing hard limit has been reached",
        "invalid_request_error",
    ),
    "deactivated": _api(
        "AuthenticationError",
        401,
        "account_deactivated",
        "Your OpenAI account has been deactivated, please check your email for more information.",
        "invalid_request_error",
    ),
    "no key": "openai.OpenAIError: The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable",
    "no key, answer": '{"error": {"message": "You didn\'t provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).", "type": "invalid_request_error", "param": null, "code": null}}',
    "parameter": _api(
        "BadRequestError",
        400,
        "unsupported_parameter",
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "invalid_request_error",
    ),
    "server": "openai.InternalServerError: Error code: 500 - {'error': {'message': 'The server had an error while processing your request. Sorry about that!', 'type': 'server_error', 'param': None, 'code': None}}",
    "overloaded": _api(
        "InternalServerError",
        503,
        "server_is_overloaded",
        "Our servers are currently overloaded. Please try again later.",
        "service_unavailable_error",
    ),
    "name": "Error communicating with OpenAI: HTTPSConnectionPool(host='api.openai.com', port=443): Max retries exceeded with url: /v1/chat/completions (Caused by NameResolutionError(\"<urllib3.connection.HTTPSConnection object at 0x7f01>: Failed to resolve 'api.openai.com' ([Errno -2] Name or service not known)\"))",
    "refused": "Error communicating with OpenAI: HTTPSConnectionPool(host='api.openai.com', port=443): Max retries exceeded with url: /v1/chat/completions (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f01>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    "certificate": "requests.exceptions.SSLError: HTTPSConnectionPool(host='api.openai.com', port=443): Max retries exceeded with url: /v1/models (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1006)')))",
    "proxy": "openai.APIConnectionError: Connection error. httpcore.ProxyError: 407 Proxy Authentication Required while asking the proxy for a tunnel to the host of the API",
    "node": "AuthenticationError: 401 Incorrect API key provided: sk-proj-****wxyz. You can find your API key at https://platform.openai.com/account/api-keys. { status: 401, code: 'invalid_api_key', type: 'invalid_request_error', param: null }",
    "go": 'error, status code: 429, status: 429 Too Many Requests, message: You exceeded your current quota, please check your plan and billing details. Post "https://api.openai.com/v1/chat/completions"',
    "rust": "error sending request for url (https://api.openai.com/v1/responses): client error (Connect): dns error: failed to lookup address information: Name or service not known",
    "traceback": "Traceback (most recent call last):\n"
    '  File "/usr/local/lib/python3.12/site-packages/openai/_base_client.py", line 1047, in request\n'
    "    raise self._make_status_error_from_response(err.response) from None\n"
    + _api(
        "AuthenticationError",
        401,
        "invalid_organization",
        "No such organization: org-abc123.",
        "invalid_request_error",
    ),
    "wide characters": "请求失败: "
    + _api(
        "RateLimitError",
        429,
        "insufficient_quota",
        f"You exceeded your current quota, please check your plan and billing details. {_DOCS}",
        "insufficient_quota",
    ),
}


def _folded(text: str, width: int) -> str:
    """Return the text as `fold -w` breaks it."""
    pieces = [
        line[start : start + width]
        for line in text.split("\n")
        for start in range(0, max(1, len(line)), width)
    ]
    return "\n".join(pieces)


def _verdict(text: str) -> Verdict:
    (report,) = explain_text(text, now=0)
    return report.verdict


@pytest.mark.parametrize("name", TEXTS)
def test_a_broken_text_has_the_cause_of_the_whole_one(name: str) -> None:
    whole = _verdict(TEXTS[name])
    assert whole.outcome == "problem"
    wrong = [
        (width, verdict.cause, verdict.confidence)
        for width in range(40, 201)
        if (verdict := _verdict(_folded(TEXTS[name], width))).cause != whole.cause
    ]
    assert wrong == []


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_was_cut_is_never_judged_as_something_else_for_certain(name: str) -> None:
    text = TEXTS[name]
    whole = _verdict(text)
    wrong = [
        (end, verdict.cause)
        for end in range(20, len(text), 4)
        for verdict in [report.verdict for report in explain_text(text[:end], now=0)]
        if verdict.confidence == "certain" and verdict.cause != whole.cause
    ]
    assert wrong == []


@pytest.mark.parametrize("width", range(40, 120))
def test_lines_that_were_broken_between_words_are_not_joined(width: int) -> None:
    """An editor drops the blank at which it breaks a line."""
    for name in ("quota, prose", "tokens", "scope"):
        lines = textwrap.wrap(TEXTS[name], width, break_on_hyphens=False)
        (report,) = explain_text("\n".join(lines), now=0)
        assert report.verdict.cause == _verdict(TEXTS[name]).cause
        message = report.observation.error.message if report.observation.error else ""
        assert "tolearn" not in message
        assert "againin" not in message


def test_a_header_and_the_line_below_it_are_two_lines() -> None:
    text = "x-ratelimit-reset-requests: 1793612000\n429 Rate limit reached for requests"
    assert _verdict(text).cause == "rate-limit-requests"
