"""Recognise whether a text says that something failed, and lines that report a success.

Pure; linear in the text.
"""

import re

from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.lazy_pattern import LazyPattern

_FAILURE = LazyPattern(
    r"(?:\b(?:error|critical|fatal|traceback)\b|exception\b|\bfail(?:ed|ure|s)?\b"
    r"|\b(?:denied|refused|forbidden|unauthorized|invalid|incorrect|cannot|could ?n[o'’]t|unable"
    r"|exceeded|bad request|not supported|not found|timed? out|overloaded|unavailable|blocked"
    r"|rejected|expired|limit (?:reached|exceeded)|reached\b[^\n]{0,60}\blimit)\b)"
    r"(?!['\"]?\s*[=:]\s*(?:none|null|false|0|\"\"|''))"
)
"""Words with which a text says that something failed. "error: null" says that nothing did."""
_SUCCESS_ROWS = (
    # httpx, access logs
    (r"\bHTTP/[0-9.]{1,3}\"? 20[0-9]\b", 'HTTP Request: POST https://a.example "HTTP/1.1 200 OK"'),
    # the debug lines of SDKs
    (r"\"200 OK\"", 'HTTP Response: POST https://a.example/v1/messages "200 OK" Headers({})'),
    (r"\bstatus(?:_code|Code)?['\"]?[=:] ?20[0-9]\b", "request done, status=200"),
)
_SUCCESS = LazyPattern(any_of(_SUCCESS_ROWS), " 20", "=20", ":20", ignore_case=False)
_LINE_LIMIT = 4_000
"""Characters of a line in which a success is looked for."""
_ERROR_AHEAD = re.compile(r"(?i)error|exception|fail")


def mentions_failure(text: str) -> bool:
    """Return True if the text says that something failed."""
    return _FAILURE.search(text) is not None


def without_successes(text: str) -> str:
    """Return the text without the lines that report an answered call.

    The text itself if none of the other lines says that something failed: its successes are then
    all there is to read.
    """
    if not _SUCCESS.search(text):
        return text
    lines = text.split("\n")
    rest = [line for line in lines if not _is_success(line)]
    if len(rest) == len(lines):
        return text
    joined = "\n".join(rest)
    return joined if mentions_failure(joined) else text


def _is_success(line: str) -> bool:
    start = line[:_LINE_LIMIT]
    return _SUCCESS.search(start) is not None and not _ERROR_AHEAD.search(start)
