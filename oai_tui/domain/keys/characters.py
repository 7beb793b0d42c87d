"""Single characters that no key has: what each is called, and what a person would put in its place. Data, and two small functions over one character.

Which characters an HTTP client can send at all: visible ASCII (RFC 9110 section 5.5; h11 refuses leading and trailing blanks). Look-alikes: the letters of
Unicode's confusables (UTS 39, 2026) that Cyrillic and Greek keyboards type, and the full-width forms.
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
_LOOK_ALIKES = {
    **dict(
        zip(
            "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d\u04bb\u04cf",
            "aBekMHopcTyxsijdqwhl",
            strict=True,
        )
    ),
    **dict(
        zip(
            "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408\u051a\u051c\u04ae\u04c0",
            "ABEKMHOPCTYXSIJQWYI",
            strict=True,
        )
    ),
    **dict(
        zip(
            "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1\u03b9",
            "ABEZHIKMNOPTYXovpi",
            strict=True,
        )
    ),
}
"""Letter of another script -> the Latin one for which it is taken."""

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
"""What `kind` may give."""


def repaired(char: str) -> str:
    """What stands for this character in the repaired key: "" for an invisible one, a plain quote, hyphen, blank or Latin letter for its look-alikes, else the character itself."""
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
    return _LOOK_ALIKES.get(char) or (
        chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char
    )


def kind(char: str) -> str:
    """Which of KINDS a character is, "" for one that may stand in a key."""
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


def describe_character(char: str, edge: str) -> str:
    """The defect in words. `edge`: where the character stands ("after the key")."""
    name = unicodedata.name(char, "unnamed").lower()
    match kind(char):
        case "zero-width" | "byte-order-mark":
            return f"an invisible character ({name})"
        case "smart-quote":
            return f"a typographic quote ({name})"
        case "dash":
            return f"a typographic dash ({name}) in place of a hyphen"
        case "control-character":
            return "a control character"
        case "look-alike":
            return f"a character that only looks like a Latin one ({name})"
        case "non-ascii":
            return f"a character no key has ({name})"
        case blank:
            return f"a {blank.replace('-', ' ')} {edge}"


def code(char: str) -> str:
    """Its code point: "U+200B"."""
    return f"U+{ord(char):04X}"
