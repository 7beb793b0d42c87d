"""Tell which records of a log say the same.

Records that differ only in times, ids and counts have the same kind. Those that differ only in
digits have the same shape, and what depends on the shape alone is found out once.
"""

import re
from hashlib import blake2b
from operator import itemgetter

from oai_tui.diagnosis.text.failure_markers import names_api
from oai_tui.diagnosis.text.log_prefixes import DIGITS_OF_BYTES
from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.diagnosis.text.record_time import time_span

_ID = re.compile(
    rb"[cmrt](?<!\w.)"  # most characters begin no id, and this is the fastest way to see it
    rb"(?:(?<=r)(?:eq|esp|un)|(?<=c)(?:hatcmpl|all)|(?<=m)sg|(?<=t)hread)[_-][0-9A-Za-z_-]+"
)
"""A public id: req_…, resp_…, run_…, chatcmpl-…, call_…, msg_…, thread_…."""
_ACCOUNT_ID = re.compile(rb"(?:org-|proj_)[0-9A-Za-z]{8,}+")
_MASKED = re.compile(rb"(?:(?<![0-9A-Za-z_])[0-9A-Za-z_]++)?+\*{3,}+[0-9A-Za-z_-]*+")
"""The letters of a masked key on both sides of its asterisks."""
_LONG_ID = re.compile(rb"(?<![0-9A-Za-z])[0-9A-Za-z]{16,}+")
_DIGIT_GROUPS_OF_ID = 2
"""A word of 16 letters or more with as many groups of digits is an id."""
_FIELD = re.compile(rb"(?<![\w.-])([A-Za-z_][\w.-]*+)(?:=|[\"']\s?:\s?)[\"']?([\w.:/@-]++)")
"""A field of a log line in JSON or logfmt: group 1 is its name, group 2 its value."""
_ID_NAME = re.compile(
    rb"(?i)(?:id|user|session|trace|span|tenant|customer|pod|container|instance|correlation)\Z"
)
_SHORTEST_ID = 8
"""Letters of an id in such a field, if it has no digit but a capital."""
_MEASURE_NAME = re.compile(
    rb"(?i)(?:ms|sec|seconds|time|duration|latency|elapsed|bytes|size|length|count|tokens|pid|line)\Z"
)
_STATUS_NAME = re.compile(
    rb"(?i)status|code|err|http|port|exit|return|response|limit|request|used|remaining|quota|retry"
)
_WORDS_BEFORE_COUNTS = (
    *("line ", "attempt ", "user ", "Used ", "Requested ", "Current "),
    *("orker ", "orker-", "hread ", "hread-", "pid ", "pid=", "task ", "batch ", "item ", "step "),
)
"""After these a number says nothing about the cause."""
_NO_COUNT = "".join(f"(?<!{word})" for word in _WORDS_BEFORE_COUNTS) + r"(?<![A-Za-z]\[)"
_NUMBER_REST = r"[0-9A-Za-z_:.,/+-]*+"
_NUMBER_LIKE = rf"[0-9]{_NUMBER_REST}"
"""A number, a time, an address, or the end of an id."""
_END_OF_NUMBER = r"[.,:]*+(?![0-9A-Za-z_/+-])"
_NUMBER_THAT_COUNTS_ROWS = (
    # a status
    (rf"{_NO_COUNT}[0-9]{{3}}{_END_OF_NUMBER}(?! m?s(?:ec)?\b)", "429"),
    # an errno, but not the end of a name
    (
        rf"{_NO_COUNT}(?<![A-Za-z])(?<![A-Za-z][_-])[0-9]{{1,2}}{_END_OF_NUMBER}"
        r"(?! m?s(?:ec)?\b)",
        "[Errno 61]",
    ),
    # a port after a name
    (rf"(?<=[A-Za-z]:)[0-9]{{5}}{_NUMBER_REST}", "localhost:11434"),
    (rf"(?<=[A-Za-z]:)[0-9]{{1,4}}{_END_OF_NUMBER}", "localhost:8080"),
    # an address with its port
    (rf"(?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}:[0-9]{{2,5}}{_END_OF_NUMBER}", "127.0.0.1:8080"),
)
_WITHOUT_NUMBERS = re.compile(
    rf"((?:[^0-9]++|{any_of(_NUMBER_THAT_COUNTS_ROWS)})*+)(?:{_NUMBER_LIKE})?+".encode()
)
"""Group 1 is text up to a number that does not distinguish failures."""
_DIGITS = re.compile(rb"[0-9]+")
_LIMIT_NUMBERS = re.compile(rb"(?<!\w)(limit|requested)[:\s]+([0-9]{1,12})")
"""The numbers of a rate limit in lower-case text."""
_LIMIT_BYTES = 8_000
"""Bytes of a record in which the numbers of a rate limit are read."""
_FOURS = bytes.maketrans(b"0", b"4")
_NO_SLICE = slice(0, 0)
_MAX_SHAPES = 2_000
_MAX_SHAPE = 4_000
"""Bytes of a record up to which its shape is remembered."""
_MAX_SEEN = 50_000
"""Shapes of which it is remembered that they were there once."""
_MAX_KINDS = 1_000
"""Kinds of one shape that are remembered."""


