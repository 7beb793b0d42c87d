"""Take out of a text what can only be a secret, though nobody knows which: a key in hexadecimal or base64, a part of a key without its beginning, the value that a setting gives to a key. Pure and linear.

A live answer is scrubbed of the one key that was sent. Whoever pastes a text does not say which key is in it, so here the look of the characters has to do. To hide too much costs a glance.
"""

import base64
import re
from itertools import pairwise

from oai_tui.domain.keys.masking import MASK
from oai_tui.domain.lazy_pattern import LazyPattern

_RUN = re.compile(r"[A-Za-z0-9_+/-]{24,}={0,2}")
_PART = re.compile(r"[A-Za-z0-9_-]{24,}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")
_SETTING = LazyPattern(
    r"""((?:[A-Z0-9]{1,40}_){1,8}(?:KEY|TOKEN|SECRET|PASSWORD)\s?=\s?["']?|(?i:api_?key|access_?token|secret)\\{0,15}["']?\s?[:=]\s?\\{0,15}["'])(?=[^\s"'\\]{0,400}[0-9])[^\s"'\\,;$<*]{12,}""",
    "key",
    "token",
    "secret",
    "password",
    ignore_case=False,
)
"""A value without a digit is a word, such as the stand-ins of examples."""
_ID = re.compile(
    r"(?:org|proj|req|user|asst|file|resp|msg|run|step|thread|chatcmpl|cmpl|call|batch|ftjob|ws|vs|fp|gen|evt|session|trace|run|key)[-_]"
)
"""How public ids begin. They help support and open nothing."""
_PRINTABLE = re.compile(rb"[\x20-\x7e]+")
_MIXED = 0.3
"""Of the places between two characters of a key, how many at least lie between a capital, a small letter and a digit: about 0.6 in random text, 0.2 in names made of words."""

_LONE = re.compile(r"[A-Z][a-z](?=[A-Z])")
"""A small letter alone between capitals: names made of words hardly have one, random letters many."""
_WITHOUT_DIGIT = 32
"""Characters from which on a run of letters alone may be a part of a key."""


def without_secrets(text: str) -> str:
    """The text with a mask in the place of each."""
    text = _SETTING.sub(rf"\1{MASK}", text)
    text = _HEX.sub(
        lambda match: MASK if _PRINTABLE.fullmatch(bytes.fromhex(match.group())) else match.group(),
        text,
    )
    text = _RUN.sub(lambda match: MASK if _is_coded(match.group()) else match.group(), text)
    return _PART.sub(lambda match: MASK if _is_random(match.group()) else match.group(), text)


def _is_coded(run: str) -> bool:
    """Whether a run of characters is base64 of plain text, as hardly any other run is."""
    for start in range(4):
        core = run.rstrip("=").replace("-", "+").replace("_", "/")[start:]
        if _PRINTABLE.fullmatch(base64.b64decode(core[: len(core) // 4 * 4])):
            return True
    return False


def _is_random(run: str) -> bool:
    """Whether a run of characters is as mixed as only a generated one is."""
    if _ID.match(run):
        return False
    kinds = "".join(
        "A" if char.isupper() else "a" if char.islower() else "0"
        for char in run
        if char not in "-_"
    )
    changes = sum(a != b for a, b in pairwise(kinds))
    if len(set(kinds)) == 2 and len(kinds) >= _WITHOUT_DIGIT:
        return bool(_LONE.search(run)) and changes >= _MIXED * len(kinds)
    return len(set(kinds)) == 3 and changes >= _MIXED * len(kinds)
