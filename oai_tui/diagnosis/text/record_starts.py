"""Recognise lines that can start a new log record or a stand-alone failure, in bytes.

Pure; linear in the text.
"""

import re

from oai_tui.diagnosis.text.pattern_rows import any_of

_DATE_ROWS = (
    (r"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}", "2026-11-02 09:14:31,123 ERROR app: failed"),
    (r"[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{4}", "02.11.2026 09:14:31 failed"),
    (r"[0-9]{2}/[a-z]{3}/[0-9]{4}", "[02/Nov/2026:09:14:31 +0000] failed"),
    (r"[0-9]{2}:[0-9]{2}:[0-9]{2}", "09:14:31.404 E/app(401): failed"),
    (
        r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
        r"[a-z]{0,6},? +[0-9]{1,2}[ ,]",
        "Nov  2 09:14:31 host app[401]: failed",
    ),
)
_LEVELS = "info|error|warn|warning|debug|critical|fatal|trace|notice"
_START_ROWS = (
    # a date, after a letter for the level as Ruby writes it
    (
        rf"(?:[A-Z], )?[^0-9A-Za-z\r\n]{{0,4}}(?:{any_of(_DATE_ROWS)})",
        "I, [2026-11-02T09:14:31.503429 #429] ERROR -- : failed",
    ),
    # a level, but not where a dump of an object begins ("error: {")
    (rf"[\[(<]?(?:{_LEVELS})(?:\]|[:|](?![ ]*[\[{{(]\r?\n))", "[error] failed"),
    (r"[ ]{0,14}(?-i:INFO|ERROR|WARN|WARNING|DEBUG|CRITICAL|FATAL)\s", "  ERROR failed"),
    # an object of a log in JSON
    (r"[ ]{0,2}\{[ ]?\"", '{"level": "error", "msg": "failed"}'),
)
START = re.compile(f"(?i){any_of(_START_ROWS)}".encode())
"""A line with which a record of a log begins."""
_ALONE_ROWS = (
    # the last line of a traceback, from openai-python
    (
        r"[\w.]{2,80}(?:Error|Exception): (?:Error code: )?[45][0-9]{2}\b",
        "openai.RateLimitError: Error code: 429 - {",
    ),
    # curl -v
    (r"(?:< )?HTTP/[0-9.]+ [45][0-9]{2}\b", "< HTTP/2 401"),
)
_ALONE = re.compile(any_of(_ALONE_ROWS).encode())
"""An undated line that is a whole failure by itself."""
_TRACEBACK = b"Traceback ("
_CHAINS = (b"another exception occurred:", b"direct cause of the following exception:")
"""The ends of the sentences between two tracebacks of one failure."""
_LOOK_BACK = 400
"""Bytes before a line that are read."""


def count_record_starts(data: bytes) -> int:
    """Return how many lines can start a failure.

    An undated line after an indented one continues what that line belongs to.
    """
    count = 0
    after_indented = False
    for line in data.splitlines():
        starts_alone = line.startswith((_TRACEBACK, b"{")) or bool(_ALONE.match(line))
        if START.match(line) or (starts_alone and not after_indented):
            count += 1
        after_indented = line[:1] in {b" ", b"\t"}
    return count


def is_record_start(data: bytes, start: int) -> bool:
    """Return True if the line at `start` starts a failure, and does not continue another one."""
    if start == 0 or START.match(data, start) or _ALONE.match(data, start):
        return True
    if data.startswith(_TRACEBACK, start):
        return not is_chained(data, start)
    return data.startswith(b"{", start) and _text_before(data, start).endswith(b"\n}")


def is_chained(data: bytes, start: int) -> bool:
    """Return True if the traceback at `start` belongs to the failure of the one before it."""
    return _text_before(data, start).endswith(_CHAINS)


def _text_before(data: bytes, start: int) -> bytes:
    return data[max(0, start - _LOOK_BACK) : start].rstrip()
