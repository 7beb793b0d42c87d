"""Keys for tests, made of repeated letters, and the forms in which programs print them."""

import base64
import html
import json
from collections.abc import Callable
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
