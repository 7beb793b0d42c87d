"""Redact secrets in text before anything else sees it.

A `Redactor` knows the keys in use and the shapes of keys in general. It is applied when an
Observation is made, never later. The shapes are broader than a scanner's on purpose: to hide too
much costs little, to hide too little costs a key.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NewType

from oai_tui.domain.keys.masking import MASK
from oai_tui.domain.keys.prefixes import (
    ANY_DASH,
    DASHES,
    JWT_PREFIX,
    KEY_PREFIXES,
    alternation,
)
from oai_tui.domain.lazy_pattern import LazyPattern, fold_case

if TYPE_CHECKING:
    from oai_tui.domain.keys.secret import Secret

_STRAY = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060"
    "\u2066-\u2069\u2212\ufeff"
)
"""Characters that a key picks up in chats and on web pages: invisible ones, typographic dashes."""
_KINDS = [prefix for prefix in KEY_PREFIXES if prefix != JWT_PREFIX]
_FIRST = "".join(dict.fromkeys(prefix[0] for prefix in KEY_PREFIXES))
_SHAPES = LazyPattern(
    rf"""(?x)
    (?=[{_FIRST}])  # most characters begin no key, and this is the fastest way to see it
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
    r"""((?:authorization|api-key|x-api-key)"""
    r"""(?:\\{0,15}["']?\s*[:=]\s*(?:b?\\{0,15}["'])?|["']\s*,\s*b?["'])"""
    r"""(?:(?:bearer|basic|token|digest|negotiate|ntlm)\s+)?+)"""
    r"""(?!\$\{?[A-Z_]{0,40}(?-i:KEY|TOKEN)\b)"""
    r"""(?:\[key\ hidden\]|(?:[^\s"',}\\]|\\(?!["'\\]))+)""",
    "authorization",
    "api-key",
)
"""A variable's name instead of a key ("Bearer $OPENAI_API_KEY") is advice and stays."""
_COOKIE = LazyPattern(r"""((?:set-)?cookie["']?\s*[:=]\s*(?:b?["'])?)[^\r\n"'}]+""", "cookie")
_BEARER = LazyPattern(
    r"(\bbearer(?:\s|%20)+)"
    r"(?!\$\{?[A-Z_]{0,40}(?-i:KEY|TOKEN)\b"
    r"|realm=|auth|token|or\b|and\b|basic\b|key\b|scheme\b)"
    r"[^\s\"',}<]{8,}",
    "bearer",
)
_USERINFO = LazyPattern(
    r"""(://)(?!USER:PASSWORD@[^@/\s?#"'<>]*(?:[/\s?#"'<>]|\Z))[^/\s?#"'<>]*@""",
    "@",
    ignore_case=False,
)
"""A user and password in a URL, but for the words that advice has in their place."""
_QUERY = LazyPattern(
    r"([?&](?:[a-z_-]*(?:key|token|secret|sig|signature|password|code))=)"
    r"(?:\[key\ hidden\]|[^&\s\"'<>]+)",
    "?",
    "&",
)
_MAIL_DOMAIN = re.compile(r"@[\w-]++(?:\.[\w-]++)+")
"""All of these patterns take time in proportion to the text: what follows a repetition never makes
it backtrack from each of its characters."""
_REPLACEMENTS: Sequence[tuple[LazyPattern, str | Callable[[re.Match[str]], str]]] = (
    (_SHAPES, lambda match: f"{match['kind'] or JWT_PREFIX}…"),
    (_HEADER, rf"\1{MASK}"),
    (_COOKIE, rf"\1{MASK}"),
    (_BEARER, rf"\1{MASK}"),
    (_USERINFO, rf"\1{MASK}@"),
    (_QUERY, rf"\1{MASK}"),
)
_KEYWORDS = frozenset(keyword for pattern, _ in _REPLACEMENTS for keyword in pattern.keywords)
"""Most texts have none of them; to look at all patterns one by one takes three times as long."""

