"""What one source of variables hands over: its bindings, each with the place it stands, and what is odd or unreadable about the source.

A value here is not yet a Secret: it may be a key, an organization or a proxy. `repr` shows none of it.
"""

from dataclasses import dataclass, field

from oai_tui.domain.target import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One variable with its value and place."""

    name: str
    value: str = field(repr=False)
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One source, read. `bindings`: the one that counts comes before those it overrides. `notes` and `problems` are sentences for people and hold no values."""

    bindings: tuple[Binding, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
