"""The prefixes by which keys are recognised: the only list, from which all patterns are built.

Sources: gitleaks (2026-07-22), trufflehog (2026-08-21), detect-secrets 1.5.0, OpenAI's API
reference (2026-08). knowledge/key_shapes.py says which vendor and which kind each one means.
"""

from collections.abc import Iterable

SK_KINDS = ("proj", "svcacct", "admin", "None", "service", "ant", "or")
"""Words that can follow `sk-` and precede another hyphen: OpenAI's kinds, Anthropic, OpenRouter."""
JWT_PREFIX = "eyJ"
"""The beginning of the base64 of a JSON object, and so of every JSON web token."""
VENDOR_PREFIXES = (
    "sk-ant-",
    "sk-or-",
    "gsk_",
    "AIza",
    "xai-",
    "hf_",
    "nvapi-",
    "pplx-",
    "r8_",
    "ABSK",
)
"""Prefixes that belong to one other vendor each."""
KEY_PREFIXES = (
    *(f"sk-{kind}-" for kind in SK_KINDS),
    "sk-",
    *(f"{letter}k_{mode}_" for letter in "sr" for mode in ("live", "test", "prod")),
    "sk_",
    "sess-",
    "ek_",
    *(prefix for prefix in VENDOR_PREFIXES if not prefix.startswith("sk-")),
    JWT_PREFIX,
)
"""Every prefix. One that continues another comes first, so the first match is the longest."""

SHORTEST_PREFIXES = tuple(
    prefix
    for prefix in KEY_PREFIXES
    if not any(prefix != other and prefix.startswith(other) for other in KEY_PREFIXES)
)
"""The prefixes without those that continue another one: enough to recognise every key, and cheaper
to compile."""
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
"""The hyphen, and what word processors and chats make of it."""
ANY_DASH = "[-\u2010-\u2015\u2212]"
"""The same as a set of a regular expression."""


def prefix_of(text: str, start: int = 0) -> str:
    """Return the prefix of a key that begins at `start`, or "" for a key of another shape."""
    return next((prefix for prefix in KEY_PREFIXES if text.startswith(prefix, start)), "")


def alternation(prefixes: Iterable[str] = SHORTEST_PREFIXES, *, hyphen: str = "-") -> str:
    """Return a regular expression, without a group around it, for any of the prefixes.

    `hyphen`: the expression that replaces each hyphen, for texts whose hyphens may have become
    typographic dashes.
    """
    return "|".join(prefix.replace("-", hyphen) for prefix in prefixes)
