"""Decode bytes of unknown encoding: UTF-8, or UTF-16 (which PowerShell writes).

Bytes that fit neither are replaced; nothing is refused.
"""

import codecs
from collections.abc import Callable
from typing import Protocol


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
    first = stream.read(4)
    pending = [first]

    def read_raw(size: int) -> bytes:
        return (pending.pop() if pending else b"") + stream.read(size)

    encoding = _encoding_of(first)
    if encoding == "utf-8":
        return read_raw
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read_decoded(size: int) -> bytes:
        while raw := read_raw(size):
            if text := decoder.decode(raw):
                return text.encode("utf-8", "replace")
        return b""

    return read_decoded


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
