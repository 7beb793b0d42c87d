"""Read a pasted text of any shape into Observations.

The symptoms that select a cause for a live answer then select one for a text. `parse_text` is the
only entry: it redacts before anything else reads the text, and everything behind it takes
RedactedText. Reading is linear in the length of the text and bounded in depth.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from oai_tui.diagnosis.text.normalize import normalize, without_escapes
from oai_tui.diagnosis.text.to_observation import to_observation
from oai_tui.diagnosis.text.unknown_secrets import without_secrets
from oai_tui.diagnosis.text.wrapped_lines import breaks_in, join_lines
from oai_tui.domain.keys.redaction import RedactedText, unescape_key_characters
from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import Observation
from oai_tui.domain.responder import Responder

_EMPTY_KEY = LazyPattern(
    r"\bauthorization\\{0,8}['\"]?\s?[:=]\s?\\{0,8}['\"]?bearer (undefined|null|none|nil|nan)\b",
    "authorization",
    ignore_case=True,
)
"""A header that a program made of a variable without a value; group 1 is the word."""
MAX_CHARS = 400_000
"""Characters of a paste that are read; of a longer one, the two ends. log_scanner reads a log of
any size."""


def parse_text(
    text: str,
    *,
    redact: Callable[[str], RedactedText],
    responders: Sequence[Responder],
    now: float,
) -> tuple[Observation, ...]:
    """Return the readings of a pasted text, each as one observation; empty for a blank text.

    There is one reading, or a second one for a text whose longest line may be broken in the middle
    of a word: with that line and the next one joined.

    redact: removes known secrets and everything that looks like a key.
    responders: the table by which the server that answered is identified.
    now: seconds since 1970, for headers that contain a date.
    """
    if len(text) > MAX_CHARS:
        text = f"{text[: MAX_CHARS // 2]}\n…\n{text[-MAX_CHARS // 2 :]}"

    def redact_all(piece: str) -> RedactedText:
        return RedactedText(without_secrets(redact(piece)))

    unescaped = unescape_key_characters(text)
    redacted = normalize(redact_all(unescaped))
    if not redacted.strip():
        return ()
    readings = [redacted]
    if "\n" in redacted:
        breaks = breaks_in(without_escapes(unescaped))
        readings = [join_lines(redacted, breaks, possible=False)]
        if breaks.possible != breaks.sure:
            readings.append(join_lines(redacted, breaks, possible=True))
    word = _EMPTY_KEY.search(unescaped)  # before redaction, which hides whatever is sent as a key
    seen = [
        to_observation(reading, redact=redact_all, responders=responders, now=now)
        for reading in readings
    ]
    if word is None:
        return tuple(seen)
    fact = {"empty_key_word": word[1].lower()}
    return tuple(replace(each, facts={**each.facts, **fact}) for each in seen)
