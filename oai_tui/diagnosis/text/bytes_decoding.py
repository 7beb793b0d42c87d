"""Bytes of unknown origin as text: UTF-8, or UTF-16 where the bytes say so (what PowerShell writes). What fits neither is replaced, never refused. Pure but for reading the stream it is given."""

import codecs
from collections.abc import Callable
from typing import Protocol


class Readable(Protocol):
    """Something that bytes can be read from; none are left when it gives none."""

    def read(self, size: int, /) -> bytes: ...


def decode(data: bytes) -> str:
    """The whole of a text."""
    return data.decode(_coding(data[:4]), "replace").removeprefix("\ufeff")


def as_utf8(stream: Readable) -> Callable[[int], bytes]:
    """How to read the stream as UTF-8: as it is, or turned out of UTF-16. The bytes that are given may be more or fewer than those asked for, and are none at the end only."""
    first = stream.read(4)
    held = [first]

    def plain(size: int) -> bytes:
        return (held.pop() if held else b"") + stream.read(size)

    if (coding := _coding(first)) == "utf-8":
        return plain
    decoder = codecs.getincrementaldecoder(coding)("replace")

    def read(size: int) -> bytes:
        while raw := plain(size):
            if text := decoder.decode(raw):
                return text.encode("utf-8", "replace")
        return b""

    return read


def _coding(first: bytes) -> str:
    """The encoding, by the first four bytes: a mark, or the zeros that UTF-16 puts between letters."""
    if first.startswith(codecs.BOM_UTF16_LE) or (
        len(first) == 4 and first[1::2] == b"\0\0" and b"\0" not in first[::2]
    ):
        return "utf-16-le"
    if first.startswith(codecs.BOM_UTF16_BE) or (
        len(first) == 4 and first[::2] == b"\0\0" and b"\0" not in first[1::2]
    ):
        return "utf-16-be"
    return "utf-8"