_ESCAPED_CHARACTER = re.compile(
    r"\\u00([2-7][0-9a-fA-F])|\\x([2-7][0-9a-fA-F])|%([2-7][0-9a-fA-F])"
    r"|&#x([2-7][0-9a-fA-F]);|&#([0-9]{2,3});"
)
"""An ASCII character as JSON, Python, a URL or HTML escapes it; the last group is decimal."""
_UNESCAPED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_@")

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SYMBOL = LazyPattern(r"[\u2400-\u2408\u240b-\u241f\u2421]|<U\+([0-9A-F]{4})>", ignore_case=False)


RedactedText = NewType("RedactedText", str)
"""Text that a Redactor has returned. Functions that must never see a secret take this type."""


class Redactor:
    """Redacts the given secrets in any encoding, and everything private that is recognisable.

    That is: keys and tokens by their shape, values of Authorization and Cookie headers, passwords
    and keys in URLs, and e-mail addresses.
    """

    def __init__(self, secrets: "Iterable[Secret]" = ()) -> None:
        known = dict.fromkeys(secret for secret in secrets if secret)
        others = [secret for secret in known if not secret.is_found_by_spellings]
        self._scrub = others[0].scrubber(others) if others else None
        generated = [secret.spellings for secret in known if secret.is_generated]
        self._spellings = generated[0].merged(generated) if generated else None

    def __call__(self, text: str) -> RedactedText:
        if self._spellings is not None:
            text = self._spellings.mask(text)
        if self._scrub is not None:
            text = self._scrub(text)
        if any(map(fold_case(text).__contains__, _KEYWORDS)):
            for pattern, replacement in _REPLACEMENTS:
                text = pattern.sub(replacement, text)
        return RedactedText(_replace_mail(text, lambda local, domain: "[e-mail hidden]"))


def unescape_key_characters(text: str) -> str:
    """Return the text with letters, digits, `-`, `_` and `@` unescaped, to be redacted next.

    No encoding hides a key or an e-mail address then. What JSON, HTML and URLs must escape stays
    escaped. The result is not redacted: never keep or show it.
    """
    return _ESCAPED_CHARACTER.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    decimal = match[5]
    digits = decimal or next(group for group in match.groups() if group)
    char = chr(int(digits, 10 if decimal else 16))
    return char if char in _UNESCAPED else match.group()


def masked_mail(text: str) -> str:
    """Return the text with each e-mail address cut to first letter and domain ("k…@example.com").

    Its owner recognises it, and a Redactor leaves it alone.
    """
    return _replace_mail(text, lambda local, domain: f"{local[0]}…{domain}")


def _replace_mail(text: str, replacement: Callable[[str, str], str]) -> str:
    """Return the text with each e-mail address replaced, but for the words USER:PASSWORD in a URL.

    replacement: of what is before the "@", and of the rest with it. A search for "@" takes a tenth
    of the time that a regular expression takes, which tries each word of the text.
    """
    parts: list[str] = []
    done = 0
    at = text.find("@")
    while at >= 0:
        start = at
        while start and (text[start - 1].isalnum() or text[start - 1] in "_.+-"):
            start -= 1
        domain = _MAIL_DOMAIN.match(text, at)
        if domain and done <= start < at and not text.endswith("://USER:", 0, start):
            parts += [text[done:start], replacement(text[start:at], domain.group())]
            done = domain.end()
        at = text.find("@", at + 1)
    return "".join([*parts, text[done:]])


def visible(text: str) -> str:
    """Return foreign text with control characters replaced by symbols; newline and tab stay.

    Escape sequences, carriage returns and direction marks could otherwise change what is shown.
    """
    return _INVISIBLE.sub(lambda match: _symbol(ord(match.group())), text)


def _symbol(code: int) -> str:
    if code < 32:
        return chr(0x2400 + code)
    return "\u2421" if code == 127 else f"<U+{code:04X}>"


def restore_invisible(text: str) -> str:
    """Undo `visible`. Symbols that the original text had itself are replaced too."""
    return _SYMBOL.sub(_character, text)


def _character(symbol: re.Match[str]) -> str:
    if symbol[1]:
        return chr(int(symbol[1], 16))
    return "\x7f" if symbol.group() == "\u2421" else chr(ord(symbol.group()) - 0x2400)


def key_body_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of everything with the shape of a key, without its prefix."""
    for match in _SHAPES.finditer(text):
        start = match.start("body") if match["body"] else match.start() + len(JWT_PREFIX)
        yield start, match.end()
