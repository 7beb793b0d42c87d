"""Undo what hides a key from a search for its text: pieces, base64, URL encoding, UTF-16.

Pure. Nothing is decoded but the surroundings of a place that can be the beginning or the marker of
a key, so that the time is in proportion to the data.
"""

import base64
import binascii
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Encoding = Literal["plain", "base64", "pieces", "url", "utf-16"]

MARKER = b"T3BlbkFJ"
"""Inside each key of OpenAI, except those of a shape that is not known yet."""
_BODY = rb"[A-Za-z0-9_-]"
_BEFORE = 204
"""Bytes before the marker in which a key begins."""
_AFTER = 160
"""Bytes after the marker in which a key ends."""

_FIRST_PIECE = re.compile(rb"(?<![A-Za-z0-9])sk-%b{0,200}" % _BODY)
_PIECE = re.compile(rb"%b{1,200}" % _BODY)
_MAX_PIECES = 40
_COMMENT = rb"(?:(?:#|//)[^\n]{0,200}\n\s{0,100})?"
_BETWEEN = re.compile(
    rb"(?:"
    rb"[\"'`][\s\\]{0,100}" + _COMMENT + rb"(?:(?:\+\+?|\.\.?|&|\|\||<>)[\s\\_]{0,100}"
    rb"" + _COMMENT + rb")?[A-Za-z@$]{0,2}[\"'`]"
    rb"|\\\r?\n[ \t]{0,100}"
    rb"|=\r?\n)"
)
"""Between two pieces of one text: adjacent string literals, an operator that joins them (+ ++ . ..
& || <>), a line that continues after a backslash, or after "=" in quoted-printable e-mail."""

_URL_START = b"sk%2"
_URL_TEXT = re.compile(rb"sk(?:%b|%%(?:25)?(?:2[Dd]|5[Ff])){20,400}" % _BODY)
_URL_CHARACTER = re.compile(rb"%(?:25)?(2[Dd]|5[Ff])")

_BASE64 = (string.ascii_letters + string.digits + "+/-_").encode()
_BLANKS = b" \t\r\n"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ESCAPED_BREAK = re.compile(rb"\\[rn]")
_BREAK = rb"(?:[ \t\r\n]|\\[rn]){0,40}"
_BASE64_BEFORE, _BASE64_AFTER = 500, 400
"""Characters of base64 around the marker that are decoded, with the breaks between its lines; of
base64 of UTF-16, twice as many."""
_BREAK_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A decoded part of a file.

    places: the index in the file of each byte of the text, and after them that of the end.
    from_start: only what begins at the beginning of the text is in the file.
    """

    text: bytes
    places: Sequence[int]
    encoding: Encoding
    from_start: bool = True


def decoded_parts(data: bytes, *, is_binary: bool) -> Iterator[Decoded]:
    """Yield the parts of a file that can hold a key which a search for its text does not find.

    is_binary: it has no lines, so that no base64 is broken into them.
    """
    yield from _joined_pieces(data)
    yield from _from_url(data)
    yield from _from_base64(data, has_lines=not is_binary)
    if b"\0" in data:
        yield from _from_utf16(data)


def _joined_pieces(data: bytes) -> Iterator[Decoded]:
    at = data.find(b"sk-")
    while at >= 0:
        first = _FIRST_PIECE.match(data, at)
        if first is not None and _BETWEEN.match(data, first.end()):
            yield _join(data, first)
        at = data.find(b"sk-", at + 3 if first is None else first.end())


def _join(data: bytes, piece: re.Match[bytes]) -> Decoded:
    text = bytearray(piece.group())
    places = [*range(piece.start(), piece.end())]
    end = piece.end()
    for _ in range(_MAX_PIECES):
        between = _BETWEEN.match(data, end)
        following = _PIECE.match(data, between.end()) if between is not None else None
        if following is None:
            break
        text += following.group()
        places += range(following.start(), following.end())
        end = following.end()
    return Decoded(text=bytes(text), places=(*places, end), encoding="pieces")


def _from_url(data: bytes) -> Iterator[Decoded]:
    at = data.find(_URL_START)
    while at >= 0:
        whole = _URL_TEXT.match(data, at)
        if whole is not None:
            yield _unquote(data, whole)
        at = data.find(_URL_START, at + 4 if whole is None else whole.end())


def _unquote(data: bytes, whole: re.Match[bytes]) -> Decoded:
    text, places = bytearray(), []
    at = whole.start()
    while at < whole.end():
        escape = _URL_CHARACTER.match(data, at)
        places.append(at)
        text.append(int(escape[1], 16) if escape else data[at])
        at = escape.end() if escape else at + 1
    return Decoded(text=bytes(text), places=(*places, at), encoding="url")


_UTF16_MARKER = b"\0".join(bytes([byte]) for byte in MARKER)
"""The same bytes in both orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base64Marker:
    """The marker in base64, at one of the three places that it can have in a group of 3 bytes.

    width: the bytes of a character before it was encoded; 2 for UTF-16, as PowerShell encodes.
    halves: looked for in place of the text, since a line may break inside the marker.
    offset: the place of the first character in its group of 4.
    """

    text: bytes
    halves: tuple[bytes, bytes]
    whole: re.Pattern[bytes]
    offset: int
    width: int


