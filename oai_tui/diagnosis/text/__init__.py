"""Read a pasted text of any shape into Observations.

The symptoms that select a cause for a live answer then select one for a text. `parse_text` is the
only entry: it redacts before anything else reads the text, and everything behind it takes
RedactedText. Reading is linear in the length of the text and bounded in depth.
"""

import re
from collections.abc import Callable, Sequence

from oai_tui.diagnosis.text.normalize import normalize
from oai_tui.diagnosis.text.to_observation import to_observation
from oai_tui.diagnosis.text.unknown_secrets import without_secrets
from oai_tui.domain.keys.redaction import RedactedText
from oai_tui.domain.observation import Observation
from oai_tui.domain.responder import Responder

MAX_CHARS = 400_000
"""Characters of a paste that are read; of a longer one, the two ends. log_scanner reads a log of
any size."""
_ESCAPED = re.compile(
    r"\\u00([2-7][0-9a-fA-F])"
    r"|\\x([2-7][0-9a-fA-F])"
    r"|%([2-7][0-9a-fA-F])"
    r"|&#x([2-7][0-9a-fA-F]);"
    r"|&#([0-9]{2,3});"
)
"""An escaped ASCII character. Group 5 is decimal, the others are hexadecimal."""
_KEY_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_@")
"""Characters of a key or an e-mail address."""


def parse_text(
    text: str,
    *,
    redact: Callable[[str], RedactedText],
    responders: Sequence[Responder],
    now: float,
) -> tuple[Observation, ...]:
    """Return the failure that a pasted text shows as one observation; empty for a blank text.

    redact: removes known secrets and everything that looks like a key.
    responders: the table by which the server that answered is identified.
    now: seconds since 1970, for headers that contain a date.
    """
    if len(text) > MAX_CHARS:
        text = f"{text[: MAX_CHARS // 2]}\n…\n{text[-MAX_CHARS // 2 :]}"

    def redact_all(piece: str) -> RedactedText:
        return RedactedText(without_secrets(redact(piece)))

    redacted = normalize(redact_all(unescape_key_characters(text)))
    if not redacted.strip():
        return ()
    return (to_observation(redacted, redact=redact_all, responders=responders, now=now),)


def unescape_key_characters(text: str) -> str:
    """Return the text with every escaped character of a key unescaped.

    The redaction then recognises a key however it was escaped.
    """
    return _ESCAPED.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    digits = next(group for group in match.groups() if group)
    char = chr(int(digits, 10 if match[5] else 16))
    return char if char in _KEY_CHARACTERS else match.group()
