"""Drawing on a terminal whose encoding lacks some characters, such as latin-1.

Each missing character is drawn as ASCII of the same width, so that no line becomes longer than the
layout counted.
"""

import codecs
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_HANDLER = "oai-tui-ascii"
_ASCII = {
    "▌": "|",
    "█": "#",
    "▇": "#",
    "━": "-",
    "─": "-",
    "│": "|",
    "▶": ">",
    "▸": ">",
    "→": ">",
    "✓": "v",
    "✗": "x",
    "⟳": "~",
    "•": "*",
    "·": ".",
    "…": ".",
    "–": "-",
    "—": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "‹": "<",
    "›": ">",
    "↑": "^",
    "↓": "v",
}
"""Characters of the screens, with what is drawn where the encoding lacks them."""


def as_ascii(text: str) -> str:
    """Return ASCII of the same width in cells; "?" for a character without a substitute."""
    from rich.cells import cell_len

    return "".join(_ASCII.get(each, "?" * cell_len(each)) for each in text)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return as_ascii(error.object[error.start : error.end]), error.end


@contextmanager
def drawable_terminal() -> Iterator[None]:
    """Let the stream that screens are drawn on replace what its encoding lacks."""
    stream = sys.__stderr__
    before = getattr(stream, "errors", None)
    if stream is None or before is None:
        yield
        return
    codecs.register_error(_HANDLER, _replaced)
    _set_errors(stream, _HANDLER)
    try:
        yield
    finally:
        _set_errors(stream, before)


def _set_errors(stream: object, errors: str) -> None:
    with suppress(AttributeError, ValueError, OSError):
        stream.reconfigure(errors=errors)  # type: ignore[attr-defined]
