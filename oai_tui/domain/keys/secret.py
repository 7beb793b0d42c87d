"""A key that cannot be printed by accident.

`Secret` is the only holder of a key's text. It shows a masked form wherever Python would show a value, cannot be pickled or
copied into a dict, and answers questions about itself (shape, defects, whether a text contains it) without giving itself away.
`reveal()` may be called in two files only: probes/wire.py sends it, credentials/vault.py stores it. A test holds that list.
"""

import base64
import hashlib
import hmac
import html
import json
import re
import unicodedata
from functools import cached_property
from typing import NoReturn
from urllib.parse import quote

from oai_tui.domain.keys import defects as hygiene
from oai_tui.domain.keys.defects import Defect
from oai_tui.domain.keys.masking import MASK, last4, masked
from oai_tui.domain.keys.prefixes import JWT_PREFIX

_RUN = 12
"""A run of this many characters of a key counts as a leak: shorter than any useful part, longer than the ends that are shown on purpose."""
_STRIDE = 5
_PROBE = _RUN - _STRIDE + 1
"""A run of 12 holds a piece of 8 that begins at a multiple of 5 in the text, so looking at every fifth place finds every run."""


class Secret:
    """A key, token or password. Equal by content; compare in constant time."""

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError("a Secret is made of text")
        self.__text = text

    def reveal(self) -> str:
        """The text itself, for the two places that must have it."""
        return self.__text

    def __repr__(self) -> str:
        return f"Secret({self.masked})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._bytes, other._bytes)

    def __hash__(self) -> int:
        return hash(self._bytes)

    def __bool__(self) -> bool:
        return bool(self.__text)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied")

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    @property
    def _bytes(self) -> bytes:
        return self.__text.encode("utf-8", "surrogatepass")

    @cached_property
    def _clean(self) -> str:
        return hygiene.clean(self.__text)

    @cached_property
    def masked(self) -> str:
        """How people may see it: the prefix that tells its kind and the last four characters ("sk-proj-…wxyz"); only the prefix when the key is shorter than 20 characters."""
        return masked(self._clean)

    @cached_property
    def fingerprint(self) -> str:
        """The first 8 hex digits of SHA-256 over "oai-tui:" and the key: enough to compare two keys, useless to find one."""
        return hashlib.sha256(b"oai-tui:" + self._bytes).hexdigest()[:8]

    @property
    def length(self) -> int:
        """Number of characters."""
        return len(self.__text)

    @property
    def last4(self) -> str:
        """The last four characters of a key of 20 or more, as the API's own answers show them; "" for a shorter one."""
        return last4(self.__text)

    @cached_property
    def defects(self) -> tuple[Defect, ...]:
        """What is wrong with the text; see `hygiene.find_defects`."""
        return hygiene.find_defects(self.__text)

    @cached_property
    def masked_with_defects(self) -> str:
        """The key masked, with every defect in its place; see `hygiene.picture`."""
        return hygiene.masked_with_defects(self.__text)

    @cached_property
    def expires_at(self) -> float | None:
        """When a sign-in token (a JSON web token) says that it ends, in seconds since 1970; None for everything else. Nothing is checked but the claim `exp`, and nothing is sent."""
        parts = self._clean.split(".")
        if len(parts) not in {2, 3} or not parts[0].startswith(JWT_PREFIX):
            return None
        try:
            claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        except (ValueError, RecursionError):
            return None
        end = claims.get("exp") if isinstance(claims, dict) else None
        return (
            float(end)
            if isinstance(end, (int, float)) and not isinstance(end, bool) and 0 < end < 1e11
            else None
        )

    @property
    def sendable(self) -> bool:
        """Whether an HTTP client can put it into a header at all (visible ASCII only)."""
        return bool(hygiene.SENDABLE.match(self.__text))

    def cleaned(self) -> "Secret | None":
        """The repaired key, or None when there is nothing to repair or nothing that repair could save (a masked copy, letters of another script)."""
        text = self._clean
        if (
            text == self.__text
            or hygiene.is_masked(self.__text)
            or not hygiene.SENDABLE.match(text)
        ):
            return None
        return Secret(text)

    def derive_key(self, salt: bytes, *, n: int, r: int, p: int) -> bytes:
        """64 bytes made from this passphrase by scrypt (RFC 7914), which takes 128 * n * r bytes of memory: a key for encryption, from which the passphrase cannot be told. ValueError for parameters that are none."""
        text = unicodedata.normalize("NFC", self.__text).encode("utf-8", "surrogatepass")
        return hashlib.scrypt(
            text, salt=salt, n=n, r=r, p=p, maxmem=128 * r * (n + p + 8) + 2**20, dklen=64
        )

    def matches(self, pattern: re.Pattern[str]) -> bool:
        """Whether the whole repaired text fits `pattern`. Says nothing else about it."""
        return bool(pattern.fullmatch(self._clean))

    @cached_property
    def _forms(self) -> tuple[str, ...]:
        """Every spelling in which a program might quote the key: plain, cleaned, escaped (JSON, Python, URL, HTML), hexadecimal, base64 in its three alignments."""
        forms = set()
        for text in {self.__text, self.__text.strip(), self._clean} - {""}:
            raw = text.encode("utf-8", "surrogatepass")
            forms |= {
                text,
                json.dumps(text)[1:-1],
                repr(text)[1:-1],
                repr(raw)[2:-1],
                quote(raw, safe=""),
                quote(raw),
                html.escape(text),
                raw.hex(),
                raw.hex().upper(),
            }
            for pad in range(3):
                coded = base64.b64encode(b"\0" * pad + raw).decode()
                core = coded[4 if pad else 0 : -4] if len(raw) >= 8 else ""
                forms |= {core, core.replace("+", "-").replace("/", "_")}
        return tuple(sorted((f for f in forms if len(f) >= 4), key=len, reverse=True))

    @cached_property
    def _runs(self) -> frozenset[str]:
        return frozenset(
            form[i : i + _RUN] for form in self._forms for i in range(len(form) - _RUN + 1)
        )

    @cached_property
    def _probes(self) -> frozenset[str]:
        """The pieces of which every run holds one at a multiple of _STRIDE."""
        return frozenset(run[i : i + _PROBE] for run in self._runs for i in range(_STRIDE))

    def scrub(self, text: str) -> str:
        """`text` with every form of this key, and every run of 12 or more of its characters, replaced by a mask."""
        for form in self._forms:
            if len(form) < _RUN:
                text = text.replace(form, MASK)
        runs, probes, out, start = self._runs, self._probes, [], 0
        for place in range(0, len(text) - _PROBE + 1, _STRIDE) if runs else ():
            if text[place : place + _PROBE] not in probes:
                continue
            for index in range(max(start, place - _STRIDE + 1), min(place, len(text) - _RUN) + 1):
                if index >= start and text[index : index + _RUN] in runs:
                    end = index + _RUN
                    while end < len(text) and text[end - _RUN + 1 : end + 1] in runs:
                        end += 1
                    out += [text[start:index], MASK]
                    start = end
        return "".join([*out, text[start:]])
