"""Recognise what a container log or a system log puts before every line of a program's output.

Without these prefixes a traceback in a log can be read like any other. Pure; reads only the
beginning of each line. A prefix is returned as its digit mask: all its digits are "0".
"""

from functools import lru_cache
from typing import Final

from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.lazy_pattern import LazyPattern

MAX_PREFIX = 160
"""Characters of a line that are read."""
_MIN_PREFIX = 9
"""Characters of the shortest prefix."""
_DIGITS = str.maketrans("123456789", "000000000")
DIGITS_OF_BYTES: Final = bytes.maketrans(b"123456789", b"000000000")
_SEPARATORS = " :|]\t"
"""Characters with which a prefix ends."""
_SEPARATORS_TO_BLANKS = bytes.maketrans(_SEPARATORS.encode(), b" " * len(_SEPARATORS))
_HEAD = 40
"""Bytes within which most lines of a log differ."""
_MIN_LINES = 3
"""Lines of a text that must all have the prefix for it to count without a traceback."""
_TIME = LazyPattern(r"[0-9]{2}:[0-9]{2}:[0-9]{2}", ignore_case=False)
_DATED_ROWS = (
    (r"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}", "2026-11-02T09:14:31.123456789Z stdout F x"),
    (r"[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{4}", "02.11.2026 09:14:31 x"),
    (r"[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}", "[02/Nov/2026:09:14:31 +0000] x"),
    (r"[0-9]{2}:[0-9]{2}:[0-9]{2}", "09:14:31.404 E/app(401): x"),
    (r"[A-Z][a-z]{2,8},? +[0-9]{1,2}[ ,]", "Nov 02 09:14:31 host app[2401]: x"),
)
_DATED = LazyPattern(rf"(?:[A-Z], )?[\W_]{{0,4}}(?:{any_of(_DATED_ROWS)})", ignore_case=False)
"""A line that begins with a date or a time."""
_TRACEBACK_LINE_ROWS = (
    # Python
    (r"File \"", '  File "app.py", line 12, in <module>'),
    (r"Traceback \(", "Traceback (most recent call last):"),
    (r"During handling of", "During handling of the above exception, another exception occurred:"),
    (r"The above exception", "The above exception was the direct cause of the following"),
    # Java, Node
    (r"Caused by", "Caused by: java.net.ConnectException: Connection refused"),
    (r"at [\w.$<]{1,200}[ (]", "    at process.processTicksAndRejections (node:internal:95:5)"),
    # the end of an object
    (r"[}\])]", "}"),
    # a blank line
    (r"$", ""),
)
_CONTINUATION = LazyPattern(
    rf"[ \t]*(?:{any_of(_TRACEBACK_LINE_ROWS)})|[ ]{{2}}|\t", ignore_case=False
)
"""What follows the prefix of a line that continues the one before."""
_BEGINNINGS_OF_CONTINUATIONS: Final = frozenset((b"Fil", b"Tra", b"Dur", b"The", b"Cau", b"at "))
"""The first three bytes of those rows."""
_CUT_BEGINNINGS: Final = frozenset(
    word[:length] for word in _BEGINNINGS_OF_CONTINUATIONS for length in range(4)
)
"""The same where a line can be cut after fewer bytes."""
_ENDS_OF_OBJECTS: Final = frozenset((b"}", b"]", b")"))
_CONTINUATION_HINTS = (
    "  ",
    "\t",
    "Traceback (",
    "During handling of",
    "The above exception",
    "Caused by",
    " at ",
)
"""One of two lines that share a prefix has one of these; quick to rule out all other lines."""
_EXCEPTION = LazyPattern(
    r"[\w.]{2,80}(?:Error|Exception|Timeout|Interrupt)\b(?:[:(]|\s*$)", ignore_case=False
)
"""The line of an exception itself, at the end of a traceback."""


def digit_mask(line: str) -> str:
    """Return the beginning of a line with all digits alike, to compare prefixes."""
    beginning = line[:MAX_PREFIX]
    if beginning.isascii():  # bytes are translated several times faster
        return beginning.encode().translate(DIGITS_OF_BYTES).decode()
    return beginning.translate(_DIGITS)


def shared_prefix(line: str, other: str) -> str:
    """Return the prefix that two lines share if one of them is part of a traceback.

    Empty if there is none.
    """
    if digit_mask(line[:_MIN_PREFIX]) != digit_mask(other[:_MIN_PREFIX]):
        return ""
    both = f"{line}\n{other}"
    if not any(hint in both for hint in _CONTINUATION_HINTS):
        return ""
    if len(line) > MAX_PREFIX or len(other) > MAX_PREFIX:
        return _shared_prefix(line, other, digit_mask(line), digit_mask(other))
    # Digits change nothing, and most lines of a log repeat others in everything else.
    return _prefix_of_masks(digit_mask(line), digit_mask(other))


def certainly_share_none(mask: bytes, other: bytes) -> bool:
    """Return True if `shared_prefix` finds nothing for two lines; False if it has to be asked.

    mask, other: the first MAX_PREFIX bytes of the lines, with all digits alike. This is several
    times faster than `shared_prefix`, and decides about most neighbouring records of a log.
    """
    if mask[:_MIN_PREFIX] != other[:_MIN_PREFIX]:
        return True
    head, other_head = mask[:_HEAD], other[:_HEAD]
    if head != other_head and _certainly_share_none(head, other_head, _CUT_BEGINNINGS):
        return True
    return _certainly_share_none(mask, other, _BEGINNINGS_OF_CONTINUATIONS)


