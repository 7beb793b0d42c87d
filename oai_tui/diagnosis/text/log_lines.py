"""The lines of a part of a log, without the ids that make each of them different.

Most lines of a log repeat each other in everything but ids and numbers. Without these, a line is
recognised by one look into a dictionary.
"""

import re
from itertools import accumulate
from typing import Final

_HEX_CHARACTERS = b"0123456789abcdefABCDEF-"
_HEX_TO_ZERO: Final = bytes.maketrans(_HEX_CHARACTERS, b"0" * len(_HEX_CHARACTERS))
_HEX_RUN: Final = b"0" * 16
"""As many characters of a hexadecimal id or a UUID as no word and no date has."""
_ZEROS = re.compile(b"0*+")
_END_OF_WORD = re.compile(b"[A-Fa-f]*+-*+")
_DIGITS_AND_HYPHENS = b"0123456789-"


def without_hex_ids(data: bytes) -> bytes:
    """Return the data without hexadecimal ids of 16 characters or more, and without UUIDs.

    The number of lines stays the same.
    """
    # Searching for a run of one character is several times faster than a pattern of them.
    zeros = data.translate(_HEX_TO_ZERO)
    start = zeros.find(_HEX_RUN)
    if start < 0:
        return data
    parts = []
    done = 0
    while start >= 0:
        end = _ZEROS.match(zeros, start).end()  # type: ignore[union-attr]  # it matches b"" too
        if data[start - 1 : start].isalnum():  # the run begins with the last letters of a word
            start = _END_OF_WORD.match(data, start, end).end()  # type: ignore[union-attr]
        if data[start:end].strip(_DIGITS_AND_HYPHENS):
            parts.append(data[done:start])
            done = end
        start = zeros.find(_HEX_RUN, end)
    parts.append(data[done:])
    return b"".join(parts)


class LogLines:
    """The lines of a part of a log.

    texts: each line without hexadecimal ids and its line feed.
    """

    __slots__ = ("_first", "_lengths", "text", "texts")

    def __init__(self, data: bytes, begin: int) -> None:
        """Split the data from the line before `begin` on."""
        line_start = data.rfind(b"\n", 0, begin) + 1
        self._first = data.rfind(b"\n", 0, max(0, line_start - 1)) + 1
        part = data[self._first :]
        self.text = without_hex_ids(part)
        lines = part.split(b"\n")
        self.texts = lines if self.text is part else self.text.split(b"\n")
        self._lengths = list(accumulate(map(len, lines), initial=self._first))

    def start(self, number: int) -> int:
        """Return where a line starts in the data."""
        return self._lengths[number] + number

    def end(self, number: int) -> int:
        """Return where a line ends in the data, without its line feed."""
        return self._lengths[number + 1] + number

    def text_between(self, number: int, after: int) -> bytes:
        """Return the texts from one line up to, but not including, another one."""
        if after == number + 1:
            return self.texts[number]
        return b"\n".join(self.texts[number:after])
