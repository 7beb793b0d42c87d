"""Recognise whether a text says that something failed, and lines that are about something else.

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
_DATA_STORES = (
    r"redis|postgres\w{0,4}|psycopg2?|mysql|mariadb|mongo\w{0,6}|qdrant|milvus|elasticsearch"
    r"|opensearch|chroma(?:db)?|weaviate|rabbitmq|amqp|kafka|memcached|sqlalchemy|\bpgvector"
)
_STORE_PORTS = r"6379|5432|3306|1433|27017|633[34]|19530|9200|5672|9092|11211"
_STORE = LazyPattern(
    rf"(?:(?:{_DATA_STORES})|[:,] ?'?\b(?:{_STORE_PORTS})\b|\bport:? (?:{_STORE_PORTS})\b)"
    r"[^\n]{0,400}(?:refused|timed? ?out|unreachable|not known|reset|enotfound|eai_again)"
    r"|(?:refused|timed? ?out|unreachable|reset|enotfound|eai_again)[^\n]{0,200}"
    rf"(?:[:,] ?'?(?:{_STORE_PORTS})\b|\bport:? (?:{_STORE_PORTS})\b|\b(?:{_DATA_STORES}))",
    "refused",
    "timeout",
    "timed out",
    "time out",
    "unreachable",
    "not known",
    "reset",
    "enotfound",
    "eai_again",
)
"""A failed connection to a database or a cache, by its name or its port."""
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


def without_data_stores(text: str) -> str:
    """Return the text without the failed connections to databases and caches.

    The text itself if nothing else in it failed.
    """
    if not _STORE.search(text):
        return text
    kept: list[str] = []
    is_inside = False  # of the dump below such a line
    for line in text.split("\n"):
        if _STORE.search(line[:_LINE_LIMIT]) and "openai" not in line[:_LINE_LIMIT].lower():
            is_inside = True
            continue
        is_inside = is_inside and line[:1] in {" ", "\t", "}"}
        if not is_inside:
            kept.append(line)
    rest = "\n".join(kept)
    return rest if mentions_failure(rest) else text


def _is_success(line: str) -> bool:
    start = line[:_LINE_LIMIT]
    return _SUCCESS.search(start) is not None and not _ERROR_AHEAD.search(start)
