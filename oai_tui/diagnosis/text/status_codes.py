"""The status of an answer, out of the many ways in which clients print one; and the status that a client's class of exception stands for. Pure and linear."""

from oai_tui.domain.lazy_pattern import LazyPattern

_NUMBER = r"([1-5][0-9]{2})(?![0-9.,]?[0-9])"
_PHRASES = (
    r"unauthorized|forbidden|not found|method not allowed|bad request|payment required|too many requests|request entity too large|payload too large|content too large|internal server error|bad gateway|"
    r"service unavailable|service temporarily unavailable|gateway time-?out|conflict|unprocessable|proxy authentication required|request timeout|request header fields|unavailable for legal reasons|misdirected request|client error|server error|unsupported media type|gone\b"
)
_STATUSES = tuple(
    LazyPattern(pattern)
    for pattern in (
        rf"\bHTTP/[0-9.]{{1,3}}\"? {_NUMBER}",
        rf"error code: {_NUMBER}(?!\s*[0-9])",
        rf"\b(?:http_?|response_?|upstream_?|api_?)?status(?:[ _-]?code)?['\"\\]{{0,4}}\s*(?:[:=]+|=>|of|is|was|returned)?\s*['\"\\(\[]{{0,3}}(?:HTTP )?{_NUMBER}",
        rf"\butm_source=errorcode_{_NUMBER}",
        rf"<Response \[{_NUMBER}\]",
        rf"\((?:HTTP |status )?{_NUMBER}\)",
        rf"\bHTTP(?: (?:status|error|code|response|status code)){{0,4}}(?: was| is| of)?[:=]?\s*\(?{_NUMBER}",
        rf"(?:=>|→|->)\s*{_NUMBER}\b",
        rf"\b{_NUMBER}\s*[:|,\u2014-]?\s*\(?(?:{_PHRASES})",
        rf"(?:Error|Exception|error|failed|failure|returned)(?: \w+)?[:\s]{{1,3}}\(?\[?['\"]?{_NUMBER}\]?\)?(?=[\s:,.;)\u2014-]|$)",
        rf"\[{_NUMBER}\]",
        rf"\b{_NUMBER} status code\b",
        rf"[:;] {_NUMBER}(?= [A-Z'\"{{<`])",
        rf"\b(?:request|with) {_NUMBER}(?= [A-Z])",
        rf"\|\s{{0,4}}{_NUMBER}\s{{0,4}}[:|]",
        rf"(?:\A|\n)\s*[^\w\n]{{0,6}}{_NUMBER}(?=[\s:]|$)",
        rf"\b(?:got|received|respond\w*|answer\w*|return\w*|error|code|gives?|http)\s+(?:an? )?(?:http )?(?:error )?(?:code )?{_NUMBER}\b",
        rf"\bcode['\"]?\s*[:=]\s*['\"]?{_NUMBER}\b",
    )
)
_MEANT = (
    (
        401,
        LazyPattern(
            r"\bAuthenticationError\b|\bAuthentication_?Exception\b|\bUnauthorized(?:Error|Exception)\b",
            ignore_case=False,
        ),
    ),
    (403, LazyPattern(r"\bPermission(?:Denied)?(?:Error|Exception)\b", ignore_case=False)),
    (404, LazyPattern(r"\bNotFound(?:Error|Exception)\b", ignore_case=False)),
    (429, LazyPattern(r"\bRateLimit(?:Error|Exception)\b", ignore_case=False)),
    (409, LazyPattern(r"\bConflictError\b", ignore_case=False)),
    (422, LazyPattern(r"\bUnprocessableEntityError\b", ignore_case=False)),
    (400, LazyPattern(r"\bBadRequest(?:Error|Exception)\b", ignore_case=False)),
    (503, LazyPattern(r"\bServiceUnavailableError\b|\bOverloadedError\b", ignore_case=False)),
    (500, LazyPattern(r"\bInternalServerError\b", ignore_case=False)),
)
"""What the official SDKs' classes stand for (openai-python 0 to 3, openai-node 3 to 6). v0's InvalidRequestError stood for 400, 404 and 415 alike and is left out."""


def status_in(text: str) -> int | None:
    """The status that a text states, None when it states none. The surest ways of stating one are looked for first."""
    for pattern in _STATUSES:
        for match in pattern.finditer(text):
            if 300 <= int(match[1]) < 600 or int(match[1]) in {101, 200}:
                return int(match[1])
    return None


def status_meant(text: str) -> int | None:
    """The status that the class of an exception stands for, None when no such class is named."""
    return next((status for status, pattern in _MEANT if pattern.search(text)), None)
