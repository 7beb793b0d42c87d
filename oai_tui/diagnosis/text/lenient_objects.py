r"""Read objects out of any text: JSON, Python's repr, what Node, Dart and Swift print.

They can be escaped any number of times and cut off anywhere. What is not an object is skipped; a
text that ends early closes everything that is open. Keys come back in lower case. Pure, linear,
never raises. The grammar, with { x } for any number of x and [ x ] for an optional x:

    text      = { object | any character }
    object    = "{" { member | "," | ";" | ")" | "]" } "}"
    member    = ( string | word ) separator value
    separator = ":" | "=" | "=>"
    value     = object | list | string | bare
    list      = "[" { value | "," | "}" } "]"
    string    = quote { any character } quote
    quote     = { "\" } ( '"' | "'" | "`" )
    bare      = { any character but "}" and "]" and a line feed }

Both quotes of a string have the same number of backslashes. The second is the first one after
which a string can end: before one of , : } ] ) \ or =>, a line feed, or the end of the text.
A bare value ends at a comma only if a key or a line feed follows.
"""

import re
from typing import Any

_MAX_DEPTH = 24
"""Levels of objects that are read; deeper ones are skipped."""
_MAX_OBJECTS = 40
"""Objects of one text that are read."""
_MAX_STRING = 20_000
"""Characters of a string that are read."""
_MAX_KEY = 80
"""Characters of a quoted key that are read."""
_MAX_BARE = 4_000
"""Characters of an unquoted value after which a comma, brace or bracket ends it."""
_AFTER_STRING = 40
"""Characters after a quote in which the end of a string shows."""
_BLANK = re.compile(r"(?:\s|\\{1,64}+[nrt](?![A-Za-z_]))+")
"""Blanks, also escaped ones."""
_QUOTE = re.compile(r"b?(\\{0,15})([\"'`])")
_WORD_KEY = re.compile(r"([A-Za-z_][\w.-]{0,60})\s*(?:[:=](?!/)|=>)")
"""An unquoted key with its separator. "https://" is no key."""
_SEPARATOR = re.compile(r"\s*(?::|=>|=)")
_BARE = re.compile(r"[^,{}\[\]\n]*")
_NEXT_KEY = re.compile(r",\s*[\"'\\]{0,4}[A-Za-z_][\w.-]{0,60}[\"'\\]{0,4}\s*:(?!/)|,\s*\n")
"""A comma that ends an unquoted value."""
_CONSTANTS = {
    "null": None,
    "none": None,
    "nil": None,
    "undefined": None,
    "true": True,
    "false": False,
}
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_SWIFT_OPTIONAL = re.compile(r"Optional\(([^()]*)\)*")
_FIELD_NAMES = r"error_?code|error_?type|status_?code|message|code|type"
_FIELDS_START = re.compile(
    r"(?i)(?<![\w.])(?<!status )[\"'\\]{0,4}"
    rf"(?:{_FIELD_NAMES})[\"'\\]{{0,4}}\s*[:=]\s*[\"'\\A-Za-z]"
)
"""The first field of an error that is written without braces."""
_ESCAPE = re.compile(r"(?<!\\)\\++(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt\"'`/])")
_ESCAPED_CHARACTERS = {"n": "\n", "r": "", "t": " "}


def objects_in(text: str) -> list[Any]:
    """Return the objects in a text in their order; nested ones are inside their outer one."""
    objects: list[Any] = []
    position = 0
    while len(objects) < _MAX_OBJECTS and (start := text.find("{", position)) >= 0:
        value, end = _LenientReader(text).value(start, 0)
        position = max(end, start + 1)
        if isinstance(value, dict) and value:
            objects.append(value)
    return objects


def fields_in(text: str) -> dict[str, Any]:
    """Return the fields of an error that is written without braces ("Code: x, Message: z").

    Empty if the text names no such fields.
    """
    match = _FIELDS_START.search(text)
    return _LenientReader(text).members(match.start(), 0)[0] if match else {}


