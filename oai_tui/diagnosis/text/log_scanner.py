"""Find the records of failures in a log of any size, in constant memory.

Each chunk is searched for markers, and the record around a hit is checked more closely. What a
record means is decided elsewhere. A log repeats itself: records that differ only in times and ids
have the same `kind`, so each kind needs to be read once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from oai_tui.diagnosis.text.bytes_decoding import Readable, as_utf8
from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.diagnosis.text.record_bounds import lines_with_time, record_around
from oai_tui.diagnosis.text.record_starts import is_record_start

_CARRY = 48_000
"""Bytes at the end of a chunk that are searched with the next one, and bytes before them that are
kept, so that no record is cut in two."""
_MARKERS = (
    b"error",
    b"exception",
    b"fail",
    b"exceed",
    b"incorrect",
    b"invalid",
    b"denied",
    b"refused",
    b"forbidden",
    b"unauthorized",
    b"missing",
    b"not found",
    b"does not ",
    b"overloaded",
    b"timed out",
    b"timeout",
    b"too many requests",
    b"deactivated",
    b"limit reached",
    b"hard limit",
    b"too large",
    b"not supported",
    b"not authorized",
    b"not active",
    b"only accessible",
    b" must ",
    b"gateway",
    b"unavailable",
)
"""Words of failures, in lower case. They are few and short, because every byte is searched for
each of them."""
_API_ROWS = (
    # OpenAI, its SDKs and its hosts
    (r"openai", "openai.APIConnectionError: Connection error."),
    (r"chatgpt\.com", "https://chatgpt.com/backend-api/codex/responses"),
    (r"apiconnectionerror", "APIConnectionError: Connection error."),
    (r"apitimeouterror", "APITimeoutError: Request timed out."),
    (r"connection error\.", "ERROR app: Connection error."),
    (r"apiremovedinv1", "APIRemovedInV1: You tried to access ChatCompletion"),
    (r"error code: [45]", "RateLimitError: Error code: 429 - {"),
    (r"(?:unexpected|last) status:? [45][0-9]{2}", "stream error: unexpected status 503"),
    # libraries
    (r"litellm", "litellm.RateLimitError"),
    (r"api_key client option", "The api_key client option must be set"),
    # key
    (r"incorrect api key", "Incorrect API key provided: sk-proj-…"),
    (r"invalid_api_key", "'code': 'invalid_api_key'"),
    (r"provide an api key", "You didn't provide an API key."),
    (r"missing bearer or basic", "Missing bearer or basic authentication in header"),
    (r"made with a session key", "must be made with a session key"),
    (r"account_deactivated", "'code': 'account_deactivated'"),
    (r"invalid_request_error", "'type': 'invalid_request_error'"),
    # organization, project and permission
    (r"(?:mis)?match(?:ed)?_(?:organization|project)", "'code': 'mismatched_organization'"),
    (r"missing scopes", "Missing scopes: api.model.read"),
    (r"ip_not_authorized", "'code': 'ip_not_authorized'"),
    (r"your ip is not authorized", "Your IP is not authorized"),
    (r"unsupported_country", "'code': 'unsupported_country_region_territory'"),
    (r"country, region, or territory", "Country, region, or territory not supported"),
    (r"geography restrictions", "blocked by geography restrictions"),
    # model
    (r"model_not_found", "'code': 'model_not_found'"),
    (
        r"do(?:es)? not (?:exist or you do not )?have access to (?:it|model)",
        "The model does not exist or you do not have access to it.",
    ),
    (
        r"model [`'\"]{1,2}[\w./:-]{1,60}[`'\"]{1,2} does not exist",
        "The model `gpt-9` does not exist",
    ),
    # billing
    (r"insufficient_quota", "'code': 'insufficient_quota'"),
    (r"current quota", "You exceeded your current quota"),
    (r"billing_(?:hard_limit|not_active)", "'code': 'billing_hard_limit_reached'"),
    (r"billing hard limit", "Billing hard limit has been reached"),
    (r"credit_balance_exhausted", "'code': 'credit_balance_exhausted'"),
    (r"account is not active, please check", "Your account is not active, please check your"),
    (
        r"(?:organization|project)_(?:spend|usage)_limit",
        "'code': 'project_spend_limit_exceeded'",
    ),
    (r"usage_limit_reached", "'type': 'usage_limit_reached'"),
    # rate limits
    (r"rate limit (?:reached|exceeded)", "Rate limit reached for gpt-5"),
    (r"rate_limit_exceeded", "'code': 'rate_limit_exceeded'"),
    (r"request too large for", "Request too large for gpt-5"),
    (r"tokens per min", "on tokens per min (TPM): Limit 30000"),
    (r"enqueued token limit", "Enqueued token limit reached for gpt-5"),
    # service
    (r"server_is_overloaded", "'code': 'server_is_overloaded'"),
    (r"servers are currently overloaded", "Our servers are currently overloaded."),
)
_API_WORDS = re.compile(any_of(_API_ROWS).encode())
"""Words of a call to the API, to be searched in lower-case text."""
_ID = re.compile(rb"\b(?:req|resp|chatcmpl|call|msg|run|thread)[_-][0-9A-Za-z_-]+")
_NUMBER_LIKE = re.compile(rb"[0-9][0-9A-Za-z_:.,/+-]*")
"""Numbers, times, addresses, and the ends of ids."""
_ADDRESS = re.compile(rb"(?:[0-9]{1,3}\.){3}[0-9]{1,3}:[0-9]{2,5}")
_LIMIT_NUMBERS = re.compile(rb"(?i)\b(limit|requested|current)[:\s]+([0-9]{1,12})")
_TIME_OF_DAY = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
_TIME_ROWS = (
    (
        r"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
        r"(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2})\b)?",
        "2026-11-02T09:14:31.123Z",
    ),
    (
        rf"(?:[A-Z][a-z]{{2}} +[0-9]{{1,2}} |[0-9]{{2}}/[A-Z][a-z]{{2}}/[0-9]{{4}}:){_TIME_OF_DAY}",
        "Nov  2 09:14:31 host app[401]: failed",
    ),
    (_TIME_OF_DAY, "09:14:31.404 E/app(401): failed"),
)
_TIME = re.compile(any_of(_TIME_ROWS))
_TIME_FIELD = re.compile(
    r"""["'](?:time|ts|timestamp|@timestamp|date|datetime|asctime)["']\s*:\s*["']?"""
    r"([0-9][0-9T:.,Z+ -]{6,40})"
)
"""The time in a log of JSON lines, as group 1."""
_KIND_LIMIT = 8_000
"""Bytes of a record in which the numbers of a rate limit are read."""
_FIELD_LIMIT = 4_000
"""Bytes of a record in which a time field is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a failure in a log.

    block: its bytes, not redacted.
    kind: a hash, equal for records that say the same.
    time: as the log writes it; may be empty.
    start, end: bytes from the beginning of the stream.
    is_record_start: whether a failure starts here, and does not continue another one.
    """

    block: bytes
    kind: bytes
    time: str
    start: int
    end: int
    is_record_start: bool


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of the stream that is searched at once.

    offset: bytes of the stream before it.
    data: the part, with context on both sides.
    begin, end: the bytes of `data` in which markers are searched.
    """

    offset: int
    data: bytes
    begin: int
    end: int


