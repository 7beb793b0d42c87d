"""Find the failures in a log of any size, in constant memory: a cheap look at each chunk, and a record around each hit. What a record means is for others.

A log repeats itself: records that differ in times and ids only have the same `kind`, so that each kind needs to be read once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from oai_tui.diagnosis.text.bytes_decoding import Readable, as_utf8
from oai_tui.diagnosis.text.record_bounds import lines_in_same_second, record_around
from oai_tui.diagnosis.text.record_starts import is_record_start

_CARRY = 48_000
"""Bytes behind a chunk's new part that are looked at with the next one, and before it that are kept, so that no record is cut in two."""
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
"""Words of failures: few and short, because each is searched for in every byte. What stands around them is looked at more closely."""
_OURS = re.compile(
    rb"openai|insufficient_quota|current quota|incorrect api key|rate limit (?:reached|exceeded)|rate_limit_exceeded|error code: [45]|apiconnectionerror|apitimeouterror|model_not_found|missing scopes|invalid_request_error|litellm|invalid_api_key"
    rb"|do(?:es)? not (?:exist or you do not )?have access to (?:it|model)|connection error\.|api_key client option|provide an api key|chatgpt\.com|missing bearer or basic|request too large for|tokens per min|(?:organization|project)_(?:spend|usage)_limit|usage_limit_reached|ip_not_authorized"
    rb"|unsupported_country|country, region, or territory|made with a session key|geography restrictions|billing_(?:hard_limit|not_active)|billing hard limit|credit_balance_exhausted|server_is_overloaded|apiremovedinv1|enqueued token limit|account_deactivated|servers are currently overloaded|account is not active, please check|(?:unexpected|last) status:? [45][0-9]{2}|model [`'\"]{1,2}[\w./:-]{1,60}[`'\"]{1,2} does not exist|your ip is not authorized|(?:mis)?match(?:ed)?_(?:organization|project)"
)
"""Words of calls to the API. Both are searched in the text in lower case."""
_ID = re.compile(rb"\b(?:req|resp|chatcmpl|call|msg|run|thread)[_-][0-9A-Za-z_-]+")
_FIGURES = re.compile(rb"[0-9][0-9A-Za-z_:.,/+-]*")
"""Numbers, times, addresses, and the ends of ids."""
_ADDRESS = re.compile(rb"(?:[0-9]{1,3}\.){3}[0-9]{1,3}:[0-9]{2,5}")
_NUMBERS = re.compile(rb"(?i)\b(limit|requested|current)[:\s]+([0-9]{1,12})")
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
_TIME = re.compile(
    rf"[0-9]{{4}}[-/.][0-9]{{2}}[-/.][0-9]{{2}}[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]{{1,9}})?)?(?: ?(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})\b)?|(?:[A-Z][a-z]{{2}} +[0-9]{{1,2}} |[0-9]{{2}}/[A-Z][a-z]{{2}}/[0-9]{{4}}:){_CLOCK}|{_CLOCK}"
)
_TIME_FIELD = re.compile(
    r"""["'](?:time|ts|timestamp|@timestamp|date|datetime|asctime)["']\s*:\s*["']?([0-9][0-9T:.,Z+ -]{6,40})"""
)
"""Where a log of JSON lines writes the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One place of a log that speaks of a failure: its bytes as they stand there, secrets included. `time` as the log writes it, "" where it writes none; `start`, `end`: bytes from the beginning of the stream.

    `kind`: a hash, the same for records that tell the same. `head`: whether a failure of its own begins here.
    """

    block: bytes
    kind: bytes
    time: str
    start: int
    end: int
    is_record_start: bool


def records(stream: Readable, *, chunk: int) -> Iterator[Record]:
    """Every record of a stream of bytes that speaks of an OpenAI-related failure, in order. `chunk`: bytes that are read at once."""
    behind = 0
    for offset, data, begin, upto in _chunks(stream, chunk):
        for start, end in _places(data, begin, upto, behind - offset):
            behind = offset + end
            block = data[start:end]
            yield Record(
                block=block,
                kind=_kind_of(block),
                time=_time(data, start, block),
                start=offset + start,
                end=behind,
                is_record_start=is_record_start(data, start) and (offset == 0 or start > 0),
            )


def _chunks(stream: Readable, chunk: int) -> Iterator[tuple[int, bytes, int, int]]:
    """Pieces of the stream: the bytes before each piece, the piece with what stands around it, and where in it the new part begins and ends."""
    read, kept, offset, begin = as_utf8(stream), b"", 0, 0
    while True:
        fresh = read(chunk)
        data = kept + fresh
        upto = max(begin, _cut(data)) if fresh else len(data)
        if data:
            yield offset, data, begin, upto
        if not fresh:
            return
        keep = max(0, upto - _CARRY)
        kept, offset, begin = data[keep:], offset + keep, upto - keep


def _cut(data: bytes) -> int:
    """Where the next piece begins: at a line's beginning, so early that a record that begins before it is whole."""
    want = max(0, len(data) - _CARRY)
    found = data.find(b"\n", want, want + _CARRY // 2)
    return found + 1 if found >= 0 else want


def _places(data: bytes, begin: int, upto: int, behind: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each record that has a marker between `begin` and `upto`. `behind`: where the record before them ended."""
    low, place = data.lower(), max(begin, behind)
    for hit in _hits(low, place, upto):
        if hit < place:
            continue
        start, end = record_around(data, hit)
        if start < behind:
            start = max(data.rfind(b"\n", behind, hit) + 1, behind)
        if _OURS.search(low, start, end):
            yield start, end
            behind = end
        place = max(place, end)


def _hits(low: bytes, place: int, upto: int) -> list[int]:
    """Where the markers stand. One search for each marker is several times faster than one for all of them."""
    hits = []
    for marker in _MARKERS:
        found = low.find(marker, place, upto)
        while found >= 0:
            hits.append(found)
            found = low.find(marker, found + len(marker), upto)
    return sorted(hits)


def _kind_of(block: bytes) -> bytes:
    """A hash of what stays the same when a failure comes again. Numbers count only where they change the cause."""
    numbers = {match[1].lower(): int(match[2]) for match in _NUMBERS.finditer(block[:8_000])}
    limit, asked = numbers.get(b"limit"), numbers.get(b"requested", 0)
    state = b"" if limit is None else b"zero" if limit == 0 else b"over" if asked > limit else b"in"
    return blake2b(_FIGURES.sub(_kept, _ID.sub(b"", block)) + state, digest_size=16).digest()


def _kept(match: re.Match[bytes]) -> bytes:
    """What of a figure tells one failure from another: a status or an errno, an address with its port, a port behind a name."""
    figure = match.group().rstrip(b".,:")
    behind = match.string[match.start() - 2 : match.start()]
    if (
        (len(figure) <= 3 and figure.isdigit())
        or _ADDRESS.fullmatch(figure)
        or (
            len(behind) == 2
            and behind[1:] == b":"
            and behind[:1].isalpha()
            and figure[:5].isdigit()
        )
    ):
        return figure
    return b""


def _time(data: bytes, start: int, block: bytes) -> str:
    own, before = (line.decode("utf-8", "replace") for line in lines_in_same_second(data, start))
    if found := _TIME.search(own):
        return found.group()
    if field := _TIME_FIELD.search(block[:4_000].decode("utf-8", "replace")):
        return field[1].strip(" ,")
    found = _TIME.search(before)
    return found.group() if found else ""
