"""A key together with where it was found, what kind it looks like, and whom it overshadows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from oai_tui.domain.keys.defects import Defect
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import Origin

KeyRole = Literal["inference", "admin", "other-vendor", "placeholder", "token", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyKind:
    """One recognisable shape of key. `id` is the JSON's `credential.kind`; `label` is for people; `base_url` is the vendor's own, for another vendor's key; `certain` is false where other vendors share the shape."""

    id: str
    label: str
    role: KeyRole
    pattern: re.Pattern[str]
    vendor: str = "OpenAI"
    base_url: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key found somewhere. `shadows`: the places whose key this one overrides; `shadowed_by`: the place that overrides this one, None for the one an SDK would take.

    `others`: the other keys found beside it that could be meant in its place, the likeliest first; theirs is empty. `changed_at`: when the file that holds it was last changed, in
    seconds since 1970, None where that is not known.
    """

    secret: Secret
    origin: Origin
    kind: KeyKind
    shadows: tuple[Origin, ...] = ()
    shadowed_by: Origin | None = None
    others: tuple["Credential", ...] = field(default=(), repr=False)
    changed_at: float | None = field(default=None, compare=False)

    @property
    def defects(self) -> tuple[Defect, ...]:
        """What is wrong with the key's text."""
        return self.secret.defects

    def repaired(self) -> "Credential | None":
        """The same credential with the repaired key, or None when there is nothing to repair."""
        cleaned = self.secret.cleaned()
        return None if cleaned is None else replace(self, secret=cleaned)

    def other(self, fingerprint: str) -> "Credential | None":
        """The other key with this fingerprint, None when there is none."""
        return next((one for one in self.others if one.secret.fingerprint == fingerprint), None)


def kind_of(secret: Secret, kinds: Sequence[KeyKind]) -> KeyKind:
    """The first kind whose pattern the (repaired) key fits. `kinds` must end with one that fits everything; ValueError otherwise."""
    for kind in kinds:
        if secret.matches(kind.pattern):
            return kind
    raise ValueError("the table of key kinds has no last row that fits everything")