def _base64_marker(shift: int, marker: bytes, width: int) -> _Base64Marker:
    first = -(-shift * 8 // 6)
    text = base64.b64encode(b"\0" * shift + marker)[first : (shift + len(marker)) * 8 // 6]
    half = len(text) // 2
    return _Base64Marker(
        text=text,
        halves=(text[:half], text[half:]),
        whole=re.compile(_BREAK.join(bytes([byte]) for byte in text)),
        offset=first,
        width=width,
    )


_BASE64_MARKERS = tuple(
    _base64_marker(shift, marker, width)
    for marker, width in ((MARKER, 1), (_UTF16_MARKER, 2))
    for shift in range(3)
)


def _from_base64(data: bytes, *, has_lines: bool) -> Iterator[Decoded]:
    for marker in _BASE64_MARKERS:
        parts = marker.halves if has_lines else (marker.text,)
        starts = {found.start(): found for found in _base64_markers(data, marker.whole, parts)}
        for found in starts.values():
            part = _decode_base64(data, found, marker)
            if part is not None and marker.width == 1:
                yield part
            elif part is not None:
                yield from _narrow(part)


def _narrow(wide: Decoded) -> Iterator[Decoded]:
    """Yield the texts in UTF-16 of a decoded part, with their places in the file."""
    for text in _from_utf16(wide.text):
        places = [wide.places[min(place, len(wide.text))] for place in text.places]
        yield replace(text, places=places, encoding="base64")


def _base64_markers(
    data: bytes, whole: re.Pattern[bytes], parts: tuple[bytes, ...]
) -> Iterator[re.Match[bytes]]:
    for part in parts:
        at = data.find(part)
        while at >= 0:
            found = whole.search(data, max(0, at - _BREAK_LENGTH), at + _BREAK_LENGTH)
            if found is not None:
                yield found
            at = data.find(part, at + len(part))


def _decode_base64(data: bytes, found: re.Match[bytes], marker: _Base64Marker) -> Decoded | None:
    offset = marker.offset
    start = max(0, found.start() - _BASE64_BEFORE * marker.width)
    before = _without_escapes(data[start : found.start()])
    after = _without_escapes(data[found.start() : found.end() + _BASE64_AFTER * marker.width])
    left = before.translate(None, _BLANKS)
    left = left[len(left.rstrip(_BASE64)) :]
    left = left[(len(left) - offset) % 4 :]
    right = after.translate(None, _BLANKS)
    right = right[: len(right) - len(right.lstrip(_BASE64))]
    if len(left) % 4 != offset % 4:
        return None
    text = (left + right).translate(_URL_SAFE)
    text = text[: len(text) - (len(text) % 4 == 1)]
    try:
        decoded = base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return None
    kept = [start + index for index, byte in enumerate(before) if byte not in _BLANKS]
    kept = kept[len(kept) - len(left) :]
    kept += [found.start() + index for index, byte in enumerate(after) if byte not in _BLANKS]
    places = [kept[index * 4 // 3] for index in range(len(decoded))]
    end = kept[len(text) - 1] + 1
    return Decoded(text=decoded, places=(*places, end), encoding="base64", from_start=False)


def _without_escapes(text: bytes) -> bytes:
    r"""Return a text of the same length with blanks for `\n` and `\r` written as two characters."""
    return _ESCAPED_BREAK.sub(b"  ", text)


def _from_utf16(data: bytes) -> Iterator[Decoded]:
    at = data.find(_UTF16_MARKER)
    while at >= 0:
        start = max(at % 2, at - 2 * _BEFORE)
        places = range(start, min(len(data), at + 2 * (len(MARKER) + _AFTER)), 2)
        text = bytes(data[place] if _is_wide(data, place) else 0 for place in places)
        yield Decoded(
            text=text,
            places=range(start, places.stop + 2, 2),
            encoding="utf-16",
            from_start=False,
        )
        at = data.find(_UTF16_MARKER, at + len(_UTF16_MARKER))


def _is_wide(data: bytes, place: int) -> bool:
    return b"\0" in (data[place + 1 : place + 2], data[max(0, place - 1) : place])
