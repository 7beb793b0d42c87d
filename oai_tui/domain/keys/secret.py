"""A key that cannot be printed by accident.

Only `Secret` holds the text of a key. Wherever Python would show a value it shows a masked form; it
cannot be pickled or copied, and has methods for what others need to know (shape, defects, whether a
text contains it). `reveal()` is called in two files only: probes/http_client.py sends the key,
credentials/store/vault.py stores it. tests/test_architecture.py checks that.

The modules that look into a text are imported when they are first needed: the list of demos makes
keys, and never looks into one.
"""

import base64
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote

from oai_tui.domain.keys.characters import SENDABLE
from oai_tui.domain.keys.masking import KEY_VARIABLES, MASK, STAND_INS, last4, masked
from oai_tui.domain.keys.prefixes import JWT_PREFIX

if TYPE_CHECKING:
    from oai_tui.domain.keys.defects import Defect
    from oai_tui.domain.keys.key_spellings import KeySpellings

_MIN_FORM = 4
"""Characters of a form; a shorter one is in too many texts to be replaced."""
_MAX_TIME = 1e11
"""Seconds since 1970, the year 5138; a greater number is in other units."""
_RUN = 12
"""A run of this many characters of a key counts as a leak. It is shorter than any useful part, and
longer than the prefix and the last four, which are shown on purpose."""
_MIN_PUBLIC = 8
"""Characters of a variable's name that make a run a part of it."""
_STRIDE = 5
_PROBE = _RUN - _STRIDE + 1
"""A run of 12 contains a piece of 8 that begins at a multiple of 5 in the text; to look at every
fifth index therefore finds every run."""


