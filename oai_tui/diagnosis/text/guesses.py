"""Remove from an observation what a program only guesses about a failure.

"The server may be overloaded" and "check if your key has expired" name causes that nobody saw.
"""

from dataclasses import replace

from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import Observation

_GUESS_ROWS = (
    (r"\b(?:may|might) (?:also )?(?:be|have|mean|indicate)\b", "The server may be overloaded"),
    # but not the message of Windows: "No connection could be made"
    (r"\bcould be (?:an?|the|that|because|due|caused)\b", "It could be a rate limit"),
    (
        r"\b(?:can|could) (?:mean|indicate|happen|occur)\b",
        "This can happen when the key has expired",
    ),
    (
        r"\b(?<!to )(?:check|verify) (?:if|whether|your (?:\w+ )?(?:key|quota|credentials|plan))\b",
        "Check if your API key is valid",
    ),
    (
        r"\b(?:usually|typically|often|likely) (?:means?|indicates?|because|due|caused)\b",
        "This usually means that your quota is exceeded",
    ),
    (r"\b(?:probably|possibly|perhaps|maybe)\b", "Your key is probably invalid"),
    (r"\bpossible (?:causes?|reasons?)\b", "Possible causes: the API is overloaded"),
    # aider adds this to every connection error and timeout
    (r"\bdown or overloaded\b", "The API provider's servers are down or overloaded."),
)
_GUESS = LazyPattern(rf"(?:{any_of(_GUESS_ROWS)})[^.!?\n]*?(?=[.!?\n]|\s(?-i:[A-Z][a-z]+)\s|\Z)")
"""A guess up to the end of its sentence. A capitalised word can begin the next one, because the
lines of a text may be joined."""


def without_guesses(text: str) -> str:
    """Return the text without the guesses in it."""
    return _GUESS.sub(" ", text)


def without_guesses_in(seen: Observation) -> Observation:
    """Return the observation without the guesses in its texts."""
    error = seen.error
    return replace(
        seen,
        detail=without_guesses(seen.detail),
        body=without_guesses(seen.body),
        error=error and replace(error, message=without_guesses(error.message)),
    )
