"""Decode bytes of unknown encoding: UTF-8, or UTF-16 (which PowerShell writes).

Bytes that fit neither are replaced; nothing is refused.
"""

import codecs
from collections.abc import Callable
from typing import Protocol

_FIRST_BYTES = 4
"""Bytes of a stream that show its encoding."""


class Readable(Protocol):
    """A stream of bytes. `read` returns b"" at its end."""

    def read(self, size: int, /) -> bytes: ...


def decode(data: bytes) -> str:
    """Return the text of all bytes, without a byte order mark."""
    return data.decode(_encoding_of(data[:4]), "replace").removeprefix("\ufeff")


def as_utf8(stream: Readable) -> Callable[[int], bytes]:
    """Return a function that reads the stream as UTF-8.

    It can return more or fewer bytes than it is asked for, and returns b"" only at the end.
    """
    convert = Utf8Converter()

    def read(size: int) -> bytes:
        while part := stream.read(size):
            if converted := convert(part):
                return converted
        return convert.rest()

    return read


class Utf8Converter:
    """Converts the parts of a stream, which can be cut anywhere, to UTF-8."""

    def __init__(self) -> None:
        self._first = b""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._is_known = False

    def __call__(self, part: bytes) -> bytes:
        """Return the next part as UTF-8. Fewer than four first bytes are held until more come."""
        if not self._is_known:
            part = self._first + part
            if len(part) < _FIRST_BYTES:
                self._first = part
                return b""
            self._choose(part)
        if self._decoder is None:
            return part
        return self._decoder.decode(part).encode("utf-8", "replace")

    def rest(self) -> bytes:
        """Return what is held of a stream of fewer than four bytes; b"" when called again."""
        if self._is_known:
            return b""
        self._choose(self._first)
        return self(self._first)

    def _choose(self, first: bytes) -> None:
        self._is_known = True
        encoding = _encoding_of(first[:_FIRST_BYTES])
        if encoding != "utf-8":
            self._decoder = codecs.getincrementaldecoder(encoding)("replace")


def _encoding_of(first: bytes) -> str:
    """Return the encoding, by the first four bytes.

    UTF-16 shows by its byte order mark, or by the zeros that it puts between letters.
    """
    low, high = first[::2], first[1::2]
    if first.startswith(codecs.BOM_UTF16_LE) or _is_ascii_in_utf16(zeros=high, letters=low):
        return "utf-16-le"
    if first.startswith(codecs.BOM_UTF16_BE) or _is_ascii_in_utf16(zeros=low, letters=high):
        return "utf-16-be"
    return "utf-8"


def _is_ascii_in_utf16(*, zeros: bytes, letters: bytes) -> bool:
    return zeros == b"\0\0" and len(letters) == 2 and b"\0" not in letters
