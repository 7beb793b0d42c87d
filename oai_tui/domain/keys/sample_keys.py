"""Tell a key that a person made up from a generated one.

Documentation and tests are full of made-up keys; a search that reports them is soon switched off.
Every rule has a small chance of being wrong about a random key: all together about 1 in 2,000.
"""

import math
import re
from collections import Counter
from itertools import pairwise

_MIN_ENTROPY = 3.0
"""Bits for each character, as in gitleaks' rule (2026-07-22). A random body has more than 4."""
_PREFIX = re.compile(r"sk-(?:(?:proj|svcacct|admin|None|service)-)?|sess-")
_MARKER = "T3BlbkFJ"
_WORDS = re.compile(
    r"example|placeholder|sample|dummy|changeme|redacted|replace|insert|notreal|notakey"
    r"|(?:^|[^a-z])(?:your|fake|test|demo|mock|todo|real|abc|xyz|foo|bar)(?:[^a-z]|$)",
    re.IGNORECASE,
)
"""Words of five letters and more anywhere; shorter ones only between other characters."""
_SAME = re.compile(r"(.)\1{5}")
_SEQUENCE = 7
"""Characters in the order of the alphabet or of digits: "abcdefg", "1234567", "7654321"."""
_MAX_PERIOD = 16


def is_sample(key: str) -> bool:
    """Return True if a person made up this key: it has words, repetition, sequences, few letters.

    key: the whole key, with its prefix.
    """
    body = _PREFIX.sub("", key, count=1).replace(_MARKER, "-")
    return bool(
        _entropy(body) < _MIN_ENTROPY
        or _WORDS.search(body)
        or _SAME.search(body)
        or _has_sequence(body)
        or _is_repeated(body.replace("-", ""))
    )


def _entropy(text: str) -> float:
    """Return Shannon's entropy in bits for each character; 0 for an empty text."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)


def _has_sequence(text: str) -> bool:
    run, step = 1, 0
    for before, after in pairwise(text):
        difference = ord(after) - ord(before)
        is_step = abs(difference) == 1
        run = run + 1 if is_step and difference == step else 2 if is_step else 1
        step = difference
        if run >= _SEQUENCE:
            return True
    return False


def _is_repeated(text: str) -> bool:
    """Return True if the text is one short piece at least three times."""
    longest = min(_MAX_PERIOD, len(text) // 3)
    return any(text[period:] == text[:-period] for period in range(1, longest + 1))
