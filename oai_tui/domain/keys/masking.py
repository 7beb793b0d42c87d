"""The forms in which people see a key: a mask, or its prefix and its last four characters.

Separate from `Secret`, because `explain` needs the mask and must start without hashlib and base64.
"""

from oai_tui.domain.keys.prefixes import prefix_of

MASK = "[key hidden]"
"""Replaces a secret in a text."""
KEY_VARIABLES = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
"""The variables that hold keys. Their names are public, also for somebody who uses one as a key."""
STAND_INS = frozenset(
    (
        *("none", "null", "undefined", "false", "true", "empty", "dummy", "fake", "test"),
        *("changeme", "placeholder", "todo", "secret", "apikey", "api-key", "api_key", "openai"),
        *("ollama", "lm-studio", "local", "no-key", "not-needed", "not-used", "not-set"),
    )
)
"""Words that people put in the place of a key. They are not hidden, because the words of reports
and links contain them."""
MIN_LENGTH_FOR_LAST4 = 20
"""Characters from which a key's last four may be shown, as the API's own answers show them."""


def last4(text: str) -> str:
    """Return the last four characters of a key, or "" for one of fewer than 20 characters."""
    return text[-4:] if len(text) >= MIN_LENGTH_FOR_LAST4 else ""


def masked(text: str) -> str:
    """Return a key's prefix and its last four characters ("sk-proj-…wxyz"); either may be empty."""
    tail = last4(text)
    return f"{prefix_of(text)}…{tail if all('!' <= char <= '~' for char in tail) else ''}"
