"""Find known keys in a text, however their characters are spelled or separated.

A text is squeezed to its letters and digits: in one letter case, without separators, invisible
characters, escape sequences and accents, with the ASCII letter for a look-alike. The key is
squeezed too, as it is and in every common encoding (hexadecimal, decimal, octal, base64, base32,
base85, UTF-16). Pieces of the key are then looked up in the squeezed text, and a match is mapped
back to the text. Linear in the text; independent of the number of keys.

Only generated keys are looked for in this way: the words of a placeholder ("your-openai-key") are
in ordinary sentences.
"""

import base64
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import compress, pairwise

from oai_tui.domain.keys.masking import MASK
from oai_tui.domain.keys.prefixes import prefix_of

_PIECE = 8
"""Characters of a key that count as a leak."""
_MARKER = "T3BlbkFJ"
"""Is in every key of OpenAI, and no secret."""
_SHOWN_PREFIX = 4
"""Characters after the prefix that a piece with the prefix has at least: the prefix is shown. The
messages of OpenAI show the first 8 characters of a key."""
_MIN_SQUEEZED = 7
"""Characters of a squeezed piece at least. One of `_PIECE` characters has fewer if it contains
several dashes; it is then made longer."""
_PROBE = 5
_STRIDE = _MIN_SQUEEZED - _PROBE + 1
"""A match of 7 characters contains a probe of 5 that begins at a multiple of 3 in the text."""
_MAX_SCANS = 1_000
"""Searches of 5 characters in all spellings that take about as long as building the tables. For
several keys it is divided by their number: what is redacted for many keys is a long report."""
_MIN_GENERATED = 16
_MIN_CHANGES = 0.3
"""The least share of neighbouring characters of a generated key that differ in kind."""
_MIN_DIGITS = 2

_SAME_LETTERS = {"1": "i", "l": "i", "0": "o"}
"""Characters that look alike in many fonts, with the one that represents them."""
_FOLDED = bytes(
    ord(_SAME_LETTERS.get(chr(code).lower(), chr(code).lower())) if code < 128 else 0
    for code in range(256)
)
_DROPPED = bytes(code for code in range(256) if not (code < 128 and chr(code).isalnum()))
_IS_KEPT = bytes(code not in _DROPPED for code in range(256))
_LOOK_ALIKES = {
    char: letter
    for letter, chars in {
        "3": "\u0417\u0437",
        "6": "\u0431",
        "a": "\u0430\u0410\u0391\u03b1\u0251\u1d00",
        "b": "\u0412\u044c\u0392\u0299",
        "c": "\u0441\u0421\u03f2\u1d04",
        "d": "\u0501\u1d05",
        "e": "\u0435\u0415\u0395\u03b5\u1d07",
        "f": "\ua730",
        "g": "\u0261\u0262",
        "h": "\u041d\u04bb\u0397\u029c",
        "i": "\u0456\u0406\u04cf\u04c0\u0399\u03b9\u0131\u026a\u029f",
        "j": "\u0458\u0408\u03f3\u1d0a",
        "k": "\u041a\u043a\u039a\u03ba\u1d0b",
        "m": "\u041c\u043c\u039c\u1d0d",
        "n": "\u039d\u03b7\u0274",
        "o": "\u043e\u041e\u039f\u03bf\u1d0f",
        "p": "\u0440\u0420\u03a1\u03c1\u1d18",
        "q": "\u051b",
        "r": "\u0433\u0280",
        "s": "\u0455\u0405\ua731",
        "t": "\u0422\u0442\u03a4\u03c4\u1d1b",
        "u": "\u03c5\u1d1c",
        "v": "\u0474\u0475\u03bd\u1d20",
        "w": "\u051d\u0461\u03c9\u1d21",
        "x": "\u0445\u0425\u03a7\u03c7",
        "y": "\u0443\u0423\u03a5\u03b3\u028f",
        "z": "\u0396\u1d22",
    }.items()
    for char in chars
}
"""Cyrillic, Greek, IPA and small capital letters -> the ASCII letter or digit they look like."""
_SPELLED = re.compile(
    r"""(?x)
    [\x1b\u241b^\[\\%&<] (?:
        # an escape sequence of a terminal, also one that lost its escape character
        (?:(?<=[\x1b\u241b])|(?<=\^)(?=\[)|(?<=\\)\\{0,7}(?:u001[bB]|x1[bB]|033|e)(?=\[))
        (?:\[[0-9;:?]{0,40}[ -/]?[@-~]|[@-Z\\^_])
      | (?<=\[)[0-9;]{1,16}[ABCDHJKm]
      | (?<=\\)\\{0,7}(?:
            u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\{1,8}u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})
          | u(?P<u>[0-9A-Fa-f]{4}) | u\{(?P<b>[0-9A-Fa-f]{1,6})\} | U(?P<U>[0-9A-Fa-f]{8})
          | x(?P<x>[0-9A-Fa-f]{2}) | (?P<o>[0-3][0-7]{2}) | [abefnrtv0]
        )
      | (?<=%)(?P<p>[0-9A-Fa-f]{2})
      | (?<=&)(?:\#(?:x(?P<hx>[0-9A-Fa-f]{1,6})|(?P<dec>[0-9]{1,7}))|[A-Za-z]{2,8});
      | (?<=<)U\+[0-9A-F]{4,6}>
    )"""
)
"""An escape sequence of a terminal, or an escaped character.

It begins with a set, which makes the search fast.
"""
_BASES = {"u": 16, "b": 16, "U": 16, "x": 16, "o": 8, "p": 16, "hx": 16, "dec": 10}
"""Its groups -> the base of their numbers."""
_CHARS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_NON_ASCII = re.compile("[^\x00-\x7f]+")
_REST = "\0"
"""Fills the place of an escaped character behind the character itself."""


