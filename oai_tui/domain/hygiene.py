"""What is wrong with the text of a key, character by character, and what the text is without it.

Pure functions over `str`. They are called by `Secret`, which alone holds a key's text; nothing here keeps, prints or raises it.
Which characters an HTTP client can send at all: visible ASCII (RFC 9110 section 5.5; h11 refuses leading and trailing blanks).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

SENDABLE = re.compile(r"[\x21-\x7e]+\Z")
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\u00ad\u180e\u200e\u200f"
_BOM = "\ufeff"
_SMART_QUOTES = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2032\u2033\u00b4"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_QUOTES = "\"'`"
_PAIRS = {"<": ">", "[": "]", "{": "}", "(": ")"}
_BRACKETS = frozenset((*_PAIRS, *_PAIRS.values()))
_PREFIX = re.compile(r"""(?ix) (?: (?: export | set | setx ) \s+ )? ["']? [A-Z][A-Z0-9_]* (?:KEY|TOKEN) ["']? \s* [=:] \s*""")
_BEARER = re.compile(r"(?i)(?:authorization\s*:\s*)?bearer\s+")
_MASKED = re.compile(r"\*{3,}|\u2026|\.{3,}|\u2022{3,}|x{6,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One thing wrong with a key's text. `position` counts characters from 1; `code_point` is like "U+200B", "" when no single character is at fault."""

    id: str
    position: int
    code_point: str
    text: str


def find_defects(text: str) -> tuple[Defect, ...]:
    """Every defect of a key's text, in order of position; empty when the text is one run of visible ASCII without wrapping. The defects quote no part of it but the bad character's name."""
    if not text:
        return (_defect("empty", 1, "", "the value is empty"),)
    if not text.strip():
        return (_defect("only-blanks", 1, _code(text[0]), "the value holds nothing but blanks"),)
    found = {d.position: d for d in _character_defects(text) if d}
    for defect in _wrapping_defects(text):
        found.setdefault(defect.position, defect)
    return tuple(sorted((*found.values(), *_whole_defects(text)), key=lambda d: d.position))


def clean(text: str) -> str:
    """The key without its wrapping and stray characters, as a person would repair it; equal to `text` when there is nothing to repair. Cleaning twice changes nothing more."""
    before = None
    while text != before:
        before = text
        text = "".join(_repaired(c) for c in text)
        start, end, _ = _peel(text)
        text = _halved("".join(text[start:end].split()))
    return text


def is_masked(text: str) -> bool:
    """Whether the text is a display copy of a key ("sk-abc…wxyz", "sk-****"), which can never be repaired."""
    return bool(_MASKED.search(text))


def _halved(text: str) -> str:
    """A text that is one of 20 characters or more, twice, becomes that one."""
    half = len(text) // 2
    return text[:half] if half >= 20 and text[:half] == text[half:] else text


def _peel(text: str) -> tuple[int, int, list[tuple[str, int, str]]]:
    """Where the key begins and ends in a text of repaired characters, and what is wrapped around it: (id, index, what it is) each. Blanks are peeled too, but not told."""
    start, end = 0, len(text)
    peeled: list[tuple[str, int, str]] = []
    while start < end:
        first, last = text[start], text[end - 1]
        if first.isspace():
            start += 1
        elif last.isspace():
            end -= 1
        elif match := _BEARER.match(text, start, end):
            peeled.append(("bearer-prefix", start, 'the word "Bearer" stands before the key; clients add it themselves'))
            start = match.end()
        elif match := _PREFIX.match(text, start, end):
            peeled.append(("name-prefix", start, "the variable's name and a sign of assignment stand before the key"))
            start = match.end()
        elif first in _QUOTES:
            peeled.append(("quote", start, _not_part(first)))
            start += 1
        elif last in _QUOTES:
            end -= 1
            peeled.append(("quote", end, _not_part(last)))
        elif last in ",;":
            end -= 1
            peeled.append(("punctuation", end, _not_part(last)))
        elif _PAIRS.get(first) == last:
            end -= 1
            peeled += [("bracket", start, _not_part(first)), ("bracket", end, _not_part(last))]
            start += 1
        else:
            break
    return start, end, peeled


def _not_part(char: str) -> str:
    return f"a {unicodedata.name(char).lower()} that is not part of the key"


def _repaired(char: str) -> str:
    if char in _ZERO_WIDTH or char == _BOM:
        return ""
    if char in _SMART_QUOTES:
        return '"'
    if char in _DASHES:
        return "-"
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in {"Cc", "Cf"} else char


def _character_defects(text: str) -> Iterator[Defect | None]:
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    for index, char in enumerate(text):
        if not "!" <= char <= "~":
            yield _character_defect(index + 1, char, "before the key" if index < first else "after the key" if index >= last else "inside the key")


def _character_defect(where: int, char: str, edge: str) -> Defect | None:
    """The defect of one character, or None when it may stand where it stands. `edge`: where that is, in words."""
    code = _code(char)
    if char in "\r\n":
        kind = "carriage-return" if char == "\r" else "newline"
        return _defect(kind, where, code, f"a {kind.replace('-', ' ')} {edge}")
    if char in _ZERO_WIDTH or char == _BOM:
        kind = "byte-order-mark" if char == _BOM else "zero-width"
        return _defect(kind, where, code, f"an invisible character ({unicodedata.name(char, 'unnamed').lower()})")
    if char in _SMART_QUOTES:
        return _defect("smart-quote", where, code, f"a typographic quote ({unicodedata.name(char, 'unnamed').lower()})")
    if char in _DASHES:
        return _defect("dash", where, code, f"a typographic dash ({unicodedata.name(char, 'unnamed').lower()}) in place of a hyphen")
    if char == "\t" or char.isspace():
        kind = {"\t": "tab", " ": "space"}.get(char, "unusual-space")
        return _defect(kind, where, code, f"a {kind.replace('-', ' ')} {edge}")
    if ord(char) < 32 or ord(char) == 127:
        return _defect("control-character", where, code, "a control character")
    if ord(char) > 126:
        return _defect("non-ascii", where, code, f"a character no key has ({unicodedata.name(char, 'unnamed').lower()})")
    return None


def _wrapping_defects(text: str) -> list[Defect]:
    """What is wrapped around the key: quotes, brackets, `Bearer `, `NAME=`, a comma at its end; and a bracket that stands at one end alone."""
    kept = [(index, repaired) for index, repaired in enumerate(map(_repaired, text)) if repaired]
    start, end, peeled = _peel("".join(repaired for _, repaired in kept))
    peeled += [("bracket", place, _not_part(kept[place][1])) for place in {start, end - 1} if start < end and kept[place][1] in _BRACKETS]
    single = {"quote", "bracket", "punctuation"}
    return [_defect(kind, kept[place][0] + 1, _code(text[kept[place][0]]) if kind in single else "", said) for kind, place, said in peeled]


def _whole_defects(text: str) -> list[Defect]:
    """Defects of the text as a whole: a masked copy, the same key twice."""
    found = []
    if match := _MASKED.search(text):
        found.append(_defect("masked", match.start() + 1, "", "this is a masked copy of a key, not the key"))
    joined = "".join(text.split())
    if (once := _halved(joined)) != joined:
        found.append(_defect("doubled", len(once) + 1, "", "the same key stands here twice"))
    return found


def _defect(kind: str, position: int, code_point: str, text: str) -> Defect:
    return Defect(id=kind, position=position, code_point=code_point, text=text)


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"
