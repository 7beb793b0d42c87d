"""A text that says too little: what it could be, best first, and what would tell. The table is in knowledge/; this is the noun."""

from dataclasses import dataclass

from oai_tui.domain.cause import Alternative
from oai_tui.domain.condition import When


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguousCase:
    """One kind of text that cannot be settled. `cause` is `unknown` or `connection-failed`; `explanation` says what is missing; `alternatives` name the step or the text that would separate the candidates."""

    when: When
    cause: str
    explanation: str
    alternatives: tuple[Alternative, ...]
