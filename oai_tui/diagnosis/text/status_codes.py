"""Read the status of an answer out of a text.

Clients print it in many forms, or name it only by the class of an exception. Pure; linear in the
text.
"""

from oai_tui.domain.keys.redaction import RedactedText
from oai_tui.domain.lazy_pattern import LazyPattern, lazy_pattern

_NUMBER = r"([1-5][0-9]{2})(?![0-9.,]?[0-9])(?!: network\b)"
"""A status; "(101: Network unreachable)" is an errno."""
_REASONS = (
    r"unauthorized|forbidden|not found|method not allowed|bad request|payment required"
    r"|too many requests|request entity too large|payload too large|content too large"
    r"|internal server error|bad gateway|service unavailable|service temporarily unavailable"
    r"|gateway time-?out|conflict|unprocessable|proxy authentication required|request timeout"
    r"|request header fields|unavailable for legal reasons|misdirected request|client error"
    r"|server error|unsupported media type|gone\b"
)
"""Reason phrases, as they follow a status."""
_STATUS_ROWS = (
    # curl -v, access logs, httpx
    (rf"\bHTTP/[0-9.]{{1,3}}\"? {_NUMBER}", "< HTTP/1.1 401 Unauthorized"),
    # openai-python
    (rf"error code: {_NUMBER}(?!\s*[0-9])", "openai.AuthenticationError: Error code: 401 - {"),
    # fields and sentences of many clients
    (
        r"\b(?:http_?|response_?|upstream_?|api_?)?status(?:[ _-]?code)?['\"\\]{0,4}"
        rf"\s*+(?:(?:[:=]+|=>|of|is|was|returned)\s*+)?['\"\\(\[]{{0,3}}(?:HTTP )?{_NUMBER}",
        "AxiosError: Request failed with status code 429",
    ),
    # Cloudflare's page
    (rf"\butm_source=errorcode_{_NUMBER}", "utm_source=errorcode_522"),
    # requests
    (rf"<Response \[{_NUMBER}\]", "<Response [403]>"),
    # .NET, Rust
    (rf"\((?:HTTP |status )?{_NUMBER}\)", "Service request failed. (401)"),
    (
        r"\bHTTP(?: (?:status|error|code|response|status code)){0,4}(?: was| is| of)?[:=]?"
        rf"\s*\(?{_NUMBER}",
        "System.ClientModel.ClientResultException: HTTP 401 (invalid_request_error)",
    ),
    # access logs
    (rf"(?:=>|→|->)\s*{_NUMBER}\b", "POST /v1/chat/completions -> 503"),
    # a status with its reason
    (
        rf"\b{_NUMBER}\s*+(?:[:|,\u2014-]\s*+)?\(?(?:{_REASONS})",
        "401 Client Error: Unauthorized for url",
    ),
    # Node, LangChain.js
    (
        r"(?:Error|Exception|error|failed|failure|returned)(?: \w+)?[:\s]{1,3}"
        rf"\(?\[?['\"]?{_NUMBER}\]?\)?(?=[\s:,.;)\u2014-]|$)",
        "AuthenticationError: 401 Incorrect API key provided",
    ),
    (rf"\[{_NUMBER}\]", "[429] quota"),
    (rf"\b{_NUMBER} status code\b", "429 status code (no body)"),
    (rf"[:;] {_NUMBER}(?= [A-Z'\"{{<`])", "openai: 404 The model does not exist"),
    (rf"\b(?:request|with) {_NUMBER}(?= [A-Z])", "request 400 Bad input"),
    (rf"\bfailed, ?{_NUMBER}\b", "API Request failed,403 Invalid response body"),
    # Cloudflare, as text
    (rf"\|\s{{0,4}}{_NUMBER}\s{{0,4}}[:|]", "api.openai.com | 502: Bad gateway"),
    # at the beginning of a line
    (rf"(?:\A|\n)\s*[^\w\n]{{0,6}}{_NUMBER}(?=[\s:]|$)", "429: slow down"),
    # sentences
    (
        r"\b(?:got|received|respond\w*|answer\w*|return\w*|error|code|gives?|http)\s+(?:an? )?"
        rf"(?:http )?(?:error )?(?:code )?{_NUMBER}\b",
        "the server responded with an error, we got a 403",
    ),
    # a field named code
    (rf"\bcode['\"]?\s*[:=]\s*['\"]?{_NUMBER}\b", "'code': 429"),
)
"""Forms in which a status is printed, most reliable first. Group 1 is the status."""
_STATUSES = tuple(lazy_pattern(pattern) for pattern, _ in _STATUS_ROWS)
_EXCEPTIONS = (
    (
        401,
        LazyPattern(
            r"\bAuthenticationError\b"
            r"|\bAuthentication_?Exception\b"
            r"|\bUnauthorized(?:Error|Exception)\b",
            ignore_case=False,
        ),
        "openai.AuthenticationError: no key",
    ),
    (
        403,
        LazyPattern(r"\bPermission(?:Denied)?(?:Error|Exception)\b", ignore_case=False),
        "openai.PermissionDeniedError",
    ),
    (
        404,
        LazyPattern(r"\bNotFound(?:Error|Exception)\b", ignore_case=False),
        "NotFoundError: The model does not exist",
    ),
    (
        429,
        LazyPattern(r"\bRateLimit(?:Error|Exception)\b", ignore_case=False),
        "openai.error.RateLimitError",
    ),
    (409, LazyPattern(r"\bConflictError\b", ignore_case=False), "openai.ConflictError"),
    (
        422,
        LazyPattern(r"\bUnprocessableEntityError\b", ignore_case=False),
        "openai.UnprocessableEntityError",
    ),
    (
        400,
        LazyPattern(r"\bBadRequest(?:Error|Exception)\b", ignore_case=False),
        "openai.BadRequestError: no such parameter",
    ),
    (
        503,
        LazyPattern(r"\bServiceUnavailableError\b|\bOverloadedError\b", ignore_case=False),
        "openai.error.ServiceUnavailableError",
    ),
    (500, LazyPattern(r"\bInternalServerError\b", ignore_case=False), "InternalServerError"),
)
"""Status, classes of exceptions and a sample, for the official SDKs (openai-python 0 to 3,
openai-node 3 to 6). InvalidRequestError of v0 is left out: it was raised for 400, 404 and 415."""


def status_in(text: RedactedText) -> int | None:
    """Return the status that a text states in its most reliable form, or None.

    Only statuses of refusals, redirects and errors count, and 101 and 200.
    """
    lower_text = text.lower()
    for pattern in _STATUSES:
        for match in pattern.finditer(lower_text):
            status = int(match[1])
            if 300 <= status < 600 or status in {101, 200}:
                return status
    return None


def status_meant(text: RedactedText) -> int | None:
    """Return the status for which the class of a named exception is raised, or None."""
    return next((status for status, pattern, _ in _EXCEPTIONS if pattern.search(text)), None)