class _LenientReader:
    """A reader of one text.

    Each method takes the position where its part of the grammar starts, and returns what it read
    and the position after it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = len(text)

    def value(self, position: int, depth: int) -> tuple[Any, int]:
        """Read a value."""
        position = self._skip_blanks(position)
        if position >= self._end:
            return None, self._end
        char = self._text[position]
        if char == "{" and depth < _MAX_DEPTH:
            return self.members(position + 1, depth + 1)
        if char == "[" and depth < _MAX_DEPTH:
            return self._items(position + 1, depth + 1)
        if quote := _QUOTE.match(self._text, position):
            return self._string(quote, _MAX_STRING)
        return self._bare(position)

    def members(self, position: int, depth: int) -> tuple[dict[str, Any], int]:
        """Read the members of an object, after its opening brace; the first of equal keys wins."""
        members: dict[str, Any] = {}
        while (position := self._skip_blanks(position)) < self._end:
            char = self._text[position]
            if char == "}":
                return members, position + 1
            if char in ",;)]":
                position += 1
                continue
            key, after_key = self._key(position)
            if key is None:
                position = max(after_key, position + 1)
                continue
            value, position = self.value(after_key, depth)
            members.setdefault(key, value)
        return members, self._end

    def _key(self, position: int) -> tuple[str | None, int]:
        """Read a key with its separator; None if there is no key here."""
        if quote := _QUOTE.match(self._text, position):
            name, after_name = self._string(quote, _MAX_KEY)
            separator = _SEPARATOR.match(self._text, after_name)
            return (name.lower(), separator.end()) if separator else (None, after_name)
        if word := _WORD_KEY.match(self._text, position):
            name = word[1].lower()
            before = self._text[max(0, position - len("status ")) : position].lower()
            if name == "code" and before == "status ":
                name = "status_code"
            return name, word.end()
        return None, position + 1

    def _items(self, position: int, depth: int) -> tuple[list[Any], int]:
        """Read the items of a list, after its opening bracket."""
        items: list[Any] = []
        while (position := self._skip_blanks(position)) < self._end:
            char = self._text[position]
            if char == "]":
                return items, position + 1
            if char in ",}":
                position += 1
                continue
            value, after_value = self.value(position, depth)
            items.append(value)
            position = max(after_value, position + 1)
        return items, self._end

    def _string(self, quote: re.Match[str], limit: int) -> tuple[str, int]:
        """Read a string after its opening quote, at most `limit` characters of it.

        A quote inside ends the string only where a string can end.
        """
        closing = quote[1] + quote[2]
        level = len(quote[1])
        start = position = quote.end()
        stop = min(self._end, start + limit)
        while (found := self._text.find(closing, position, stop)) >= 0:
            position = found + len(closing)
            if self._is_escaped(found, start):
                continue
            if self._can_end_string(position):
                return _unescape_level(self._text[start:found], level), position
        return _unescape_level(self._text[start:stop], level), stop

    def _is_escaped(self, position: int, start: int) -> bool:
        """Return True if an odd number of backslashes (of up to 16) is before the position.

        An even number of backslashes escape each other, and not what follows.
        """
        count = 0
        while position - count > start and self._text[position - count - 1] == "\\" and count < 16:
            count += 1
        return count % 2 == 1

    def _can_end_string(self, position: int) -> bool:
        """Return True if what follows at `position` can follow a string."""
        rest = self._text[position : position + _AFTER_STRING].lstrip()
        if not rest or rest[0] in ",:}])\\" or rest.startswith("=>"):
            return True
        return self._text[position : position + 1] == "\n"

    def _bare(self, position: int) -> tuple[Any, int]:
        """Read an unquoted value: a number, a constant, or a sentence up to the next key."""
        end = self._bare_end(position)
        raw = self._text[position:end].strip()
        word = raw.rstrip(")").strip()
        if optional := _SWIFT_OPTIONAL.match(raw):
            word = optional[1].strip("\"' ")
        if word.lower() in _CONSTANTS:
            return _CONSTANTS[word.lower()], end
        if _NUMBER.fullmatch(word):
            return (float(word) if "." in word else int(word)), end
        return word.strip("\\\"' "), max(end, position + 1)

    def _bare_end(self, position: int) -> int:
        """Return where an unquoted value ends: at a comma before a key, or at what closes it."""
        end = position
        while True:
            end = _BARE.match(self._text, end).end()  # type: ignore[union-attr]
            if end >= self._end or self._text[end] not in ",{[":
                return end
            if end - position >= _MAX_BARE or _NEXT_KEY.match(self._text, end):
                return end
            end += 1

    def _skip_blanks(self, position: int) -> int:
        blank = _BLANK.match(self._text, position)
        return blank.end() if blank else position


def _unescape_level(text: str, level: int) -> str:
    """Return the text of a string with its own level of escapes undone.

    level: the backslashes before the quotes of the string. Deeper levels stay, for the reading of
    the strings inside.
    """
    if "\\" not in text:
        return text
    if level:
        text = text.replace("\\" * (level + 1), "\\")
    return _ESCAPE.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    """Return the character of an escape, or one level less of an escape of several levels."""
    escape = match[1]
    slashes = len(match.group()) - len(escape)
    if slashes == 1:
        return _character(escape)
    return "\\" * (slashes // 2) + (escape if slashes % 2 == 0 else _character(escape))


def _character(escape: str) -> str:
    if escape[0] in "ux" and len(escape) > 1:
        code = int(escape[1:], 16)
        is_surrogate = 0xD800 <= code < 0xE000
        return "\ufffd" if is_surrogate else chr(code)
    return _ESCAPED_CHARACTERS.get(escape, escape)