class Secret:
    """A key, token or password. Equal by content, compared in constant time."""

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError("a Secret is made of text")
        self.__text = text

    def reveal(self) -> str:
        """Return the text itself, for the two files that need it."""
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
        from oai_tui.domain.keys.defects import clean

        return clean(self.__text)

    @cached_property
    def masked(self) -> str:
        """The form to show: prefix and last four characters of the repaired key ("sk-proj-…wxyz").

        A key of fewer than 20 characters shows its prefix only.
        """
        return masked(self._clean)

    @cached_property
    def fingerprint(self) -> str:
        """The first 8 hexadecimal digits of SHA-256 over "oai-tui:" and the key.

        Enough to compare two keys, useless to find one.
        """
        import hashlib

        return hashlib.sha256(b"oai-tui:" + self._bytes).hexdigest()[:8]

    @property
    def length(self) -> int:
        """The number of characters."""
        return len(self.__text)

    @property
    def last4(self) -> str:
        """The last four characters, as the API's answers show them; "" for fewer than 20."""
        return last4(self.__text)

    @cached_property
    def defects(self) -> "tuple[Defect, ...]":
        """The defects of the text; see `defects.find_defects`."""
        from oai_tui.domain.keys.defects import find_defects

        return find_defects(self.__text)

    @cached_property
    def masked_with_defects(self) -> str:
        """The key masked, with every defect; see `defects.masked_with_defects`."""
        from oai_tui.domain.keys.defects import masked_with_defects

        return masked_with_defects(self.__text)

    @cached_property
    def expires_at(self) -> float | None:
        """The end of a sign-in token (a JSON web token), in seconds since 1970; None for keys.

        Only the claim `exp` is read; the signature is not checked and nothing is sent.
        """
        import json

        parts = self._clean.split(".")
        if len(parts) not in {2, 3} or not parts[0].startswith(JWT_PREFIX):
            return None
        try:
            claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        except (ValueError, RecursionError):
            return None
        end = claims.get("exp") if isinstance(claims, dict) else None
        if not isinstance(end, (int, float)) or isinstance(end, bool):
            return None
        return float(end) if 0 < end < _MAX_TIME else None

    @property
    def sendable(self) -> bool:
        """True if an HTTP client can send it in a header: visible ASCII only."""
        return bool(SENDABLE.match(self.__text))

    def cleaned(self) -> "Secret | None":
        """Return the repaired key, or None.

        None if there is nothing to repair, or if it cannot be repaired (a masked copy, letters of
        another script).
        """
        from oai_tui.domain.keys.defects import is_masked

        text = self._clean
        if text == self.__text or is_masked(self.__text):
            return None
        return Secret(text) if SENDABLE.match(text) else None

    def derive_key(self, salt: bytes, *, n: int, r: int, p: int) -> bytes:
        """Return 64 bytes derived from this passphrase by scrypt (RFC 7914).

        Takes 128 * n * r bytes of memory. ValueError for parameters that scrypt does not allow.
        """
        import hashlib

        text = unicodedata.normalize("NFC", self.__text).encode("utf-8", "surrogatepass")
        return hashlib.scrypt(
            text, salt=salt, n=n, r=r, p=p, maxmem=128 * r * (n + p + 8) + 2**20, dklen=64
        )

    def matches(self, pattern: re.Pattern[str]) -> bool:
        """Return True if the pattern matches the whole repaired key."""
        return bool(pattern.fullmatch(self._clean))

    @cached_property
    def _forms(self) -> tuple[str, ...]:
        """Every form in which a program might print the key, the longest first.

        Plain, stripped and repaired; each as it is, escaped (JSON, Python, URL, HTML), in
        hexadecimal, and in base64 with its three alignments.
        """
        import html
        import json

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
                encoded = base64.b64encode(b"\0" * pad + raw).decode()
                core = encoded[4 if pad else 0 : -4] if len(raw) >= 8 else ""
                forms |= {core, core.replace("+", "-").replace("/", "_")}
        long_enough = (
            form for form in forms if len(form) >= _MIN_FORM and form.lower() not in STAND_INS
        )
        return tuple(sorted(long_enough, key=len, reverse=True))

    @cached_property
    def _runs(self) -> frozenset[str]:
        """Every run of a form, those that are public too."""
        return self._parts(_RUN)

    @cached_property
    def _probes(self) -> frozenset[str]:
        """The pieces of which every run contains one at a multiple of _STRIDE."""
        return self._parts(_PROBE)

    def _parts(self, size: int) -> frozenset[str]:
        """Return every part with this many characters of the forms that have runs."""
        return frozenset().union(
            *(
                [form[at : at + size] for at in range(len(form) - size + 1)]
                for form in self._forms
                if len(form) >= _RUN
            )
        )

    def _is_run(self, text: str) -> bool:
        """Return True for a run that is not public, which takes long to see and is asked rarely."""
        return text in self._runs and not _is_public(text)

    @cached_property
    def is_generated(self) -> bool:
        """True for a key that looks generated, not written by a person."""
        from oai_tui.domain.keys.key_spellings import is_generated

        return is_generated(self._clean)

    @cached_property
    def is_found_by_spellings(self) -> bool:
        """True if `spellings` finds all that `scrub` finds."""
        from oai_tui.domain.keys.key_spellings import has_letters_throughout

        return self.is_generated and has_letters_throughout(self._clean)

    @cached_property
    def spellings(self) -> "KeySpellings":
        """The pieces of a generated key in every spelling, to find them in a text."""
        from oai_tui.domain.keys.key_spellings import KeySpellings

        return KeySpellings.of_key(self._clean)

    @cached_property
    def _short_forms(self) -> tuple[str, ...]:
        """The forms without a run, which are masked as a whole."""
        return tuple(form for form in self._forms if len(form) < _RUN)

    def scrub(self, text: str) -> str:
        """Return a text with this key masked: every form of it, and every run of 12 characters.

        Only as a program prints it; `spellings` finds more, in a generated key.
        """
        for form in self._short_forms:
            text = text.replace(form, MASK)
        probes = self._probes
        parts: list[str] = []
        start = 0  # of what is not in `parts` yet
        for at in range(0, len(text) - _PROBE + 1, _STRIDE):
            if text[at : at + _PROBE] not in probes:
                continue
            for index in range(max(start, at - _STRIDE + 1), min(at, len(text) - _RUN) + 1):
                if index >= start and self._is_run(text[index : index + _RUN]):
                    end = index + _RUN
                    while end < len(text) and self._is_run(text[end - _RUN + 1 : end + 1]):
                        end += 1
                    parts += [text[start:index], MASK]
                    start = end
        return "".join([*parts, text[start:]])

    @staticmethod
    def scrubber(secrets: "Iterable[Secret]") -> Callable[[str], str]:
        """Return what masks all these keys in a text, as `scrub` masks each."""
        return _Scrubber(secrets)


class _Scrubber:
    """Masks several keys in texts. That a text has none of them is seen in one search for all."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._secrets = tuple(secrets)

    @cached_property
    def _probes(self) -> frozenset[str]:
        return frozenset[str]().union(*(secret._probes for secret in self._secrets))

    @cached_property
    def _short_forms(self) -> tuple[str, ...]:
        return tuple(form for secret in self._secrets for form in secret._short_forms)

    def __call__(self, text: str) -> str:
        """Return the text with each key masked; see `Secret.scrub`."""
        probes = self._probes
        places = range(0, len(text) - _PROBE + 1, _STRIDE)
        if any(form in text for form in self._short_forms) or any(
            text[at : at + _PROBE] in probes for at in places
        ):
            for secret in self._secrets:
                text = secret.scrub(text)
        return text


def _is_public(run: str) -> bool:
    """Return True for a part of a variable's name, also with something around it.

    Somebody may have put "${OPENAI_API_KEY}" in the place of a key.
    """
    core = run.strip(" ${}%=\"'")
    return len(core) >= _MIN_PUBLIC and any(core in name for name in KEY_VARIABLES)
