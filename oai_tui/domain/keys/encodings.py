"""Find and decode keys that a program has encoded.

Percent-encoded, escaped, in base64, in UTF-16, inside a JSON document, with a terminal's codes. No
key has `%`, `&`, a backslash or a control character, so no encoding can be a part of a key. Pure
functions over `str`, for defects.py alone.
"""

import base64
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from oai_tui.domain.keys.prefixes import alternation

_MAX_LENGTH = 4096
"""Characters; a longer text is not a key and is not decoded."""
_SPANS = re.compile(
    r"""(?x)
      (?P<paste> (?:\x1b|\^\[)? \[20[01]~ )
    | (?P<terminal> \x1b\[ [0-9;?]* [@-~] )
    | (?P<percent> (?:%[0-9A-Fa-f]{2})+ )
    | (?P<entity> &(?:quot|apos|amp|lt|gt|nbsp|\#[0-9]{1,7}|\#x[0-9A-Fa-f]{1,6}); )
    | (?P<escape> \\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[nrt"'/\\]) )
    | (?P<mark> \A(?:\u00ef\u00bb\u00bf|\udcef\udcbb\udcbf) )
    | (?P<wide> \A(?:\udcff\udcfe|\udcfe\udcff|\u00ff\u00fe|\u00fe\u00ff) )
    """,
)
_KINDS = {
    "paste": ("paste-marker", "a terminal's paste marker"),
    "terminal": ("terminal-code", "a terminal's color or position code"),
    "percent": ("percent-encoded", "percent-encoded characters, as in a URL"),
    "entity": ("html-entity", "a character written as an HTML entity"),
    "escape": (
        "escape-sequence",
        "a character written with a backslash, as in JSON or source code",
    ),
    "mark": ("byte-order-mark", "the three bytes of a UTF-8 byte-order mark, read as letters"),
    "wide": ("utf-16", "the byte-order mark of a UTF-16 file"),
}
_ESCAPED_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}
_BASE64 = re.compile(r"c2st[A-Za-z0-9+/_-]{20,}={0,2}")
"""Base64 of `sk-` and more. Other prefixes are not looked for: their base64 begins like words."""
_VISIBLE = re.compile(r"[\x21-\x7e]+[\r\n]*\Z")
_MIN_NULS = 8
"""NUL characters from which on a text may be UTF-16."""
_IN_JSON = re.compile(rf"(?:{alternation()})\S{{12,}}")
"""A string of a document that is a key: shorter ones are words, and a key may be damaged."""
_MAX_DEPTH = 4
"""Levels of a JSON document that are searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedSpan:
    """A part of a text that is encoded.

    `start`, `end`: where it is. `plain`: decoded. `id`, `text`: the defect and its words.
    """

    start: int
    end: int
    plain: str
    id: str
    text: str


def find_encoded(text: str) -> tuple[EncodedSpan, ...]:
    """Return the encoded parts of a text, in order and without overlap."""
    if len(text) > _MAX_LENGTH:
        return ()
    if whole := _base64(text) or _utf16(text) or _json(text):
        return (whole,)
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[EncodedSpan]:
    for match in _SPANS.finditer(text):
        group = match.lastgroup or ""
        plain = _plain(group, match.group())
        if plain is not None:
            kind, words = _KINDS[group]
            yield EncodedSpan(
                start=match.start(), end=match.end(), plain=plain, id=kind, text=words
            )


def _plain(group: str, part: str) -> str | None:
    """Return a part decoded, or None if it cannot be."""
    match group:
        case "percent":
            try:
                return unquote_to_bytes(part).decode()
            except UnicodeDecodeError:
                return None
        case "entity":
            return html.unescape(part)
        case "escape":
            return (
                chr(int(part[2:], 16)) if len(part) > 2 else _ESCAPED_LETTERS.get(part[1], part[1])
            )
        case _:
            return ""


def _base64(text: str) -> EncodedSpan | None:
    """Return the whole text if it is base64 of a key, as Kubernetes shows its secrets."""
    inner = text.strip()
    if not _BASE64.fullmatch(inner):
        return None
    try:
        plain = base64.b64decode(
            inner.translate({45: 43, 95: 47}) + "=" * (-len(inner) % 4), validate=True
        ).decode("ascii")
    except ValueError:
        return None
    if not _VISIBLE.match(plain):
        return None
    newline = " and of the newline after it" if plain.endswith("\n") else ""
    words = f"this is base64 of a key{newline}, not the key"
    return EncodedSpan(start=0, end=len(text), plain=plain, id="base64", text=words)


def _utf16(text: str) -> EncodedSpan | None:
    """Return the whole text if it has two bytes per character that were read as one each."""
    if text.count("\0") < max(_MIN_NULS, len(text) // 3):
        return None
    plain = (
        _SPANS.sub(lambda match: "" if match.lastgroup == "wide" else match.group(), text)
        .replace("\0", "")
        .removeprefix("\ufffd\ufffd")
    )
    return EncodedSpan(
        start=0,
        end=len(text),
        plain=plain,
        id="utf-16",
        text="every second byte is NUL: this is UTF-16 text, but programs expect UTF-8",
    )


def _json(text: str) -> EncodedSpan | None:
    """Return the whole text if it is JSON with exactly one key in it, as secret stores print it."""
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        texts = set(_texts(json.loads(text), _MAX_DEPTH))
    except (ValueError, RecursionError):
        return None
    keys = [each for each in texts if _IN_JSON.fullmatch(each.strip())]
    if len(keys) != 1:
        return None
    return EncodedSpan(
        start=0,
        end=len(text),
        plain=keys[0],
        id="json",
        text="this is a JSON document that contains the key, not the key",
    )


def _texts(value: object, depth: int) -> Iterator[str]:
    """Yield every string of a document, and of JSON documents inside its strings."""
    match value:
        case str() if value.lstrip()[:1] == "{" and depth:
            try:
                yield from _texts(json.loads(value), depth - 1)
            except (ValueError, RecursionError):
                return
        case str():
            yield value
        case dict() if depth:
            for inner in value.values():
                yield from _texts(inner, depth - 1)
        case list() if depth:
            for inner in value:
                yield from _texts(inner, depth - 1)