def records(stream: Readable, *, chunk: int) -> Iterator[Record]:
    """Yield every record of a failed call to the API in a stream of bytes, in order.

    chunk: bytes that are read at once.
    """
    last_end = 0  # of the record before, from the beginning of the stream
    for window in _windows(stream, chunk):
        data = window.data
        for start, end in _record_spans(window, last_end - window.offset):
            last_end = window.offset + end
            block = data[start:end]
            is_cut = window.offset > 0 and start == 0
            yield Record(
                block=block,
                kind=_kind_of(block),
                time=_time_of(data, start, block),
                start=window.offset + start,
                end=last_end,
                is_record_start=is_record_start(data, start) and not is_cut,
            )


def _windows(stream: Readable, chunk: int) -> Iterator[_Window]:
    """Yield overlapping parts of the stream, each searched where the one before ended."""
    read = as_utf8(stream)
    kept = b""
    offset = begin = 0
    while True:
        fresh = read(chunk)
        data = kept + fresh
        end = max(begin, _search_end(data)) if fresh else len(data)
        if data:
            yield _Window(offset, data, begin, end)
        if not fresh:
            return
        keep_from = max(0, end - _CARRY)
        kept = data[keep_from:]
        offset += keep_from
        begin = end - keep_from


def _search_end(data: bytes) -> int:
    """Return where the search stops in a part of the stream that is followed by another one.

    It stops at the beginning of a line, early enough that a record that starts before it is
    complete.
    """
    latest = max(0, len(data) - _CARRY)
    line_feed = data.find(b"\n", latest, latest + _CARRY // 2)
    return line_feed + 1 if line_feed >= 0 else latest


def _record_spans(window: _Window, last_end: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each record with a marker in the searched bytes.

    last_end: where the record before them ended; may be negative.
    """
    data = window.data
    lower_data = data.lower()
    position = max(window.begin, last_end)
    for hit in _marker_positions(lower_data, position, window.end):
        if hit < position:
            continue
        start, end = record_around(data, hit)
        if start < last_end:
            start = max(data.rfind(b"\n", last_end, hit) + 1, last_end)
        if _API_WORDS.search(lower_data, start, end):
            yield start, end
            last_end = end
        position = max(position, end)


def _marker_positions(lower_data: bytes, begin: int, end: int) -> list[int]:
    """Return where the markers are, in order.

    One search for each marker is several times faster than one search for all of them.
    """
    positions = []
    for marker in _MARKERS:
        found = lower_data.find(marker, begin, end)
        while found >= 0:
            positions.append(found)
            found = lower_data.find(marker, found + len(marker), end)
    return sorted(positions)


def _kind_of(block: bytes) -> bytes:
    """Return a hash of what stays the same when a failure is repeated.

    Numbers count only where they change the cause.
    """
    without_ids = _ID.sub(b"", block)
    text = _NUMBER_LIKE.sub(_number_that_counts, without_ids) + _limit_state(block)
    return blake2b(text, digest_size=16).digest()


def _limit_state(block: bytes) -> bytes:
    """Return what the numbers of a rate limit mean: b"zero", b"over", b"in"; b"" without any."""
    numbers = {
        match[1].lower(): int(match[2]) for match in _LIMIT_NUMBERS.finditer(block[:_KIND_LIMIT])
    }
    limit = numbers.get(b"limit")
    if limit is None:
        return b""
    if limit == 0:
        return b"zero"
    return b"over" if numbers.get(b"requested", 0) > limit else b"in"


def _number_that_counts(match: re.Match[bytes]) -> bytes:
    """Return a number that distinguishes failures, b"" for any other.

    That is a status or an errno, an address with its port, and a port after a name.
    """
    number = match.group().rstrip(b".,:")
    before = match.string[match.start() - 2 : match.start()]
    is_short = len(number) <= 3 and number.isdigit()
    is_port = (
        len(before) == 2 and before[1:] == b":" and before[:1].isalpha() and number[:5].isdigit()
    )
    return number if is_short or is_port or _ADDRESS.fullmatch(number) else b""


def _time_of(data: bytes, start: int, block: bytes) -> str:
    """Return the time of a record as the log writes it; may be empty.

    It is in the first line, in a field of the record, or in the line before.
    """
    first, before = (line.decode("utf-8", "replace") for line in lines_with_time(data, start))
    if match := _TIME.search(first):
        return match.group()
    if field := _TIME_FIELD.search(block[:_FIELD_LIMIT].decode("utf-8", "replace")):
        return field[1].strip(" ,")
    match = _TIME.search(before)
    return match.group() if match else ""
