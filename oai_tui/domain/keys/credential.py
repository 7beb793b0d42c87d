"""A key, where it was found, what kind it looks like, and which keys it overrides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the table of key kinds is imported where no key is: by `explain`
    from oai_tui.domain.keys.defects import Defect
    from oai_tui.domain.keys.secret import Secret
    from oai_tui.domain.target import Origin

KeyRole = Literal["inference", "admin", "other-vendor", "placeholder", "token", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyKind:
    """One recognisable shape of keys.

    `id`: the value of `credential.kind` in JSON; `label`: for people.
    `base_url`: that of another vendor's API; may be empty.
    `certain`: False if several vendors share the shape.
    """

    id: str
    label: str
    role: KeyRole
    pattern: re.Pattern[str]
    vendor: str = "OpenAI"
    base_url: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key that was found.

    `shadows`: the places with keys that this one overrides.
    `shadowed_by`: the place that overrides this one, or None for the key that an SDK would use.
    `others`: other keys that could have been meant instead, the likeliest first. Theirs is empty.
    `changed_at`: when the file with the key was last changed, in seconds since 1970, or None if
    that is not known.
    """

    secret: "Secret"
    origin: "Origin"
    kind: KeyKind
    shadows: "tuple[Origin, ...]" = ()
    shadowed_by: "Origin | None" = None
    others: tuple["Credential", ...] = field(default=(), repr=False)
    changed_at: float | None = field(default=None, compare=False)

    @property
    def defects(self) -> "tuple[Defect, ...]":
        """Return what is wrong with the key's text."""
        return self.secret.defects

    def repaired(self) -> "Credential | None":
        """Return the same credential with the repaired key, or None if nothing can be repaired."""
        cleaned = self.secret.cleaned()
        return None if cleaned is None else replace(self, secret=cleaned)

    def other(self, fingerprint: str) -> "Credential | None":
        """Return the other key with this fingerprint, or None."""
        found = (other for other in self.others if other.secret.fingerprint == fingerprint)
        return next(found, None)


def kind_of(secret: "Secret", kinds: Sequence[KeyKind]) -> KeyKind:
    """Return the first kind with a pattern that matches the repaired key.

    ValueError if no kind does; the last one must match everything.
    """
    for kind in kinds:
        if secret.matches(kind.pattern):
            return kind
    raise ValueError("the table of key kinds has no last row that matches everything")
