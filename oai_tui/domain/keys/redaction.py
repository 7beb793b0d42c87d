"""Take secrets out of text before anything else sees it.

A `Redactor` knows the keys at hand and the shapes of keys in general. It is applied where an Observation is made, never later.
The shapes are broader than any scanner's on purpose: to hide too much costs a glance, to hide too little costs a key.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NewType

from oai_tui.domain.keys.masking import MASK
from oai_tui.domain.keys.prefixes import (
    ANY_DASH,
    DASHES,
    JWT_PREFIX,
    KEY_PREFIXES,
    alternation,
)
from oai_tui.domain.lazy_pattern import LazyPattern

if TYPE_CHECKING:
    from oai_tui.domain.keys.secret import Secret

_STRAY = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060"
    "\u2066-\u2069\u2212\ufeff"
)
"""What a key picks up in chats and on web pages: invisible characters and typographic dashes."""
_KINDS = [prefix for prefix in KEY_PREFIXES if prefix != JWT_PREFIX]
_SHAPES = LazyPattern(
    rf"""(?x)
    (?: (?<![A-Za-z0-9]) | (?<=\\[nrtbf]) ) (?:
        (?P<kind> {alternation(_KINDS, hyphen=ANY_DASH)} )
        (?P<body> (?: [A-Za-z0-9_\-{_STRAY}] | \\u[0-9A-Fa-f]{{4}} | \\x[0-9A-Fa-f]{{2}} ){{8,}} )
      | {JWT_PREFIX}[\w-]{{8,}}(?:\.[\w-]*){{0,4}}
    )""",
    *dict.fromkeys(
        keyword
        for prefix in KEY_PREFIXES
        for keyword in (
            [prefix.partition("-")[0] + dash for dash in DASHES]
            if "-" in prefix
            else [prefix.lower()]
        )
    ),
    ignore_case=False,
)
_HEADER = LazyPattern(
    r"""((?:authorization|api-key|x-api-key)(?:\\{0,15}["']?\s*[:=]\s*(?:b?\\{0,15}["'])?|["']\s*,\s*b?["'])(?:(?:bearer|basic|token|digest|negotiate|ntlm)\s+)?+)"""
    r"""(?!\$\{?[A-Z_]{0,40}(?-i:KEY|TOKEN)\b)(?:\[key\ hidden\]|(?:[^\s"',}\\]|\\(?!["'\\]))+)""",
    "authorization",
    "api-key",
)
"""A variable's name in the place of a key ("Bearer $OPENAI_API_KEY") is advice and stays."""
_COOKIE = LazyPattern(r"""((?:set-)?cookie["']?\s*[:=]\s*(?:b?["'])?)[^\r\n"'}]+""", "cookie")
_BEARER = LazyPattern(
    r"(\bbearer(?:\s|%20)+)(?!\$\{?[A-Z_]{0,40}(?-i:KEY|TOKEN)\b|realm=|auth|token|or\b|and\b|basic\b|key\b|scheme\b)[^\s\"',}<]{8,}",
    "bearer",
)
_USERINFO = LazyPattern(r"""(://)[^/\s?#"'<>]*@""", "@", ignore_case=False)
_QUERY = LazyPattern(
    r"([?&](?:[a-z_-]*(?:key|token|secret|sig|signature|password|code))=)(?:\[key\ hidden\]|[^&\s\"'<>]+)",
    "?",
    "&",
)
_MAIL = LazyPattern(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+", "@", ignore_case=False)
"""All of these take time in proportion to the text, whatever the text: what follows a repetition never makes it try again from each of its characters."""

_ESCAPED_CHARACTER = re.compile(
    r"\\u00([2-7][0-9a-fA-F])|\\x([2-7][0-9a-fA-F])|%([2-7][0-9a-fA-F])"
    r"|&#x([2-7][0-9a-fA-F]);|&#([0-9]{2,3});"
)
"""An ASCII character as JSON, Python, a URL or HTML escapes it; the last group is decimal."""
_UNESCAPED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_@")

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)

_SYMBOL = LazyPattern(r"[\u2400-\u2408\u240b-\u241f\u2421]|<U\+([0-9A-F]{4})>", ignore_case=False)


RedactedText = NewType("RedactedText", str)
"""Text that a Redactor has returned. Functions that must never see a secret take this type."""


class Redactor:
    """Scrubs text of the given secrets in any spelling, of anything shaped like a key or token, of Authorization values, of passwords in URLs, and of e-mail addresses."""

    def __init__(self, secrets: "Iterable[Secret]" = ()) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    def __call__(self, text: str) -> RedactedText:
        for secret in self._secrets:
            text = secret.scrub(text)
        text = _SHAPES.sub(lambda m: f"{m['kind'] or JWT_PREFIX}…", text)
        text = _HEADER.sub(rf"\1{MASK}", text)
        text = _COOKIE.sub(rf"\1{MASK}", text)
        text = _BEARER.sub(rf"\1{MASK}", text)
        text = _USERINFO.sub(rf"\1{MASK}@", text)
        text = _QUERY.sub(rf"\1{MASK}", text)
        return RedactedText(_MAIL.sub("[e-mail hidden]", text))


def unescape_key_characters(text: str) -> str:
    """Return the text with letters, digits, `-`, `_` and `@` unescaped, to be redacted next.

    No spelling hides a key or an e-mail address then. What JSON, HTML and URLs must escape stays
    escaped. The result is not redacted: never keep or show it.
    """
    return _ESCAPED_CHARACTER.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    decimal = match[5]
    digits = decimal or next(group for group in match.groups() if group)
    char = chr(int(digits, 10 if decimal else 16))
    return char if char in _UNESCAPED else match.group()


def masked_mail(text: str) -> str:
    """`text` with each e-mail address cut to its first letter and its domain ("k…@example.com"), which a person knows again and a Redactor leaves alone."""
    return _MAIL.sub(lambda match: f"{match.group()[0]}…@{match.group().rpartition('@')[2]}", text)


def visible(text: str) -> str:
    """Foreign text made safe to show: control characters (escape sequences, carriage returns, direction marks) become visible symbols; newline and tab stay."""
    return _UNSEEN.sub(lambda match: _shown(ord(match.group())), text)


def _shown(code: int) -> str:
    if code < 32:
        return chr(0x2400 + code)
    return "\u2421" if code == 127 else f"<U+{code:04X}>"


def restore_invisible(text: str) -> str:
    """The text that `visible` shows as this one: for judging what was shown. A text that held such symbols from the beginning loses them."""
    return _SYMBOL.sub(
        lambda match: (
            "\x7f"
            if match.group() == "\u2421"
            else chr(int(match[1], 16))
            if match[1]
            else chr(ord(match.group()) - 0x2400)
        ),
        text,
    )


def key_body_spans(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of everything shaped like a key, without the beginning that tells its kind."""
    yield from (
        (match.start("body"), match.end())
        if match["body"]
        else (match.start() + len(JWT_PREFIX), match.end())
        for match in _SHAPES.finditer(text)
    )
