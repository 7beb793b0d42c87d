"""Defects in the text of a key, character by character, and the text without them.

Pure functions over `str`, called by `Secret`, which alone holds a key's text. Nothing here keeps,
prints or raises the text. Every defect is a warning: a key of a strange shape is checked like any
other, because OpenAI says that the shape of keys may change (API overview, 2026-11).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from oai_tui.domain.keys import characters
from oai_tui.domain.keys.characters import SENDABLE, code_point, repaired
from oai_tui.domain.keys.encodings import find_encoded
from oai_tui.domain.keys.masking import MIN_LENGTH_FOR_LAST4
from oai_tui.domain.keys.prefixes import SK_KINDS, prefix_of

__all__ = ["SENDABLE", "Defect", "clean", "find_defects", "is_masked", "masked_with_defects"]

_QUOTES = "\"'`"
_PAIRS = {"<": ">", "[": "]", "{": "}", "(": ")"}
_BRACKETS = frozenset((*_PAIRS, *_PAIRS.values()))
_ASSIGNMENT = re.compile(
    r"""(?ix)
      (?: (?: export | set | setx | declare\s+-x ) \s+ )?
      ["']? (?: \$env: )?
      (?: [A-Z][A-Z0-9_]* (?:KEY|TOKEN) | SecretString | x-api-key | api-key )
      ["']? \s* [=:] \s*
    | (?: setx? | setenv | set\s+-[gxU]{1,3} ) \s+ ["']? [A-Z][A-Z0-9_]* (?:KEY|TOKEN) ["']? \s+
    """,
)
_BEARER = re.compile(r"(?i)(?:authorization\s*:\s*)?bearer\s+")
_MORE_TEXT = re.compile(
    r"""\s(?:\#|//|&&|\|\||;|-[A-Za-z]\s|["']?[A-Za-z][A-Za-z0-9_]*["']?\s?[=:])"""
    r"""|["'`]\s?[,;}\]]"""
)
"""The beginning of something else after the key: a comment, another setting, another command, the
rest of a JSON document."""
_MASKED = re.compile(r"\*{3,}|\u2026|\.{3,}|\u2022{3,}|x{6,}", re.IGNORECASE)
_OPENAI_KEY = re.compile(
    r"(?P<prefix>sk-(?:(?:proj|svcacct|admin|None)-)?)?"
    r"(?=[A-Za-z0-9_-]*+\Z)(?P<head>[A-Za-z0-9_-]*?)T3BlbkFJ(?P<tail>[A-Za-z0-9_-]*+)\Z"
)
"""OpenAI's keys have as many characters before this mark as after it: 20, 46, 58 or 74 (gitleaks
2026-07-22, trufflehog 2026-08-21)."""
_NEXT_KEY = re.compile(rf"sk-(?:{'|'.join(SK_KINDS)})-")
_MIN_LENGTHS = {"sk-proj-": 48, "sk-svcacct-": 48, "sk-admin-": 48}
"""No key of these kinds is known with less than 56 characters; one that is cut at a hyphen has far
fewer."""
_MIN_DOUBLED = 20
"""Characters of a text that is taken for the same key twice, in each half."""
_WRAPPER_TEXTS = {
    "bearer-prefix": 'the word "Bearer" before the key; clients add it themselves',
    "name-prefix": "the variable's name and an equals sign before the key",
    "more-text": ("more text after the key: a comment, another setting or the rest of a document"),
}
_SINGLE_CHARACTER = frozenset({"quote", "bracket", "punctuation", "escape-sequence"})
_WHOLE_TEXT = frozenset(
    {"doubled", "second-key", "cut-off", "beginning-missing", "masked", "capitalised"}
)
"""Defects of the text as a whole: no character is at fault, so a masked key shows no mark."""
_MARKS = {
    "bearer-prefix": "Bearer",
    "name-prefix": "NAME=",
    "more-text": "more text",
    "escape-sequence": "backslash",
}
"""Id of a defect -> its mark in a masked key, if that is not its code point and id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One thing that is wrong with a key's text.

    `position`: of the first character at fault, counted from 1.
    `code_point`: that of a single character at fault ("U+200B"); may be empty.
    `text`: the defect in words, without any part of the key.
    """

    id: str
    position: int
    code_point: str
    text: str


class _Glyph(NamedTuple):
    """A character of the repaired text, and the index in the original text that it came from."""

    source: int
    char: str


class _Wrapper(NamedTuple):
    """Something around the key. `place`: its index in the list of glyphs."""

    id: str
    place: int
    text: str


def find_defects(text: str) -> tuple[Defect, ...]:
    """Return every defect of a key's text, by position.

    Empty if the text is one run of visible ASCII with nothing around it. No defect quotes the text,
    except for the name of a bad character.
    """
    if not text:
        return (_defect("empty", 1, "", "the value is empty"),)
    if not text.strip():
        defect = _defect("only-blanks", 1, code_point(text[0]), "the value is only whitespace")
        return (defect,)
    by_position: dict[int, Defect] = {}
    encoded = find_encoded(text)
    for span in encoded:
        point = code_point(text[span.start]) if span.end == span.start + 1 else ""
        by_position[span.start + 1] = _defect(span.id, span.start + 1, point, span.text)
    covered = {index for span in encoded for index in range(span.start, span.end)}
    for defect in _character_defects(text):
        if defect.position - 1 not in covered:
            by_position[defect.position] = defect
    for defect in _wrapping_defects(text):
        if defect.id == "more-text":  # begins with a blank, which by itself would say less
            by_position[defect.position] = defect
        by_position.setdefault(defect.position, defect)
    defects = (*by_position.values(), *_whole_defects(text))
    return tuple(sorted(defects, key=lambda defect: defect.position))


def clean(text: str) -> str:
    """Return the key without stray characters and without what is around it.

    Equal to `text` if there is nothing to repair. Idempotent.
    """
    before = None
    while text != before:
        before = text
        text = "".join(glyph.char for glyph in _glyphs(text))
        start, end, _ = _peel(text)
        text = _halved("".join(text[start:end].split()))
        if text.startswith("Sk-"):
            text = "s" + text[1:]
    return text


def is_masked(text: str) -> bool:
    """Return True for a masked copy of a key ("sk-abc…wxyz", "sk-****"), which is beyond repair."""
    return bool(_MASKED.search(text))


def masked_with_defects(text: str) -> str:
    """Return the key masked, safe to show, with every defect in its place.

    Shown are the prefix, the last four characters, "…" for the others, and each defect as
    ‹U+200B zero-width›, ‹Bearer› and the like.
    """
    for span in find_encoded(text):
        if (span.start, span.end) == (0, len(text)) and span.plain:
            return f"‹{span.id}›{masked_with_defects(span.plain)}"
    defects = {
        defect.position - 1: defect
        for defect in reversed(find_defects(text))
        if defect.id not in _WHOLE_TEXT
    }
    glyphs = _glyphs(text)
    start, end, _ = _peel("".join(glyph.char for glyph in glyphs))
    key = [glyph for glyph in glyphs[start:end] if glyph.source not in defects]
    last_four_are_sound = all("!" <= glyph.char <= "~" for glyph in glyphs[start:end][-4:])
    shown = _shown_indexes(text, key, with_last_four=last_four_are_sound)
    parts: list[str] = []
    for index in sorted({*defects, *(glyph.source for glyph in key)}):
        if index in defects:
            parts.append(f"‹{_mark(defects[index])}›")
        elif index in shown:
            parts.append(text[index])
        elif parts[-1:] != ["…"]:
            parts.append("…")
    return "".join(parts)


def _shown_indexes(text: str, key: list[_Glyph], *, with_last_four: bool) -> set[int]:
    """Return the indexes of the prefix and, for a key that is long enough, of the last four."""
    if not key:
        return set()
    first = key[0].source
    shown = set(range(first, first + len(prefix_of(text, first))))
    if with_last_four and len(key) >= MIN_LENGTH_FOR_LAST4 and not is_masked(text):
        shown |= {glyph.source for glyph in key[-4:]}
    return shown


def _mark(defect: Defect) -> str:
    return _MARKS.get(defect.id) or f"{defect.code_point} {defect.id}".strip()


def _glyphs(text: str) -> list[_Glyph]:
    """Return the text decoded and with every character repaired; stray characters are left out.

    All characters of an encoded span have the index of its beginning.
    """
    glyphs: list[_Glyph] = []
    at = 0
    for span in find_encoded(text):
        glyphs += _repaired_glyphs(text, at, span.start)
        glyphs += [_Glyph(span.start, plain) for char in span.plain if (plain := repaired(char))]
        at = span.end
    glyphs += _repaired_glyphs(text, at, len(text))
    return glyphs


def _repaired_glyphs(text: str, start: int, end: int) -> list[_Glyph]:
    return [_Glyph(index, plain) for index in range(start, end) if (plain := repaired(text[index]))]


def _halved(text: str) -> str:
    """Return one half of a text that is the same key twice, else the text."""
    half = len(text) // 2
    return text[:half] if half >= _MIN_DOUBLED and text[:half] == text[half:] else text


def _peel(text: str) -> tuple[int, int, list[_Wrapper]]:
    """Return where the key begins and ends in a repaired text, and what is around it.

    Blanks are peeled off too, but are not in the list.
    """
    start, end = 0, len(text)
    wrappers: list[_Wrapper] = []
    while start < end:
        first, last = text[start], text[end - 1]
        if first.isspace():
            start += 1
        elif last.isspace():
            end -= 1
        elif match := _BEARER.match(text, start, end):
            wrappers.append(_Wrapper("bearer-prefix", start, _WRAPPER_TEXTS["bearer-prefix"]))
            start = match.end()
        elif match := _ASSIGNMENT.match(text, start, end):
            wrappers.append(_Wrapper("name-prefix", start, _WRAPPER_TEXTS["name-prefix"]))
            start = match.end()
        elif kind := _wrapper_before(first):
            wrappers.append(_Wrapper(kind, start, _not_part(first)))
            start += 1
        elif kind := _wrapper_after(last, text[max(start, end - 3) : end]):
            end -= 1
            wrappers.append(_Wrapper(kind, end, _not_part(last)))
        elif _PAIRS.get(first) == last:
            end -= 1
            wrappers.append(_Wrapper("bracket", start, _not_part(first)))
            wrappers.append(_Wrapper("bracket", end, _not_part(last)))
            start += 1
        elif match := _MORE_TEXT.search(text, start + 1, end):
            end = match.start()
            wrappers.append(_Wrapper("more-text", end, _WRAPPER_TEXTS["more-text"]))
        else:
            break
    return start, end, wrappers


def _wrapper_before(char: str) -> str:
    """Return the id of the defect if this character before the key is no part of it, else ""."""
    if char in _QUOTES:
        return "quote"
    return "escape-sequence" if char == "\\" else ""


def _wrapper_after(char: str, last_three: str) -> str:
    """Return the same for a character after the key. Three dots are the mark of a masked key."""
    if kind := _wrapper_before(char):
        return kind
    return "punctuation" if char in ",;" or (char == "." and last_three != "...") else ""


def _not_part(char: str) -> str:
    return f"a {unicodedata.name(char).lower()} that is not part of the key"


def _character_defects(text: str) -> Iterator[Defect]:
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    for index, char in enumerate(text):
        if kind := characters.kind(char):
            where = "inside the key"
            if index < first:
                where = "before the key"
            elif index >= last:
                where = "after the key"
            words = characters.describe_character(char, where)
            yield _defect(kind, index + 1, code_point(char), words)


def _wrapping_defects(text: str) -> list[Defect]:
    """Return what is around the key, and a bracket that is at one of its ends only."""
    glyphs = _glyphs(text)
    start, end, wrappers = _peel("".join(glyph.char for glyph in glyphs))
    if start < end:
        wrappers += [
            _Wrapper("bracket", place, _not_part(glyphs[place].char))
            for place in {start, end - 1}
            if glyphs[place].char in _BRACKETS
        ]
    defects = []
    for wrapper in wrappers:
        index = glyphs[wrapper.place].source
        point = code_point(text[index]) if wrapper.id in _SINGLE_CHARACTER else ""
        defects.append(_defect(wrapper.id, index + 1, point, wrapper.text))
    return defects


def _whole_defects(text: str) -> list[Defect]:
    """Return what is wrong with the text as a whole: see _WHOLE_TEXT."""
    defects = []
    if match := _MASKED.search(text):
        words = "this is a masked copy of a key, not the key"
        defects.append(_defect("masked", match.start() + 1, "", words))
    joined = "".join(text.split())
    if (once := _halved(joined)) != joined:
        defects.append(_defect("doubled", len(once) + 1, "", "the same key twice in a row"))
    if not defects:
        defects += _shape_defects(text)
    if joined[:3] in {"Sk-", "SK-", "sK-"}:
        words = "the key is in capitals; keys start with lower-case sk- and are case-sensitive"
        if joined[:3] == "Sk-":
            words = "the first letter is a capital; keys start with lower-case sk-"
        position = text.index(joined[0]) + 1
        defects.append(_defect("capitalised", position, code_point(joined[0]), words))
    return defects


def _shape_defects(text: str) -> Iterator[Defect]:
    """Yield what the shape of OpenAI's keys proves.

    A key may have lost characters at one end, as by a double click that stops at a hyphen, or
    another key may follow it.
    """
    key = clean(text)
    end = max(1, len(text.rstrip()))
    if match := _NEXT_KEY.search(key, 1):
        position = min(match.start() + 1, end)
        yield _defect("second-key", position, "", "another key starts inside this one")
        return
    match = _OPENAI_KEY.match(key)
    if match is None:
        if any(key.startswith(kind) and len(key) < least for kind, least in _MIN_LENGTHS.items()):
            words = "the key is too short for this type (truncated?)"
            yield _defect("cut-off", end, "", words)
        return
    missing = len(match["head"]) - len(match["tail"])
    if match["prefix"] is None:
        words = "the start of the key is missing: keys start with sk-"
        yield _defect("beginning-missing", 1, "", words)
    elif missing > 0:
        words = f"the key is too short: {_characters(missing)} seem to be missing at the end"
        yield _defect("cut-off", end, "", words)
    elif missing < 0:
        words = f"{_characters(-missing)} seem to be missing in the first half"
        yield _defect("beginning-missing", 1, "", words)


def _characters(count: int) -> str:
    return f"{count} character{'s' if count > 1 else ''}"


def _defect(kind: str, position: int, point: str, text: str) -> Defect:
    return Defect(id=kind, position=position, code_point=point, text=text)
