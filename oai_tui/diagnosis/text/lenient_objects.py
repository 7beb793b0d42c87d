"""Read objects out of any text: JSON, Python's dict repr, what Node, Dart or Swift print, escaped once or five times, cut off in the middle. Pure, linear, and never an exception.

Keys come back in lower case. What is no object is skipped. A text that ends too soon closes all that is open.
"""

import re
from typing import Any

_DEPTH = 24
_OBJECTS = 40
"""Objects that are read out of one text, and the depth to which they are read; what is beyond is skipped, so that no text takes long."""
_BLANK = re.compile(r"(?:\s|\\{1,64}+[nrt](?![A-Za-z_]))+")
_QUOTE = re.compile(r"b?(\\{0,15})([\"'`])")
_KEY = re.compile(r"([A-Za-z_][\w.-]{0,60})\s*(?:[:=](?!/)|=>)")
_COLON = re.compile(r"\s*(?::|=>|=)")
_BARE = re.compile(r"[^,{}\[\]\n]*")
_NEXT_KEY = re.compile(r",\s*[\"'\\]{0,4}[A-Za-z_][\w.-]{0,60}[\"'\\]{0,4}\s*:(?!/)|,\s*\n")
_WORDS = {"null": None, "none": None, "nil": None, "undefined": None, "true": True, "false": False}
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_OPTIONAL = re.compile(r"Optional\(([^()]*)\)*")
_LOOSE_START = re.compile(
    r"(?i)(?<![\w.])(?<!status )[\"'\\]{0,4}(?:error_?code|error_?type|status_?code|message|code|type)[\"'\\]{0,4}\s*[:=]\s*[\"'\\A-Za-z]"
)


def objects_in(text: str) -> list[Any]:
    """The objects and lists of objects in a text, in their order; nested ones are inside their outer one."""
    found: list[Any] = []
    place = 0
    while len(found) < _OBJECTS and (start := text.find("{", place)) >= 0:
        value, end = _LenientReader(text).value(start, 0)
        place = max(end, start + 1)
        if isinstance(value, dict) and value:
            found.append(value)
    return found


def fields_in(text: str) -> dict[str, Any]:
    """The fields of a text that names an error's parts without braces around them ("Code: x, Type: y, Message: z"); empty when it does not."""
    match = _LOOSE_START.search(text)
    return _LenientReader(text).members(match.start(), 0, {})[0] if match else {}


class _LenientReader:
    """One pass over one text. Each method takes the place where it begins and gives what it read and the place behind it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text)

    def value(self, place: int, depth: int) -> tuple[Any, int]:
        """Any value."""
        place = self._skip(place)
        if place >= self.end:
            return None, self.end
        char = self.text[place]
        if char == "{" and depth < _DEPTH:
            return self.members(place + 1, depth + 1, {})
        if char == "[" and depth < _DEPTH:
            return self._items(place + 1, depth + 1)
        if match := _QUOTE.match(self.text, place):
            return self._string(match)
        return self._bare(place)

    def members(self, place: int, depth: int, out: dict[str, Any]) -> tuple[dict[str, Any], int]:
        """The members of an object, after its brace."""
        while (place := self._skip(place)) < self.end:
            char = self.text[place]
            if char == "}":
                return out, place + 1
            if char in ",;)]":
                place += 1
                continue
            key, after = self._key(place)
            if key is None:
                place = max(after, place + 1)
                continue
            value, place = self.value(after, depth)
            out.setdefault(key, value)
        return out, self.end

    def _key(self, place: int) -> tuple[str | None, int]:
        """A member's name and the place behind its colon; None when there is no name here."""
        if match := _QUOTE.match(self.text, place):
            name, after = self._string(match, limit=80)
            colon = _COLON.match(self.text, after)
            return (str(name).lower(), colon.end()) if colon else (None, after)
        if match := _KEY.match(self.text, place):
            name = match[1].lower()
            return (
                "status_code"
                if name == "code" and self.text[max(0, place - 7) : place].lower() == "status "
                else name
            ), match.end()
        return None, place + 1

    def _items(self, place: int, depth: int) -> tuple[Any, int]:
        out: list[Any] = []
        while (place := self._skip(place)) < self.end:
            char = self.text[place]
            if char == "]":
                return out, place + 1
            if char in ",}":
                place += 1
                continue
            value, after = self.value(place, depth)
            out.append(value)
            place = max(after, place + 1)
        return out, self.end

    def _string(self, match: re.Match[str], limit: int = 20_000) -> tuple[str, int]:
        """A string, whatever its quote and however often it is escaped. A quote inside ends it only where an end can stand."""
        mark = match[1] + match[2]
        start = place = match.end()
        stop = min(self.end, start + limit)
        while (found := self.text.find(mark, place, stop)) >= 0:
            place = found + len(mark)
            if (
                found > start
                and self.text[found - 1] == "\\"
                and not _closes_level(self.text, found, start)
            ):
                continue
            rest = self.text[place : place + 40].lstrip()
            if (
                not rest
                or rest[0] in ",:}])\\"
                or rest.startswith("=>")
                or self.text[place : place + 1] == "\n"
            ):
                return _plain(self.text[start:found], len(match[1])), place
        return _plain(self.text[start:stop], len(match[1])), stop

    def _bare(self, place: int) -> tuple[Any, int]:
        """A value without quotes: a number, a word, or a sentence up to the next member's name."""
        end = place
        while True:
            end = _BARE.match(self.text, end).end()  # type: ignore[union-attr]
            if (
                end < self.end
                and self.text[end] in ",{["
                and end - place < 4000
                and not _NEXT_KEY.match(self.text, end)
            ):
                end += 1
                continue
            break
        word = self.text[place:end].strip().rstrip(")").strip()
        if match := _OPTIONAL.match(self.text[place:end].strip()):
            word = match[1].strip("\"' ")
        if word.lower() in _WORDS:
            return _WORDS[word.lower()], end
        if _NUMBER.fullmatch(word):
            return (float(word) if "." in word else int(word)), end
        return word.strip("\\\"' "), max(end, place + 1)

    def _skip(self, place: int) -> int:
        match = _BLANK.match(self.text, place)
        return match.end() if match else place


def _closes_level(text: str, place: int, start: int) -> bool:
    """Whether an even number of backslashes stands before the place, so that they escape each other and not what follows."""
    count = 0
    while place - count > start and text[place - count - 1] == "\\" and count < 16:
        count += 1
    return count % 2 == 0


_ESCAPE = re.compile(r"(?<!\\)\\++(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt\"'`/])")


def _plain(text: str, level: int) -> str:
    """The text of a string with its own level of escapes taken away; deeper levels stay for the reading of what is inside."""
    if "\\" not in text:
        return text
    if level:
        text = text.replace("\\" * (level + 1), "\\")
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    whole, what = match.group(), match[1]
    slashes = len(whole) - len(what)
    if slashes > 1:
        return "\\" * (slashes // 2) + (what if slashes % 2 == 0 else _char(what))
    return _char(what)


def _char(what: str) -> str:
    if what[0] in "ux" and len(what) > 1:
        code = int(what[1:], 16)
        return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
    return {"n": "\n", "r": "", "t": " "}.get(what, what)
