"""Find the failures in a log of any size, in constant memory: a cheap look at each chunk, a record around each hit, and one reading per kind of failure.

A log repeats itself, so a record is read once; those that differ in times and ids only are counted. What is kept of a record before it is redacted is a hash.
"""

import codecs
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import BinaryIO

from oai_tui.diagnosis.paste import read_paste
from oai_tui.diagnosis.paste.blocks import block_around, time_before
from oai_tui.domain.observation import Observation
from oai_tui.domain.speaker import Speaker

_CHUNK = 1 << 20
_CARRY = 48_000
"""Bytes that are looked at again with the next chunk, so that no record is cut in two."""
_LINE = 8_000
"""Bytes of a line before and behind a marker that are looked at."""
_KINDS = 1_000
"""Kinds of failure that are held at once; a log with more of them gets the oldest told early, and perhaps twice."""
_MARKERS = (b"openai", b"quota", b"api key", b"api_key", b"rate limit", b"rate_limit", b"error code: ", b"apiconnection", b"authenticationerror", b"model_not_found", b"missing scopes", b"connection error", b"invalid_request_error", b"litellm", b"do not have access to")
_FAILS = re.compile(
    rb"error|exception|fail|refused|denied|exceed|incorrect|invalid|missing|timed? ?out|unauthorized|forbidden|not found|does not exist|not supported|must be (?:verified|set)|deprecated|deactivated|overloaded|limit reached|unreachable|(?:HTTP/[0-9.]{1,3}\"? |status(?:[ _]code)?[=: ]{1,2})[45][0-9]{2}",
    re.IGNORECASE,
)
_OURS = re.compile(
    rb"openai|insufficient_quota|current quota|incorrect api key|rate limit (?:reached|exceeded)|rate_limit_exceeded|error code: [45]|apiconnectionerror|apitimeouterror|model_not_found|missing scopes|invalid_request_error|litellm|does not exist or you do not have access|invalid_api_key|connection error\.|api_key client option|provide an api key",
    re.IGNORECASE,
)
_NOISE = re.compile(rb"[0-9a-fA-F]{8}-[0-9a-fA-F-]{20,40}|0x[0-9a-fA-F]+|\b(?:req|resp|chatcmpl|call|msg|run|thread)[_-]\w+|[0-9]{1,4}[-/:.][0-9]{2}[-/:.][0-9]{2,4}(?:[T ][0-9:.,]+Z?)?|(?:[0-9]+h)?(?:[0-9]+m)?[0-9]+(?:\.[0-9]+)?m?s\b|\b[0-9a-fA-F]{12,64}\b|[0-9]{4,}|[0-9]+\.[0-9]+|(?<=, line )[0-9]+|\s+")
_NUMBERS = re.compile(rb"(?i)\b(limit|requested|current)[:\s]+([0-9]{1,12})")
_TIME = re.compile(r"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?|(?:[A-Z][a-z]{2} +[0-9]{1,2} |[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:)[0-9]{2}:[0-9]{2}:[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One kind of failure in a log: what was seen, how often, and the time as the log writes it at its first and last place ("" where it writes none). `offset`: bytes before the first."""

    observation: Observation
    count: int = 1
    first_seen: str = ""
    last_seen: str = ""
    offset: int = 0


def scan(stream: BinaryIO, *, redact: Callable[[str], str], speakers: Sequence[Speaker], now: float, progress: Callable[[int], None] = lambda done: None) -> Iterator[Finding]:
    """Every kind of OpenAI-related failure in a stream of bytes, at the end of it (or earlier, when there are very many kinds). `progress` is told how many bytes are behind."""
    kinds: OrderedDict[bytes, Finding] = OrderedDict()
    behind = 0
    for offset, data, upto in _chunks(stream, progress):
        for start, end in _records(data, max(0, behind - offset), upto):
            behind = offset + end
            block = data[start:end]
            kind = _kind_of(block)
            time = _time(data, start)
            if known := kinds.get(kind):
                kinds[kind] = replace(known, count=known.count + 1, last_seen=time or known.last_seen, first_seen=known.first_seen or time)
                continue
            seen = read_paste(block.decode("utf-8", "replace"), redact=redact, speakers=speakers, now=now)
            if seen:
                kinds[kind] = Finding(observation=seen[0], first_seen=time, last_seen=time, offset=offset + start)
            if len(kinds) > _KINDS:
                yield kinds.popitem(last=False)[1]
    yield from kinds.values()


def _chunks(stream: BinaryIO, progress: Callable[[int], None]) -> Iterator[tuple[int, bytes, int]]:
    """Pieces of the stream: the bytes before each piece, the piece with what follows it for context, and where the next piece begins."""
    read, carry, offset = _reader(stream), b"", 0
    while True:
        fresh = read(_CHUNK)
        data = carry + fresh
        upto = _cut(data) if fresh else len(data)
        if data:
            yield offset, data, upto
        if not fresh:
            return
        offset += upto
        carry = data[upto:]
        progress(offset)


def _cut(data: bytes) -> int:
    """Where the next piece begins: at a line's beginning, so early that a record that begins before it is whole."""
    want = max(0, len(data) - _CARRY)
    found = data.find(b"\n", want, want + _CARRY // 2)
    return found + 1 if found >= 0 else want


def _records(data: bytes, place: int, upto: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each record that speaks of a failure and begins between the two places."""
    for hit in _hits(data.lower(), place, upto):
        if hit < place:
            continue
        stop = data.find(b"\n", hit, hit + _LINE)
        stop = stop if stop >= 0 else min(len(data), hit + _LINE)
        begin = max(data.rfind(b"\n", max(0, hit - _LINE), hit) + 1, hit - _LINE, place)
        place = stop
        if not _FAILS.search(data, begin, stop):
            continue
        start, end = block_around(data, hit)
        if _OURS.search(data, start, end):
            yield start, end
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
    return blake2b(_NOISE.sub(b" ", block) + state, digest_size=16).digest()


def _time(data: bytes, start: int) -> str:
    found = _TIME.findall(time_before(data, start).decode("utf-8", "replace"))
    return found[-1] if found else ""


def _reader(stream: BinaryIO) -> Callable[[int], bytes]:
    """How to read the stream as UTF-8: as it is, or turned out of UTF-16 where its first bytes say so (what PowerShell writes)."""
    first = stream.read(2)
    coding = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}.get(first)
    if coding is None:
        held = [first]
        return lambda size: (held.pop() if held else b"") + stream.read(size)
    decoder = codecs.getincrementaldecoder(coding)("replace")

    def read(size: int) -> bytes:
        while raw := stream.read(size):
            if text := decoder.decode(raw):
                return text.encode("utf-8", "replace")
        return b""

    return read
