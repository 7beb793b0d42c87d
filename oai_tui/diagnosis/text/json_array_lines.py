"""Write the records of a log that is one JSON array on a line each.

So export `gcloud logging read --format=json` (an array), `aws logs filter-log-events` (an object
with the array "events") and others, on many lines or on one. Pure; linear in the text.
"""

import re

_BEGINNING = re.compile(
    rb"(?i)\s{0,20}(?:\{\s{0,20}\"(?:events|entries|logs|hits|records|results|items|data|value)\""
    rb"\s{0,5}:\s{0,5})?\[\s{0,20}\{"
)
"""An array of objects, or an object with one as its first member."""
_TIME_NAME = re.compile(rb"(?i)\"@?(?:[a-z_]{0,12}time(?:_?stamp)?|ts|date)\"\s{0,5}:")
"""The name of a field that shows that the objects are records of a log."""
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[{}]', re.DOTALL)
"""A string, which can be cut at the end of the data, or a brace."""
_INDENT = re.compile(rb"\n\s*+")
_FIRST_BYTES = 4_000
"""Bytes at the beginning that decide whether a text is such a log."""
_MAX_HELD = 1 << 20
"""Bytes of a record that are waited for."""


def array_lines(data: bytes) -> bytes:
    """Return the whole text of a log with a record on each line; any other text as it is."""
    lines = JsonArrayLines()
    return lines(data) + lines.rest()


class JsonArrayLines:
    """Writes the records of a log that comes in parts, which can be cut anywhere.

    The first bytes decide whether the log is an array.
    """

    def __init__(self) -> None:
        self._held = b""
        self._is_array: bool | None = None

    def __call__(self, part: bytes) -> bytes:
        """Return the next part. Of an array, a record without its end is held."""
        if self._is_array is False:
            return part
        data = self._held + part
        if self._is_array is None:
            if data[:20].strip()[:1] not in (b"", b"[", b"{"):
                self._is_array = False
                return data
            if len(data) < _FIRST_BYTES:
                self._held = data
                return b""
            self._begin(data)
            if not self._is_array:
                return data
            data = self._held
        return self._records(data)

    def rest(self) -> bytes:
        """Return what is held at the end of the log."""
        data, self._held = self._held, b""
        if self._is_array is None:
            self._begin(data)
            if self._is_array:
                return self._records(self._held) + self.rest()
            return data
        return data

    def _begin(self, data: bytes) -> None:
        match = _BEGINNING.match(data)
        self._is_array = match is not None and bool(_TIME_NAME.search(data[:_FIRST_BYTES]))
        self._held = data[match.end() - 1 :] if match and self._is_array else b""

    def _records(self, data: bytes) -> bytes:
        """Return the complete records in the data, and hold the rest."""
        records = []
        depth = start = done = 0
        for token in _TOKEN.finditer(data):
            if token[0] == b"{":
                if not depth:
                    start = token.start()
                depth += 1
            elif token[0] == b"}" and depth:
                depth -= 1
                if not depth:
                    done = token.end()
                    records.append(_INDENT.sub(b" ", data[start:done]) + b"\n")
        self._held = data[done:]
        if len(self._held) > _MAX_HELD:  # no record is that long
            records.append(self._held)
            self._held = b""
            self._is_array = False
        return b"".join(records)
