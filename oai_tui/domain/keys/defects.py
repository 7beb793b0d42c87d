"""What is wrong with the text of a key, character by character, and what the text is without it.

Pure functions over `str`. They are called by `Secret`, which alone holds a key's text; nothing here keeps, prints or raises it.
Every defect is a warning: a key of a strange shape is checked like any other, because OpenAI says that the shape of keys may change (API overview, 2026-11).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from oai_tui.domain.keys import characters
from oai_tui.domain.keys.characters import SENDABLE, code, repaired
from oai_tui.domain.keys.encodings import find_encoded
from oai_tui.domain.keys.masking import MIN_LENGTH_FOR_LAST4
from oai_tui.domain.keys.prefixes import SK_KINDS, prefix_of

__all__ = ["SENDABLE", "Defect", "clean", "find_defects", "is_masked", "masked_with_defects"]

_QUOTES = "\"'`"
_PAIRS = {"<": ">", "[": "]", "{": "}", "(": ")"}
_BRACKETS = frozenset((*_PAIRS, *_PAIRS.values()))
_PREFIX = re.compile(
    r"""(?ix)
      (?: (?: export | set | setx | declare\s+-x ) \s+ )? ["']? (?: \$env: )? (?: [A-Z][A-Z0-9_]* (?:KEY|TOKEN) | SecretString | x-api-key | api-key ) ["']? \s* [=:] \s*
    | (?: setx? | setenv | set\s+-[gxU]{1,3} ) \s+ ["']? [A-Z][A-Z0-9_]* (?:KEY|TOKEN) ["']? \s+
    """,
)
_BEARER = re.compile(r"(?i)(?:authorization\s*:\s*)?bearer\s+")
_MORE = re.compile(
    r"""\s(?:\#|//|&&|\|\||;|-[A-Za-z]\s|["']?[A-Za-z][A-Za-z0-9_]*["']?\s?[=:])|["'`]\s?[,;}\]]"""
)
"""Where something else begins after the key: a comment, another setting, another command, the rest of a JSON document."""
_MASKED = re.compile(r"\*{3,}|\u2026|\.{3,}|\u2022{3,}|x{6,}", re.IGNORECASE)
_MARKED = re.compile(
    r"(?P<prefix>sk-(?:(?:proj|svcacct|admin|None)-)?)?(?P<head>[A-Za-z0-9_-]*?)T3BlbkFJ(?P<tail>[A-Za-z0-9_-]*)\Z"
)
"""OpenAI's own keys have as many characters before this mark as after it: 20, 46, 58 or 74 (gitleaks 2026-07-22, trufflehog 2026-08-21)."""
_SECOND = re.compile(rf"sk-(?:{'|'.join(SK_KINDS)})-")
_SHORTEST = {"sk-proj-": 48, "sk-svcacct-": 48, "sk-admin-": 48}
"""No key of these kinds has been seen below 56 characters; a cut at a hyphen leaves far fewer."""
_PEELED = {
    "bearer-prefix": 'the word "Bearer" stands before the key; clients add it themselves',
    "name-prefix": "the variable's name and a sign of assignment stand before the key",
    "more-text": "something else stands after the key: a comment, another setting or the rest of a document",
}


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
        return (_defect("only-blanks", 1, code(text[0]), "the value holds nothing but blanks"),)
    parts = find_encoded(text)
    covered = {index for part in parts for index in range(part.start, part.end)}
    found = {
        part.start + 1: _defect(
            part.id,
            part.start + 1,
            code(text[part.start]) if part.end == part.start + 1 else "",
            part.text,
        )
        for part in parts
    }
    found |= {d.position: d for d in _character_defects(text) if d.position - 1 not in covered}
    for defect in _wrapping_defects(text):
        if defect.id == "more-text":  # it begins with a blank, which alone would tell less
            found[defect.position] = defect
        found.setdefault(defect.position, defect)
    return tuple(sorted((*found.values(), *_whole_defects(text)), key=lambda d: d.position))


def clean(text: str) -> str:
    """The key without its wrapping and stray characters, as a person would repair it; equal to `text` when there is nothing to repair. Cleaning twice changes nothing more."""
    before = None
    while text != before:
        before = text
        text = "".join(char for _, char in _plain(text))
        start, end, _ = _peel(text)
        text = _halved("".join(text[start:end].split()))
        if text.startswith("Sk-"):
            text = "s" + text[1:]
    return text


def is_masked(text: str) -> bool:
    """Whether the text is a display copy of a key ("sk-abc…wxyz", "sk-****"), which can never be repaired."""
    return bool(_MASKED.search(text))


def masked_with_defects(text: str) -> str:
    """The text as it may be shown: the key masked to the prefix of its kind and its last four characters, every defect in its place as ‹U+200B›, ‹newline›, ‹Bearer› and the like."""
    for part in find_encoded(text):
        if (part.start, part.end) == (0, len(text)) and part.plain:
            return f"‹{part.id}›{masked_with_defects(part.plain)}"
    defects = {
        d.position - 1: d
        for d in reversed(find_defects(text))
        if d.id
        not in {"doubled", "second-key", "cut-off", "beginning-missing", "masked", "capitalised"}
    }
    kept = _plain(text)
    start, end, _ = _peel("".join(char for _, char in kept))
    inside = [index for index, char in kept[start:end] if index not in defects]
    ends = (
        set(inside[-4:])
        if len(inside) >= MIN_LENGTH_FOR_LAST4
        and all("!" <= char <= "~" for _, char in kept[start:end][-4:])
        and not is_masked(text)
        else set()
    )
    prefix_end = inside[0] + len(prefix_of(text, inside[0])) if inside else 0
    shown: list[str] = []
    for index in sorted({*defects, *inside}):
        if index in defects:
            shown.append(f"‹{_mark(defects[index])}›")
        elif index < prefix_end or index in ends:
            shown.append(text[index])
        elif shown[-1:] != ["…"]:
            shown.append("…")
    return "".join(shown)


def _mark(defect: Defect) -> str:
    words = {
        "bearer-prefix": "Bearer",
        "name-prefix": "NAME=",
        "more-text": "more text",
        "escape-sequence": "backslash",
    }
    return words.get(defect.id) or f"{defect.code_point} {defect.id}".strip()


def _plain(text: str) -> list[tuple[int, str]]:
    """The text with every spelling undone and every character repaired: each character with the index from which it came."""
    out: list[tuple[int, str]] = []
    at = 0
    for part in find_encoded(text):
        out += [
            (index, plain) for index in range(at, part.start) if (plain := repaired(text[index]))
        ]
        out += [(part.start, plain) for char in part.plain if (plain := repaired(char))]
        at = part.end
    return out + [
        (index, plain) for index in range(at, len(text)) if (plain := repaired(text[index]))
    ]


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
            peeled.append(("bearer-prefix", start, _PEELED["bearer-prefix"]))
            start = match.end()
        elif match := _PREFIX.match(text, start, end):
            peeled.append(("name-prefix", start, _PEELED["name-prefix"]))
            start = match.end()
        elif first in _QUOTES or first == "\\":
            peeled.append(
                ("quote" if first in _QUOTES else "escape-sequence", start, _not_part(first))
            )
            start += 1
        elif (last in ",;\\" or last in _QUOTES) or (
            last == "." and text[max(start, end - 3) : end] != "..."
        ):
            end -= 1
            peeled.append(
                (
                    "quote"
                    if last in _QUOTES
                    else "escape-sequence"
                    if last == "\\"
                    else "punctuation",
                    end,
                    _not_part(last),
                )
            )
        elif _PAIRS.get(first) == last:
            end -= 1
            peeled += [("bracket", start, _not_part(first)), ("bracket", end, _not_part(last))]
            start += 1
        elif match := _MORE.search(text, start + 1, end):
            end = match.start()
            peeled.append(("more-text", end, _PEELED["more-text"]))
        else:
            break
    return start, end, peeled


def _not_part(char: str) -> str:
    return f"a {unicodedata.name(char).lower()} that is not part of the key"


def _character_defects(text: str) -> Iterator[Defect]:
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    for index, char in enumerate(text):
        if kind := characters.kind(char):
            edge = (
                "before the key"
                if index < first
                else "after the key"
                if index >= last
                else "inside the key"
            )
            yield _defect(kind, index + 1, code(char), characters.describe_character(char, edge))


def _wrapping_defects(text: str) -> list[Defect]:
    """What is wrapped around the key: quotes, brackets, `Bearer `, `NAME=`, a comma at its end; and a bracket that stands at one end alone."""
    kept = _plain(text)
    start, end, peeled = _peel("".join(char for _, char in kept))
    peeled += [
        ("bracket", place, _not_part(kept[place][1]))
        for place in {start, end - 1}
        if start < end and kept[place][1] in _BRACKETS
    ]
    single = {"quote", "bracket", "punctuation", "escape-sequence"}
    return [
        _defect(
            kind, kept[place][0] + 1, code(text[kept[place][0]]) if kind in single else "", said
        )
        for kind, place, said in peeled
    ]


def _whole_defects(text: str) -> list[Defect]:
    """Defects of the text as a whole: a masked copy, the same key twice, a part of a key, another case."""
    found = []
    if match := _MASKED.search(text):
        found.append(
            _defect("masked", match.start() + 1, "", "this is a masked copy of a key, not the key")
        )
    joined = "".join(text.split())
    if (once := _halved(joined)) != joined:
        found.append(_defect("doubled", len(once) + 1, "", "the same key stands here twice"))
    if not found:
        found += _part_defects(text)
    if joined[:3] in {"Sk-", "SK-", "sK-"}:
        said = (
            "the first letter is a capital; keys begin with a small sk-"
            if joined[:3] == "Sk-"
            else "the key is in capitals; keys begin with a small sk-, and their case counts"
        )
        found.append(_defect("capitalised", text.index(joined[0]) + 1, code(joined[0]), said))
    return found


def _part_defects(text: str) -> list[Defect]:
    """What the shape of OpenAI's own keys tells: a key that lost characters at one end, as a double click loses them that stops at a hyphen; or that another key follows."""
    key = clean(text)
    end, found = max(1, len(text.rstrip())), []
    if match := _SECOND.search(key, 1):
        found.append(
            _defect(
                "second-key", min(match.start() + 1, end), "", "another key begins inside this one"
            )
        )
    elif (match := _MARKED.match(key)) is None:
        lacks = next(
            (
                least - len(key)
                for head, least in _SHORTEST.items()
                if key.startswith(head) and len(key) < least
            ),
            0,
        )
        if lacks > 0:
            found.append(
                _defect("cut-off", end, "", "the key ends early: keys of this kind are longer")
            )
    elif match["prefix"] is None:
        found.append(
            _defect(
                "beginning-missing",
                1,
                "",
                "the beginning of the key is missing: keys begin with sk-",
            )
        )
    elif (lacks := len(match["head"]) - len(match["tail"])) > 0:
        found.append(
            _defect(
                "cut-off",
                end,
                "",
                f"the key ends early: {lacks} character{'s' if lacks > 1 else ''} seem to be missing at its end",
            )
        )
    elif lacks < 0:
        found.append(
            _defect(
                "beginning-missing",
                1,
                "",
                f"{-lacks} character{'s' if lacks < -1 else ''} seem to be missing in its first half",
            )
        )
    return found


def _defect(kind: str, position: int, code_point: str, text: str) -> Defect:
    return Defect(id=kind, position=position, code_point=code_point, text=text)