@lru_cache(maxsize=8_192)  # most beginnings of lines come again
def _certainly_share_none(mask: bytes, other: bytes, continuations: frozenset[bytes]) -> bool:
    shared = _first_difference(mask, other)
    end = mask[:shared].translate(_SEPARATORS_TO_BLANKS).rfind(b" ") + 1
    end = min(len(mask[:end].rstrip(b" ")) + 1, end)
    rest, other_rest = mask[end:], other[end:]
    text, other_text = rest.lstrip(b" \t"), other_rest.lstrip(b" \t")
    indent, other_indent = len(rest) - len(text), len(other_rest) - len(other_text)
    return (
        -2 < indent - other_indent < 2
        and text[:3] not in continuations
        and other_text[:3] not in continuations
        and text[:1] not in _ENDS_OF_OBJECTS
        and other_text[:1] not in _ENDS_OF_OBJECTS
        and b"\t" not in (rest[:1], other_rest[:1])
    )


def _first_difference(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts have in common at their beginning."""
    shortest = min(len(one), len(other))
    differing_bits = int.from_bytes(one[:shortest], "little") ^ int.from_bytes(
        other[:shortest], "little"
    )
    if not differing_bits:
        return shortest
    return ((differing_bits & -differing_bits).bit_length() - 1) // 8


def _shared_prefix(line: str, other: str, mask: str, other_mask: str) -> str:
    """Return the prefix of lines of any length."""
    prefix = mask[: _end_of_prefix(mask, _shared_length(mask, other_mask))]
    if not _is_log_prefix(prefix, line):
        return ""
    rests = line[len(prefix) :], other[len(prefix) :]
    indents = [len(rest) - len(rest.lstrip(" \t")) for rest in rests if rest.strip()]
    one_is_traceback_line = any(
        rest.strip() and not rest.startswith("  ") and _CONTINUATION.match(rest) for rest in rests
    )
    one_is_indented_more = len(indents) == 2 and abs(indents[0] - indents[1]) >= 2
    one_starts_with_tab = any(rest.startswith("\t") for rest in rests)
    if one_is_traceback_line or one_is_indented_more or one_starts_with_tab:
        return prefix
    return ""


@lru_cache(maxsize=4096)
def _prefix_of_masks(mask: str, other_mask: str) -> str:
    return _shared_prefix(mask, other_mask, mask, other_mask)


def has_prefix(line: str, prefix: str) -> bool:
    """Return True if a line begins with this prefix.

    A line of nothing else may lack the blanks at the prefix's end.
    """
    mask = digit_mask(line)
    return mask.startswith(prefix) or mask.rstrip() == prefix.rstrip()


def continues_record(rest: str, rest_before: str | None) -> bool:
    """Return True if a line continues the record of the line before.

    rest: what follows the prefix of the line.
    rest_before: what follows the prefix of the line before; None if that line has no prefix.
    """
    if _CONTINUATION.match(rest):
        return True
    return (
        rest_before is not None
        and rest_before.startswith((" ", "\t"))
        and bool(_EXCEPTION.match(rest))
    )


def without_prefixes(text: str) -> str:
    """Return the text without the prefixes of lines of tracebacks; other lines keep theirs.

    Lines that were all written in the same second lose their common prefix as well.
    """
    lines = text.split("\n")
    common_prefix = _common_prefix([line for line in lines if line.strip()])
    if common_prefix:
        return "\n".join(line[len(common_prefix) :] for line in lines)
    prefixes = _traceback_prefixes(lines)
    return "\n".join(line[len(prefix) :] for line, prefix in zip(lines, prefixes, strict=True))


def _traceback_prefixes(lines: list[str]) -> list[str]:
    """Return the prefix of each line that is part of a traceback, "" for each other line."""
    prefixes = [""] * len(lines)
    for index in range(len(lines) - 1):
        if prefix := shared_prefix(lines[index], lines[index + 1]):
            for place in (index, index + 1):
                prefixes[place] = min((prefixes[place] or prefix, prefix), key=len)
    for index in range(1, len(lines)):
        prefix = prefixes[index - 1]
        if not prefix or prefixes[index] or not has_prefix(lines[index], prefix):
            continue
        if continues_record(lines[index][len(prefix) :], lines[index - 1][len(prefix) :]):
            prefixes[index] = prefix
    return prefixes


def _common_prefix(lines: list[str]) -> str:
    """Return the prefix of all lines if they were written in the same second.

    Empty if there are fewer than three lines, or no such prefix.
    """
    if len(lines) < _MIN_LINES or not (_DATED.match(lines[0]) or "|" in lines[0][:MAX_PREFIX]):
        return ""
    masks = {digit_mask(line) for line in lines}
    first, last = min(masks), max(masks)  # what these two share, all share
    prefix = first[: _end_of_prefix(first, _shared_length(first, last))]
    if not _is_log_prefix(prefix, lines[0]):
        return ""
    times = {_time_in(line[: len(prefix)]) for line in lines}
    if len(times) > 1:
        return ""
    return prefix if times != {""} or prefix.rstrip().endswith("|") else ""


def _time_in(prefix: str) -> str:
    """Return the time of day in a prefix; may be empty."""
    match = _TIME.search(prefix)
    return match.group() if match else ""


def _end_of_prefix(mask: str, shared_length: int) -> int:
    """Return where the prefix ends within the characters that are shared.

    It ends after the last separator. Of the blanks at its end only the first belongs to it, the
    others are the indentation of the text.
    """
    end = max(mask.rfind(separator, 0, shared_length) for separator in _SEPARATORS) + 1
    without_blanks = len(mask[:end].rstrip(" "))
    return min(without_blanks + 1, end)


def _is_log_prefix(prefix: str, line: str) -> bool:
    """Return True for a prefix with a date, or one that ends with the bar of docker compose."""
    if len(prefix) < _MIN_PREFIX:
        return False
    return bool(_DATED.match(line)) or prefix.rstrip().endswith("|")


def _shared_length(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
