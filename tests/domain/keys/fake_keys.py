"""Keys for tests, made of repeated letters, and the forms in which programs print them."""

import base64
import html
import json
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from hypothesis import strategies as st

PROJECT_KEY = "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 74
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

keys = st.builds(
    str.__add__,
    st.sampled_from(["sk-proj-", "sk-", "sk-svcacct-", "gsk_", ""]),
    st.text(ALPHABET, min_size=48, max_size=180),
)
"""Sound keys of many lengths."""

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": json.dumps,
    "repr": repr,
    "bytes repr": lambda key: repr(key.encode()),
    "url": lambda key: quote(key, safe=""),
    "html": html.escape,
    "hex": lambda key: key.encode().hex(),
    "upper-case hex": lambda key: key.encode().hex().upper(),
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "url-safe base64": lambda key: base64.urlsafe_b64encode(key.encode()).decode(),
    "base64 after one byte": lambda key: base64.b64encode(b":" + key.encode()).decode(),
    "base64 after two bytes": lambda key: base64.b64encode(b"u:" + key.encode()).decode(),
    "the first half": lambda key: key[: len(key) // 2],
    "the last half": lambda key: key[len(key) // 2 :],
    "without its prefix": lambda key: key[8:],
}
"""Name -> how a program might print a key."""


def runs(text: str, length: int = 12) -> set[str]:
    """Return every run of `length` characters of a text."""
    return {text[i : i + length] for i in range(len(text) - length + 1)}


def leaks(key: str, output: str) -> bool:
    """Return True if 12 consecutive characters of the key are in the output.

    As they are, in hexadecimal or in base64.
    """
    forms = [key, key.encode().hex(), key.encode().hex().upper()]
    for pad in range(3):
        coded = base64.b64encode(b"\0" * pad + key.encode()).decode()[4 if pad else 0 : -4]
        forms += [coded, coded.replace("+", "-").replace("/", "_")]
    output_runs = runs(output)
    return any(runs(form) & output_runs for form in forms)


def generated_key(seed: int, length: int = 140) -> str:
    """Return a key as a generator draws it, the same for a seed: letters, digits, dashes."""
    draw = random.Random(seed)
    return "sk-proj-" + "".join(draw.choice(ALPHABET) for _ in range(length))


SEPARATORS = {
    "blanks": " ",
    "tabs": "\t",
    "line ends": "\n",
    "commas": ", ",
    "dots": ".",
    "dashes": "-",
    "list items": "\n- ",
    "quoted items": "', '",
    "table cells": " | ",
    "zero width spaces": "\u200b",
    "joiners": "\u200d",
    "variation selectors": "\ufe0f",
    "combining accents": "\u0301",
    "soft hyphens": "\u00ad",
    "bidi marks": "\u202e",
    "byte order marks": "\ufeff",
    "NUL characters": "\0",
    "colours": "\x1b[31m",
    "colours without escape": "[1;31m",
    "visible colours": "\u241b[0m",
    "escaped colours": "\\x1b[0m",
    "cursor movements": "\x1b[0K",
    "escaped zero width spaces": "\\u200b",
    "escaped line ends": "\\n",
    "entities": "&shy;",
    "escaped blanks": "%20",
    "visible zero width spaces": "<U+200B>",
    "wide blanks": "\u3000",
}
"""Name -> what is put between the characters or the pieces of a key."""
_CYRILLIC = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a key can be encoded.

    leak: letters and digits of the encoded key that stand for 8 characters of it.
    prefix: characters of the encoded key that stand for its prefix, which is no secret.
    """

    encode: Callable[[str], str]
    leak: int = 8
    prefix: int = 0


ENCODINGS: dict[str, Encoding] = {
    "full-width letters": Encoding(lambda key: "".join(chr(ord(char) + 0xFEE0) for char in key)),
    "mathematical letters": Encoding(
        lambda key: "".join(
            chr(0x1D41A + ord(char) - ord("a")) if "a" <= char <= "z" else char for char in key
        )
    ),
    "Cyrillic letters": Encoding(lambda key: key.translate(_CYRILLIC)),
    "capital letters": Encoding(str.upper),
    "the other letter case": Encoding(str.swapcase),
    "blanks for dashes": Encoding(lambda key: key.replace("-", " ").replace("_", " ")),
    "hex with blanks": Encoding(lambda key: key.encode().hex(" "), 16),
    "hex with colons": Encoding(lambda key: key.encode().hex(":").upper(), 16),
    "a list of hex numbers": Encoding(lambda key: str([hex(code) for code in key.encode()]), 32),
    "a list of decimal numbers": Encoding(lambda key: str(list(key.encode())), 24),
    "a list of octal numbers": Encoding(lambda key: " ".join(oct(c) for c in key.encode()), 40),
    "octal escapes": Encoding(lambda key: "".join(f"\\{code:03o}" for code in key.encode()), 24),
    "code points": Encoding(lambda key: " ".join(f"U+{ord(char):04X}" for char in key), 40),
    "entities": Encoding(lambda key: "".join(f"&#{ord(char)};" for char in key), 24),
    "quoted-printable": Encoding(lambda key: key.encode().hex("=").upper(), 16),
    "base64 over lines": Encoding(
        lambda key: "\n".join(re.findall(".{1,20}", base64.b64encode(key.encode()).decode())), 12
    ),
    "base32": Encoding(lambda key: base64.b32encode(key.encode()).decode(), 14),
    "base85": Encoding(lambda key: base64.b85encode(key.encode()).decode(), 11, 15),
    "Ascii85": Encoding(lambda key: base64.a85encode(b"k=" + key.encode()).decode(), 11, 15),
    "UTF-16": Encoding(lambda key: key.encode("utf-16-le").decode("latin-1")),
    "UTF-16 in hex": Encoding(lambda key: key.encode("utf-16-be").hex(" "), 32),
    "UTF-16 in base64": Encoding(lambda key: base64.b64encode(key.encode("utf-16")).decode(), 24),
}


def letters(text: str) -> str:
    """Return the letters and digits of a text, in one case and without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())
