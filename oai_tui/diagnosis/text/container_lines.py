r"""Undo the log format of Docker, which writes every line of a program as a JSON object.

`{"log":"Traceback …\n","stream":"stderr","time":"2026-11-02T09:25:00.123456789Z"}` becomes
`2026-11-02T09:25:00.123Z Traceback …`, as in the logs of other containers, so that the lines of one
traceback are one record. Source of the format: docs.docker.com/engine/logging/drivers/json-file,
2026-11. Pure; linear in the text.
"""

import re

_LINE = re.compile(
    rb'\{"log":"((?:[^"\\]|\\.)*)",(?:"stream":"(?:stdout|stderr)",)(?:"attrs":\{[^{}]*\},)?'
    rb'"time":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?Z"\}\r?'
)
"""Groups: the text, the time to the second, the fraction of a second."""
_BEGINNING = b'{"log":"'
_LINE_FEED = b"\\n"
"""The end of a line in a JSON string; Docker writes a line of more than 16 KiB in parts."""
_MAX_HELD = 1 << 20
"""Bytes of a line that are waited for."""


def plain_lines(data: bytes) -> bytes:
    """Return the whole text of a log without Docker's format; any other text as it is."""
    lines = ContainerLines()
    return lines(data) + lines.rest()


class ContainerLines:
    """Undoes the format in a log that comes in parts, which can be cut anywhere.

    The first bytes decide whether the log has the format.
    """

    def __init__(self) -> None:
        self._held = b""
        self._is_docker: bool | None = None
        self._is_inside_line = False

    def __call__(self, part: bytes) -> bytes:
        """Return the next part. Of a log in the format, a line without its end is held."""
        if self._is_docker is False:
            return part
        data = self._held + part
        if self._is_docker is None:
            if len(data) < len(_BEGINNING) and _BEGINNING.startswith(data):
                self._held = data
                return b""
            self._is_docker = data.startswith(_BEGINNING)
            if not self._is_docker:
                self._held = b""
                return data
        end = data.rfind(b"\n") + 1
        if len(data) - end > _MAX_HELD:
            end = len(data)
        self._held = data[end:]
        return b"".join(map(self._plain, data[:end].splitlines(keepends=True)))

    def rest(self) -> bytes:
        """Return what is held at the end of the log."""
        held, self._held = self._held, b""
        return self._plain(held) if self._is_docker else held

    def _plain(self, line: bytes) -> bytes:
        match = _LINE.fullmatch(line.rstrip(b"\n"))
        if match is None:
            self._is_inside_line = False
            return line
        text, second, fraction = match[1], match[2], (match[3] or b".")[:4].ljust(4, b"0")
        is_complete = text.endswith(_LINE_FEED)
        text = _unescaped(text.removesuffix(_LINE_FEED))
        start = b"" if self._is_inside_line else second + fraction + b"Z "
        self._is_inside_line = not is_complete
        return start + text + (b"\n" if is_complete else b"")


def _unescaped(text: bytes) -> bytes:
    """Return what a JSON string without its quotes says."""
    if b"\\" not in text:
        return text
    import json  # few texts have the format

    try:
        value = json.loads(b'"' + text + b'"', strict=False)
    except ValueError:  # not UTF-8
        return text
    return str(value).encode("utf-8", "replace")
