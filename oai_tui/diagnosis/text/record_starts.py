"""Lines with which a failure of its own can begin, in the bytes of a text: those that a log dates or grades, and those that are a whole failure by themselves. Pure and linear."""

import re

_DATE = rb"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}|[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{4}|[0-9]{2}/[a-z]{3}/[0-9]{4}|[0-9]{2}:[0-9]{2}:[0-9]{2}|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6},? +[0-9]{1,2}[ ,]"
_LEVEL = rb"info|error|warn|warning|debug|critical|fatal|trace|notice"
START = re.compile(
    rb"(?i)(?:[A-Z], )?[\W_]{0,4}(?:"
    + _DATE
    + rb")|[\[(<]?(?:"
    + _LEVEL
    + rb")(?:\]|[:|](?![ ]*[\[{(]\r?\n))|[ ]{0,14}(?-i:INFO|ERROR|WARN|WARNING|DEBUG|CRITICAL|FATAL)\s|[ ]{0,2}\{[ ]?\""
)
"""A line with which a record of a log begins."""
_ALONE = re.compile(
    rb"[\w.]{2,80}(?:Error|Exception): (?:Error code: )?[45][0-9]{2}\b|(?:< )?HTTP/[0-9.]+ [45][0-9]{2}\b"
)
"""An undated line that is a whole failure by itself."""


def count_record_starts(data: bytes) -> int:
    """How many lines of a text can begin a failure of their own. A line after an indented one goes on with what that belongs to, unless it is dated."""
    count = 0
    indented = False
    for line in data.splitlines():
        count += bool(START.match(line)) or (
            not indented and (line.startswith((b"Traceback (", b"{")) or bool(_ALONE.match(line)))
        )
        indented = line[:1] in {b" ", b"\t"}
    return count


def is_record_start(data: bytes, start: int) -> bool:
    """Whether a failure of its own begins with the line at `start`, and not the second half of one that began before."""
    if start == 0 or START.match(data, start) or _ALONE.match(data, start):
        return True
    if data.startswith(b"Traceback (", start):
        return not is_chained(data, start)
    return data.startswith(b"{", start) and data[max(0, start - 400) : start].rstrip().endswith(
        b"\n}"
    )


def is_chained(data: bytes, start: int) -> bool:
    """Whether the traceback at `start` goes on with the one before it."""
    return (
        data[max(0, start - 400) : start]
        .rstrip()
        .endswith((b"another exception occurred:", b"direct cause of the following exception:"))
    )
