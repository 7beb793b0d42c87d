"""From a paste in any shape to Observations, so that the signs that judge a live answer judge a text as well.

Redaction comes first: nothing here sees a text before it. All reading is linear in the text and bounded in depth.
"""

from collections.abc import Callable, Sequence

from oai_tui.diagnosis.text.normalize import normalize
from oai_tui.diagnosis.text.to_observation import to_observation
from oai_tui.diagnosis.text.unknown_secrets import without_secrets
from oai_tui.domain.keys.redaction import unescape_key_characters
from oai_tui.domain.observation import Observation
from oai_tui.domain.responder import Responder

MAX_CHARS = 400_000
"""Characters of a paste that are read; of a longer one, the two ends. A whole log is for `scan`."""


def parse_text(
    text: str, *, redact: Callable[[str], str], speakers: Sequence[Responder], now: float
) -> tuple[Observation, ...]:
    """The failures that a paste shows, as observations; empty for a text of blanks. `redact` takes the secrets out; `speakers` tells who answered; `now`: seconds since 1970."""
    if len(text) > MAX_CHARS:
        text = f"{text[: MAX_CHARS // 2]}\n…\n{text[-MAX_CHARS // 2 :]}"

    def scrub(piece: str) -> str:
        return without_secrets(redact(piece))

    text = normalize(scrub(unescape_key_characters(text)))
    if not text.strip():
        return ()
    return (to_observation(text, redact=scrub, speakers=speakers, now=now),)
