"""Characters that no key has: the kind of each, its words, and its replacement.

An HTTP client can send visible ASCII only (RFC 9110 section 5.5; h11 refuses leading and trailing
blanks). Look-alikes are the letters of Unicode's confusables (UTS 39, 2026) that Cyrillic and Greek
keyboards type, and the full-width forms.
"""

import re
import unicodedata

SENDABLE = re.compile(r"[\x21-\x7e]+\Z")
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\u00ad\u180e\u200e\u200f"
_BOM = "\ufeff"
_SMART_QUOTES = (
    "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2032\u2033\u00b4"
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_CYRILLIC = (
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442"
    "\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d\u04bb\u04cf"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422"
    "\u0423\u0425\u0405\u0406\u0408\u051a\u051c\u04ae\u04c0"
)
_GREEK = (
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f"
    "\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1\u03b9"
)
_LOOK_ALIKES = {
    **dict(zip(_CYRILLIC, "aBekMHopcTyxsijdqwhlABEKMHOPCTYXSIJQWYI", strict=True)),
    **dict(zip(_GREEK, "ABEZHIKMNOPTYXovpi", strict=True)),
}
"""Letter of another script -> the Latin letter that it looks like."""

KINDS = (
    "carriage-return",
    "newline",
    "byte-order-mark",
    "zero-width",
    "smart-quote",
    "dash",
    "tab",
    "space",
    "unusual-space",
    "control-character",
    "look-alike",
    "non-ascii",
)
"""The values of `kind`, without ""."""


def repaired(char: str) -> str:
    """Return the replacement of a character in a repaired key.

    "" for an invisible one; the plain quote, hyphen, blank or Latin letter that it looks like; else
    the character itself.
    """
    if "!" <= char <= "~":
        return char
    if char in _ZERO_WIDTH or char == _BOM:
        return ""
    if char in _SMART_QUOTES:
        return '"'
    if char in _DASHES:
        return "-"
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cc", "Cf"}:
        return ""
    if "\uff01" <= char <= "\uff5e":  # the full-width forms of "!" to "~"
        return chr(ord(char) - 0xFEE0)
    return _LOOK_ALIKES.get(char, char)


def kind(char: str) -> str:
    """Return which of KINDS a character is, or "" for one that a key may have."""
    if "!" <= char <= "~":
        return ""
    if char in "\r\n":
        return "carriage-return" if char == "\r" else "newline"
    if char in _ZERO_WIDTH or char == _BOM:
        return "byte-order-mark" if char == _BOM else "zero-width"
    if char in _SMART_QUOTES:
        return "smart-quote"
    if char in _DASHES:
        return "dash"
    if char.isspace():
        return {"\t": "tab", " ": "space"}.get(char, "unusual-space")
    if ord(char) < 32 or ord(char) == 127:
        return "control-character"
    return "look-alike" if repaired(char) != char and repaired(char) else "non-ascii"


def describe_character(char: str, where: str) -> str:
    """Return the defect in words. `where`: where the character is ("after the key")."""
    name = unicodedata.name(char, "unnamed").lower()
    match kind(char):
        case "zero-width" | "byte-order-mark":
            return f"an invisible character ({name})"
        case "smart-quote":
            return f"a typographic quote ({name})"
        case "dash":
            return f"a typographic dash ({name}) instead of a hyphen"
        case "control-character":
            return "a control character"
        case "look-alike":
            return f"a look-alike of a Latin letter ({name})"
        case "non-ascii":
            return f"a character that keys never contain ({name})"
        case blank:
            return f"a {blank.replace('-', ' ')} {where}"


def code_point(char: str) -> str:
    """Return the code point of a character: "U+200B"."""
    return f"U+{ord(char):04X}"