def kind_of(text: bytes) -> bytes:
    """Return a hash of what stays the same when a failure is repeated.

    Numbers count only where they change the cause, and letters before them not where they can be
    the beginning of a hexadecimal id.
    text: a record without hexadecimal ids.
    """
    *before_numbers, rest, end = (b"", *_WITHOUT_NUMBERS.findall(_with_blank_ids(text)))
    parts = [part.rstrip(b"abcdef") for part in before_numbers]
    limits = _limit_state(text, _limit_slices(text))
    kind = b"".join((*parts, rest, end)).replace(b"\0", b"") + limits
    return blake2b(kind, digest_size=16).digest()


def _with_blank_ids(text: bytes) -> bytes:
    """Return the text with NUL for each byte of an id and of a field that is no status.

    The asterisks of a masked key become one.
    """
    text = _FIELD.sub(_with_blank_value, _ID.sub(_blank, text))
    text = _LONG_ID.sub(_with_blank_id, text)
    if b"org-" in text or b"proj_" in text:
        text = _ACCOUNT_ID.sub(_blank, text)
    if b"***" in text:
        text = _MASKED.sub(lambda match: b"*" + _blank(match)[1:], text)
    return text


def _blank(match: re.Match[bytes]) -> bytes:
    return bytes(match.end() - match.start())


def _with_blank_id(match: re.Match[bytes]) -> bytes:
    is_id = len(_DIGITS.findall(match[0])) >= _DIGIT_GROUPS_OF_ID
    return _blank(match) if is_id else match[0]


def _with_blank_value(match: re.Match[bytes]) -> bytes:
    """Return the field, without its value if that says nothing about the cause."""
    name, value = match[1], match[2]
    if _ID_NAME.search(name):
        says_nothing = _DIGITS.search(value) or (len(value) >= _SHORTEST_ID and not value.islower())
    else:
        says_nothing = value.replace(b".", b"").isdigit() and _is_measure(name)
    return match[0][: -len(value)] + bytes(len(value)) if says_nothing else match[0]


def _is_measure(name: bytes) -> bool:
    return bool(_MEASURE_NAME.search(name)) or not _STATUS_NAME.search(name)


def _limit_slices(text: bytes) -> dict[bytes, slice]:
    """Return where the numbers of a rate limit are."""
    lower_text = text[:_LIMIT_BYTES].lower()
    if b"limit" not in lower_text:
        return {}
    return {match[1]: slice(*match.span(2)) for match in _LIMIT_NUMBERS.finditer(lower_text)}


def _limit_state(text: bytes, slices: dict[bytes, slice]) -> bytes:
    """Return what the numbers of a rate limit mean: b"zero", b"over", b"in"; b"" without any."""
    if b"limit" not in slices:
        return b""
    limit = int(text[slices[b"limit"]])
    if limit == 0:
        return b"zero"
    requested = int(text[slices.get(b"requested", _NO_SLICE)] or 0)
    return b"over" if requested > limit else b"in"


class RecordShape:
    """What is known of all records that differ only in digits.

    mask: such a record with all digits "0".
    """

    __slots__ = ("_about_api", "_kinds", "_limits", "_numbers_of", "_time")

    def __init__(self, mask: bytes) -> None:
        self._numbers_of = itemgetter(*_number_slices(mask), _NO_SLICE, _NO_SLICE)
        self._limits = _limit_slices(mask)
        self._time = time_span(mask)
        # A pattern of the API's words has at most the digits 4 and 5, of a status.
        always, possibly = names_api(mask), names_api(mask.translate(_FOURS))
        self._about_api = always if always == possibly else None
        self._kinds: dict[tuple[bytes, ...], bytes] = {}

    def is_about_api(self, text: bytes) -> bool:
        """Return True if a record of this shape has a word of a call to the API."""
        return names_api(text) if self._about_api is None else self._about_api

    def kind(self, text: bytes) -> bytes:
        """Return what `kind_of` returns for a record of this shape."""
        numbers = (*self._numbers_of(text), _limit_state(text, self._limits))
        kind = self._kinds.get(numbers)
        if kind is None:
            if len(self._kinds) >= _MAX_KINDS:
                self._kinds.clear()
            kind = self._kinds[numbers] = kind_of(text)
        return kind

    def time(self, text: bytes) -> str | None:
        """Return the time in the first line of a record of this shape; None if it is elsewhere."""
        return text[self._time].decode("utf-8", "replace") if self._time else None


def _number_slices(mask: bytes) -> list[slice]:
    """Return where the numbers are that distinguish kinds."""
    text = _with_blank_ids(mask)
    return [
        slice(*number.span())
        for match in _WITHOUT_NUMBERS.finditer(text)
        for number in _DIGITS.finditer(text, *match.span(1))
    ]


class RecordShapes:
    """The shapes of the records of a log. What is remembered is bounded."""

    def __init__(self) -> None:
        self._shapes: dict[bytes, RecordShape] = {}
        self._seen: set[int] = set()

    def shape_of(self, text: bytes) -> RecordShape | None:
        """Return the shape of a record without hexadecimal ids; None if it may be unique."""
        mask = text.translate(DIGITS_OF_BYTES)
        if shape := self._shapes.get(mask):
            return shape
        # To find out about a shape takes longer than to read one record.
        if len(mask) > _MAX_SHAPE or not self._was_seen(hash(mask)):
            return None
        if len(self._shapes) >= _MAX_SHAPES:
            self._shapes.clear()
        shape = self._shapes[mask] = RecordShape(mask)
        return shape

    def _was_seen(self, number: int) -> bool:
        if number in self._seen:
            return True
        if len(self._seen) >= _MAX_SEEN:
            self._seen.clear()
        self._seen.add(number)
        return False