class _AsciiOf(dict[int, str]):
    """Character code -> the ASCII letter or digit that it looks like, or a blank."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        ascii_char = _LOOK_ALIKES.get(char) or next(
            (part for part in unicodedata.normalize("NFKD", char) if part in _CHARS), " "
        )
        self[code] = ascii_char
        return ascii_char


_ASCII_OF = _AsciiOf()


def is_generated(key: str) -> bool:
    """Return True if a key looks generated, not written by a person."""
    body = key[len(prefix_of(key)) :]
    kinds = [
        "0" if char.isdigit() else "A" if char.isupper() else "a" for char in body if char.isalnum()
    ]
    if len(kinds) < _MIN_GENERATED:
        return False
    changes = sum(left != right for left, right in pairwise(kinds))
    return kinds.count("0") >= _MIN_DIGITS and changes >= _MIN_CHANGES * len(kinds)


def has_letters_throughout(key: str) -> bool:
    """Return True if letters and digits alone identify every part of 12 characters of a key."""
    return all(
        len(_squeezed_key(key[start : start + 12])) >= _MIN_SQUEEZED
        for start in range(max(1, len(key) - 11))
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    """The pieces of spellings.

    pieces: every piece that counts as a leak.
    probes: each `_PROBE` characters of a spelling -> which sizes its pieces have: a bit for each.
    sizes: such bits -> the sizes.
    longest: characters of the longest piece, 0 without pieces.
    """

    pieces: Set[bytes]
    probes: Mapping[bytes, int]
    sizes: Mapping[int, tuple[int, ...]]
    longest: int

    @classmethod
    def of(cls, forms: Iterable[tuple[bytes, int]]) -> "_Tables":
        pieces: set[bytes] = set()
        probes: dict[bytes, int] = {}
        bits: defaultdict[int, int] = defaultdict(lambda: 1 << len(bits))
        for form, size in forms:
            pieces.update([form[at : at + size] for at in range(len(form) - size + 1)])
            bit = bits[size]
            for at in range(len(form) - _PROBE + 1):
                probe = form[at : at + _PROBE]
                probes[probe] = probes.get(probe, 0) | bit
        sizes = {
            known: tuple(size for size, bit in bits.items() if known & bit)
            for known in {0, *probes.values()}
        }
        return cls(pieces, probes, sizes, max(bits, default=0))


class KeySpellings:
    """The squeezed spellings of generated keys.

    The tables of their pieces take longer to build than a short text to search, so they are built
    when a text has a piece, or after `_MAX_SCANS` searches without them.
    """

    __slots__ = ("_built", "_forms", "_joined", "_joined_by_size", "_scans_left")

    def __init__(self, forms: Iterable[tuple[bytes, int]], keys: int = 1) -> None:
        """forms: each spelling, squeezed, and how many characters of it count as a leak."""
        self._forms = tuple(dict.fromkeys(forms))
        by_size: defaultdict[int, list[bytes]] = defaultdict(list)
        for form, size in self._forms:
            by_size[size].append(form)
        self._joined_by_size = {size: b"\0".join(same) for size, same in by_size.items()}
        self._joined = b"\0".join(self._joined_by_size.values())
        self._built: _Tables | None = None
        self._scans_left = _MAX_SCANS // keys

    @classmethod
    def of_key(cls, key: str) -> "KeySpellings":
        """Return the spellings of one key; none of a key that is not generated."""
        return cls(_forms(key) if is_generated(key) else ())

    @classmethod
    def merged(cls, several: Iterable["KeySpellings"]) -> "KeySpellings":
        """Return the spellings of all these keys."""
        known = tuple(dict.fromkeys(several))
        if len(known) == 1:
            return known[0]
        return cls((form for each in known for form in each._forms), len(known))

    def __bool__(self) -> bool:
        return bool(self._forms)

    @property
    def _tables(self) -> _Tables:
        if self._built is None:
            self._built = _Tables.of(self._forms)
        return self._built

    def mask(self, text: str) -> str:
        """Return the text with a mask for each part that spells 8 characters of a key or more."""
        if not self._forms or len(text) < _MIN_SQUEEZED:
            return text
        literal = _without_look_alikes(text)
        plain = _plain(text)
        masked = self._mask(text, plain)
        if plain == literal:
            return masked
        # What looks like an escaped character can be a part of a key in base85.
        return self._mask(masked, _without_look_alikes(masked))

    def _mask(self, text: str, plain: str) -> str:
        """Return the text with its matches masked. plain: ASCII of the same length."""
        raw = plain.encode("ascii")
        matches = self._matches(raw.translate(_FOLDED, _DROPPED))
        if not matches:
            return text
        places = tuple(compress(range(len(raw)), raw.translate(_IS_KEPT)))
        parts: list[str] = []
        done = 0
        for start, end in matches:
            last = places[end - 1] + 1
            while last < len(plain) and plain[last] == _REST:
                last += 1
            parts += [text[done : places[start]], MASK]
            done = last
        return "".join([*parts, text[done:]])

    def _matches(self, squeezed: bytes) -> list[tuple[int, int]]:
        """Return start and end of every part of the squeezed text that consists of pieces."""
        matches: list[tuple[int, int]] = []
        probes = self._probes_in(squeezed)
        done = 0  # every piece that begins before it was looked up
        for at in probes:
            for start in range(max(done, at - _STRIDE + 1), at + 1):
                if end := self._piece_end(squeezed, start):
                    done = self._run_end(squeezed, end)
                    matches.append((start, done))
                    break
        return matches

    def _probes_in(self, squeezed: bytes) -> list[int]:
        """Return the multiples of `_STRIDE` at which a probe is; none if the text has no piece."""
        places = range(0, len(squeezed) - _PROBE + 1, _STRIDE)
        if self._built is None:
            self._scans_left -= len(places)
            if self._scans_left >= 0 and not self._has_piece(squeezed, places):
                return []
        known = self._tables.probes
        return [at for at in places if squeezed[at : at + _PROBE] in known]

    def _has_piece(self, squeezed: bytes, places: Iterable[int]) -> bool:
        """Return True if the text has a piece. places: where a probe can be."""
        joined = self._joined
        return any(
            squeezed[start : start + size] in same
            for at in places
            if squeezed[at : at + _PROBE] in joined
            for start in range(max(0, at - _STRIDE + 1), at + 1)
            for size, same in self._joined_by_size.items()
            if start + size <= len(squeezed)
        )

    def _piece_end(self, squeezed: bytes, start: int, beyond: int = 0) -> int:
        """Return the end of the longest piece from `start` that ends after `beyond`, or 0."""
        tables = self._tables
        end = 0
        for size in tables.sizes[tables.probes.get(squeezed[start : start + _PROBE], 0)]:
            after = start + size
            if beyond < after <= len(squeezed) and squeezed[start:after] in tables.pieces:
                end = max(end, after)
        return end

    def _run_end(self, squeezed: bytes, end: int) -> int:
        """Return the end of the pieces that overlap or follow the one that ends at `end`."""
        start, first = end, self._first_start(squeezed, end)
        while start > first:
            if after := self._piece_end(squeezed, start, end):
                start = end = after
                first = self._first_start(squeezed, end)
            else:
                start -= 1
        return end

    def _first_start(self, squeezed: bytes, end: int) -> int:
        """Return the place after which a piece that reaches beyond `end` can begin."""
        goes_on = squeezed[end - _PROBE + 1 : end + 1] in self._tables.probes
        return end - (self._tables.longest if goes_on else _PROBE - 1)


def _plain(text: str) -> str:
    """Return an ASCII text of the same length, whose letters and digits spell the same.

    An escaped letter is in the place of its escape, `_REST` behind it.
    """
    return _without_look_alikes(_SPELLED.sub(_unescaped, text))


def _unescaped(match: re.Match[str]) -> str:
    """Return the letter or digit that is escaped, else a blank, filled to the same length."""
    length = len(match.group())
    name = match.lastgroup
    if name == "low":
        code = ((int(match["high"], 16) & 0x3FF) << 10 | int(match["low"], 16) & 0x3FF) + 0x10000
    else:
        code = int(match[name], _BASES[name]) if name else 0
    char = chr(code) if code < 0x110000 else " "
    if not char.isascii():
        char = _ASCII_OF[ord(char)]
    return char.ljust(length, _REST) if char in _CHARS else " " * length


def _squeezed_key(key: str) -> bytes:
    return _squeezed(_without_look_alikes(key))


def _without_look_alikes(text: str) -> str:
    if text.isascii():
        return text
    return _NON_ASCII.sub(lambda match: match.group().translate(_ASCII_OF), text)


def _squeezed(form: str) -> bytes:
    return form.encode("ascii").translate(_FOLDED, _DROPPED)


def _forms(key: str) -> Iterator[tuple[bytes, int]]:
    """Yield a key in each spelling, squeezed, and how many characters of it count as a leak."""
    text = _without_look_alikes(key)
    for piece in _plain_pieces(text):
        yield piece, len(piece)
    for form, size in _encoded(text):
        yield _squeezed(form), size


def _plain_pieces(text: str) -> Iterator[bytes]:
    """Yield each piece of 8 characters, squeezed; a longer one if it begins in the prefix."""
    prefix = len(prefix_of(text))
    shown = max(prefix + _SHOWN_PREFIX, _PIECE + 1)
    for start in range(len(text) - _PIECE + 1):
        end = max(start + _PIECE, shown) if start < prefix else start + _PIECE
        squeezed = _squeezed(text[start:end])
        while len(squeezed) < _MIN_SQUEEZED and end < len(text):
            end += 1
            squeezed = _squeezed(text[start:end])
        if len(squeezed) >= _MIN_SQUEEZED and text[start:end] != _MARKER:
            yield squeezed


def _encoded(text: str) -> Iterator[tuple[str, int]]:
    """Yield the key in each encoding, and how many letters and digits of it count as a leak.

    That is what 8 characters of the key have in common wherever they begin; of base85, in which
    groups of five letters have nothing in common, a part long enough to be no coincidence.
    """
    codes = text.encode("ascii", "replace")
    for join in ("", "0x", "00", "u00"):  # of UTF-16 the third, of code points the last
        yield join.join(f"{code:02x}" for code in codes), _PIECE * (2 + len(join)) - 2
    for pattern in ("{:d}", "{:03d}", "{:o}", "{:03o}"):
        yield "".join(pattern.format(code) for code in codes), 2 * _PIECE
    yield "".join(f"0o{code:o}" for code in codes), 4 * _PIECE
    wide = b"".join(bytes((code, 0)) for code in codes)
    for data, size in ((codes, _PIECE + 1), (wide, 2 * _PIECE + 2)):
        for phase in range(3):
            coded = base64.b64encode(b"\0" * phase + data).decode()
            yield coded[4 if phase else 0 :], size
    for phase in range(5):
        coded = base64.b32encode(b"\0" * phase + codes).decode()
        yield coded[8 if phase else 0 :], _PIECE + 4
    for encode in (base64.b85encode, base64.a85encode):
        for phase in range(4):
            coded = encode(b"\1" * phase + codes).decode()
            yield coded[5 if phase else 0 :], _PIECE + 2
