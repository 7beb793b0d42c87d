"""Find OpenAI's keys in the bytes of a file, with few false alarms.

Pure. A key is recognised by the marker that all known keys of OpenAI have (gitleaks 2026-07-22,
trufflehog 2026-08-21, detect-secrets 1.5.0), or without it by a kind's prefix and a long random
body: OpenAI says that the shape of keys may change (API overview, 2026-11). Found as well: keys in
base64 of any text, in pieces, URL-encoded, and in UTF-16 (encoded_text.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oai_tui.domain.keys.encoded_text import MARKER, Encoding, decoded_parts
from oai_tui.domain.keys.sample_keys import is_sample
from oai_tui.domain.keys.secret import Secret

_BODY = rb"[A-Za-z0-9_-]"
_HEAD = re.compile(rb"sk-(%b{16,200})\Z" % _BODY)
_TAIL = re.compile(rb"%b{16,160}" % _BODY)
_LOOK_BACK = 204
"""Bytes before the marker in which a key begins: the longest head and its prefix."""
_HALVES = (20, 46, 58, 74)
"""Characters before the marker, and as many after it, not counting the prefix."""
_KIND = re.compile(rb"sk-(?:proj|svcacct|admin|None|service)-")
_START = rb"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
"""No letter or digit is before a key, except the end of an escape sequence."""
_OTHER_SHAPES = {
    **{
        b"sk-%b-" % kind: re.compile(rb"%bsk-%b-%b{56,200}" % (_START, kind, _BODY))
        for kind in (b"proj", b"svcacct", b"admin", b"service")
    },
    b"sess-": re.compile(rb"%bsess-[A-Za-z0-9]{40}(?!%b)" % (_START, _BODY)),
}
"""The beginning of a key without the marker -> its pattern. To look for a text is much faster than
to look for a pattern, and most files have none of these."""
_ALLOWED = re.compile(
    rb"oai-tui:\s*allow|gitleaks:allow|pragma:\s?(?:allow|white)list[ -]secret", re.IGNORECASE
)
"""Comments on the line of a key that permit it; the last two are gitleaks' and detect-secrets'."""
_ALLOWED_NEXT = re.compile(rb"pragma:\s?(?:allow|white)list[ -]nextline[ -]secret", re.IGNORECASE)
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SNIFFED = 8_000
"""Bytes in which a NUL makes a file a binary one; the same number as in git."""
_WIDE_SHARE = 0.95
"""Share of NUL among the high bytes from which on a file without a byte order mark is UTF-16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKey:
    """A key in a file.

    line, column: of its first character, from 1; both 0 in a binary file. offset: in bytes, from 0.
    """

    secret: Secret
    line: int
    column: int
    offset: int
    encoding: Encoding = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySearch:
    """What a search found. samples, allowed: how many were left out as such."""

    found: tuple[FoundKey, ...] = ()
    samples: int = 0
    allowed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    start: int
    end: int
    key: bytes
    encoding: Encoding = "plain"


def find_keys(data: bytes) -> KeySearch:
    """Return the keys in a file, in order. Takes time in proportion to the data."""
    data = _decoded(data)
    is_binary = b"\0" in data[:_SNIFFED]
    matches = sorted(
        _matches(data, is_binary=is_binary), key=lambda match: (match.start, -match.end)
    )
    place = _Place(data, is_binary=is_binary)
    found: list[FoundKey] = []
    samples = allowed = end = 0
    for match in matches:
        if match.start < end:
            continue
        end = match.end
        if is_sample(match.key.decode("ascii")):
            samples += 1
            continue
        place.move_to(match.start)
        if place.is_allowed or _is_allowed_later(data, match):
            allowed += 1
            continue
        key = FoundKey(
            secret=Secret(match.key.decode("ascii")),
            line=place.line,
            column=place.column,
            offset=match.start,
            encoding=match.encoding,
        )
        found.append(key)
    return KeySearch(found=tuple(found), samples=samples, allowed=allowed)


def _is_allowed_later(data: bytes, match: _Match) -> bool:
    """Return True if a comment permits a key in pieces after its first line."""
    if match.encoding != "pieces":
        return False
    line_end = data.find(b"\n", match.end)
    return bool(_ALLOWED.search(data, match.start, line_end if line_end >= 0 else len(data)))


def _decoded(data: bytes) -> bytes:
    """Return a file in UTF-16 as UTF-8, and any other as it is."""
    encoding = _BYTE_ORDER_MARKS.get(data[:2])
    if encoding is not None:
        return data[2:].decode(encoding, "replace").encode()
    encoding = _utf16_without_mark(data[:_SNIFFED])
    if encoding is None:
        return data
    try:
        return data.decode(encoding).encode()
    except UnicodeError:
        return data


def _utf16_without_mark(beginning: bytes) -> str | None:
    """Return the encoding of a file of which nearly every second byte is NUL, and no other one."""
    if b"\0" not in beginning:
        return None
    even, odd = beginning[::2], beginning[1::2]
    if b"\0" not in even and odd.count(0) > _WIDE_SHARE * len(odd):
        return "utf-16-le"
    if b"\0" not in odd and even.count(0) > _WIDE_SHARE * len(even):
        return "utf-16-be"
    return None


def _matches(data: bytes, *, is_binary: bool) -> Iterator[_Match]:
    yield from _plain(data)
    for part in decoded_parts(data, is_binary=is_binary):
        for match in _plain(part.text):
            if match.start == 0 or not part.from_start:
                start, end = part.places[match.start], part.places[match.end - 1] + 1
                yield _Match(start=start, end=end, key=match.key, encoding=part.encoding)


def _plain(data: bytes) -> Iterator[_Match]:
    yield from _with_marker(data)
    for beginning, pattern in _OTHER_SHAPES.items():
        for match in _at_each(beginning, pattern, data):
            if MARKER not in match.group():
                yield _Match(start=match.start(), end=match.end(), key=match.group())


def _at_each(
    beginning: bytes, pattern: re.Pattern[bytes], data: bytes
) -> Iterator[re.Match[bytes]]:
    """Yield the matches of a pattern that begin with this text."""
    at = data.find(beginning)
    while at >= 0:
        match = pattern.match(data, at)
        if match is not None:
            yield match
        at = data.find(beginning, match.end() if match is not None else at + len(beginning))


def _with_marker(data: bytes) -> Iterator[_Match]:
    """Yield the keys with the marker, without what follows them.

    After a half of a known length, a key ends with the other half.
    """
    end = 0
    at = data.find(MARKER)
    while at >= 0:
        after = at + len(MARKER)
        from_index = max(end, at - _LOOK_BACK)
        head = _HEAD.search(data[from_index:at])
        tail = _TAIL.match(data, after)
        if head is not None and tail is not None:
            start = from_index + head.start()
            kind = _KIND.match(head.group())
            half = len(head.group()) - (kind.end() if kind else len(b"sk-"))
            is_whole = half in _HALVES and len(tail.group()) > half
            end = after + half if is_whole else tail.end()
            yield _Match(start=start, end=end, key=data[start:end])
        at = data.find(MARKER, max(after, end))


class _Place:
    """A place in a file that moves from its beginning to its end.

    line, column: from 1; both 0 in a binary file.
    is_allowed: a comment on the line, or one on the line before, permits a key.
    """

    def __init__(self, data: bytes, *, is_binary: bool) -> None:
        self._data = data
        self._is_binary = is_binary
        self._at = 0
        self._line_start = -1
        self.line = self.column = 0 if is_binary else 1
        self.is_allowed = False

    def move_to(self, at: int) -> None:
        """Move forward to the byte with this index, from 0."""
        if self._is_binary:
            return
        line_start = self._data.rfind(b"\n", self._at, at) + 1
        if line_start or self._line_start < 0:
            self.line += self._data.count(b"\n", self._at, at)
            self._at, self.column = line_start, 1
            self._line_start = line_start
            self.is_allowed = self._is_line_allowed()
        self.column += len(self._data[self._at : at].decode("utf-8", "replace"))
        self._at = at

    def _is_line_allowed(self) -> bool:
        start = self._line_start
        end = self._data.find(b"\n", start)
        line = self._data[start : end if end >= 0 else len(self._data)]
        before = self._data[self._data.rfind(b"\n", 0, max(0, start - 1)) + 1 : start]
        return bool(_ALLOWED.search(line) or _ALLOWED_NEXT.search(before))
